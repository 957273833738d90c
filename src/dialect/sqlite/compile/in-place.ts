import { applyOps } from "../../../op/apply.js";
import { columnOf, tableOf } from "../../../op/lookup.js";
import type { Op, TableOp, TableOpKind } from "../../../op/op.js";
import type { ObjectName } from "../../../schema/name.js";
import type { Column, Schema, Table } from "../../../schema/schema.js";
import { normalize } from "../normalize.js";
import { quote, quoteName } from "../quote.js";
import { columnDefinition, defaultKind, hasSharedKey } from "./definition.js";

/** SQLite 3.53 alters NOT NULL and drops a CHECK without a rebuild ("ALTER TABLE"). */
const altersConstraints = 3_053_000;

/** What is looked at: the table before and after the op. */
interface Change {
  readonly before: Schema;
  readonly after: Schema;
  readonly name: ObjectName;
  readonly version: number;
}

type InPlace<K extends TableOpKind> = (op: Op<K>, change: Change) => readonly string[] | null;

/** For each kind the statements that do it without a rebuild, or null where SQLite has none. Total. */
const statements: { readonly [K in TableOpKind]: InPlace<K> } = {
  "add-column": addColumn,

  "drop-column": ({ column }, { before, after, name }) => {
    const old = tableOf(before, name);
    const now = tableOf(after, name);
    if (now === old) return [];
    // Keys, checks and indexes that have the column go with it, and DROP COLUMN refuses to take them.
    const isAlone =
      old.constraints.length === now.constraints.length && old.indexes.length === now.indexes.length;
    return isAlone ? [`ALTER TABLE ${quoteName(name)} DROP COLUMN ${quote(column)}`] : null;
  },

  "rename-column": ({ column, to }, { before, name }) =>
    hasSharedKey(tableOf(before, name), column)
      ? null
      : [`ALTER TABLE ${quoteName(name)} RENAME COLUMN ${quote(column)} TO ${quote(to)}`],

  "alter-column": ({ column, changes }, { before, after, name, version }) => {
    const old = columnOf(normalize.table(tableOf(before, name)), column);
    const now = columnOf(normalize.table(tableOf(after, name)), column);
    if (changes.using !== undefined) return null;
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    const { notNull, ...plain } = now;
    const isOnlyNull =
      notNull === undefined &&
      changes.default === undefined &&
      JSON.stringify({ ...plain, nullable: old.nullable }) === JSON.stringify(old);
    if (!isOnlyNull || version < altersConstraints) return null;
    const verb = now.nullable ? "DROP" : "SET";
    return [`ALTER TABLE ${quoteName(name)} ALTER COLUMN ${quote(column)} ${verb} NOT NULL`];
  },

  // SQLite 3.53 can add a CHECK, but (up to 3.53.4) refuses rows for which it is NULL, and these a CHECK allows.
  "add-constraint": () => null,

  "drop-constraint": ({ constraint }, { before, after, name, version }) => {
    const now = tableOf(after, name).constraints;
    const gone = tableOf(before, name).constraints.filter((one) => !now.includes(one));
    if (gone.length === 0) return [];
    const [only] = gone;
    const isNamedCheck = typeof constraint === "string" && gone.length === 1 && only?.kind === "check";
    return isNamedCheck && version >= altersConstraints
      ? [`ALTER TABLE ${quoteName(name)} DROP CONSTRAINT ${quote(constraint)}`]
      : null;
  },

  "rename-constraint": () => null,

  "alter-table-options": (_op, { before, after, name }) =>
    JSON.stringify(tableOf(before, name).options) === JSON.stringify(tableOf(after, name).options)
      ? []
      : null,

  // SQLite has no comments: `normalize` drops them, and a portable revision that sets one changes nothing.
  "set-comment": () => [],
};

/**
 * In a STRICT table with rows ADD COLUMN takes a fraction as the default of a REAL NOT NULL for NULL (seen with SQLite 3.45;
 * whole numbers are taken for what they are).
 */
function isTakenForNull(table: Table, { nullable, type, default: value }: Column): boolean {
  const fraction = value !== null && !/^[-+]?\d+(?:\.0*)?$/.test(value);
  return table.options.strict === true && !nullable && /^real$/i.test(type.name) && fraction;
}

/**
 * ADD COLUMN takes neither a STORED column nor a default that must be evaluated, as soon as the table has rows
 * ("ALTER TABLE", 5). NOT NULL without a default fails on rows in a rebuild just as well, so that it stays in place.
 */
function addColumn(op: Op<"add-column">, { before, after, name }: Change): readonly string[] | null {
  if (tableOf(after, name) === tableOf(before, name)) return [];
  const column = columnOf(normalize.table(tableOf(after, name)), op.column.name);
  if (column.generated?.storage === "stored") return null;
  if (column.default !== null && defaultKind(column.default) !== "constant") return null;
  if (isTakenForNull(tableOf(after, name), column)) return null;
  return [`ALTER TABLE ${quoteName(name)} ADD COLUMN ${columnDefinition(column)}`];
}

/** The table that an op changes, when it is one that can stand in a batch. */
export function tableOfOp(op: Op): { readonly op: TableOp; readonly name: ObjectName } | null {
  switch (op.kind) {
    case "add-column":
    case "drop-column":
    case "rename-column":
    case "alter-column":
    case "add-constraint":
    case "drop-constraint":
    case "rename-constraint":
      return { op, name: op.table };
    case "alter-table-options":
      return { op, name: op.name };
    default:
      return null;
  }
}

/**
 * The statements that carry out the ops one after the other without a rebuild, or null when one of them needs it.
 * `version` is `null` when nobody knows: then only what every supported SQLite can do is done in place.
 * @throws AludelError `op-impossible` when an op contradicts the table.
 */
export function inPlace(
  before: Schema,
  name: ObjectName,
  ops: readonly TableOp[],
  version: number | null,
): readonly string[] | null {
  const result: string[] = [];
  let schema = before;
  for (const op of ops) {
    const after = applyOps(schema, [{ kind: "batch-alter-table", name, ops: [op] }]);
    // The map gives each kind its own function; TypeScript loses the correlation between key and value.
    const compile = statements[op.kind] as InPlace<TableOpKind>;
    const found = compile(op, { before: schema, after, name, version: version ?? 0 });
    if (found === null) return null;
    result.push(...found);
    schema = after;
  }
  return result;
}
