import type { Connection, Row } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import type { ObjectName } from "../schema/name.js";
import { areThere } from "./bookkeeping.js";
import { unlessMissing } from "./missing-table.js";
import { type Runner, runnerColumns, runnerOf, thisRunner } from "./runner.js";

/**
 * What is said in the table. `marker`: which database it is · `confirmation`: which version of an application is everywhere ·
 * `reads`: the counters of the server at a moment.
 */
export type StateKind = "marker" | "confirmation" | "reads";

/** The last thing that was said of a name. */
export interface Said {
  readonly name: string;
  /** `null`: what was said before is taken back. */
  readonly value: string | null;
  readonly at: Date;
  readonly runner: Runner;
}

type Dialects = Pick<Dialect, "columnNames" | "quoteName" | "literal" | "isMissingTable" | "stateTableDdl">;

/** What was said last of each name; nothing where there is no table. */
export async function readState(
  dialect: Dialects,
  connection: Connection,
  table: ObjectName,
  kind: StateKind,
): Promise<ReadonlyMap<string, Said>> {
  const sql = `SELECT * FROM ${dialect.quoteName(table)} WHERE kind = ${dialect.literal(kind)} ORDER BY id`;
  const rows = await unlessMissing(dialect, [], () => connection.query(sql));
  return new Map(rows.map((row) => [String(row["name"]), saidIn(row)]));
}

function saidIn(row: Row): Said {
  const { value, said_at: at } = row;
  return {
    name: String(row["name"]),
    value: value === null || value === undefined ? null : String(value),
    at: at instanceof Date ? at : new Date(String(at)),
    runner: runnerOf(row),
  };
}

/** Says something, and makes the table for it where there is none. What was said before stays to be read, but for counters. */
export async function writeState(
  dialect: Dialects,
  connection: Connection,
  table: ObjectName,
  said: {
    readonly kind: StateKind;
    readonly name: string;
    readonly value: string | null;
    readonly root: string;
  },
): Promise<void> {
  const { kind, name, value, root } = said;
  const values: Readonly<Record<string, string | null>> = {
    kind,
    name,
    value,
    said_at: new Date().toISOString(),
    ...runnerColumns(thisRunner(root)),
  };
  const into = dialect.quoteName(table);
  const literals = Object.values(values).map((one) => dialect.literal(one));
  const isThere = await areThere(dialect, connection, [table]);
  await connection.run(
    [
      ...(isThere ? [] : dialect.stateTableDdl(table)),
      ...(kind === "reads" ? [`DELETE FROM ${into} WHERE kind = 'reads'`] : []),
      `INSERT INTO ${into} (${Object.keys(values).join(", ")}) VALUES (${literals.join(", ")})`,
    ].join(";\n"),
  );
}

/** `alice on deploy-1, 2026-11-22T11:40:00.000Z`. */
export function saidBy({ runner, at }: Said): string {
  return `${runner.username ?? "somebody"} on ${runner.hostname || "an unknown host"}, ${at.toISOString()}`;
}
