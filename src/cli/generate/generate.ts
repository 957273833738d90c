import { shortPath } from "../../error/format.js";
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
): Promise<void> {
  const { out, cwd } = context;
  const place = await placeOf(await context.config(), (await context.dialect()).name);
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
  out.data({
    files: planned.map(({ file, text, before }) => ({ file, written: text !== before })),
  });
}
