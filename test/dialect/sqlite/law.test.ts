import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sqlite } from "../../../src/dialect/sqlite/sqlite.js";
import { diff } from "../../../src/diff/diff.js";
import { applyOps, invertOps } from "../../../src/op/apply.js";
import type { Op } from "../../../src/op/op.js";
import { column, columnType, draftSchema, emptySchema, table } from "../../../src/schema/build.js";
import type { Column, Schema } from "../../../src/schema/schema.js";
import { schemaPairArbitrary, sqliteShape } from "../../law/schema-arbitrary.js";
import { database, inspectAll, migrate } from "./database.js";

const { sameExpression, can } = sqlite;

const fold = (name: string) => name.replace(/[A-Z]+/g, (text) => text.toLowerCase());

function namesOf(schema: Schema): readonly string[] {
  const tables = [...schema.tables.values()];
  return [
    ...tables.map((one) => one.name),
    ...[...schema.views.values()].map((one) => one.name),
    ...tables.flatMap((one) => one.indexes.map((index) => index.name)),
  ];
}

/** SQLite has one set of names for tables, views and indexes, and ignores the case of ASCII letters. */
function fits(from: Schema, to: Schema): boolean {
  const all = [from, to];
  const columns = all.every((schema) =>
    [...schema.tables.values()].every((one) => {
      const twin = all.flatMap((other) => other.tables.get(one.name)?.columns.map((each) => each.name) ?? []);
      return new Set(twin.map(fold)).size === new Set(twin).size;
    }),
  );
  const names = all.flatMap(namesOf);
  const unique = all.every((schema) => new Set(namesOf(schema)).size === namesOf(schema).length);
  return columns && unique && new Set(names.map(fold)).size === new Set(names).size;
}

/** Given by `npm run fuzz`. */
const seed = process.env["FUZZ_SEED"];

const pairs = schemaPairArbitrary(sqliteShape).filter(([from, to]) => fits(from, to));

/** Ops as a revision would have them: arranged for the schema that they start from. */
const arranged = (ops: readonly Op[], before: Schema): readonly Op[] => sqlite.arrange(ops, before);

/** Runs there and back on SQLite itself. */
async function leadsThereAndBack(first: Schema, second: Schema, forwardReferences: boolean): Promise<void> {
  const options = { sameExpression, can: { ...can, forwardReferences } };
  const [from, to] = [sqlite.normalize.schema(first), sqlite.normalize.schema(second)];
  const db = await database();
  const create = diff(emptySchema("sqlite"), from, options).ops;
  await migrate(db, arranged(create, emptySchema("sqlite")), db.server.version, false);
  const start = await inspectAll(db);
  expect(diff(start, from, options).ops).toEqual([]);

  const { ops } = diff(start, to, options);
  const forward = arranged(ops, start);
  expect(diff(applyOps(start, forward), to, options).ops).toEqual([]);
  await migrate(db, forward, db.server.version, false);
  const end = await inspectAll(db);
  expect(diff(end, to, options).ops).toEqual([]);

  // Turned round, a table that was made before the key it points at still points at it when that is dropped.
  if (forwardReferences) return;
  const undo = invertOps(start, forward);
  await migrate(db, arranged(undo.ops, end), db.server.version, false);
  expect(diff(await inspectAll(db), start, options).ops).toEqual([]);
  await db.close();
}

describe("what random schemas have found", () => {
  it("the only plain column of a table becomes a generated one", async () => {
    const integer = columnType("INTEGER");
    const computed = column("a.b", integer, { generated: { expression: '"id"', storage: "virtual" } });
    const of = (columns: readonly Column[]) => {
      const draft = draftSchema("sqlite");
      draft.tables.set("two words", table("two words", { columns }));
      return draft;
    };
    await leadsThereAndBack(of([column("a.b", integer)]), of([column("id", integer), computed]), false);
  });
});

describe("random schemas on SQLite itself", () => {
  it("are reached by the ops of a diff, and left by their inverse", async () => {
    await fc.assert(
      fc.asyncProperty(pairs, fc.boolean(), async ([first, second], forwardReferences) => {
        await leadsThereAndBack(first, second, forwardReferences);
      }),
      {
        numRuns: Number(process.env["FUZZ_RUNS"] ?? 60),
        ...(seed === undefined ? {} : { seed: Number(seed) }),
      },
    );
  });
});
