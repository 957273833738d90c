import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findClashes, touchRevision } from "../../src/check/conflicts/clashes.js";
import { meetings } from "../../src/check/conflicts/meet.js";
import type { Touch } from "../../src/check/conflicts/touch.js";
import { differences } from "../../src/check/differences.js";
import { loadConfig } from "../../src/config/load.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { buildGraph } from "../../src/revision/graph/graph.js";
import { readRevisions } from "../../src/revision/read-folder.js";
import { applyHistory } from "../../src/run/apply-history.js";
import { bookkeepingOf, type Project } from "../../src/run/project.js";
import type { Schema } from "../../src/schema/schema.js";
import { type Engine, newDatabase, revisions } from "../run/project.js";
import { temporaryFolder } from "../temporary-folder.js";

type Name = "sqlite" | "postgres";

const base = `
  await op.createTable("persons", { id: t.integer().notNull(), name: t.text().notNull(), age: t.integer() }, { primaryKey: ["id"] });
  await op.createTable("orders", { id: t.integer().notNull(), person: t.integer(), total: t.integer() }, { primaryKey: ["id"] });
  await op.createTable('Odd "x"', { id: t.integer().notNull(), "naïve ü": t.text() }, { primaryKey: ["id"] });
  await op.execute("INSERT INTO persons VALUES (1, 'a', 1), (2, 'b', 2)");
`;

/** What a revision does, by a name for it. */
const steps: Readonly<Record<string, string>> = {
  addEmail: 'await op.addColumn("persons", "email", t.text());',
  addEmailToo: 'await op.addColumn("persons", "email", t.text());',
  addPhone: 'await op.addColumn("persons", "phone", t.text());',
  addRequired: 'await op.addColumn("persons", "grade", t.integer().notNull().default(0));',
  dropAge: 'await op.dropColumn("persons", "age");',
  renameName: 'await op.renameColumn("persons", "name", "full_name");',
  indexName: 'await op.createIndex("ix_name", "persons", ["name"]);',
  indexAge: 'await op.createIndex("ix_age", "persons", ["age"]);',
  indexTotalSameName: 'await op.createIndex("ix_age", "orders", ["total"]);',
  requireTotal: 'await op.alterColumn("orders", "total", { nullable: false });',
  defaultTotal: 'await op.alterColumn("orders", "total", { default: sql`7` });',
  dropOrders: 'await op.dropTable("orders");',
  renameOrders: 'await op.renameTable("orders", "purchases");',
  addToOrders: 'await op.addColumn("orders", "note", t.text());',
  createNotes: 'await op.createTable("notes", { id: t.integer().notNull() }, { primaryKey: ["id"] });',
  createNotesToo: 'await op.createTable("notes", { id: t.integer().notNull() }, { primaryKey: ["id"] });',
  createTags:
    'await op.createTable("tags", { id: t.integer().notNull(), tag: t.text() }, { primaryKey: ["id"] });',
  viewOfPersons: 'await op.createView("v_persons", { as: sql`SELECT id, name FROM persons` });',
  viewOfAll: 'await op.createView("v_all", { as: sql`SELECT * FROM orders` });',
  insertOdd: `await op.execute('INSERT INTO "Odd ""x""" (id) VALUES (7)');`,
  addToOdd: `await op.addColumn('Odd "x"', "select", t.text());`,
  indexOdd: `await op.createIndex("ix odd", 'Odd "x"', ["naïve ü"]);`,
  sqlAdd: 'await op.execute("ALTER TABLE persons ADD COLUMN nick text");',
  sqlCreate: 'await op.execute("CREATE TABLE notes (id integer PRIMARY KEY)");',
  sqlUpdate: 'await op.execute("UPDATE persons SET age = age + 1");',
  updateName: `await op.execute("UPDATE persons SET name = upper(name) || ',' WHERE id > 0");`,
  updateBoth: 'await op.execute("UPDATE persons SET name = name || age");',
  sqlInsert: `await op.execute("INSERT INTO orders VALUES (1, 1, 1)");`,
  sqlIndex: 'await op.execute("CREATE UNIQUE INDEX ix_name ON persons (name)");',
  bulk: 'await op.bulkInsert("orders", [{ id: 5, total: 5 }]);',
};

