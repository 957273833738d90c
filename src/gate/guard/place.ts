import { readFileSync } from "node:fs";
import type { Op } from "../../op/op.js";

/** Where in files something is spoken of. */
export interface Spoken {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** The names that an op speaks of, the nearest one first: its column or index, then its table. */
export function namesIn(op: Op): readonly string[] {
  const found: string[] = [];
  const own = op as unknown as Readonly<Record<string, unknown>>;
  for (const key of ["column", "index", "constraint", "trigger", "policy"]) found.push(...nameOf(own[key]));
  for (const key of ["table", "name", "view", "enum", "sequence", "domain", "object", "namespace"])
    found.push(...nameOf(own[key]));
  return found;
}

function nameOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || !("name" in value)) return [];
  return typeof value.name === "string" ? [value.name] : nameOf(value.name);
}

/**
 * The line that speaks of the first of the names that any line does, in quotes or as a word; behind the line that names the
 * last of them (the table), where there is one.
 */
export function findSpoken(files: readonly string[], names: readonly string[]): Spoken | null {
  const outer = names.at(-1);
  for (const name of names) {
    for (const file of files) {
      const lines = readFileSync(file, "utf8").split("\n");
      const from = outer === undefined ? -1 : lines.findIndex((line) => speaks(line, outer));
      const at = lines.findIndex((line, number) => number >= from && speaks(line, name));
      if (at >= 0 && (from >= 0 || name === outer)) return { file, line: at + 1 };
    }
  }
  return null;
}

/** Names in code may be written in another case: `firstName` for `first_name`. */
export function speaks(line: string, name: string): boolean {
  if (line.includes(`"${name}"`) || line.includes(`'${name}'`) || line.includes(`\`${name}\``)) return true;
  const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return [name, camel].some((one) => /^\w+$/.test(one) && new RegExp(`\\b${one}\\b`).test(line));
}
