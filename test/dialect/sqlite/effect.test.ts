import { expect, test } from "vitest";
import { analyseSqlite } from "../../../src/dialect/sqlite/effect/analyse.js";
import { findRelation } from "../../../src/effect/world.js";

const options = { serverVersion: 3, inTransaction: false };
const analyse = (...texts: readonly string[]) =>
  analyseSqlite(
    texts.map((text, at) => ({ file: `${at}.sql`, text })),
    options,
  );

test("a rebuilt table keeps the views and foreign keys that name it", async () => {
  const all = await analyse(
    `CREATE TABLE "Order x" (id INTEGER PRIMARY KEY, note TEXT);
CREATE VIEW v AS SELECT id FROM "order X";
CREATE TABLE lines (id INTEGER PRIMARY KEY, o INTEGER REFERENCES [order x] (id) ON DELETE CASCADE);`,
    `CREATE TABLE n (id INTEGER PRIMARY KEY, note TEXT NOT NULL);
INSERT INTO n (id, note) SELECT id, coalesce(note, '') FROM "Order x";
DROP TABLE "ORDER X";
ALTER TABLE n RENAME TO "Order x";`,
  );
  const end = all.at(-1)?.after;
  if (end === undefined) throw new Error("nothing was read");
  const table = findRelation(end, { namespace: null, name: "Order x" });
  expect(table?.columns.get("note")?.notNull).toBe(true);
  expect(table?.referencedBy.toArray().map(({ table: id }) => end.relations.get(id)?.name)).toEqual([
    "lines",
  ]);
  expect(table?.readBy.toArray().map((id) => end.relations.get(id)?.name)).toEqual(["v"]);
  expect(all.map(({ acts }) => acts[0]?.kind)).toEqual([
    "create-table",
    "create-view",
    "create-table",
    "create-table",
    "insert",
    "drop",
    "rename",
  ]);
});

test("what the copy takes from where is known", async () => {
  const [, insert] = await analyse(
    "CREATE TABLE t (a, b);",
    "INSERT INTO n (a, b) SELECT t.A, upper(b) AS b FROM t;",
  );
  const [act] = insert?.acts ?? [];
  expect(act).toMatchObject({
    kind: "insert",
    columns: ["a", "b"],
    query: { output: [{ source: "A" }, { name: "b", source: null }], reads: [{ name: "t" }], all: false },
  });
});

test("a pragma sets, or asks; a transaction is known", async () => {
  const all = await analyse(
    "PRAGMA foreign_keys=OFF; BEGIN; PRAGMA foreign_keys = ON; COMMIT; PRAGMA table_info(t);",
  );
  expect(all.map(({ acts: [act], transaction }) => [act?.kind, transaction.by])).toEqual([
    ["set", "none"],
    ["begin", "none"],
    ["set", "script"],
    ["commit", "script"],
    ["other", "none"],
  ]);
});

test("SQL that cannot be read is one statement with its line, and the rest is read", async () => {
  const all = await analyse(`CREATE TABLE a (id INTEGER);
SELEKT 1;
CREATE TABLE b (note TEXT DEFAULT 'open);
CREATE TABLE c (id INTEGER);
\u0001\u0002 what;
CREATE TABLE d (id INTEGER);`);
  expect(all.filter(({ effect }) => !effect.analysed).map(({ line }) => line)).toEqual([2, 3, 5]);
  expect(
    all.flatMap(({ acts }) => acts.flatMap((act) => (act.kind === "create-table" ? act.name.name : []))),
  ).toEqual(["a", "c", "d"]);
});

test("a long script and garbage come to an end", async () => {
  const rows = Array.from({ length: 20_000 }, (_, at) => `INSERT INTO t (a, b) VALUES (${at}, 'x; y');`);
  expect(await analyse(rows.join("\n"))).toHaveLength(20_000);
  const garbage = Array.from({ length: 50_000 }, (_, at) => String.fromCharCode((at * 7919) % 256)).join("");
  expect((await analyse(garbage)).length).toBeGreaterThan(0);
  const deep = `SELECT ${"(".repeat(1000)}1${")".repeat(1000)};`;
  expect(await analyse(deep)).toHaveLength(1);
});
