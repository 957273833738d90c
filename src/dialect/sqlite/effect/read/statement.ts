import type { Act } from "../../../../effect/act.js";
import type { IndexKey } from "../../../../effect/syntax.js";
import { AludelError } from "../../../../error/error.js";
import type { ObjectName } from "../../../../schema/name.js";
import { Cursor, splitAtCommas } from "../../parse/cursor.js";
import { isMark, isWord, type Token } from "../../parse/tokenize.js";
import { readAlter } from "./alter.js";
import { readData } from "./data.js";
import { readTable } from "./definition.js";
import { readQuery, readTokens, upTo } from "./expression.js";
import { isPlainName } from "./keyword.js";
import type { Names } from "./names.js";
import { readPragma } from "./pragma.js";

/** A name, with its schema where it has one. */
export function readName(cursor: Cursor, names: Names): ObjectName {
  const first = cursor.name();
  return cursor.takeMark(".") ? names.relation(cursor.name(), first) : names.relation(first);
}

const other = (command: string, transaction = true): Act => ({
  kind: "other",
  command,
  options: [],
  transaction,
});

/** Reads one statement into what it does. Never throws: what cannot be read is a `not-analysed` act. */
export function readStatement(sql: string, names: Names): readonly Act[] {
  try {
    return readKnown(new Cursor(sql), names);
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    const reason = error.message.replace(/ on line \d+/, "");
    return [{ kind: "not-analysed", why: "syntax", reason, line: null }];
  }
}

function readKnown(cursor: Cursor, names: Names): readonly Act[] {
  const { sql } = cursor;
  if (cursor.isWord("CREATE")) return readCreate(cursor, names);
  if (cursor.takeWords("DROP")) return readDrop(cursor, names);
  if (cursor.isWord("ALTER")) return readAlter(cursor, names);
  if (cursor.takeWords("PRAGMA")) return [readPragma(cursor)];
  if (cursor.isWord("INSERT", "REPLACE", "UPDATE", "DELETE", "WITH", "SELECT", "VALUES")) {
    return readData(cursor, names);
  }
  const control = readControl(cursor);
  if (control !== null) return [control];
  if (cursor.takeWords("EXPLAIN")) return [{ kind: "explain", runs: false }];
  const command = cursor.peek()?.text.toUpperCase() ?? "";
  if (command === "ANALYZE") return [{ kind: "analyze", tables: [] }];
  if (command === "REINDEX") return [other("REINDEX")];
  if (command === "VACUUM" || command === "ATTACH" || command === "DETACH") return [other(command, false)];
  const reason = `near "${sql.slice(0, 30).replace(/\s+/g, " ")}": SQLite has no such statement`;
  return [{ kind: "not-analysed", why: "syntax", reason, line: null }];
}

function readControl(cursor: Cursor): Act | null {
  if (cursor.takeWords("BEGIN")) return { kind: "begin", readOnly: false };
  if (cursor.takeWords("COMMIT") || cursor.takeWords("END")) return { kind: "commit", chain: false };
  if (cursor.takeWords("SAVEPOINT")) return { kind: "savepoint", change: "define", name: cursor.name() };
  if (cursor.takeWords("RELEASE")) {
    cursor.takeWords("SAVEPOINT");
    return { kind: "savepoint", change: "release", name: cursor.name() };
  }
  if (!cursor.takeWords("ROLLBACK")) return null;
  cursor.takeWords("TRANSACTION");
  if (!cursor.takeWords("TO")) return { kind: "rollback", chain: false };
  cursor.takeWords("SAVEPOINT");
  return { kind: "savepoint", change: "rollback", name: cursor.name() };
}

function readCreate(cursor: Cursor, names: Names): readonly Act[] {
  cursor.expectWords("CREATE");
  const temporary = cursor.takeWords("TEMP") || cursor.takeWords("TEMPORARY");
  if (cursor.takeWords("TABLE")) return [readCreateTable(cursor, temporary, names)];
  const unique = cursor.takeWords("UNIQUE");
  if (cursor.takeWords("INDEX")) return [readCreateIndex(cursor, unique, names)];
  if (cursor.takeWords("VIEW")) return [readCreateView(cursor, temporary, names)];
  if (cursor.takeWords("TRIGGER")) return readCreateTrigger(cursor, temporary, names);
  if (cursor.takeWords("VIRTUAL", "TABLE")) {
    const ifNotExists = cursor.takeWords("IF", "NOT", "EXISTS");
    return [{ ...emptyTable, name: readName(cursor, names), ifNotExists, foreign: true }];
  }
  throw cursor.unexpected("TABLE, INDEX, VIEW or TRIGGER");
}

const emptyTable = {
  kind: "create-table",
  ifNotExists: false,
  temporary: false,
  unlogged: false,
  foreign: false,
  columns: [],
  constraints: [],
  likes: [],
  inherits: [],
  partitionOf: null,
  partitionBy: null,
  ofType: null,
  options: [],
} as const;

