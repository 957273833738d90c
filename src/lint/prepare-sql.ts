import type { SqlSource } from "../effect/statement.js";
import type { FileText } from "./place.js";
import type { Prepared, Way } from "./prepared.js";

/** A way that is SQL text, without anything else to be said of it. */
export function wayOf(sql: SqlSource): Way {
  return { sql, irreversible: null, queried: false, failures: [] };
}

/** Words that tell other tools to use no transaction; each stands in a comment. */
const noTransaction =
  /^[ \t]*--[ \t]*(?:\+goose[ \t]+no[ \t]+transaction|atlas:txmode[ \t]+none|(?:aludel:|migrate:)?(?:no|disable)[-_ ]?transaction|transaction[ \t]*[:=][ \t]*(?:false|off|no)|migrate:(?:up|down)[^\n]*\btransaction:false)\b/im;

/** A file of SQL of whichever tool. */
export function prepareSql(shown: string, source: FileText, options: { readonly linted: boolean }): Prepared {
  const sql = { file: shown, text: source.text };
  const isAlone = noTransaction.test(source.text);
  return {
    shown,
    source,
    language: "sql",
    revision: null,
    upgrade: wayOf(isAlone ? { ...sql, inTransaction: false } : sql),
    downgrade: null,
    linted: options.linted,
  };
}
