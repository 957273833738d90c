import { smokeMissing } from "../../deploy/due.js";
import { runSmoke } from "../../deploy/smoke/smoke.js";
import type { Context } from "../context.js";
import type { ExitCode } from "../options.js";
import { count, showDuration } from "../print/progress.js";

/** `aludel smoke-test` */
export async function run(context: Context): Promise<ExitCode> {
  const { out } = context;
  const { name, smoke } = await context.environment();
  if (smoke.length === 0) {
    throw smokeMissing(name);
  }
  const { root } = await context.config();
  const connection = await context.connect({ mustExist: true });
  const settings = { checks: smoke, dialect: await context.dialect(), root, variables: context.variables };
  const result = await runSmoke(settings, connection, context.signal, (check) => {
    const mark = check.passed ? out.style("green", "passed") : out.style("red", "failed");
    out.text(`${mark}  ${check.name}: ${check.seen} (${showDuration(check.milliseconds)})`);
  });
  out.data({ environment: name, database: connection.target, ...result });
  const failed = result.checks.filter(({ passed }) => !passed).length;
  const all = result.checks.length;
  out.text(failed === 0 ? `${count(all, "check")} passed.` : `${failed} of ${count(all, "check")} failed.`);
  return result.passed ? 0 : 1;
}
