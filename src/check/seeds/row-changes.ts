import type { Snapshot, TableRows } from "../rows/snapshot.js";

/** A row as a person reads it: `code = admin, title = Administrator`. */
export type ShownRow = string;

/** What is not in a table as it was. */
export interface TableChange {
  readonly table: string;
  readonly added: readonly ShownRow[];
  readonly removed: readonly ShownRow[];
  /** Rows of the same key with other values: which, and of what. */
  readonly changed: readonly ShownRow[];
}

type Values = readonly (string | null)[];

/** What differs between two readings of the same tables; rows that only have another place do not. */
export function rowChanges(before: Snapshot, after: Snapshot): readonly TableChange[] {
  return [...after.tables].flatMap(([key, now]) => {
    const was = before.tables.get(key);
    const change = was === undefined ? null : changeOf(was, now);
    return change === null ? [] : [change];
  });
}

function changeOf(was: TableRows, now: TableRows): TableChange | null {
  const gone = without(was.rows.map(ownValues(was)), now.rows.map(ownValues(now)));
  const come = without(now.rows.map(ownValues(now)), was.rows.map(ownValues(was)));
  if (gone.length === 0 && come.length === 0) return null;
  const columns = was.columns.filter((name) => !isHidden(was, name));
  const places = (was.key ?? []).map((name) => columns.indexOf(name));
  const keyOf = (row: Values) => JSON.stringify(places.map((at) => row[at]));
  const isKeyed = places.length > 0;
  const twins = new Map(isKeyed ? gone.map((row) => [keyOf(row), row] as const) : []);
  const isTwin = (row: Values) => isKeyed && twins.has(keyOf(row));
  const changed = come.filter(isTwin);
  const kept = new Set(changed.map(keyOf));
  const show = (row: Values) => showRow(columns, row);
  return {
    table: was.name.namespace === null ? was.name.name : `${was.name.namespace}.${was.name.name}`,
    added: come.filter((row) => !isTwin(row)).map(show),
    removed: gone.filter((row) => !isKeyed || !kept.has(keyOf(row))).map(show),
    changed: changed.map((row) => showChange(columns, places, twins.get(keyOf(row)) ?? [], row)),
  };
}

/** A rowid that no column is says nothing about the row. */
function isHidden({ columns }: TableRows, name: string): boolean {
  return name === "rowid" && columns.indexOf(name) === columns.length - 1 && columns.length > 1;
}

function ownValues(table: TableRows): (row: Values) => Values {
  const end = table.columns.findIndex((name) => isHidden(table, name));
  return (row) => (end === -1 ? row : row.slice(0, end));
}

/** The rows that the others do not have, each as often as it is missing there. */
function without(rows: readonly Values[], others: readonly Values[]): readonly Values[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(JSON.stringify(row), (left.get(JSON.stringify(row)) ?? 0) + 1);
  return rows.filter((row) => {
    const text = JSON.stringify(row);
    const count = left.get(text) ?? 0;
    if (count > 0) left.set(text, count - 1);
    return count === 0;
  });
}

const longestValue = 40;
const mostColumns = 6;

function showValue(value: string | null | undefined): string {
  if (value === null || value === undefined) return "NULL";
  const text = value.replace(/\s+/g, " ");
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

function showRow(columns: readonly string[], row: Values): ShownRow {
  const parts = columns.map((name, at) => `${name} = ${showValue(row[at])}`);
  return `${parts.slice(0, mostColumns).join(", ")}${parts.length > mostColumns ? ", …" : ""}`;
}

function showChange(columns: readonly string[], key: readonly number[], was: Values, now: Values): ShownRow {
  const name = key.map((at) => `${columns[at]} = ${showValue(now[at])}`).join(", ");
  const other = columns.flatMap((column, at) =>
    was[at] === now[at] ? [] : [`${column} from ${showValue(was[at])} to ${showValue(now[at])}`],
  );
  return `${name}: ${other.join(", ")}`;
}
