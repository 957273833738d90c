import type { Description, ResultColumn } from "../../dialect/description.js";

/** What has become of what a query takes and gives. */
export interface ResultChange {
  readonly code: "columns-changed" | "columns-moved" | "columns-added" | "parameter-changed";
  readonly severity: "error" | "warning" | "info";
  /** A part of a sentence. */
  readonly reason: string;
  /** Columns that it is about. */
  readonly names: readonly string[];
}

/**
 * What is other than before, the worst alone. Code that reads rows breaks where a column has gone or has another
 * type; code that reads them by position, where one has come in between; and none where one has come at the end.
 */
export function changedResult(before: Description, after: Description): ResultChange | null {
  return changedColumns(before.columns, after.columns) ?? changedParameters(before, after);
}

type Columns = Description["columns"];

function changedColumns(before: Columns, after: Columns): ResultChange | null {
  if (before === null || after === null) return null;
  const left = keyed(after);
  const known = keyed(before);
  const gone = [...known].flatMap(([key, { name }]) => (left.has(key) ? [] : [name]));
  const retyped = [...known].flatMap(([key, { name, type }]) => {
    const now = left.get(key);
    return now === undefined || now.type === type ? [] : [{ name, type, now: now.type }];
  });
  const [first] = retyped;
  if (gone.length > 0)
    return change("columns-changed", "error", `it has no column ${list(gone)} any more`, gone);
  if (first !== undefined) {
    const names = retyped.map(({ name }) => name);
    const reason = retyped.map(({ name, type, now }) => `${name} was ${shown(type)} and is ${shown(now)}`);
    return change("columns-changed", "error", `its column ${reason.join(", ")}`, names);
  }
  const added = [...left].flatMap(([key, { name }]) => (known.has(key) ? [] : [name]));
  const inPlace = [...known.keys()].every((key, at) => [...left.keys()][at] === key);
  if (!inPlace) {
    const reason =
      added.length > 0 ? `has column ${list(added)} between others` : "has its columns in another order";
    return change("columns-moved", "warning", `it ${reason}`, added.length > 0 ? added : [...names(after)]);
  }
  if (added.length > 0)
    return change("columns-added", "info", `it has column ${list(added)} at its end`, added);
  return null;
}

function changedParameters(before: Description, after: Description): ResultChange | null {
  const changed = before.parameters.flatMap((type, at) => {
    const now = after.parameters[at];
    return now === undefined || now === type ? [] : [`parameter ${at + 1} was ${type} and is ${now}`];
  });
  return changed.length === 0
    ? null
    : change("parameter-changed", "warning", `its ${changed.join(", ")}`, []);
}

function change(
  code: ResultChange["code"],
  severity: ResultChange["severity"],
  reason: string,
  names: readonly string[],
): ResultChange {
  return { code, severity, reason, names };
}

const names = (columns: readonly ResultColumn[]) => columns.map(({ name }) => name);
const list = (some: readonly string[]) => some.join(", ");
const shown = (type: string | null) => type ?? "of no type";

/** Columns by their names; of several that have one name by the place among them, too. */
function keyed(columns: readonly ResultColumn[]): ReadonlyMap<string, ResultColumn> {
  const count = new Map<string, number>();
  return new Map(
    columns.map((column) => {
      const before = count.get(column.name) ?? 0;
      count.set(column.name, before + 1);
      return [`${column.name}\u0000${before}`, column];
    }),
  );
}
