import { nameKey, sameName } from "../../schema/name.js";
import type { ForeignKey, Schema, Table } from "../../schema/schema.js";

/** In which order tables can be filled. */
export interface FillOrder {
  /** Parents before their children, as far as there is such an order. Partitions are filled through their parents. */
  readonly tables: readonly Table[];
  /** Foreign keys that point at a table which comes later, or at their own: NULL at first, and set at the end. */
  readonly postponed: ReadonlySet<ForeignKey>;
  /** Tables of a circle in which no foreign key may be NULL: filled together. */
  readonly circles: readonly (readonly Table[])[];
}

export function foreignKeysOf(table: Table): readonly ForeignKey[] {
  return table.constraints.filter((one): one is ForeignKey => one.kind === "foreign-key");
}

/** True when NULL may stand in the foreign key, so that it points at nothing. */
export function mayPointNowhere(table: Table, key: ForeignKey): boolean {
  const nullable = key.columns.filter((name) => isNullable(table, name));
  return key.match === "full" ? nullable.length === key.columns.length : nullable.length > 0;
}

/** Columns of a primary key are not NULL, whatever they say themselves (SQLite takes NULL there; nobody wants it). */
export function isNullable(table: Table, name: string): boolean {
  const column = table.columns.find((one) => one.name === name);
  if (column === undefined || !column.nullable || column.generated !== null) return false;
  return !table.constraints.some((one) => one.kind === "primary-key" && one.columns.includes(name));
}

/** The tables of a schema in an order in which they can be filled. */
export function fillOrder(schema: Schema): FillOrder {
  const left = new Map([...schema.tables].filter(([, table]) => table.partition === undefined));
  const tables: Table[] = [];
  const postponed = new Set<ForeignKey>();
  const circles: (readonly Table[])[] = [];
  const waits = (table: Table) =>
    foreignKeysOf(table).filter(
      (key) =>
        !postponed.has(key) &&
        !sameName(key.references.table, table) &&
        left.has(nameKey(key.references.table)),
    );
  const take = (key: string, table: Table) => {
    tables.push(table);
    left.delete(key);
  };
  for (const table of left.values()) {
    for (const key of foreignKeysOf(table)) {
      if (sameName(key.references.table, table) && mayPointNowhere(table, key)) postponed.add(key);
    }
  }
  while (left.size > 0) {
    const ready = [...left].filter(([, table]) => waits(table).length === 0);
    for (const [key, table] of ready) take(key, table);
    if (ready.length > 0) continue;
    const open = [...left].find(([, table]) => waits(table).every((key) => mayPointNowhere(table, key)));
    if (open !== undefined) for (const key of waits(open[1])) postponed.add(key);
    else {
      const circle = findCircle(left, waits);
      circles.push(circle.map(([, table]) => table));
      for (const [key, table] of circle) take(key, table);
    }
  }
  return { tables, postponed, circles };
}

/** Follows foreign keys that may not be NULL until a table comes again. */
function findCircle(
  left: ReadonlyMap<string, Table>,
  waits: (table: Table) => readonly ForeignKey[],
): readonly (readonly [string, Table])[] {
  const path: [string, Table][] = [];
  let next = [...left][0];
  while (next !== undefined) {
    const [key, table] = next;
    const seen = path.findIndex(([one]) => one === key);
    if (seen !== -1) return path.slice(seen);
    path.push([key, table]);
    const hard = waits(table).find((one) => !mayPointNowhere(table, one)) ?? waits(table)[0];
    const parent = hard === undefined ? undefined : nameKey(hard.references.table);
    const found = parent === undefined ? undefined : left.get(parent);
    next = parent === undefined || found === undefined ? undefined : [parent, found];
  }
  return path;
}
