import type { Config } from "../../config/config.js";
import { dialects } from "../../dialect/registry.js";
import { AludelError } from "../../error/error.js";
import { shortPath } from "../../error/format.js";
import type { DialectName } from "../../schema/name.js";
import type { Context } from "../context.js";
import type { CommandOptions } from "../options.js";
import { planWorkflow } from "./ci-workflow.js";
import { planHook } from "./commit-hook.js";
import { planScripts } from "./package-scripts.js";
import { type Planned, writePlanned } from "./planned.js";
import { placeOf } from "./project-place.js";

/**
 * Writes what carries the checks into CI, into git and into the project's scripts. All or nothing: where one file is in the
 * way, none is written.
 *
 * @throws AludelError `file-exists`, `file-unwritable`, `git-failed`; as the configuration does.
 */
export async function generate(
  context: Context,
  { ci, hooks, scripts }: CommandOptions["init"],
): Promise<object> {
  const { out, cwd } = context;
  const config = await context.config();
  const place = await placeOf(config, await dialectOf(context, config));
  if (config.dialect === null && ci !== null) {
    out.talk(
      `add dialect: ${JSON.stringify(place.dialect)} to ${shortPath(config.file, cwd)}: the URL that tells it here may not be there in CI`,
    );
  }
  const planned: Planned[] = [];
  if (ci !== null) planned.push(await planWorkflow(place, ci));
  const hook = hooks ? await planHook(place) : null;
  if (hook !== null) planned.push(hook);
  else if (hooks) out.talk("the hook before a commit is there already");
  if (scripts) planned.push(await planScripts(place));
  for (const one of planned) {
    await writePlanned(one);
    const file = shortPath(one.file, cwd);
    const same = one.text === one.before;
    out.talk(same ? `${file} is there already` : `${one.before === null ? "wrote" : "added to"} ${file}`);
  }
  return { files: planned.map(({ file, text, before }) => ({ file, written: text !== before })) };
}

/** What tells the engine on this machine need not be there in CI. */
async function dialectOf(context: Context, config: Config): Promise<DialectName> {
  try {
    return (await context.dialect()).name;
  } catch (error) {
    if (!(error instanceof AludelError) || !error.code.startsWith("environment-")) throw error;
    throw new AludelError("config-invalid", "Nothing says which engine the project is for", {
      where: { file: config.file, object: "dialect" },
      details: [error.message],
      cause: error,
      remedy: `Add dialect: ${Object.keys(dialects)
        .map((name) => JSON.stringify(name))
        .join(" or ")} to the configuration, so that it is known without a database, too.`,
    });
  }
}
