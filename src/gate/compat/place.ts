import { readFileSync } from "node:fs";
import type { Revision } from "../../revision/revision.js";
import { speaks } from "../guard/place.js";

/** Where the way up begins: the names in the head of the file are prose. */
const upgrade = /^\s*(?:async\s+upgrade\b|upgrade\b|--\s*aludel:upgrade)/;

/** The line of a revision that speaks of the first of the names that any line does; 1 where none does. */
export function lineOf({ file }: Revision, names: readonly string[]): number {
  const lines = readFileSync(file, "utf8").split(/\r?\n/);
  const from = Math.max(
    0,
    lines.findIndex((line) => upgrade.test(line)),
  );
  for (const name of names) {
    const at = lines.findIndex((line, number) => number >= from && speaks(line, name));
    if (at >= 0) return at + 1;
  }
  return 1;
}

/** Names that an engine's message is about: those in quotes, those that the query has, too, then all of the query; longer ones say more. */
export function namesAbout(message: string, sql: string): readonly string[] {
  const words = (text: string) => [...new Set(text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [])];
  const quoted = [...message.matchAll(/"([^"]+)"|(?:column|table): (?:\w+\.)?(\w+)/g)];
  const asked = new Set(words(sql).map((word) => word.toLowerCase()));
  const shared = words(message).filter(
    (word) => asked.has(word.toLowerCase()) && !plain.has(word.toLowerCase()),
  );
  const rest = words(sql).filter((word) => !plain.has(word.toLowerCase()));
  const byLength = (a: string, b: string) => b.length - a.length;
  const spelled = quoted.flatMap(([, inQuotes, bare]) => inQuotes ?? bare ?? []);
  return [...new Set([...spelled, ...shared.sort(byLength), ...rest.sort(byLength)])];
}

/** Words of messages and of queries that are no names. */
const plain = new Set(
  "column table relation type function operator does not exist no such has named as is of for and or in on the a an to by with from where select insert into values update set delete join left right inner outer group order limit offset returning null default distinct union all asc desc case when then else end".split(
    " ",
  ),
);
