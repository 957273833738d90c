import type { Act } from "../effect/act.js";
import type { Op } from "../op/op.js";
import { type ObjectName, showName } from "../schema/name.js";

/** What a revision does in one direction: its ops, and the acts of the SQL among them. */
export interface Writes {
  readonly ops: readonly Op[];
  readonly acts: readonly Act[];
}

/**
 * What the way there wrote over and the way back does not write to: `orders.total`, `rows of orders`. A column that was
 * only filled where it was NULL had nothing in it, and rows of a table that is made there are nobody's loss.
 */
export function writtenOver(there: Writes, back: Writes): readonly string[] {
  const isMade = new Set(madeIn(there).map(keyOf));
  const isWritten = new Set(writesOf(back).map(({ table }) => keyOf(table)));
  const lost = writesOf(there).filter(
    ({ table }) => !isMade.has(keyOf(table)) && !isWritten.has(keyOf(table)),
  );
  return [...new Set(lost.flatMap(showWrite))];
}

interface Write {
  readonly table: ObjectName;
  /** `null`: whole rows. */
  readonly columns: readonly string[] | null;
  readonly where: string | null;
}

function showWrite({ table, columns, where }: Write): readonly string[] {
  const name = showName(table);
  if (columns === null) return [`rows of ${name}`];
  return columns.filter((column) => !onlyFills(column, where)).map((column) => `${name}.${column}`);
}

/** The condition fits no row in which the column has a value. */
function onlyFills(column: string, where: string | null): boolean {
  if (where === null || /\bor\b/i.test(where)) return false;
  const escaped = column.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w$])(?:"${escaped}"|${escaped})\\s+IS\\s+NULL\\b`, "i").test(where);
}

/** The schema may be written in one place and left to the search path in another. */
const keyOf = ({ name }: ObjectName): string => name.toLowerCase();

function madeIn({ ops, acts }: Writes): readonly ObjectName[] {
  return [
    ...ops.flatMap((op) => (op.kind === "create-table" ? [op.table] : [])),
    ...acts.flatMap((act) =>
      act.kind === "create-table" || act.kind === "create-table-as" ? [act.name] : [],
    ),
  ];
}

function writesOf({ ops, acts }: Writes): readonly Write[] {
  const ofOps = ops.flatMap((op): readonly Write[] =>
    op.kind === "backfill" ? [{ table: op.table, columns: Object.keys(op.set), where: op.where }] : [],
  );
  return [...ofOps, ...acts.flatMap(writeOf)];
}

function writeOf(act: Act): readonly Write[] {
  switch (act.kind) {
    case "update":
      return [{ table: act.table, columns: [...new Set(act.columns)], where: act.where?.sql ?? null }];
    case "delete":
    case "merge":
      return [{ table: act.table, columns: null, where: null }];
    case "truncate":
      return act.tables.map((table) => ({ table, columns: null, where: null }));
    default:
      return [];
  }
}
