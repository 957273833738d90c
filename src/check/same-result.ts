import type { Scratch } from "../dialect/dialect.js";
import { loadRowDialect } from "../dialect/registry.js";
import { applyHistory } from "../run/apply-history.js";
import { ownTables, type Project } from "../run/project.js";
import { historyOf } from "../run/replay.js";
import { copySchema } from "../schema/build.js";
import { type ObjectName, showName } from "../schema/name.js";
import type { Index, Schema } from "../schema/schema.js";
import { differences } from "./differences.js";
import { askConnection } from "./engine.js";
import { readRows, type Snapshot, sizeOf, type TableRows } from "./rows/snapshot.js";

/** What a history leads to in an empty database. */
export interface Outcome {
  readonly schema: Schema;
  /** The rows that the revisions themselves wrote. */
  readonly rows: Snapshot;
  /** Those of a second run, where there are any. */
  readonly again: Snapshot | null;
}

/** Runs the history of a revision, and it, on a scratch database. @throws AludelError of a revision that fails. */
export async function outcomeOf(
  project: Project,
  id: string,
  openScratch: () => Promise<Scratch>,
): Promise<Outcome> {
  const outcome = await onScratch(project, id, openScratch, async (one) => one);
  if (sizeOf(outcome.rows).rows === 0) return outcome;
  return onScratch(project, id, openScratch, async ({ rows }) => ({ ...outcome, again: rows }));
}

/** In what ways a history leads elsewhere than it did; none says that it leads to the same. */
export async function outcomeDifferences(
  project: Project,
  id: string,
  before: Outcome,
  openScratch: () => Promise<Scratch>,
  added: readonly AddedIndex[] = [],
): Promise<readonly string[]> {
  return onScratch(project, id, openScratch, async ({ schema, rows }, { connection }) => {
    const ask = askConnection(project.dialect, connection);
    const own = withoutIndexes(schema, added);
    const { lines, undecided } = await differences(project.dialect, own, before.schema, ask);
    const unclear = [...undecided].map(([slot, reason]) => `${slot}: ${reason}`);
    return [...lines, ...unclear, ...rowDifferences(before, rows)];
  });
}

/** An index that is to be there besides. */
export interface AddedIndex {
  /** Its table; without a namespace where that is the default one. */
  readonly table: ObjectName;
  readonly name: string;
  readonly columns: readonly string[];
}

/** The schema without these very indexes: of another definition they stay. */
function withoutIndexes(schema: Schema, added: readonly AddedIndex[]): Schema {
  const draft = copySchema(schema);
  for (const [key, one] of schema.tables) {
    const own = added.filter(
      ({ table }) =>
        table.name === one.name &&
        (table.namespace === null || one.namespace === null || table.namespace === one.namespace),
    );
    const isAdded = (index: Index) =>
      !index.unique &&
      index.where === null &&
      own.some(
        ({ name, columns }) =>
          index.name === name && index.keys.map(({ column }) => column).join("\0") === columns.join("\0"),
      );
    if (own.length > 0)
      draft.tables.set(key, { ...one, indexes: one.indexes.filter((index) => !isAdded(index)) });
  }
  return draft;
}

async function onScratch<T>(
  project: Project,
  id: string,
  openScratch: () => Promise<Scratch>,
  use: (outcome: Outcome, scratch: Scratch) => Promise<T>,
): Promise<T> {
  const scratch = await openScratch();
  try {
    await applyHistory(project, scratch.connection, historyOf(project, [id]), "upgrade");
    const schema = await project.dialect.inspect(scratch.connection, {
      namespaces: "all",
      ignoreTables: ownTables(project.config),
    });
    const rowDialect = await loadRowDialect(project.dialect.name);
    const rows = await readRows(rowDialect, scratch.connection, schema);
    return await use({ schema, rows, again: null }, scratch);
  } finally {
    await scratch.dispose();
  }
}

/** What the rows differ in, but for columns that differ from one run of the same history to the next (`now()`). */
function rowDifferences(before: Outcome, after: Snapshot): readonly string[] {
  return [...before.rows.tables].flatMap(([key, table]) => {
    const other = after.tables.get(key);
    const again = before.again?.tables.get(key);
    const stable = table.columns.filter((column) => again === undefined || sameRows(table, again, [column]));
    return other !== undefined && sameRows(table, other, stable)
      ? []
      : [`the rows of ${showName(table.name)}`];
  });
}

/** The order of columns may be another one. */
function sameRows(a: TableRows, b: TableRows, columns: readonly string[]): boolean {
  const shown = (one: TableRows) => {
    const places = columns.map((column) => one.columns.indexOf(column));
    return one.rows.map((row) => JSON.stringify(places.map((at) => row[at]))).sort();
  };
  return shown(a).join("\n") === shown(b).join("\n");
}
