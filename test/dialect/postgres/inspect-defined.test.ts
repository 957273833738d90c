import { describe, expect, it } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { inspectPostgres } from "../../../src/dialect/postgres/inspect/inspect.js";
import { postgres } from "../../../src/dialect/postgres/postgres.js";
import { diff } from "../../../src/diff/diff.js";
import type { Op } from "../../../src/op/op.js";
import { draftSchema, isEmptySchema } from "../../../src/schema/build.js";
import { equalSchema } from "../../../src/schema/equal.js";
import { definedKinds, type Schema } from "../../../src/schema/schema.js";
import { everyNamespace, onPglite, onServer, runOps } from "./database.js";
import { type Sample, samples } from "./defined-samples.js";

/** A database in this process takes seconds to open: some samples are enough unless all are asked for. */
const allInProcess = process.env.ALUDEL_TEST_ALL_IN_PROCESS === "1";

type Open = <T>(use: (connection: Connection) => Promise<T>) => Promise<T>;

function between(from: Schema, to: Schema): readonly Op[] {
  return diff(from, to, { sameExpression: postgres.sameExpression, can: postgres.can }).ops;
}

/** Everything but what stands on what, as plain data. */
function plain({ dependencies: _dependencies, ...schema }: Schema): unknown {
  return schema;
}

async function roundTrip(open: Open, sample: Sample): Promise<void> {
  const wanted = await open(async (connection) => {
    if (connection.server.version < (sample.since ?? 0)) return null;
    await connection.run(sample.sql);
    return inspectPostgres(connection, everyNamespace);
  });
  if (wanted === null) return;
  const kinds = new Set([...wanted.defined.values()].map((one) => one.kind));
  for (const kind of sample.kinds ?? []) expect(kinds).toContain(kind);
  await open(async (connection) => {
    await runOps(connection, between(draftSchema("postgres"), wanted));
    const found = await inspectPostgres(connection, everyNamespace);
    expect(plain(found)).toEqual(plain(wanted));
    expect(equalSchema(found, wanted)).toBe(true);
    expect(between(found, wanted)).toEqual([]);
    expect(new Map(found.dependencies)).toEqual(new Map(wanted.dependencies));
    if (sample.circular) return;
    await runOps(connection, between(found, draftSchema("postgres")), true);
    const rest = await inspectPostgres(connection, everyNamespace);
    expect(isEmptySchema(rest)).toBe(true);
  });
}

describe("what is known by its statement is inspected, made elsewhere, found equal and taken away again", () => {
  describe("on a server", () => {
    for (const sample of samples) it(sample.name, () => roundTrip(onServer, sample), 30_000);
  });

  describe("in this process", () => {
    for (const sample of samples.filter((one) => one.server !== true && (one.process || allInProcess))) {
      it(sample.name, () => roundTrip(onPglite, sample), 60_000);
    }
  });

  it("is every kind that PostgreSQL has", () => {
    const elsewhere = ["user-mapping", "virtual-table", "default-privileges", "grant"];
    const kinds = new Set(samples.flatMap((sample) => sample.kinds ?? []));
    expect([...kinds, ...elsewhere].sort()).toEqual([...definedKinds].sort());
  });
});
