import type { Act } from "../../../../effect/act.js";
import type { OnTable } from "../../../../effect/act-table.js";
import { type Cursor, splitAtCommas } from "../../parse/cursor.js";
import { isMark, type Token } from "../../parse/tokenize.js";
import { readColumn, readTable } from "./definition.js";
import { readTokens, textOf } from "./expression.js";
import type { Names } from "./names.js";

/**
 * ALTER TABLE. SQLite knows one action a statement and no IF EXISTS; what more there is is read as well, so that it can
 * be said what is wrong with it.
 */
export function readAlter(cursor: Cursor, names: Names): readonly Act[] {
  cursor.expectWords("ALTER", "TABLE");
  const ifTableExists = cursor.takeWords("IF", "EXISTS");
  const first = cursor.name();
  const table = cursor.takeMark(".") ? names.relation(cursor.name(), first) : names.relation(first);
  const own = names.of(table);
  const rest = cursor.rest();
  const actions = splitAtCommas(isMark(rest.at(-1), ";") ? rest.slice(0, -1) : rest);
  return actions.map((tokens, part) => {
    const on = { table, only: false, ifTableExists, on: "table", part, parts: actions.length } as const;
    return readAction(cursor, tokens, on, own);
  });
}

const wordsOf = (tokens: readonly Token[]): readonly string[] =>
  tokens.map((token) => (token.kind === "word" ? token.text.toUpperCase() : ""));

function readAction(cursor: Cursor, tokens: readonly Token[], on: OnTable, names: Names): Act {
  const words = wordsOf(tokens);
  const [first, second] = words;
  if (first === "RENAME") return readRename(cursor, tokens, on, names);
  if (first === "ADD") {
    const isConstraint = /^(CONSTRAINT|CHECK|FOREIGN|UNIQUE|PRIMARY)$/.test(second ?? "");
    return isConstraint
      ? readConstraint(cursor, tokens, on, names)
      : readAddColumn(cursor, tokens, on, names);
  }
  if (first === "DROP") {
    const at = second === "COLUMN" || second === "CONSTRAINT" ? 2 : 1;
    const ifExists = words[at] === "IF" && words[at + 1] === "EXISTS";
    const name = nameAt(cursor, tokens, ifExists ? at + 2 : at);
    const rest = { ...on, ifExists, cascade: false };
    return second === "CONSTRAINT"
      ? { kind: "drop-constraint", constraint: name, ...rest }
      : { kind: "drop-column", column: names.column(name), ...rest };
  }
  if (first === "ALTER") return readAlterColumn(cursor, tokens, on, names);
  return { kind: "alter-table-other", subcommand: first ?? "", ...on };
}

function nameAt(cursor: Cursor, tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  if (token === undefined) throw cursor.unexpected("a name");
  return token.value;
}

function readRename(cursor: Cursor, tokens: readonly Token[], { table }: OnTable, names: Names): Act {
  const words = wordsOf(tokens);
  const to = nameAt(cursor, tokens, tokens.length - 1);
  if (words[1] === "TO" && tokens.length === 3) {
    return { kind: "rename", object: "table", name: table, member: null, to, ifExists: false };
  }
  const column = nameAt(cursor, tokens, words[1] === "COLUMN" ? 2 : 1);
  return { kind: "rename", object: "column", name: table, member: names.column(column), to, ifExists: false };
}

function readAddColumn(cursor: Cursor, tokens: readonly Token[], on: OnTable, names: Names): Act {
  const words = wordsOf(tokens);
  let at = words[1] === "COLUMN" ? 2 : 1;
  const ifNotExists = words[at] === "IF" && words[at + 1] === "NOT" && words[at + 2] === "EXISTS";
  if (ifNotExists) at += 3;
  const definition = readColumn(textOf(cursor.sql, tokens.slice(at)), names);
  if (definition === null) throw cursor.unexpected("a column");
  return { kind: "add-column", definition, ifNotExists, ...on };
}

function readConstraint(cursor: Cursor, tokens: readonly Token[], on: OnTable, names: Names): Act {
  const text = textOf(cursor.sql, tokens.slice(1));
  const [constraint] = readTable(`CREATE TABLE t (c, ${text})`, names).constraints;
  if (constraint === undefined) throw cursor.unexpected("a constraint");
  return { kind: "add-constraint", constraint, ...on };
}

function readAlterColumn(cursor: Cursor, tokens: readonly Token[], on: OnTable, names: Names): Act {
  const words = wordsOf(tokens);
  const at = words[1] === "COLUMN" ? 2 : 1;
  const column = names.column(nameAt(cursor, tokens, at));
  const what = words.slice(at + 1, at + 4).join(" ");
  const rest = { ...on, column };
  if (what.startsWith("SET NOT NULL")) return { kind: "set-not-null", ...rest };
  if (what.startsWith("DROP NOT NULL")) return { kind: "drop-not-null", ...rest };
  if (what.startsWith("DROP DEFAULT")) return { kind: "drop-default", ...rest };
  if (what.startsWith("SET DEFAULT")) {
    return { kind: "set-default", default: readTokens(cursor.sql, tokens.slice(at + 3), names), ...rest };
  }
  return { kind: "alter-table-other", subcommand: `ALTER COLUMN ${what}`.trim(), ...on };
}
