import type { Snapshot, TableRows } from "./snapshot.js";

/** Which columns of a table are held against which of what it is now. */
export interface Pairing {
  readonly was: TableRows;
  /** `undefined` when the table is not there. */
  readonly now: TableRows | undefined;
  readonly columns: readonly { readonly was: string; readonly now: string; readonly ignoreNull?: boolean }[];
}

/** What is not as it was in one table. */
export interface TableDifference {
  readonly was: TableRows;
  /** Rows that are not there any more. */
  readonly missing: number;
  readonly added: number;
  /** Column (as it was called before) → in how many rows its value is another one. */
  readonly changed: ReadonlyMap<string, number>;
  /** Column → a value as it was and as it is. */
  readonly examples: ReadonlyMap<string, readonly [was: string | null, now: string | null]>;
}

type Values = readonly (string | null)[];

/** Holds the rows of a table against what they were: by their key where that is among the columns. */
export function differenceOf({ was, now, columns }: Pairing): TableDifference | null {
  const nothing = { changed: new Map<string, number>(), examples: new Map(), added: 0 };
  if (now === undefined) {
    return was.rows.length === 0 ? null : { was, missing: was.rows.length, ...nothing };
  }
  const left = project(
    was,
    columns.map((one) => one.was),
  );
  const right = project(
    now,
    columns.map((one) => one.now),
  );
  const keyed = columns.map((one, at) => (was.key?.includes(one.was) ? at : -1)).filter((at) => at >= 0);
  const isKeyed = was.key !== null && keyed.length === was.key.length && keyed.length > 0;
  const found = isKeyed ? byKey(left, right, keyed, columns) : byContent(left, right, columns);
  const isSame = found.missing === 0 && found.added === 0 && found.changed.size === 0;
  return isSame ? null : { was, ...found };
}

/** The values of these columns; a column that is not there is NULL everywhere. */
function project(table: TableRows, names: readonly string[]): readonly Values[] {
  const places = names.map((name) => table.columns.indexOf(name));
  return table.rows.map((row) => places.map((place) => (place === -1 ? null : (row[place] ?? null))));
}

type Found = Omit<TableDifference, "was">;

const sameValue = (was: string | null, now: string | null, ignoreNull: boolean): boolean =>
  was === now || (ignoreNull && isNull(was));

/** SQLite's rows are read as literals, so that NULL is a word there. */
const isNull = (text: string | null): boolean => text === null || text === "NULL";

function byKey(
  was: readonly Values[],
  now: readonly Values[],
  key: readonly number[],
  columns: Pairing["columns"],
): Found {
  const keyText = (row: Values) => JSON.stringify(key.map((at) => row[at]));
  const rows = new Map(now.map((row) => [keyText(row), row]));
  const changed = new Map<string, number>();
  const examples = new Map<string, readonly [string | null, string | null]>();
  let missing = 0;
  let met = 0;
  for (const row of was) {
    const twin = rows.get(keyText(row));
    if (twin === undefined) {
      missing += 1;
      continue;
    }
    met += 1;
    columns.forEach((column, at) => {
      const [was, is] = [row[at] ?? null, twin[at] ?? null];
      if (sameValue(was, is, column.ignoreNull ?? false)) return;
      changed.set(column.was, (changed.get(column.was) ?? 0) + 1);
      examples.set(column.was, examples.get(column.was) ?? [was, is]);
    });
  }
  return { missing, added: now.length - met, changed, examples };
}

/** Without a key rows are the same when all of their values are; what is not found is looked for column by column. */
function byContent(was: readonly Values[], now: readonly Values[], columns: Pairing["columns"]): Found {
  const ignored = columns.map((column) => column.ignoreNull ?? false);
  const left = [...now];
  const lost: Values[] = [];
  for (const row of was) {
    const at = left.findIndex((one) =>
      row.every((value, place) => sameValue(value, one[place] ?? null, ignored[place] ?? false)),
    );
    if (at === -1) lost.push(row);
    else left.splice(at, 1);
  }
  const changed = new Map<string, number>();
  const examples = new Map<string, readonly [string | null, string | null]>();
  const missing = Math.max(0, lost.length - left.length);
  const pairs = lost.length - missing;
  columns.forEach((column, place) => {
    const rest = left.map((row) => row[place] ?? null);
    const gone = lost.flatMap((row) => {
      const at = rest.indexOf(row[place] ?? null);
      if (at !== -1) rest.splice(at, 1);
      return at === -1 ? [row[place] ?? null] : [];
    });
    const count = Math.min(gone.length, pairs);
    if (count === 0) return;
    changed.set(column.was, count);
    examples.set(column.was, [gone[0] ?? null, rest[0] ?? null]);
  });
  // Values that only changed places between rows.
  if (pairs > 0 && changed.size === 0) for (const { was: name } of columns) changed.set(name, pairs);
  return { missing, added: left.length - pairs, changed, examples };
}

/** Counters that stand lower than they did, so that a number would be given a second time. */
export function loweredCounters(was: Snapshot, now: Snapshot): readonly string[] {
  return [...was.counters].flatMap(([name, value]) => {
    const is = now.counters.get(name);
    return is !== undefined && is < value ? [name] : [];
  });
}
