import type { Dialect } from "../../dialect/dialect.js";
import { loadAnalyse } from "../../dialect/registry.js";
import { type ObjectName, showName } from "../../schema/name.js";
import type { Column, Schema, Table } from "../../schema/schema.js";
import { type Query, textKey } from "./query.js";

/** An INSERT: which columns of which table it gives. */
export interface Insertion {
  readonly table: ObjectName;
  /** `null` where it names none. */
  readonly columns: readonly string[] | null;
}

/** A column that an INSERT has to give from now on, and does not. */
export interface LeftOut {
  readonly column: string;
  readonly table: string;
  /** A trigger of the table may fill it. */
  readonly hasTrigger: boolean;
}

/** The INSERTs among queries, by `textKey`. */
export async function insertionsOf(
  queries: readonly Query[],
  dialect: Dialect,
): Promise<ReadonlyMap<string, Insertion>> {
  const asked = queries.filter(({ sql }) => /\b(?:insert|replace)\b/i.test(sql));
  if (asked.length === 0) return new Map();
  const analyse = await loadAnalyse(dialect.name);
  const sources = asked.map(({ sql }, at) => ({ file: String(at), text: sql }));
  const statements = await analyse(sources, { serverVersion: 18, inTransaction: false });
  const found = new Map<string, Insertion>();
  for (const { source, acts } of statements) {
    const query = asked[source];
    const act = acts.find((one) => one.kind === "insert");
    if (query === undefined || act?.kind !== "insert") continue;
    found.set(textKey(query), { table: act.table, columns: act.columns.length === 0 ? null : act.columns });
  }
  return found;
}

/** Columns that have to be given after a revision, did not have to before, and are left out. */
export function leftOut(
  { table, columns }: Insertion,
  before: Schema,
  after: Schema,
  dialect: Dialect,
): readonly LeftOut[] {
  const was = findTable(before, table, dialect);
  const now = findTable(after, table, dialect);
  if (was === null || now === null) return [];
  const given = new Set(columns?.map(fold));
  const hasTrigger = [...after.defined.values()].some(
    (one) => one.kind === "trigger" && one.table !== null && same(one.table, now),
  );
  return now.columns.flatMap((column) => {
    const old = was.columns.find(({ name }) => fold(name) === fold(column.name));
    if (!isMandatory(column) || (old !== undefined && isMandatory(old)) || given.has(fold(column.name)))
      return [];
    // By position it gives those that were there before.
    if (columns === null && old !== undefined) return [];
    return [{ column: column.name, table: showName(now), hasTrigger }];
  });
}

function isMandatory({ nullable, default: value, identity, generated }: Column): boolean {
  return !nullable && value === null && identity === null && generated === null;
}

function findTable({ tables }: Schema, { namespace, name }: ObjectName, { can }: Dialect): Table | null {
  const wanted = namespace === can.defaultNamespace ? null : namespace;
  for (const table of tables.values()) if (same(table, { namespace: wanted, name })) return table;
  return null;
}

// Names that differ in case alone are the same to some engines, and next to never two tables in the others.
const fold = (name: string) => name.toLowerCase();
const same = (a: ObjectName, b: ObjectName) => a.namespace === b.namespace && fold(a.name) === fold(b.name);
