import { descendantsOf } from "../../op/create-table.js";
import { parentsOf } from "../../op/lookup.js";
import { type Rename, untangleRenames } from "../../op/untangle-renames.js";
import { nameKey } from "../../schema/name.js";
import type { Column, Table } from "../../schema/schema.js";
import { diffColumns } from "../column.js";
import { type IsTaken, takenNames } from "../taken-names.js";
import { touchedOf, type Work } from "../work.js";
import { createHeir } from "./create-heir.js";
import { familyKeys, generationsOf, simulate } from "./families.js";
import { joinFamily } from "./join-family.js";
import { takeLate, takeWaiting, withMadeNames } from "./late-renames.js";
import { dropUnfit } from "./unfit-parts.js";
import { wholeIndexes } from "./whole-indexes.js";

/** The diff of the tables that have parents: nothing of it when there are none. */
export interface Heirs {
  /** The columns of those that stay. */
  columns(): void;
  /**
   * All the rest, new ones too; `diffParts` is what is done with any table that stays. `taken` knows the names of all indexes
   * there were.
   */
  parts(taken: IsTaken, diffParts: (from: Table, to: Table, taken: IsTaken) => void): void;
}

/**
 * Reads which tables have parents, on either side. Nothing is written into `work` before one of the parts is asked for. `early`
 * has the tables that go before others are made.
 */
export function openHeirs(work: Work, early: ReadonlyMap<string, Table>): Heirs {
  const generations = generationsOf(work.to);
  const known = new Set([...familyKeys(work.from), ...familyKeys(work.to)]);
  const gone = new Set(
    [...early.values()].flatMap((table) => [table, ...descendantsOf(work.from, table)]).map(nameKey),
  );
  const keys = new Set([...known].filter((key) => !gone.has(key)));
  return {
    columns() {
      for (const generation of generations) {
        const now = simulate(work, keys);
        for (const to of generation) {
          const from = now.tables.get(nameKey(to));
          if (from !== undefined && work.from.tables.has(nameKey(to)))
            diffColumns(work, from, withoutNotNullNames(to));
          inheritTouched(work, to);
        }
      }
    },
    parts(taken, diffParts) {
      wholeIndexes(work);
      const families = takenNames({
        ...work.from,
        views: new Map(),
        tables: new Map([...work.from.tables].filter(([key]) => known.has(key))),
      });
      for (const generation of generations) {
        for (const to of generation) {
          if (!work.from.tables.has(nameKey(to))) createHeir(work, to);
        }
        const before = simulate(work, keys);
        for (const to of generation) joinFamily(work, before.tables.get(nameKey(to)), to);
        const joined = simulate(work, keys);
        const now = dropUnfit(work, joined, generation) ? simulate(work, keys) : joined;
        const takenNow = takenNames(now);
        // What went with a parent's has left its name to what came with the new one.
        const isTaken: IsTaken = (name) => takenNow(name) || (taken(name) && !families(name));
        const late: Rename[] = [];
        for (const to of generation) {
          const from = now.tables.get(nameKey(to));
          if (from === undefined) continue;
          if (!work.from.tables.has(nameKey(to))) diffNewColumns(work, from, to);
          const renames = work.phases.renameParts.length;
          diffParts(from, to, isTaken);
          late.push(...takeLate(work, keys, from, renames, isTaken));
        }
        if (late.length > 0) {
          const waiting = takeWaiting(work, late);
          const made = simulate(work, keys);
          const renames = withMadeNames(late, made, work.to);
          work.phases.createIndexes.push(...untangleRenames(renames, takenNames(made)), ...waiting);
        }
        wholeIndexes(work);
      }
    },
  };
}

/** A column of a parent that changes or goes is one of its children too. */
function inheritTouched(work: Work, table: Table): void {
  for (const parent of parentsOf(table)) {
    const theirs = work.touched.get(nameKey(parent));
    if (theirs === undefined) continue;
    const own = touchedOf(work, table);
    work.touched.set(nameKey(table), {
      retyped: union(own.retyped, theirs.retyped),
      converted: union(own.converted, theirs.converted),
      gone: union(own.gone, theirs.gone),
      held: union(own.held, theirs.held),
    });
  }
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a, ...b]);
}

/** What the NOT NULLs of a partition are called is settled when it becomes one: such a name cannot be changed. */
function withoutNotNullNames(table: Table): Table {
  if (table.partition === undefined) return table;
  const columns = table.columns.map((column): Column => {
    if (!column.inherited || column.notNull?.name == null) return column;
    const { notNull, ...rest } = column;
    const says = notNull.noInherit === true || notNull.notValid === true;
    return says ? { ...rest, notNull: { ...notNull, name: null } } : rest;
  });
  return { ...table, columns };
}

/** What a new table's columns have of their own, as soon as it is there. */
function diffNewColumns(work: Work, from: Table, to: Table): void {
  const { alterColumns, attach } = work.phases;
  const before = alterColumns.length;
  const warned = work.warnings.length;
  diffColumns(work, from, withoutNotNullNames(to));
  // A table without rows has nothing to warn of.
  work.warnings.splice(warned);
  attach.push(...alterColumns.splice(before));
}
