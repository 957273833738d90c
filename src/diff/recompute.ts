import { readAddress } from "../schema/address.js";
import type { Address } from "../schema/dependency.js";
import { nameKey, nameOf, showName } from "../schema/name.js";
import type { Table } from "../schema/schema.js";
import type { InTheWay } from "./closure.js";
import { touchedOf, type Work } from "./work.js";

/**
 * What stands on what changes, with generated columns gone that are computed by something which is made anew: they go before it and
 * come again after it, and their values are computed again. `standing` is asked until no more are found, for each has users of
 * its own.
 */
export function recompute(work: Work, standing: () => InTheWay): InTheWay {
  for (;;) {
    const found = standing();
    const columns = [...found.parts].flatMap((address) => computed(work, address));
    if (columns.length === 0) return found;
    for (const { from, to, column } of columns) makeAgain(work, from, to, column);
  }
}

interface Computed {
  readonly from: Table;
  readonly to: Table;
  readonly column: string;
}

function computed(work: Work, address: Address): readonly Computed[] {
  const read = readAddress(address);
  if (!("part" in read) || read.kind !== "default") return [];
  const key = nameKey(read.owner);
  const [from, to] = [work.from.tables.get(key), work.to.tables.get(key)];
  if (from === undefined || to === undefined || touchedOf(work, to).gone.has(read.part)) return [];
  const isComputed = (table: Table) =>
    table.columns.some((column) => column.name === read.part && column.generated !== null);
  // One that becomes a plain column is let go of by that.
  return isComputed(from) && isComputed(to) ? [{ from, to, column: read.part }] : [];
}

function makeAgain(work: Work, from: Table, to: Table, name: string): void {
  const own = touchedOf(work, to);
  work.touched.set(nameKey(to), { ...own, gone: new Set([...own.gone, name]) });
  const [before, after] = [from, to].map((table) => table.columns.find((column) => column.name === name));
  // Partitions have theirs from the table.
  if (before === undefined || after === undefined || before.inherited) return;
  const table = nameOf(to);
  work.phases.dropColumnsInTheWay.push({ kind: "drop-column", table, column: name });
  work.phases.addGeneratedColumns.push({ kind: "add-column", table, column: after });
  work.warnings.push(`Generated column ${showName(to)}.${name} is made anew: its values are computed again.`);
}
