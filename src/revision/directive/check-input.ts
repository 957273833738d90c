import { AludelError } from "../../error/error.js";
import { suggest } from "../../error/suggest.js";
import type { ObjectName } from "../../schema/name.js";
import type { NameInput } from "../operations.js";
import { isSqlText } from "../sql-text.js";

/** A mistake in the call of a directive. */
export function mistake(message: string, remedy: string): AludelError {
  return new AludelError("revision-invalid", message, { remedy });
}

/**
 * Refuses options that a directive does not know, which are most often misspelled.
 * @throws AludelError `revision-invalid`
 */
export function checkOptions(directive: string, options: unknown, known: readonly string[]): void {
  if (options === undefined) return;
  if (typeof options !== "object" || options === null || Array.isArray(options) || isSqlText(options)) {
    throw mistake(
      `${directive} expects its options as an object`,
      `Write { ${known.slice(0, 2).join(": …, ")}: … }.`,
    );
  }
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    const meant = suggest(key, known);
    throw mistake(
      `${directive} has no option "${key}"`,
      meant === null ? `Its options are ${known.join(", ")}.` : `Did you mean "${meant}"?`,
    );
  }
}

/** A name of a column, constraint, index …: text that is not empty. */
export function checkName(directive: string, what: string, name: unknown): string {
  if (typeof name === "string" && name !== "") return name;
  throw mistake(
    `${directive} was given no name for the ${what}`,
    `Give the ${what}'s name as a string that is not empty.`,
  );
}

/** A list of names that is not empty and names nothing twice. */
export function checkNames(directive: string, what: string, names: unknown): readonly string[] {
  if (!Array.isArray(names) || names.length === 0) {
    throw mistake(`${directive} was given no ${what}s`, `Name at least one ${what} in a list: ["id"].`);
  }
  const seen = new Set<string>();
  for (const name of names) {
    checkName(directive, what, name);
    if (seen.has(name)) throw mistake(`${directive} names the ${what} "${name}" twice`, "Name it once.");
    seen.add(name);
  }
  return [...(names as readonly string[])];
}

/** A table's, view's … name in its parts. */
export function toName(directive: string, what: string, input: NameInput): ObjectName {
  if (typeof input === "string") return { namespace: null, name: checkName(directive, what, input) };
  if (isSqlText(input)) return { namespace: null, name: checkName(directive, what, undefined) };
  checkOptions(directive, input ?? undefined, ["schema", "name"]);
  return {
    namespace: input?.schema === undefined ? null : checkName(directive, "schema", input.schema),
    name: checkName(directive, what, input?.name),
  };
}

/** A record, or the same as pairs, as pairs; nothing is named twice. */
export function toPairs<V>(
  directive: string,
  what: string,
  input: Readonly<Record<string, V>> | readonly (readonly [string, V])[],
  example: string,
): readonly (readonly [string, V])[] {
  if (typeof input !== "object" || input === null || isSqlText(input)) {
    throw mistake(`${directive} was given no ${what}s`, `Give them as an object: ${example}.`);
  }
  const pairs: readonly (readonly [string, V])[] = Array.isArray(input) ? input : Object.entries(input);
  const seen = new Set<string>();
  for (const [name] of pairs) {
    if (seen.has(name)) throw mistake(`${directive} was given the ${what} "${name}" twice`, "Give it once.");
    seen.add(name);
  }
  return pairs;
}

/** One of a few words. */
export function checkWord<W extends string>(
  directive: string,
  what: string,
  word: unknown,
  words: readonly W[],
): W {
  const found = words.find((one) => one === word);
  if (found !== undefined) return found;
  throw mistake(
    `${directive} was given ${JSON.stringify(word) ?? String(word)} for ${what}`,
    `Write one of ${words.map((one) => `"${one}"`).join(", ")}.`,
  );
}

/** `{ key: true }` where it is asked for, nothing where it is not: how ops carry their flags. */
export function flag<K extends string>(key: K, asked: boolean | undefined): { readonly [P in K]?: true } {
  return (asked === true ? { [key]: true } : {}) as { readonly [P in K]?: true };
}
