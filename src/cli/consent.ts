import type { Environment } from "../config/config.js";
import { AludelError } from "../error/error.js";
import type { Context } from "./context.js";

/**
 * Has a person say that a protected environment is meant: by typing its name, or with `--confirm` and it. What is not
 * protected needs no word.
 *
 * @param what what would be done, in the words of a sentence that begins with it: `undo revisions`.
 * @param options `of`: the environment, where it is not the chosen one · `isAsked`: it needs a word though it is not protected.
 * @throws AludelError `environment-protected` when nobody says so.
 */
export async function requireConsent(
  context: Context,
  what: string,
  confirmed: string | null,
  { of, isAsked = false }: { readonly of?: Environment; readonly isAsked?: boolean } = {},
): Promise<void> {
  const environment = of ?? (await context.environment());
  const { name } = environment;
  if ((!environment.protected && !isAsked) || confirmed === name) return;
  const why = environment.protected ? "is protected" : "wants to be asked";
  const refused = (because: string) =>
    new AludelError("environment-protected", `${name} ${why}, and ${because}`, {
      data: { environment: name },
      remedy: `Nothing was changed. If ${name} is meant, write --confirm ${name}.`,
    });
  if (confirmed !== null) throw refused(`--confirm says ${confirmed}`);
  if (!context.canAsk) throw refused(`this would ${what}`);
  const answer = await context.ask({
    text: `This would ${what} on ${name}, which ${why}. Type its name to go on`,
    choices: [],
    default: null,
    flag: `--confirm ${name}`,
  });
  if (answer.trim() !== name) throw refused(`you typed ${JSON.stringify(answer.trim())}`);
}
