import fc from "fast-check";
import { expect, test } from "vitest";
import type { Connection } from "../../src/dialect/connection.js";
import { inspectPostgres } from "../../src/dialect/postgres/inspect/inspect.js";
import { postgres } from "../../src/dialect/postgres/postgres.js";
import type { DiffOptions } from "../../src/diff/diff.js";
import { diff } from "../../src/diff/diff.js";
import { applyOp, invertOps } from "../../src/op/apply.js";
import type { Op } from "../../src/op/op.js";
import { copySchema, emptySchema } from "../../src/schema/build.js";
import type { ColumnType, Schema } from "../../src/schema/schema.js";
import { everyNamespace, onServer, sqlOf } from "../dialect/postgres/database.js";
import { postgresShape, schemaPairArbitrary } from "./schema-arbitrary.js";

/** By way of text, because a random type need not have a cast to another one. */
function cast(column: string, type: ColumnType): string {
  return `${postgres.quote(column)}::text::${postgres.formatType(type)}`;
}

const options: DiffOptions = { sameExpression: postgres.sameExpression, castExpression: cast };

/** Runs ops one statement after another, as a plan without transactions would. */
async function run(connection: Connection, from: Schema, ops: readonly Op[]): Promise<void> {
  const draft = copySchema(from);
  for (const op of ops) {
    for (const sql of sqlOf(op, draft)) {
      try {
        await connection.run(sql);
      } catch (error) {
        throw new Error(`${sql}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    }
    applyOp(draft, op);
  }
}

async function make(connection: Connection, schema: Schema): Promise<void> {
  const empty = emptySchema("postgres");
  await run(connection, empty, diff(empty, schema, options).ops);
}

async function inspect(connection: Connection): Promise<Schema> {
  return postgres.normalize.schema(await inspectPostgres(connection, everyNamespace));
}

/** The schema as the engine has it when it is made from nothing. */
async function made(schema: Schema): Promise<Schema> {
  return onServer(async (connection) => {
    await make(connection, schema);
    return inspect(connection);
  });
}

const pairs = schemaPairArbitrary(postgresShape).map(
  ([from, to]) => [postgres.normalize.schema(from), postgres.normalize.schema(to)] as const,
);

// Each case makes three databases: enough to be a law, few enough to be run every day.
const runs = Number(process.env["FUZZ_RUNS"] ?? 10);
/** Given by `npm run fuzz`. */
const seed = process.env["FUZZ_SEED"];

test("the ops of a diff and their inverse run on a server, and lead there and back", async () => {
  await fc.assert(
    fc.asyncProperty(pairs, async ([from, to]) => {
      const [start, end] = [await made(from), await made(to)];
      await onServer(async (connection) => {
        await make(connection, from);
        const { ops } = diff(from, to, options);
        await run(connection, from, ops);
        expect(diff(await inspect(connection), end, options).ops).toEqual([]);
        const draft = copySchema(from);
        for (const op of ops) applyOp(draft, op);
        await run(connection, draft, invertOps(from, ops, cast).ops);
        expect(diff(await inspect(connection), start, options).ops).toEqual([]);
      });
    }),
    { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) },
  );
}, 7_200_000);
