import type { Act } from "../../../../effect/act.js";
import type { Cursor } from "../../parse/cursor.js";

/** Those that take an argument and only answer. */
const asking = new Set([
  ...["table_info", "table_xinfo", "table_list", "index_info", "index_xinfo", "index_list"],
  ...[
    "foreign_key_list",
    "foreign_key_check",
    "integrity_check",
    "quick_check",
    "wal_checkpoint",
    "optimize",
  ],
]);

/** `PRAGMA name = value` and `PRAGMA name(value)` set something, as SET does; all others ask. */
export function readPragma(cursor: Cursor): Act {
  const first = cursor.name();
  const name = (cursor.takeMark(".") ? cursor.name() : first).toLowerCase();
  const isAsking = asking.has(name) || cursor.isDone || cursor.isMark(";");
  if (isAsking) return { kind: "other", command: `PRAGMA ${name}`, options: [], transaction: true };
  const value = cursor
    .rest()
    .filter(({ text }) => !["=", "(", ")", ";"].includes(text))
    .map((token) => token.value)
    .join("");
  return { kind: "set", name, values: [value], local: false };
}
