import type { Connection } from "../../connection.js";
import type { TracedRelation } from "./state.js";

/** What PostgreSQL says of the work of DDL under `client_min_messages = debug1`, by the names that it gives. */
export interface Told {
  readonly rewrites: readonly string[];
  readonly scans: readonly string[];
  readonly indexBuilds: readonly string[];
  /** Names of constraints. */
  readonly foreignKeys: readonly string[];
  readonly provedTables: readonly string[];
  /** `table.column` */
  readonly provedColumns: readonly string[];
}

const patterns: { readonly [K in keyof Told]: readonly RegExp[] } = {
  rewrites: [/^rewriting table "(.*)"$/s],
  scans: [/^verifying table "(.*)"$/s],
  indexBuilds: [/^building index ".*" on table "(.*)" (?:serially|with request for \d+ parallel workers?)$/s],
  foreignKeys: [/^validating foreign key constraint "(.*)"$/s],
  provedTables: [
    /^partition constraint for table "(.*)" is implied by existing constraints$/s,
    /^updated partition constraint for default partition "(.*)" is implied by existing constraints$/s,
  ],
  provedColumns: [
    /^existing constraints on column "(.*)" are sufficient to prove that it does not contain nulls$/s,
  ],
};

/** Sorts out the messages; those of other kinds are none of ours. */
export function readMessages(messages: readonly string[]): Told {
  const named = (kind: keyof Told): readonly string[] => {
    const names = messages.flatMap((message) =>
      patterns[kind].flatMap((pattern) => pattern.exec(message)?.[1] ?? []),
    );
    return [...new Set(names)];
  };
  return {
    rewrites: named("rewrites"),
    scans: named("scans"),
    indexBuilds: named("indexBuilds"),
    foreignKeys: named("foreignKeys"),
    provedTables: named("provedTables"),
    provedColumns: named("provedColumns"),
  };
}

/** The tables whose foreign keys have these names. */
export async function tablesOfForeignKeys(
  connection: Connection,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 0) return [];
  const rows = await connection.query(
    `SELECT DISTINCT k.conrelid::text AS oid FROM pg_catalog.pg_constraint AS k
      JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
      WHERE k.contype = 'f' AND c.relkind = 'r' AND k.conname = ANY ($1::text[])`,
    [names],
  );
  return rows.map((row) => String(row["oid"]));
}

/**
 * The relations that are meant by names without a namespace: where several have the name, those that the statement has
 * locked.
 */
export function namedTables(
  names: readonly string[],
  relations: Iterable<TracedRelation>,
  isLocked: (oid: string) => boolean,
): readonly string[] {
  const tables = [...relations].filter(({ kind }) => /^[rmp]$/.test(kind));
  return names.flatMap((name) => {
    const found = tables.filter((one) => one.name === name);
    const locked = found.filter(({ oid }) => isLocked(oid));
    return (locked.length > 0 ? locked : found).map(({ oid }) => oid);
  });
}

/** As `namedTables`, for `table.column`; both may have points in their names. */
export function tablesOfColumns(
  names: readonly string[],
  relations: Iterable<TracedRelation>,
  isLocked: (oid: string) => boolean,
): readonly string[] {
  const all = [...relations];
  return names.flatMap((name) => {
    const before = new Set(all.map((one) => one.name).filter((one) => name.startsWith(`${one}.`)));
    return namedTables([...before], all, isLocked);
  });
}
