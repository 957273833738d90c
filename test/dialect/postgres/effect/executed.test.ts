import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { differencesOf } from "../../../../src/check/trace/differences.js";
import type { Connection } from "../../../../src/dialect/connection.js";
import { connectPostgres } from "../../../../src/dialect/postgres/connect.js";
import { analysePostgres } from "../../../../src/dialect/postgres/effect/analyse.js";
import { openPostgresTracer } from "../../../../src/dialect/postgres/trace/open-tracer.js";
import type { Measured as Seen, Tracer } from "../../../../src/dialect/tracer.js";
import type { AnalysedStatement } from "../../../../src/effect/statement.js";
import { type RelationId, showRelation } from "../../../../src/effect/world.js";
import { createTestDatabase, type TestDatabase } from "../../../server/postgres-server.js";
import { fixture, type Measured, measured, preparations } from "./measured.js";

const another = (url: string) => connectPostgres(url, { directory: tmpdir() });

/** A database with the tables of the fixture, and somebody who watches what is done to them. */
async function prepare(database: TestDatabase, preparation: string) {
  const connection = await another(database.url);
  await connection.run(fixture);
  if (preparation !== "") await connection.run(preparation);
  const tracer = await openPostgresTracer({ connection, another: () => another(database.url) });
  await tracer.begin();
  return { connection, tracer };
}

async function foretold(
  { operation, sql }: Measured,
  serverVersion: number,
  timeZone: string,
): Promise<AnalysedStatement> {
  const before = `${fixture}\n${preparations[operation] ?? ""}`;
  const analysed = await analysePostgres(
    [
      { file: "before.sql", text: before },
      { file: "row.sql", text: sql },
    ],
    { serverVersion, inTransaction: false, timeZone },
  );
  const last = analysed.at(-1);
  if (last === undefined) throw new Error(`nothing was read of ${sql}`);
  return last;
}

function shown({ before, onExisting }: AnalysedStatement) {
  const name = (id: RelationId) => {
    const relation = before.relations.get(id);
    return relation === undefined ? "?" : showRelation(relation);
  };
  const names = (ids: readonly RelationId[]) => ids.map(name).sort();
  const { locks, rewrites, scans, indexBuilds, foreignKeyChecks, proved } = onExisting;
  return {
    locks: Object.fromEntries([...locks].map(([id, mode]) => [name(id), mode]).sort()),
    rewrites: names(rewrites),
    scans: names(scans),
    indexBuilds: names(indexBuilds),
    foreignKeyChecks: names(foreignKeyChecks),
    proved: names(proved),
  };
}

/** What is read under a lock that keeps others from writing counts as a scan, whatever the server calls it. */
function seen(
  { locks, rewrites, scans, indexBuilds, foreignKeyChecks, proved, reads }: Seen,
  also: readonly string[],
) {
  const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
  return {
    locks: Object.fromEntries([...locks].sort()),
    rewrites: sorted(rewrites),
    scans: sorted([...scans, ...(reads ?? []).filter((name) => also.includes(name))]),
    indexBuilds: sorted(indexBuilds),
    foreignKeyChecks: sorted(foreignKeyChecks),
    proved: sorted(proved),
  };
}

describe("what is foretold is what the server does", () => {
  let database: TestDatabase;
  let connection: Connection;
  let tracer: Tracer;
  let version = 0;
  let timeZone = "";

  beforeAll(async () => {
    database = await createTestDatabase();
    ({ connection, tracer } = await prepare(database, ""));
    const [row] = await connection.query(
      "SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('timezone') AS zone",
    );
    version = Number(row?.["version"]);
    timeZone = String(row?.["zone"]);
  });
  afterAll(async () => {
    await tracer.close();
    await connection.close();
    await database.drop();
  });

  /** In a transaction that is rolled back. */
  async function inside(sql: string): Promise<Seen> {
    await connection.run("BEGIN");
    try {
      return await tracer.measure(sql, true, () => connection.run(sql));
    } finally {
      await connection.run("ROLLBACK");
    }
  }

  /** In a database of its own, for what cannot be rolled back or needs more than the fixture. */
  async function apart({ operation, sql }: Measured, inTransaction: boolean): Promise<Seen> {
    const own = await createTestDatabase();
    const other = await prepare(own, preparations[operation] ?? "");
    try {
      if (inTransaction) await other.connection.run("BEGIN");
      return await other.tracer.measure(sql, inTransaction, () => other.connection.run(sql));
    } finally {
      await other.tracer.close();
      await other.connection.close();
      await own.drop();
    }
  }

  // Owners and roles are those of the server; the newest version of each row is the one that is run.
  const rows = measured.filter(({ locks, to }) => locks !== null && to === 18);

  test.each(rows.map((row) => [row.operation, row] as const))("%s", { timeout: 60_000 }, async (_, row) => {
    if (version < row.from) return;
    const statement = await foretold(row, version, timeZone);
    const expected = shown(statement);
    const isOutside = statement.effect.transaction === "forbidden";
    const found =
      isOutside || preparations[row.operation] !== undefined
        ? await apart(row, !isOutside)
        : await inside(row.sql);
    expect(differencesOf(statement, found, !isOutside)).toEqual([]);
    const actual = seen(found, expected.scans);
    if (found.locksSeen === "held") expect(actual).toEqual(expected);
    // What is watched from another session is there for an instant only.
    else expect({ ...actual, locks: {} }).toEqual({ ...expected, locks: {} });
  });
});
