import { constraintBase } from "../../../schema/build.js";
import type {
  ConflictResolution,
  Constraint,
  ConstraintBase,
  Deferral,
  ForeignKey,
  ForeignKeyAction,
  KeyOrdering,
} from "../../../schema/schema.js";
import { stripParentheses } from "../expression.js";
import { type Cursor, splitAtCommas } from "./cursor.js";
import { isName, isWord, type Token } from "./tokenize.js";

const conflicts: Readonly<Record<string, ConflictResolution>> = {
  ROLLBACK: "rollback",
  FAIL: "fail",
  IGNORE: "ignore",
  REPLACE: "replace",
};

/** `ON CONFLICT …`; ABORT is what holds without it. */
export function readConflict(cursor: Cursor): ConflictResolution | undefined {
  if (!cursor.takeWords("ON", "CONFLICT")) return undefined;
  if (cursor.takeWords("ABORT")) return undefined;
  const found = conflicts[cursor.next().text.toUpperCase()];
  if (found === undefined) throw cursor.unexpected("ROLLBACK, ABORT, FAIL, IGNORE or REPLACE before this");
  return found;
}

/** `[NOT] DEFERRABLE [INITIALLY …]`, or null when none of it is here ("Foreign Key Support", 4.2). */
export function takeDeferral(cursor: Cursor): Deferral | null {
  const negated = cursor.takeWords("NOT", "DEFERRABLE");
  if (!negated && !cursor.takeWords("DEFERRABLE")) return null;
  const deferred = cursor.takeWords("INITIALLY", "DEFERRED");
  if (!deferred) cursor.takeWords("INITIALLY", "IMMEDIATE");
  if (negated) return "immediate";
  return deferred ? "deferred" : "deferrable";
}

function readAction(cursor: Cursor): ForeignKeyAction {
  if (cursor.takeWords("SET", "NULL")) return "set null";
  if (cursor.takeWords("SET", "DEFAULT")) return "set default";
  if (cursor.takeWords("CASCADE")) return "cascade";
  if (cursor.takeWords("RESTRICT")) return "restrict";
  cursor.expectWords("NO", "ACTION");
  return "no action";
}

/** `REFERENCES …` with its actions. Without columns it points at the parent's primary key: `columns` is then empty. */
export function readForeignKey(cursor: Cursor, base: ConstraintBase, columns: readonly string[]): ForeignKey {
  cursor.expectWords("REFERENCES");
  const table = { namespace: null, name: cursor.name() };
  const parent = cursor.isMark("(") ? names(cursor) : [];
  let key: ForeignKey = {
    ...base,
    kind: "foreign-key",
    columns,
    references: { table, columns: parent },
    onDelete: "no action",
    onUpdate: "no action",
    match: "simple",
    deferral: "immediate",
    validated: true,
  };
  for (;;) {
    if (cursor.takeWords("ON", "DELETE")) key = { ...key, onDelete: readAction(cursor) };
    else if (cursor.takeWords("ON", "UPDATE")) key = { ...key, onUpdate: readAction(cursor) };
    else if (cursor.takeWords("ON", "INSERT")) readAction(cursor);
    else if (cursor.takeWords("MATCH")) key = { ...key, match: isFull(cursor.name()) ? "full" : "simple" };
    else break;
  }
  const deferral = takeDeferral(cursor);
  return deferral === null ? key : { ...key, deferral };
}

const isFull = (name: string): boolean => name.toUpperCase() === "FULL";

function names(cursor: Cursor): readonly string[] {
  return splitAtCommas(cursor.parenthesized()).map((part) => part[0]?.value ?? "");
}

/** One table constraint, with its name. */
export function readTableConstraint(cursor: Cursor): Constraint {
  let name: string | null = null;
  while (cursor.takeWords("CONSTRAINT")) name = cursor.name();
  const base = constraintBase(name);
  if (cursor.takeWords("PRIMARY", "KEY")) {
    const { autoincrement, ...key } = readKey(cursor);
    return { ...base, kind: "primary-key", ...key, include: [], deferral: "immediate", autoincrement };
  }
  if (cursor.takeWords("UNIQUE")) {
    const { autoincrement: _, ...key } = readKey(cursor);
    return { ...base, kind: "unique", ...key, include: [], nullsNotDistinct: false, deferral: "immediate" };
  }
  if (cursor.takeWords("CHECK")) {
    const expression = stripParentheses(cursor.textOf(cursor.parenthesized()));
    readConflict(cursor);
    return { ...base, kind: "check", expression, noInherit: false, validated: true };
  }
  if (cursor.takeWords("FOREIGN", "KEY")) return readForeignKey(cursor, base, names(cursor));
  throw cursor.unexpected("a table constraint");
}

interface Key {
  readonly columns: readonly string[];
  readonly autoincrement: boolean;
  readonly orderings?: readonly KeyOrdering[];
  readonly onConflict?: ConflictResolution;
}

/** `(a COLLATE x DESC, b AUTOINCREMENT) ON CONFLICT …` of a key. */
function readKey(cursor: Cursor): Key {
  const parts = splitAtCommas(cursor.parenthesized());
  const keys = parts.map((part) => readKeyColumn(cursor, part));
  const onConflict = readConflict(cursor);
  const isPlain = keys.every((key) => key.ordering.order === "asc" && key.ordering.collation === null);
  return {
    columns: keys.map((key) => key.name),
    autoincrement: parts.some((part) => isWord(part.at(-1), "AUTOINCREMENT")),
    ...(isPlain ? {} : { orderings: keys.map((key) => key.ordering) }),
    ...(onConflict === undefined ? {} : { onConflict }),
  };
}

function readKeyColumn(cursor: Cursor, tokens: readonly Token[]): { name: string; ordering: KeyOrdering } {
  const [first, ...rest] = tokens;
  if (first === undefined || !isName(first))
    throw cursor.unexpected("names of columns in the key before this");
  const at = rest.findIndex((token) => isWord(token, "COLLATE"));
  const collation = at < 0 ? null : (rest[at + 1]?.value ?? null);
  const order = rest.some((token) => isWord(token, "DESC")) ? "desc" : "asc";
  return { name: first.value, ordering: { order, collation } };
}
