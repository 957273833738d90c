import { describe, expect, it } from "vitest";
import { differences } from "../../../src/check/differences.js";
import type { Connection } from "../../../src/dialect/connection.js";
import { inspectPostgres } from "../../../src/dialect/postgres/inspect/inspect.js";
import { postgres } from "../../../src/dialect/postgres/postgres.js";
import { applyOps } from "../../../src/op/apply.js";
import type { Op } from "../../../src/op/op.js";
import { emptySchema } from "../../../src/schema/build.js";
import type { Index, Schema } from "../../../src/schema/schema.js";
import { describeDumpDifferences, dumpDifferences } from "../../dump/differences.js";
import { dumpServer, whyNoDump } from "../../dump/pg-dump.mjs";
import { createTestDatabase } from "../../server/postgres-server.js";
import { attributesFor } from "./attributes.js";
import { everyNamespace } from "./database.js";

const missing = await whyNoDump();

/** Runs ops as the runner does: each is compiled with what the ops before it have made. */
async function carryOut(connection: Connection, ops: readonly Op[]): Promise<void> {
  let before: Schema = emptySchema("postgres");
  for (const op of ops) {
    const compile = postgres.compile[op.kind] as (
      op: unknown,
      context: unknown,
    ) => readonly { sql: string }[];
    const context = { before, serverVersion: connection.server.version };
    for (const { sql } of compile(op, context)) await connection.run(sql);
    before = applyOps(before, [op]);
  }
}

async function withDatabase<T>(use: (connection: Connection, url: string) => Promise<T>): Promise<T> {
  const database = await createTestDatabase();
  const connection = await postgres.connect(database.url, { directory: process.cwd() });
  try {
    return await use(connection, database.url);
  } finally {
    await connection.close();
    await database.drop();
  }
}

/** A tablespace inside the server's own folder. It is the server's, and stays for the next test. */
async function makeTablespace(connection: Connection): Promise<void> {
  if (connection.server.version < 150_000) return;
  const rows = await connection.query("SELECT 1 FROM pg_tablespace WHERE spcname = 'aludel_space'");
  if (rows.length > 0) return;
  await connection.run("SET allow_in_place_tablespaces = on");
  await connection.run("CREATE TABLESPACE aludel_space LOCATION ''");
}

/** Without what stands on what, and with the indexes of a table in one order: they are made when their parts are there. */
function plain({ dependencies: _, ...schema }: Schema): unknown {
  const sorted = <T extends { readonly indexes: readonly Index[] }>(objects: ReadonlyMap<string, T>) =>
    new Map(
      [...objects].map(([key, one]) => [
        key,
        { ...one, indexes: [...one.indexes].sort((a, b) => (a.name < b.name ? -1 : 1)) },
      ]),
    );
  return { ...schema, tables: sorted(schema.tables), views: sorted(schema.views) };
}

const linesBetween = async (a: Schema, b: Schema) =>
  (await differences(postgres, a, b, () => Promise.resolve({ same: new Set(), undecided: new Map() }))).lines;

describe("what a table and a view can say beyond their columns", () => {
  it("is read, and made again as it was", async () => {
    await withDatabase(async (original, url) => {
      await makeTablespace(original);
      for (const sql of attributesFor(original.server.version)) await original.run(sql);
      const schema = await inspectPostgres(original, everyNamespace);
      expect(plain(postgres.normalize.schema(schema)), "inspection is normal").toEqual(plain(schema));
      const { ops } = await differences(postgres, emptySchema("postgres"), schema, null);
      await withDatabase(async (copy, copyUrl) => {
        await carryOut(copy, ops);
        const again = await inspectPostgres(copy, everyNamespace);
        expect(plain(again)).toEqual(plain(schema));
        expect(await linesBetween(schema, again)).toEqual([]);
        expect(await linesBetween(again, schema)).toEqual([]);
        expect(await linesBetween(applyOps(emptySchema("postgres"), ops), schema)).toEqual([]);
        if (missing !== null) return;
        const dumps = dumpDifferences(await dumpServer(url), await dumpServer(copyUrl));
        expect(describeDumpDifferences(dumps)).toBe("");
      });
    });
  });
});
