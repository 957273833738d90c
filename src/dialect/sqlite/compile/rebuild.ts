import { applyOps } from "../../../op/apply.js";
import { tableOf } from "../../../op/lookup.js";
import type { Op, TableOp } from "../../../op/op.js";
import { nameKey, type ObjectName } from "../../../schema/name.js";
import type { Schema, Table } from "../../../schema/schema.js";
import { type Step, step } from "../../step.js";
import { mentionsName } from "../expression.js";
import { normalize } from "../normalize.js";
import { foldName } from "../parse/tokenize.js";
import { literal, quote } from "../quote.js";
import { rowidAlias } from "../types.js";
import { createTableText } from "./definition.js";
import { createIndexText } from "./index.js";
import { type Lineage, lineageOf } from "./lineage.js";
import { withoutQualifier } from "./qualifier.js";
import { renamePlan } from "./rename-plan.js";
import { ownersOfTriggersOver, triggersOf } from "./trigger.js";

/**
 * Changes a table by making it anew: create, copy, drop, rename, and everything that hung on it again ("ALTER TABLE",
 * 7. Making Other Kinds Of Table Schema Changes).
 *
 * Rows, rowids and the AUTOINCREMENT counter stay, own indexes and triggers are made again from their own text.
 * The rename runs with `legacy_alter_table`, so that views, triggers and foreign keys of others, which name the
 * table, stay as they are and mean the new one. Columns are renamed last and in place, where SQLite follows the
 * name into all of these by itself.
 *
 * All steps have `foreignKeysOff`: dropping a table deletes its rows, and ON DELETE would act on their children.
 */
export function rebuild(
  before: Schema,
  name: ObjectName,
  ops: readonly TableOp[],
  because: Op,
): readonly Step[] {
  const old = tableOf(before, name);
  const after = applyOps(before, [{ kind: "batch-alter-table", name, ops }]);
  const lineage = lineageOf(old, ops);
  const renames = renamePlan(lineage);
  const back = renames
    .toReversed()
    .map(({ from, to }) => ({ kind: "rename-column", table: name, column: to, to: from }) as const);
  const staged = normalize.table(tableOf(applyOps(after, back), name));
  const stagedLineage = new Map(renames.toReversed().reduce(renameKey, lineage));
  const statements = [
    ...guards(before, old),
    ...copyTable(before, old, unqualified(staged), stagedLineage),
    ...dependents(before, old, staged),
    ...renames.map(
      ({ from, to }) => `ALTER TABLE ${quote(name.name)} RENAME COLUMN ${quote(from)} TO ${quote(to)}`,
    ),
    ...checks(before, old, tableOf(after, name), ops),
  ];
  return statements.map((sql) => step(sql, because, { foreignKeysOff: true }));
}

function renameKey(
  lineage: ReadonlyMap<string, Lineage>,
  { from, to }: { readonly from: string; readonly to: string },
): ReadonlyMap<string, Lineage> {
  return new Map([...lineage].map(([name, one]) => [name === to ? from : name, one]));
}

/**
 * Fails when the rebuild would lose something: with foreign keys on, rows of children (the switch does nothing inside
 * a transaction, and says nothing); and indexes or triggers that the schema does not know, because it came from
 * revisions alone. A JSON path is the one thing in a plain query that can fail with a message.
 */
function guards(before: Schema, old: Table): readonly string[] {
  const triggers = triggersOf(before, old).map((trigger) => trigger.name);
  const known = [...triggers, ...old.indexes.map((index) => index.name)];
  const list = known.length === 0 ? "" : ` AND name NOT IN (${known.map(literal).join(", ")})`;
  const message = literal(`the rebuild of ${old.name} would lose what it does not know: `);
  const on = literal(`the rebuild of ${old.name} needs PRAGMA foreign_keys = OFF, set before BEGIN`);
  return [
    `SELECT CASE WHEN foreign_keys THEN json_extract('{}', ${on}) END FROM pragma_foreign_keys`,
    `SELECT CASE WHEN count(*) > 0 THEN json_extract('{}', ${message} || group_concat(name, ', ')) END
FROM sqlite_schema WHERE tbl_name = ${literal(old.name)} COLLATE NOCASE AND type IN ('index', 'trigger')
  AND sql IS NOT NULL${list}`,
  ];
}

/** Expressions that name their table would not resolve while it has another name. */
function unqualified(table: Table): Table {
  const plain = (text: string) => withoutQualifier(text, table.name);
  return {
    ...table,
    columns: table.columns.map((column) =>
      column.generated === null
        ? column
        : { ...column, generated: { ...column.generated, expression: plain(column.generated.expression) } },
    ),
    constraints: table.constraints.map((constraint) =>
      constraint.kind === "check" ? { ...constraint, expression: plain(constraint.expression) } : constraint,
    ),
  };
}

function freeName(before: Schema, name: string): string {
  const taken = new Set(
    [...before.tables.values(), ...before.views.values()].map((one) => foldName(one.name)),
  );
  for (let suffix = ""; ; suffix += "_") {
    const free = `aludel_new_${name}${suffix}`;
    if (!taken.has(foldName(free))) return free;
  }
}

