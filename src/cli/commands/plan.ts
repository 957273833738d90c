import { onlyRead } from "../../run/only-read.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { planData, planMarkdown, planText } from "../print/plan.js";
import { readPlan } from "../read-plan.js";

/** `aludel plan`: what would an upgrade do to this database, and what would it meet? */
export async function run(context: Context, options: CommandOptions["plan"]): Promise<ExitCode> {
  const { out } = context;
  const { dialect } = await context.project();
  const connection = await context.connect({ mustExist: true });
  await onlyRead(dialect, connection, context.connectBeside);
  const plan = await readPlan(context, connection, options.targets);
  out.data(planData(plan));
  out.text(options.format === "markdown" ? planMarkdown(plan) : planText(plan, out.style));
  return 0;
}
