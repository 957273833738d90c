import type { Connection } from "../../dialect/connection.js";
import type { RowDialect } from "../../dialect/rows.js";
import { AludelError } from "../../error/error.js";
import { ownTables, type Project } from "../../run/project.js";
import type { Schema } from "../../schema/schema.js";
import type { Seed } from "../../seed/read-seeds.js";
import { loadSeed, type SeedBody } from "../../seed/run-seed.js";
import { readRows, type Snapshot } from "../rows/snapshot.js";
import { rowChanges, type TableChange } from "./row-changes.js";

/** What a seed would do to the rows of a database. */
export interface SeedTrial {
  readonly seed: Seed;
  /** None where all that it brings is there. */
  readonly changes: readonly TableChange[];
  /** Of the first statement that changes something. */
  readonly line: number | null;
  /** Why it failed; `null` when it did not. */
  readonly error: AludelError | null;
}

/** What the database has, for trials; its tables do not change while seeds run. */
export function inspectForSeeds(project: Project, connection: Connection): Promise<Schema> {
  return project.dialect.inspect(connection, { namespaces: "all", ignoreTables: ownTables(project.config) });
}

/**
 * Runs a seed in a transaction that is rolled back, and holds the tables that it has written to against what they were.
 * @throws AludelError `seed-invalid`, and where the database cannot be asked.
 */
export async function trySeed(
  project: Project,
  connection: Connection,
  schema: Schema,
  rows: RowDialect,
  seed: Seed,
): Promise<SeedTrial> {
  const body = await loadSeed(project, seed);
  await connection.run(rows.beginSteady);
  try {
    return { seed, ...(await tryBody(connection, schema, rows, body)) };
  } finally {
    await connection.run("ROLLBACK").catch(() => undefined);
  }
}

const savepoint = "aludel_seed";

async function tryBody(
  connection: Connection,
  schema: Schema,
  rows: RowDialect,
  body: SeedBody,
): Promise<Omit<SeedTrial, "seed">> {
  const read = (tables: Schema) => readRows(rows, connection, tables);
  const written = await rows.watchWrites(connection);
  await connection.run(`SAVEPOINT ${savepoint}`);
  const error = await body(connection).then(() => null, failureOf);
  if (error !== null) return { changes: [], line: error.where.line ?? null, error };
  const touched = onlyThese(schema, await written());
  const after = await read(touched);
  await connection.run(`ROLLBACK TO SAVEPOINT ${savepoint}`);
  const before = await read(touched);
  const changes = rowChanges(before, after);
  if (changes.length === 0) return { changes, line: null, error: null };
  return { changes, line: await firstChange(body, connection, () => read(touched), before), error: null };
}

function failureOf(error: unknown): AludelError {
  if (error instanceof AludelError && error.code !== "connection-lost" && error.code !== "seed-invalid")
    return error;
  throw error;
}

/** The schema with those of its tables that may have been written to. */
function onlyThese(schema: Schema, written: readonly string[] | null): Schema {
  if (written === null) return schema;
  // Which namespace is meant by none depends on settings: a table too many is only read in vain.
  const names = new Set(written);
  return { ...schema, tables: new Map([...schema.tables].filter(([, { name }]) => names.has(name))) };
}

/** Runs it once more, and looks after every statement; a place that cannot be found is none. */
async function firstChange(
  body: SeedBody,
  connection: Connection,
  read: () => Promise<Snapshot>,
  before: Snapshot,
): Promise<number | null> {
  let found: { readonly line: number | null } | null = null;
  await body(connection, async (line) => {
    if (found === null && rowChanges(before, await read()).length > 0) found = { line };
  }).catch(failureOf);
  return (found as { readonly line: number | null } | null)?.line ?? null;
}

/** `2 rows come into roles: code = admin …; 1 row of roles changes: …` */
export function showChanges(changes: readonly TableChange[], most = 3): readonly string[] {
  const some = (rows: readonly string[]) =>
    `${rows.slice(0, most).join("; ")}${rows.length > most ? `; and ${rows.length - most} more` : ""}`;
  const count = (rows: readonly string[]) => (rows.length === 1 ? "1 row" : `${rows.length} rows`);
  return changes.flatMap(({ table, added, removed, changed }) => [
    ...(added.length === 0 ? [] : [`${count(added)} more in ${table}: ${some(added)}`]),
    ...(changed.length === 0 ? [] : [`${count(changed)} of ${table} changed: ${some(changed)}`]),
    ...(removed.length === 0 ? [] : [`${count(removed)} less in ${table}: ${some(removed)}`]),
  ]);
}