function copyTable(
  before: Schema,
  old: Table,
  staged: Table,
  lineage: ReadonlyMap<string, Lineage>,
): readonly string[] {
  const temporary = freeName(before, old.name);
  const target = quote(temporary);
  return [
    createTableText(staged, temporary),
    copyRows(old, staged, target, lineage),
    ...copyCounter(old, staged, temporary),
    `DROP TABLE ${quote(old.name)}`,
    "PRAGMA legacy_alter_table = ON",
    `ALTER TABLE ${target} RENAME TO ${quote(staged.name)}`,
    "PRAGMA legacy_alter_table = OFF",
  ];
}

/** Copies what the old table has; columns that are new get their default, generated ones are computed. */
function copyRows(old: Table, staged: Table, target: string, lineage: ReadonlyMap<string, Lineage>): string {
  const copied = staged.columns.flatMap((column) => {
    const from = lineage.get(column.name);
    return column.generated !== null || from?.value == null
      ? []
      : [{ into: quote(column.name), value: from.value }];
  });
  const rowid = rowidName(old, staged);
  const kept = rowid === null ? copied : [rowid, ...copied];
  const all = kept.length === 0 ? [placeholderValue(staged)] : kept;
  // A constraint's own ON CONFLICT would leave rows out of the copy without a word.
  const verb = hasConflictClause(staged) ? "INSERT OR ABORT INTO" : "INSERT INTO";
  const into = all.map((one) => one.into).join(", ");
  const values = all.map((one) => one.value).join(", ");
  return `${verb} ${target} (${into}) SELECT ${values} FROM ${quote(old.name)}`;
}

/** When no column stays, every row still becomes a row: its first column is named with what it would have anyway. */
function placeholderValue(staged: Table): { readonly into: string; readonly value: string } {
  const first = staged.columns.find((column) => column.generated === null);
  return { into: quote(first?.name ?? "rowid"), value: first?.default ?? "NULL" };
}

function hasConflictClause(table: Table): boolean {
  return (
    table.columns.some((column) => column.notNull?.onConflict != null) ||
    table.constraints.some((one) => "onConflict" in one && one.onConflict !== undefined)
  );
}

/** How the rowid is copied; null where a table has none or a column is it. */
function rowidName(old: Table, staged: Table): { readonly into: string; readonly value: string } | null {
  if (old.options.withoutRowid || staged.options.withoutRowid || rowidAlias(staged) !== null) return null;
  const free = (table: Table) =>
    ["rowid", "_rowid_", "oid"].find((name) => table.columns.every((one) => foldName(one.name) !== name));
  const into = free(staged);
  const value = free(old);
  return into === undefined || value === undefined ? null : { into, value };
}

function autoincrements(table: Table): boolean {
  return table.constraints.some((one) => one.kind === "primary-key" && one.autoincrement);
}

/** The highest id that was ever given stays used, also when its row is gone. */
function copyCounter(old: Table, staged: Table, temporary: string): readonly string[] {
  if (!autoincrements(old) || !autoincrements(staged)) return [];
  const [from, to] = [literal(old.name), literal(temporary)];
  return [
    `DELETE FROM sqlite_sequence WHERE name = ${to}`,
    `INSERT INTO sqlite_sequence (name, seq) SELECT ${to}, seq FROM sqlite_sequence WHERE name = ${from}`,
  ];
}

/** Own indexes and triggers again, as they were written as far as they did not change. */
function dependents(before: Schema, old: Table, staged: Table): readonly string[] {
  const same = new Map(normalize.table(old).indexes.map((index) => [index.name, JSON.stringify(index)]));
  const indexes = staged.indexes.map((index) => {
    const text = old.origin?.indexes.get(index.name);
    const isSame = same.get(index.name) === JSON.stringify(index);
    return text !== undefined && isSame ? text : createIndexText(staged, index);
  });
  return [...indexes, ...triggersOf(before, old).map((trigger) => trigger.definition)];
}

/**
 * When a column goes, views and triggers may still use it, and SQLite finds that only when they are used: EXPLAIN
 * compiles them and does nothing.
 */
function checks(before: Schema, old: Table, after: Table, ops: readonly TableOp[]): readonly string[] {
  if (!ops.some((op) => op.kind === "drop-column")) return [];
  const views = [...before.views.values()]
    .filter((view) => mentionsName(view.definition, old.name))
    .map((view) => `EXPLAIN SELECT * FROM ${quote(view.name)}`);
  const elsewhere = ownersOfTriggersOver(before, old).flatMap((name) => {
    const table = before.tables.get(nameKey(name));
    return table === undefined ? [] : compileTriggers(table);
  });
  const own = triggersOf(before, old).length > 0 ? compileTriggers(after) : [];
  return [...views, ...own, ...elsewhere];
}

function compileTriggers(table: Table): readonly string[] {
  const name = quote(table.name);
  const plain = table.columns
    .filter((column) => column.generated === null)
    .map((column) => quote(column.name));
  const sets = plain.map((column) => `${column} = ${column}`).join(", ");
  return [
    `EXPLAIN DELETE FROM ${name}`,
    `EXPLAIN INSERT INTO ${name} DEFAULT VALUES`,
    ...(plain.length === 0 ? [] : [`EXPLAIN UPDATE ${name} SET ${sets}`]),
  ];
}
