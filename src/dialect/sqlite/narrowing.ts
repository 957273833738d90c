import type { Narrowing, TypeChange } from "../dialect.js";
import { quote } from "./quote.js";

/** What a STRICT table takes into a column of each type, by `typeof` (SQLite: "STRICT Tables"). */
const taken: Readonly<Record<string, readonly string[]>> = {
  INT: ["integer"],
  INTEGER: ["integer"],
  REAL: ["integer", "real"],
  TEXT: ["text", "integer", "real"],
  BLOB: ["blob"],
};

/** See `Dialect.narrowing`. Only the columns of STRICT tables refuse values; numbers that text spells are not looked at. */
export function narrowing({ table, column, to }: TypeChange): Narrowing | null {
  const types = taken[to.name.toUpperCase()];
  if (!table.options.strict || types === undefined) return null;
  const known = ["null", ...types].map((type) => `'${type}'`).join(", ");
  return { refuses: `typeof(${quote(column)}) NOT IN (${known})` };
}
