import type { Environment } from "../config/config.js";
import type { Hooks } from "../config/environment-settings.js";
import { AludelError } from "../error/error.js";
import { runCommandLine } from "./command-line.js";
import type { Plan } from "./plan.js";

/**
 * Runs one of the commands of an environment, if it has it, in the project's folder. It is told by variables which deploy it is
 * for: `ALUDEL_ENVIRONMENT`, `ALUDEL_HOOK`, and the ids of the revisions, in their order, in `ALUDEL_REVISIONS`.
 *
 * @returns whether there was one.
 * @throws AludelError `hook-failed` when it ends with anything but 0.
 */
export async function runHook(
  hook: keyof Hooks,
  { name, hooks }: Pick<Environment, "name" | "hooks">,
  { revisions }: Pick<Plan, "revisions">,
  options: {
    readonly directory: string;
    readonly variables: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  const line = hooks[hook];
  if (line === null) return false;
  const ids = revisions.map(({ revision }) => revision.id).join(" ");
  const told = { ALUDEL_ENVIRONMENT: name, ALUDEL_HOOK: hook, ALUDEL_REVISIONS: ids };
  const { code, said } = await runCommandLine(line, {
    ...options,
    variables: { ...options.variables, ...told },
  });
  if (code === 0) return true;
  const how = code === null ? "was stopped, or could not be started" : `ended with ${code}`;
  throw new AludelError("hook-failed", `The command \`${hook}\` of ${name} ${how}`, {
    details: said,
    data: { environment: name, hook, code },
    remedy: `Look at what it says, or change \`hooks.${hook}\` in the configuration.`,
  });
}