const postgresSteps: Readonly<Record<string, string>> = {
  foreignKey:
    'await op.createForeignKey("orders", "fk", { columns: ["person"], references: { table: "persons", columns: ["id"] } });',
  checkTotal: 'await op.createCheckConstraint("orders", "total_check", sql`total * 2 > 0`);',
  enumMood: 'await op.createEnum("mood", ["ok"]);',
  functionTotal:
    'await op.execute("CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELECT max(age) FROM persons $$");',
};

async function projectOf(engine: Name, texts: Readonly<Record<string, string>>): Promise<Project> {
  const folder = temporaryFolder({
    "aludel.config.json": JSON.stringify({ dialect: engine }),
    ...revisions(
      { id: "base1", up: base, down: null },
      ...Object.entries(texts).map(([id, up]) => ({ id, revises: "base1", up, down: null })),
    ),
  });
  const file = join(folder, "aludel.config.json");
  const { config } = await loadConfig({ file, environment: null, arguments: {}, variables: {} });
  const read = await readRevisions([config.revisions]);
  const dialect = await loadDialect(engine);
  return { config, dialect, revisions: read, repeatables: [], graph: buildGraph(read), arguments: {} };
}

async function touchesOf(
  project: Project,
): Promise<ReadonlyMap<string, { touch: Touch; reasons: readonly string[] }>> {
  const found = new Map<string, { touch: Touch; reasons: readonly string[] }>();
  for (const revision of project.revisions)
    found.set(revision.id, await touchRevision(project, revision, readFileSync(revision.file, "utf8")));
  return found;
}

describe("where revisions meet", () => {
  test.each<readonly [string, string, readonly string[]]>([
    ["addEmail", "addPhone", []],
    ["addEmail", "addEmailToo", ["column persons.email"]],
    ["addEmail", "dropAge", []],
    ["addEmail", "indexName", []],
    ["renameName", "indexName", ["column persons.name"]],
    ["dropAge", "indexAge", ["column persons.age"]],
    ["indexAge", "indexTotalSameName", ["the name ix_age"]],
    ["requireTotal", "defaultTotal", ["column orders.total"]],
    ["dropOrders", "addToOrders", ["table orders"]],
    ["renameOrders", "addToOrders", ["table orders"]],
    ["dropOrders", "renameOrders", ["table orders"]],
    ["createNotes", "createNotesToo", ["table notes"]],
    ["createNotes", "sqlCreate", ["table notes"]],
    ["createNotes", "createTags", []],
    ["viewOfPersons", "renameName", ["column persons.name"]],
    ["viewOfPersons", "addEmail", []],
    ["viewOfAll", "addToOrders", ["column orders.note"]],
    ["viewOfAll", "dropOrders", ["table orders"]],
    ["sqlAdd", "addEmail", ["table persons"]],
    ["sqlUpdate", "dropAge", ["column persons.age"]],
    ["sqlUpdate", "addPhone", []],
    ["sqlInsert", "addToOrders", ["column orders.note"]],
    ["bulk", "addToOrders", []],
    ["bulk", "sqlInsert", ["rows of orders"]],
    ["bulk", "requireTotal", ["column orders.total"]],
    ["indexName", "sqlIndex", ["table persons"]],
    ["sqlUpdate", "updateName", []],
    ["sqlUpdate", "updateBoth", ["rows of persons"]],
    ["addToOdd", "indexOdd", []],
    ["addToOdd", "insertOdd", []],
  ])("%s and %s: %j", async (a, b, expected) => {
    const project = await projectOf("sqlite", { [a]: steps[a] ?? "", [b]: steps[b] ?? "" });
    const touches = await touchesOf(project);
    const [one, other] = [touches.get(a)?.touch, touches.get(b)?.touch];
    if (one === undefined || other === undefined) throw new Error("no such step");
    expect(meetings(one, other)).toEqual(expected);
    expect(meetings(other, one)).toEqual(expected);
  });

  test("what cannot be analysed is named", async () => {
    const project = await projectOf("postgres", {
      asks: 'const rows = await op.query("SELECT 1"); if (rows.length > 0) await op.dropTable("persons");',
      block: 'await op.execute("DO $$ BEGIN END $$");',
      fails: 'throw new Error("no luck");',
    });
    const textOf = async ({ file }: { readonly file: string }) => readFileSync(file, "utf8");
    const { clashes, notAnalysed } = await findClashes({ ...project, textOf });
    const anything = (one: string, verb = "it") =>
      `anything: ${one} could not be read without running ${verb}`;
    expect(clashes.map(({ first, second, objects }) => [first.id, second.id, objects])).toEqual([
      ["asks", "block", [anything("asks")]],
      ["asks", "fails", [anything("asks and fails", "them")]],
      ["block", "fails", [anything("fails")]],
    ]);
    expect(notAnalysed.map(({ revision, reason }) => [revision.id, reason])).toEqual([
      [
        "asks",
        expect.stringMatching(
          /^it could not be read without running it: what it does depends on what the database answers, line \d+$/,
        ),
      ],
      ["block", "SQL that is not looked into: DO $$ BEGIN END $$"],
      [
        "fails",
        expect.stringMatching(
          /^it could not be read without running it: it does something that is no operation, line \d+$/,
        ),
      ],
    ]);
  });
});

