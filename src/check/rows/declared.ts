import { readFileSync } from "node:fs";
import { formatPath } from "../../diff/place.js";
import type { ObjectName } from "../../schema/name.js";

const directive = /^[ \t]*(?:--|\/\/|\*)[ \t]*aludel:loses[ \t]+(.+?)[ \t]*$/gm;

/**
 * What the author of a revision says that its way back cannot bring back: `-- aludel:loses persons.email, notes` in a
 * SQL file, `// aludel:loses persons.email` in TypeScript. A table's name alone means its rows.
 */
export function declaredLosses(file: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, list = ""] of readFileSync(file, "utf8").matchAll(directive)) {
    for (const name of list.match(/(?:"(?:[^"]|"")*"|[^,"])+/g) ?? []) names.add(name.trim());
  }
  return names;
}

/** How a directive and the report spell a table or a column: `persons.email`, `"old table"."a.b"`. */
export function spell(table: ObjectName, column: string | null): string {
  const { namespace, name } = table;
  return formatPath([...(namespace === null ? [] : [namespace]), name, ...(column === null ? [] : [column])]);
}
