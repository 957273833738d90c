import type { LockMode } from "../../../effect/lock.js";
import type { Connection } from "../../connection.js";

/** A relation of the users', as the catalogue has it. Known by its number: names change, also within a statement. */
export interface TracedRelation {
  readonly oid: string;
  readonly namespace: string;
  readonly name: string;
  /** `pg_class.relkind`. */
  readonly kind: string;
  /** The file that its rows are in; `null` without one. */
  readonly file: string | null;
  /** Of an index: its table. */
  readonly table: string | null;
  /** Of a partition: what it is part of. */
  readonly parents: readonly string[];
  /** How often the session has read it from end to end, as far as that is not handed in yet. */
  readonly reads: number;
}

/** What can be seen from within a session at one moment. */
export interface TracedState {
  readonly relations: ReadonlyMap<string, TracedRelation>;
  /** Every mode in which the session holds each relation. */
  readonly locks: ReadonlyMap<string, readonly LockMode[]>;
  /** Position in the server's log, in bytes. */
  readonly wal: bigint | null;
  /** `client_min_messages`. */
  readonly messages: string;
}

/** `pg_locks.mode` → the name in the manual. */
const modes: Readonly<Record<string, LockMode>> = {
  AccessShareLock: "ACCESS SHARE",
  RowShareLock: "ROW SHARE",
  RowExclusiveLock: "ROW EXCLUSIVE",
  ShareUpdateExclusiveLock: "SHARE UPDATE EXCLUSIVE",
  ShareLock: "SHARE",
  ShareRowExclusiveLock: "SHARE ROW EXCLUSIVE",
  ExclusiveLock: "EXCLUSIVE",
  AccessExclusiveLock: "ACCESS EXCLUSIVE",
};

/** Catalogues are locked by everything and TOAST goes with its table; temporary tables are the session's own. */
const relations = `SELECT json_agg(json_build_object(
    'oid', c.oid::text, 'namespace', n.nspname, 'name', c.relname, 'kind', c.relkind,
    'file', nullif(pg_catalog.pg_relation_filenode(c.oid), 0)::text, 'table', i.indrelid::text,
    'parents', (SELECT json_agg(h.inhparent::text) FROM pg_catalog.pg_inherits AS h WHERE h.inhrelid = c.oid),
    'reads', CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_stat_get_xact_numscans(c.oid) ELSE 0 END))
  FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_index AS i ON i.indexrelid = c.oid
  WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S') AND c.relpersistence <> 't'
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;

/** The locks of one session on relations; \`$pid\` is put in. */
export const locksOf = (pid: string): string => `SELECT json_agg(json_build_object(
    'oid', l.relation::text, 'mode', l.mode, 'granted', l.granted))
  FROM pg_catalog.pg_locks AS l
  WHERE l.pid = ${pid} AND l.locktype = 'relation'
    AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = pg_catalog.current_database())`;

const stateQuery = (wal: string): string => `SELECT json_build_object(
  'locks', (${locksOf("pg_catalog.pg_backend_pid()")}),
  'messages', pg_catalog.current_setting('client_min_messages'),
  'wal', ${wal},
  'relations', (${relations}))::text AS state`;

const walPosition = "(pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_catalog.pg_lsn)::text";

/** Whether the server tells how far its log is; asked outside a transaction, where a refusal breaks nothing. */
export async function tellsWal(connection: Connection): Promise<boolean> {
  return connection.query(`SELECT ${walPosition}`).then(
    () => true,
    () => false,
  );
}

/** Reads the state in one query, which itself locks nothing but catalogues. */
export async function readState(connection: Connection, hasWal: boolean): Promise<TracedState> {
  const [row] = await connection.query(stateQuery(hasWal ? walPosition : "NULL"));
  const read = JSON.parse(String(row?.["state"])) as {
    readonly relations: readonly TracedRelation[] | null;
    readonly locks: readonly HeldLock[] | null;
    readonly wal: string | null;
    readonly messages: string;
  };
  return {
    relations: new Map(
      (read.relations ?? []).map((one) => [one.oid, { ...one, parents: one.parents ?? [] }]),
    ),
    locks: modesByRelation(read.locks ?? []),
    wal: read.wal === null ? null : BigInt(read.wal),
    messages: read.messages,
  };
}

/** A row of `locksOf`. */
export interface HeldLock {
  readonly oid: string;
  readonly mode: string;
  /** False while it waits for it. */
  readonly granted: boolean;
}

export function modesByRelation(locks: readonly HeldLock[]): ReadonlyMap<string, readonly LockMode[]> {
  const found = new Map<string, LockMode[]>();
  for (const { oid, mode } of locks) {
    const known = modes[mode];
    if (known === undefined) continue;
    const of = found.get(oid) ?? [];
    if (!of.includes(known)) of.push(known);
    found.set(oid, of);
  }
  return found;
}
