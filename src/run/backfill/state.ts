import { createHash } from "node:crypto";
import type { Cursor } from "../../dialect/backfill.js";
import type { Connection, Row } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import type { Op } from "../../op/op.js";
import { type ObjectName, showName } from "../../schema/name.js";
import { unlessMissing } from "../missing-table.js";

/** Which backfill of which revision: the number of the statement. */
export interface BackfillKey {
  readonly revision: string;
  readonly direction: "upgrade" | "downgrade";
  readonly position: number;
}

export type BackfillStatus = "running" | "paused" | "cancelled" | "failed" | "done";

/** What somebody wants a backfill to do, who may be another process. */
export type Wanted = "run" | "pause" | "cancel";

/** A row that the database did not let be written, and what it said. */
export interface RefusedRow {
  readonly row: string;
  readonly message: string;
}

/** How far a backfill is. */
export interface Standing {
  /** All rows up to here are done; `null`: none. */
  readonly place: Cursor | null;
  /** How often the table has been walked through, this time included. */
  readonly pass: number;
  /** Rows walked past in this pass. */
  readonly passed: number;
  readonly written: number;
  readonly parts: number;
  /** Rows of the next part. */
  readonly size: number;
  readonly refused: readonly RefusedRow[];
}

/** A backfill as the database remembers it. */
export interface KnownBackfill extends BackfillKey, Standing {
  readonly table: string;
  readonly checksum: string;
  readonly status: BackfillStatus;
  readonly wanted: Wanted;
  readonly total: number | null;
  readonly error: string | null;
  readonly startedAt: string;
  readonly updatedAt: string;
}

/** Of what a backfill does: when that was changed, an earlier run's place says nothing. */
export function checksumOf({ table, set, where, computed }: Op<"backfill">): string {
  const made = computed === undefined ? [] : [computed.read, String(computed.compute)];
  return createHash("sha256")
    .update(JSON.stringify([table, set, where, ...made]))
    .digest("hex")
    .slice(0, 16);
}

/** All backfills that a database remembers, the newest last; none where there is no table. */
export async function readBackfills(
  connection: Connection,
  dialect: Dialect,
  table: ObjectName,
): Promise<readonly KnownBackfill[]> {
  const sql = `SELECT * FROM ${dialect.quoteName(table)} ORDER BY started_at, position`;
  return (await unlessMissing(dialect, [], () => connection.query(sql))).map(readRow);
}

function readRow(row: Row): KnownBackfill {
  const time = (value: unknown) => (value instanceof Date ? value.toISOString() : String(value));
  return {
    revision: String(row["revision"]),
    direction: row["direction"] as BackfillKey["direction"],
    position: Number(row["position"]),
    table: String(row["table_name"]),
    checksum: String(row["checksum"]),
    status: row["state"] as BackfillStatus,
    wanted: row["wanted"] as Wanted,
    place: row["place"] === null ? null : (JSON.parse(String(row["place"])) as Cursor),
    pass: Number(row["pass"]),
    passed: Number(row["passed"]),
    written: Number(row["written"]),
    parts: Number(row["parts"]),
    size: Number(row["part_rows"]),
    total: row["total"] === null ? null : Number(row["total"]),
    refused: JSON.parse(String(row["refused"])) as readonly RefusedRow[],
    error: row["error"] === null ? null : String(row["error"]),
    startedAt: time(row["started_at"]),
    updatedAt: time(row["updated_at"]),
  };
}

function whereKey(dialect: Dialect, { revision, direction, position }: BackfillKey): string {
  return (
    `revision = ${dialect.literal(revision)} AND direction = ${dialect.literal(direction)} ` +
    `AND position = ${position}`
  );
}

function list(dialect: Dialect, values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([column, value]) => `${column} = ${dialect.literal(value)}`)
    .join(", ");
}

function columnsOf({ place, pass, passed, written, parts, size, refused }: Standing) {
  return {
    place: place === null ? null : JSON.stringify(place),
    pass,
    passed,
    written,
    parts,
    part_rows: size,
    refused: JSON.stringify(refused),
  };
}

/** The statement that makes the row of a backfill which begins, in the place of one of an earlier time. */
export function insertBackfill(
  dialect: Dialect,
  table: ObjectName,
  key: BackfillKey,
  op: Op<"backfill">,
  standing: Standing,
  total: number | null,
): string {
  const now = new Date().toISOString();
  const values = {
    revision: key.revision,
    direction: key.direction,
    position: key.position,
    table_name: showName(op.table),
    checksum: checksumOf(op),
    state: "running",
    wanted: "run",
    ...columnsOf(standing),
    total,
    error: null,
    started_at: now,
    updated_at: now,
  };
  const names = Object.keys(values);
  const updates = names.map((name) => `${name} = excluded.${name}`).join(", ");
  const literals = Object.values(values).map((value) => dialect.literal(value));
  return (
    `INSERT INTO ${dialect.quoteName(table)} (${names.join(", ")}) VALUES (${literals.join(", ")}) ` +
    `ON CONFLICT (revision, direction, position) DO UPDATE SET ${updates}`
  );
}

/** The statement that says how far a backfill is. It gives `wanted`, so that a part costs no question of its own. */
export function advanceBackfill(
  dialect: Dialect,
  table: ObjectName,
  key: BackfillKey,
  standing: Standing,
): string {
  const columns = { ...columnsOf(standing), updated_at: new Date().toISOString() };
  return `UPDATE ${dialect.quoteName(table)} SET ${list(dialect, columns)} WHERE ${whereKey(dialect, key)} RETURNING wanted`;
}

/** The statement that says what has become of a backfill, or what somebody wants it to do. */
export function settleBackfill(
  dialect: Dialect,
  table: ObjectName,
  key: BackfillKey,
  what: { readonly status?: BackfillStatus; readonly wanted?: Wanted; readonly error?: string | null },
): string {
  const columns = {
    ...(what.status === undefined ? {} : { state: what.status, updated_at: new Date().toISOString() }),
    ...(what.wanted === undefined ? {} : { wanted: what.wanted }),
    ...(what.error === undefined ? {} : { error: what.error }),
  };
  return `UPDATE ${dialect.quoteName(table)} SET ${list(dialect, columns)} WHERE ${whereKey(dialect, key)}`;
}
