import { describe, expect, it } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { inspectPostgres } from "../../../src/dialect/postgres/inspect/inspect.js";
import { postgres } from "../../../src/dialect/postgres/postgres.js";
import { diff } from "../../../src/diff/diff.js";
import type { Op } from "../../../src/op/op.js";
import { addressOf, definedAddress, partAddress } from "../../../src/schema/address.js";
import { draftSchema, isEmptySchema } from "../../../src/schema/build.js";
import type { Address } from "../../../src/schema/dependency.js";
import { equalSchema } from "../../../src/schema/equal.js";
import { type DefinedKind, definedKinds, type Schema } from "../../../src/schema/schema.js";
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
    await runOps(connection, between(draftSchema("postgres"), wanted), sample.circular);
    const found = await inspectPostgres(connection, everyNamespace);
    expect(plain(found)).toEqual(plain(wanted));
    expect(equalSchema(found, wanted)).toBe(true);
    expect(between(found, wanted)).toEqual([]);
    expect(plain(postgres.normalize.schema(found))).toEqual(plain(found));
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
    const elsewhere = ["user-mapping", "default-privileges", "grant"];
    const kinds = new Set(samples.flatMap((sample) => sample.kinds ?? []));
    expect([...kinds, ...elsewhere].sort()).toEqual([...definedKinds].sort());
  });
});

describe("what stands on what", () => {
  it("is known of every kind, by addresses", () =>
    onServer(async (connection) => {
      const chain = samples.find((sample) => sample.name === "a chain through every kind");
      await connection.run(
        `${chain?.sql}; CREATE EXTENSION citext; CREATE TABLE ctab (c citext, p ydom[]) INHERITS (ltab);
         CREATE TABLE vtab (v int); CREATE VIEW low AS SELECT v FROM vtab; CREATE VIEW high AS SELECT v FROM low`,
      );
      const { dependencies } = await inspectPostgres(connection, everyNamespace);
      const needs = (address: Address) => [...(dependencies?.get(address) ?? [])].sort();
      const bare = (name: string) => ({ namespace: null, name });
      const of = (kind: DefinedKind, name: string, signature = "", table: string | null = null) =>
        definedAddress({ kind, ...bare(name), signature, table: table === null ? null : bare(table) });
      const vfun = of("function", "vfun", "wtab");
      const gt = of("operator", "##", "integer, integer");
      expect(needs(addressOf("domain", bare("ydom")))).toEqual([addressOf("enum", bare("zmood"))]);
      expect(needs(addressOf("composite", bare("xcomp")))).toEqual([addressOf("domain", bare("ydom"))]);
      expect(needs(partAddress("column", bare("wtab"), "c"))).toEqual([
        addressOf("composite", bare("xcomp")),
      ]);
      expect(needs(vfun)).toContain(addressOf("table", bare("wtab")));
      expect(needs(partAddress("default", bare("utab"), "m"))).toContain(vfun);
      expect(needs(partAddress("default", bare("utab"), "n"))).toEqual(
        [partAddress("column", bare("utab"), "w"), vfun].sort(),
      );
      expect(needs(partAddress("constraint", bare("utab"), "utab_w_check"))).toContain(vfun);
      expect(needs(partAddress("index", bare("utab"), "tind"))).toContain(vfun);
      expect(needs(partAddress("policy", bare("utab"), "opol"))).toEqual(expect.arrayContaining([gt, vfun]));
      expect(needs(addressOf("view", bare("sview")))).toEqual(
        [partAddress("column", bare("utab"), "w"), vfun].sort(),
      );
      expect(needs(addressOf("view", bare("high")))).toEqual([addressOf("view", bare("low"))]);
      expect(needs(of("function", "rfun"))).toContain(addressOf("view", bare("sview")));
      expect(needs(addressOf("view", bare("aview")))).toContain(of("function", "rfun"));
      expect(needs(of("trigger", "ptrig", "", "utab"))).toEqual(
        expect.arrayContaining([of("function", "qtrig"), gt, partAddress("column", bare("utab"), "m")]),
      );
      expect(needs(gt)).toEqual([of("function", "agt", "integer, integer")]);
      expect(needs(addressOf("domain", bare("ndom")))).toEqual([gt]);
      expect(needs(partAddress("default", bare("ltab"), "a"))).toEqual([addressOf("sequence", bare("seq"))]);
      expect(needs(addressOf("table", bare("ctab")))).toEqual([addressOf("table", bare("ltab"))]);
      expect(needs(partAddress("column", bare("ctab"), "c"))).toEqual([
        addressOf("extension", bare("citext")),
      ]);
      expect(needs(partAddress("column", bare("ctab"), "p"))).toEqual([addressOf("domain", bare("ydom"))]);
    }));
});

describe("a changed definition", () => {
  it("takes the place of the old one, its state and comment too", () =>
    onServer(async (connection) => {
      const body = (text: string) =>
        `CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN ${text} END'`;
      await connection.run(`CREATE TABLE t (a int, b int); ${body("RETURN NEW;")};
        CREATE TRIGGER trg BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); COMMENT ON TRIGGER trg ON t IS 'x';
        CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING; CREATE STATISTICS st ON a, b FROM t`);
      const before = await inspectPostgres(connection, everyNamespace);
      await connection.run(`${body("RETURN OLD;")}; ALTER TABLE t DISABLE RULE r; ALTER TABLE t ENABLE ALWAYS TRIGGER trg;
        CREATE OR REPLACE TRIGGER trg AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); DROP TRIGGER late ON t;
        CREATE CONSTRAINT TRIGGER late AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
        CREATE OR REPLACE RULE r AS ON DELETE TO t DO ALSO NOTHING; ALTER STATISTICS st SET STATISTICS 5`);
      const after = await inspectPostgres(connection, everyNamespace);
      const { sameExpression, can, canReplace } = postgres;
      const options = { sameExpression, can, ...(canReplace && { canReplace }) };
      for (const [from, to] of [
        [after, before],
        [before, after],
      ] as const) {
        const { ops } = diff(from, to, options);
        expect(ops.filter((op) => op.kind === "replace-defined").length).toBeGreaterThanOrEqual(2);
        await runOps(connection, ops);
        expect(plain(await inspectPostgres(connection, everyNamespace))).toEqual(plain(to));
      }
    }));
});