function readCreateTable(cursor: Cursor, temporary: boolean, names: Names): Act {
  const ifNotExists = cursor.takeWords("IF", "NOT", "EXISTS");
  const written = readName(cursor, names);
  const name = temporary ? { ...written, namespace: "pg_temp" } : written;
  if (cursor.takeWords("AS")) {
    const query = readQuery(cursor.rest(), names);
    const rest = { materialized: false, unlogged: false, withData: true, columns: [] };
    return { kind: "create-table-as", name, ifNotExists, temporary, ...rest, query };
  }
  const { columns, constraints, options } = readTable(cursor.sql, names);
  return { ...emptyTable, name, ifNotExists, temporary, columns, constraints, options };
}

function readKey(sql: string, part: readonly Token[], names: Names): IndexKey {
  const descending = isWord(part.at(-1), "DESC");
  const plain = isWord(part.at(-1), "ASC", "DESC") ? part.slice(0, -1) : part;
  const at = plain.findIndex((token) => isWord(token, "COLLATE"));
  const subject = at < 0 ? plain : plain.slice(0, at);
  const [first] = subject;
  const isColumn = subject.length === 1 && isPlainName(first);
  const collation = at < 0 ? null : { namespace: null, name: plain[at + 1]?.value ?? "" };
  return {
    column: isColumn && first !== undefined ? names.column(first.value) : null,
    expression: isColumn ? null : readTokens(sql, subject, names),
    collation,
    operatorClass: null,
    descending,
    nullsFirst: null,
  };
}

function readCreateIndex(cursor: Cursor, unique: boolean, names: Names): Act {
  const ifNotExists = cursor.takeWords("IF", "NOT", "EXISTS");
  const { name } = readName(cursor, names);
  cursor.expectWords("ON");
  const table = names.relation(cursor.name());
  const own = names.of(table);
  const keys = splitAtCommas(cursor.parenthesized()).map((part) => readKey(cursor.sql, part, own));
  const where = cursor.takeWords("WHERE") ? readTokens(cursor.sql, cursor.rest(), own) : null;
  const rest = { only: false, concurrently: false, include: [], nullsNotDistinct: false, method: "btree" };
  return { kind: "create-index", name, table, unique, ifNotExists, keys, where, ...rest };
}

function readCreateView(cursor: Cursor, temporary: boolean, names: Names): Act {
  cursor.takeWords("IF", "NOT", "EXISTS");
  const name = readName(cursor, names);
  const columns = cursor.isMark("(")
    ? splitAtCommas(cursor.parenthesized()).map((part) => part[0]?.value ?? "")
    : [];
  cursor.expectWords("AS");
  const query = readQuery(cursor.rest(), names);
  return { kind: "create-view", name, replace: false, temporary, columns, query };
}

/** A trigger is its own function: so its text is in the world, and what it mentions can be found. */
function readCreateTrigger(cursor: Cursor, temporary: boolean, names: Names): readonly Act[] {
  cursor.takeWords("IF", "NOT", "EXISTS");
  const { name } = readName(cursor, names);
  const timing = cursor.takeWords("BEFORE")
    ? "before"
    : cursor.takeWords("INSTEAD", "OF")
      ? "instead-of"
      : "after";
  cursor.takeWords("AFTER");
  const event = cursor.isWord("DELETE") ? "delete" : cursor.isWord("UPDATE") ? "update" : "insert";
  cursor.next();
  const columns = cursor.takeWords("OF") ? upTo(cursor.rest(), "ON") : [];
  const table = names.relation(ownerOf(cursor.tokens));
  const self = { namespace: null, name };
  const trigger: Act<"create-trigger"> = {
    kind: "create-trigger",
    name,
    table,
    replace: false,
    constraint: false,
    forEachRow: true,
    timing,
    events: [event],
    columns: columns.filter(isPlainName).map((token) => token.value),
    when: null,
    function: self,
    referenced: null,
  };
  if (temporary) return [trigger];
  return [
    {
      kind: "create-function",
      name: self,
      form: "function",
      replace: true,
      arguments: [],
      returns: null,
      language: "trigger",
      volatility: "volatile",
      securityDefiner: false,
      settings: [],
      body: cursor.sql,
      definition: cursor.sql,
      trigger: true,
    },
    trigger,
  ];
}

function ownerOf(tokens: readonly Token[]): string {
  const at = tokens.findIndex((token) => isWord(token, "ON"));
  return (isMark(tokens[at + 2], ".") ? tokens[at + 3] : tokens[at + 1])?.value ?? "";
}

function readDrop(cursor: Cursor, names: Names): readonly Act[] {
  const word = cursor.next().text.toUpperCase();
  const ifExists = cursor.takeWords("IF", "EXISTS");
  const name = readName(cursor, names);
  cursor.takeMark(";");
  if (!cursor.isDone) throw cursor.unexpected("the end");
  const rest = { ifExists, cascade: false };
  if (word === "TRIGGER") {
    return [
      {
        kind: "drop-from-table",
        object: "trigger",
        name: name.name,
        table: { namespace: null, name: "" },
        ...rest,
      },
    ];
  }
  if (word !== "TABLE" && word !== "VIEW" && word !== "INDEX")
    throw cursor.unexpected("TABLE, VIEW, INDEX or TRIGGER");
  const object = word === "TABLE" ? "table" : word === "VIEW" ? "view" : "index";
  return [{ kind: "drop", object, names: [name], concurrently: false, ...rest }];
}