async function connect(engine: Engine, url: string, folder: string) {
  const dialect = await loadDialect(engine === "sqlite" ? "sqlite" : "postgres");
  return dialect.connect(url, { directory: folder });
}

/** Runs the base and then two revisions in an order; the schema, or the error. */
async function outcome(
  engine: Name,
  project: Project,
  url: string,
  ids: readonly string[],
): Promise<Schema | string> {
  const { dialect } = project;
  const own = bookkeepingOf(project.config);
  const connection = await connect(
    engine,
    engine === "sqlite" ? "sqlite::memory:" : url,
    project.config.root,
  );
  try {
    if (engine === "postgres") await connection.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    const chosen = ["base1", ...ids].flatMap((id) => project.revisions.find((one) => one.id === id) ?? []);
    await applyHistory(project, connection, chosen, "upgrade");
    return await dialect.inspect(connection, {
      namespaces: "all",
      ignoreTables: [own.versionTable, own.runLogTable],
    });
  } catch (error) {
    return String(error);
  } finally {
    await connection.close();
  }
}

describe("two revisions that do not meet give the same schema in both orders", () => {
  test.each<readonly [Name, Readonly<Record<string, string>>]>([
    ["sqlite", steps],
    ["postgres", { ...steps, ...postgresSteps }],
  ])("on %s", { timeout: 240_000 }, async (engine, all) => {
    const project = await projectOf(engine, all);
    const url = await newDatabase(engine);
    const touches = await touchesOf(project);
    expect([...touches].filter(([, { reasons }]) => reasons.length > 0)).toEqual([]);
    const ids = Object.keys(all);
    const pairs = ids.flatMap((a, at) => ids.slice(at + 1).map((b) => [a, b] as const));
    let apart = 0;
    let different = 0;
    for (const [at, [a, b]] of pairs.entries()) {
      const [one, other] = [touches.get(a), touches.get(b)];
      if (one === undefined || other === undefined || one.reasons.length + other.reasons.length > 0) continue;
      const meet = meetings(one.touch, other.touch);
      // Of all pairs, to save time: those that are said to be apart are what is to be shown.
      if (at % (engine === "sqlite" ? 2 : 12) !== 0) continue;
      const first = await outcome(engine, project, url, [a, b]);
      const second = await outcome(engine, project, url, [b, a]);
      const same =
        typeof first !== "string" &&
        typeof second !== "string" &&
        (await differences(project.dialect, first, second, null)).ops.length === 0;
      if (meet.length > 0) different += same ? 0 : 1;
      else {
        apart += 1;
        expect([a, b, same, same || [first, second].filter((one) => typeof one === "string")]).toEqual([
          a,
          b,
          true,
          true,
        ]);
      }
    }
    // Neither is everything said to meet nor is nothing found.
    expect(apart).toBeGreaterThan(engine === "sqlite" ? 100 : 20);
    expect(different).toBeGreaterThan(0);
  });
});
