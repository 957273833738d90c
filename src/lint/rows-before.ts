import { findRelation, type RelationId } from "../effect/world.js";
import { actsOf, perUnit } from "./acts-of.js";

interface RowsOf {
  /** Where rows of a table were first all taken away. */
  readonly emptied: ReadonlyMap<RelationId, number>;
  /** Where values of a column were first changed, or rows taken away because of it; by `keyOf`. */
  readonly mended: ReadonlyMap<string, number>;
  /** Where code ran that may do anything. */
  readonly code: number;
}

const keyOf = (table: RelationId, column: string): string => `${table} ${column}`;

/** What the statements of a unit do to the rows of tables. */
const rowsOf = perUnit((unit): RowsOf => {
  const emptied = new Map<RelationId, number>();
  const mended = new Map<string, number>();
  let code = Number.POSITIVE_INFINITY;
  const note = <K>(map: Map<K, number>, key: K, position: number): void => {
    if (!map.has(key)) map.set(key, position);
  };
  for (const { act, statement } of actsOf(unit.statements)) {
    const { position, before } = statement;
    if (act.kind === "do-block" || act.kind === "call" || act.kind === "not-analysed") {
      code = Math.min(code, position);
    } else if (act.kind === "truncate") {
      for (const name of act.tables) {
        const table = findRelation(before, name);
        if (table !== undefined) note(emptied, table.id, position);
      }
    } else if (act.kind === "delete" || act.kind === "update") {
      const table = findRelation(before, act.table);
      if (table === undefined) continue;
      if (act.kind === "delete" && act.where === null) note(emptied, table.id, position);
      const columns = act.kind === "update" ? act.columns : (act.where?.columns ?? []);
      for (const column of columns) note(mended, keyOf(table.id, column), position);
    } else if (act.kind === "select" && act.query.calls.length > 0) code = Math.min(code, position);
  }
  return { emptied, mended, code };
});

/** An earlier statement of the unit left the table without rows. */
export function isEmptied(unit: Parameters<typeof rowsOf>[0], table: RelationId, position: number): boolean {
  return (rowsOf(unit).emptied.get(table) ?? Number.POSITIVE_INFINITY) < position;
}

/** An earlier statement of the unit gave the column values, or took rows away for its sake, or may have. */
export function isMended(
  unit: Parameters<typeof rowsOf>[0],
  table: RelationId,
  column: string,
  position: number,
): boolean {
  const { mended, code } = rowsOf(unit);
  return Math.min(mended.get(keyOf(table, column)) ?? Number.POSITIVE_INFINITY, code) < position;
}
