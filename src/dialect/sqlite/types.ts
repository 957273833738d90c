import { AludelError } from "../../error/error.js";
import { columnType } from "../../schema/build.js";
import type { ColumnType, Table } from "../../schema/schema.js";
import { isMark, isName, isWord, type Token, tokenize } from "./parse/tokenize.js";
import { quote } from "./quote.js";

/**
 * Names that mean nothing to SQLite and would get an affinity that spoils the values, or that ask for a sequence.
 * Every other name is free text to SQLite ("Datatypes In SQLite", 3.1) and is kept.
 */
const replaced: Readonly<Record<string, string>> = {
  SERIAL: "INTEGER",
  BIGSERIAL: "INTEGER",
  SMALLSERIAL: "INTEGER",
  BYTEA: "BLOB",
};

/** The only types of a STRICT table (SQLite: "STRICT Tables"). */
const strictTypes: ReadonlySet<string> = new Set(["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"]);

const upper = (text: string): string => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

/** The name that words in front of a constraint are, or null when SQLite could not read them as a type. */
function nameOfTokens(tokens: readonly Token[]): string | null {
  // SQLite takes the quotes off a name that begins with one.
  if (!tokens.every((token) => isName(token))) return null;
  return upper(tokens.map((token) => token.value).join(" "));
}

/** The tokens of a column's type, as parts. Null when SQLite would not take them for a type. */
export function typeOfTokens(tokens: readonly Token[]): ColumnType | null {
  const open = tokens.findIndex((token) => isMark(token, "("));
  const name = nameOfTokens(open < 0 ? tokens : tokens.slice(0, open));
  if (name === null) return null;
  if (open < 0) return columnType(name);
  if (!isMark(tokens.at(-1), ")")) return null;
  const inner = tokens.slice(open + 1, -1).map((token) => token.text);
  const modifiers = inner.join("").split(",");
  // Only numbers can stand there, with a sign or without.
  const isNumber = (text: string) => /^[+-]?[0-9.]/.test(text);
  return modifiers.length <= 2 && modifiers.every(isNumber) ? columnType(name, modifiers) : null;
}

/**
 * Type text → parts. SQLite keeps any words; they are canonical in upper case, because SQLite ignores the case.
 * @throws AludelError `models-invalid` for text that is no type to SQLite (`enum('a','b')`).
 */
export function parseType(text: string): ColumnType {
  let rest = text.trim();
  let dimensions = 0;
  for (let match = /\[\d*\]$/.exec(rest); match !== null; match = /\[\d*\]$/.exec(rest)) {
    rest = rest.slice(0, match.index).trimEnd();
    dimensions += 1;
  }
  const type = typeOfTokens(tokenize(rest));
  if (type === null || (type.name === "" && type.modifiers.length > 0)) {
    throw new AludelError("models-invalid", `SQLite cannot read the type ${text}`, {
      remedy: "Give words and at most two numbers in parentheses: VARCHAR(255), DECIMAL(10,2).",
    });
  }
  return normalizeType({ ...type, dimensions });
}

/** Canonical: upper case, PostgreSQL's serial types as INTEGER and `bytea` as BLOB. */
export function normalizeType(type: ColumnType): ColumnType {
  const namespace = type.namespace === "main" ? null : type.namespace;
  const name = canonicalName(type.name);
  return { ...type, namespace, name: replaced[name] ?? name };
}

function canonicalName(name: string): string {
  const text = upper(name);
  return /^[A-Z_ ]+$/.test(text) ? text.trim().replace(/ +/g, " ") : text;
}

/** True when SQLite reads the bare words as this name. */
function isBare(name: string): boolean {
  try {
    const tokens = tokenize(name);
    const words = tokens.map((token, at) => token.kind === "word" && !endsType(token, tokens[at + 1]));
    return words.every((word) => word) && tokens.map((token) => token.text).join(" ") === name;
  } catch {
    return false;
  }
}

/**
 * The inverse of `parseType`.
 * @throws AludelError `op-unsupported` for arrays and types of a namespace.
 */
export function formatType(type: ColumnType): string {
  if (type.dimensions > 0 || type.namespace !== null) {
    const what = type.dimensions > 0 ? "arrays" : "types in namespaces";
    throw new AludelError("op-unsupported", `SQLite has no ${what} (${type.name})`, {
      remedy: 'Give SQLite another type: `op.dialect === "sqlite" ? t.text() : …`.',
    });
  }
  const modifiers = type.modifiers.length === 0 ? "" : `(${type.modifiers.join(",")})`;
  const name = canonicalName(type.name);
  return `${isBare(name) ? name : quote(name)}${modifiers}`;
}

/** The affinity of a column by the words in its type ("Datatypes In SQLite", 3.1). */
export function affinity(type: ColumnType): "INTEGER" | "TEXT" | "BLOB" | "REAL" | "NUMERIC" {
  const name = upper(type.name);
  if (name.includes("INT")) return "INTEGER";
  if (/CHAR|CLOB|TEXT/.test(name)) return "TEXT";
  if (name === "" || name.includes("BLOB")) return "BLOB";
  return /REAL|FLOA|DOUB/.test(name) ? "REAL" : "NUMERIC";
}

/**
 * The type that a STRICT table has for what a portable model says. A name that has no evident counterpart is kept,
 * so that SQLite refuses it.
 */
export function strictType(type: ColumnType): ColumnType {
  if (type.dimensions > 0 || type.namespace !== null) return type;
  if (strictTypes.has(type.name)) return type.modifiers.length === 0 ? type : columnType(type.name);
  if (/^BOOL(EAN)?$/.test(type.name)) return columnType("INTEGER");
  if (/^(TIMESTAMP|TIMESTAMPTZ|DATETIME|DATE|TIME|TIMETZ|UUID|JSONB?)\b/.test(type.name))
    return columnType("TEXT");
  const name = affinity(type);
  return name === "NUMERIC" ? type : columnType(name);
}

/**
 * True when the table's primary key is another name for its rowid ("CREATE TABLE", 5: ROWIDs and the INTEGER
 * PRIMARY KEY): one column of exactly the type INTEGER.
 */
export function isRowidAlias(
  table: Pick<Table, "columns" | "constraints" | "options">,
  column: string,
): boolean {
  if (table.options.withoutRowid) return false;
  const key = table.constraints.find((constraint) => constraint.kind === "primary-key");
  if (key?.kind !== "primary-key" || key.columns.length !== 1 || key.columns[0] !== column) return false;
  // `INTEGER PRIMARY KEY DESC` is the one spelling that makes an ordinary key, for a reason of history.
  if (key.orderings?.[0]?.order === "desc") return false;
  const type = table.columns.find((one) => one.name === column)?.type;
  return type?.name === "INTEGER" && type.modifiers.length === 0;
}

/** The column that is another name for the rowid; `null` when there is none. */
export function rowidAlias(table: Pick<Table, "columns" | "constraints" | "options">): string | null {
  return table.columns.find((column) => isRowidAlias(table, column.name))?.name ?? null;
}

/** True when the words can stand as a type in front of a column's constraints. */
export function endsType(token: Token | undefined, next: Token | undefined): boolean {
  if (isWord(token, "GENERATED")) return isWord(next, "ALWAYS");
  return isWord(
    token,
    ...["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "AS"],
    ...["DEFERRABLE"],
  );
}
