import { describe, expect, test } from "vitest";
import { type Engine, revisions, type TestProject, testProject } from "../project.js";
import { upgrade } from "./killed.js";

const table = (key: string) => ({
  id: "aaaa",
  up: `await op.createTable("Post x", { id: t.integer().notNull(), title: t.text(), slug: t.text() }, { ${key} });`,
});

const slugs = `read: ["id", "title"], write: ["slug"], where: sql\`slug IS NULL\`,
  compute: async (rows) => rows.map(({ id, title }) => ({ slug: title.toLowerCase().replaceAll(/[^a-z]+/g, "-") + "'" + id }))`;

const fill = (input: string) => ({
  id: "bbbb",
  revises: "aaaa",
  message: "slugs",
  up: `await op.backfill("Post x", { ${input} });`,
});

const insert = `INSERT INTO "Post x" (id, title)
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45) SELECT i, 'It''s No ' || i FROM n`;

async function filled(engine: Engine, input: string, key = 'primaryKey: ["id"]'): Promise<TestProject> {
  const project = await testProject(engine, revisions(table(key), fill(input)));
  expect(await project.run("upgrade aaaa")).toMatchObject({ exit: 0 });
  await project.execute(insert);
  return project;
}

async function number(project: TestProject, sql: string): Promise<number> {
  const [row] = await project.query(`SELECT ${sql} AS n`);
  return Number(row?.["n"]);
}

const done = `(SELECT count(*) FROM "Post x" WHERE slug = 'it-s-no-''' || id)`;

describe.each(["sqlite", "postgres"] as const)("a backfill with a function on %s", (engine) => {
  test.each(['primaryKey: ["id"]', 'primaryKey: ["title", "id"]', ""])(
    "writes what the function makes, and goes on where it was killed (%s)",
    async (key) => {
      const project = await filled(engine, `${slugs}, batchSize: 10`, key);
      expect((await upgrade(project, { killedBefore: 4 })).error?.code).toBe("connection-lost");
      expect(await number(project, done)).toBeLessThan(45);
      expect((await upgrade(project)).error).toBe(null);
      expect(await number(project, done)).toBe(45);
    },
  );

  test("is one transaction where everything is to be one", async () => {
    const project = await filled(engine, slugs);
    expect(await project.run("upgrade --transaction all")).toMatchObject({ exit: 0 });
    expect(await number(project, done)).toBe(45);
  });

  test("leaves the rows that the database refuses, and names them", async () => {
    const project = await filled(engine, slugs);
    await project.execute(`CREATE UNIQUE INDEX one ON "Post x" (slug);
      UPDATE "Post x" SET slug = 'it-s-no-''7' WHERE id = 1`);
    const result = await project.run("upgrade");
    expect(result).toMatchObject({ exit: 2 });
    expect(result.stderr).toContain("backfill-incomplete");
    expect(result.stderr).toMatch(/id = 7/);
    expect(await number(project, done)).toBe(43);
  });

  test.each([
    ["no list", "compute: () => null"],
    ["44 records for 45 rows", "compute: (rows) => rows.slice(1).map(() => ({ slug: '' }))"],
    ["a record of nothing for a row", "compute: (rows) => rows.map(() => ({ slug: undefined }))"],
    ["a record of slug, titel for a row", "compute: (rows) => rows.map(() => ({ slug: '', titel: '' }))"],
  ])("refuses a function that gives %s", async (says, compute) => {
    const project = await filled(
      engine,
      `read: ["id"], write: ["slug"], where: sql\`slug IS NULL\`, ${compute}`,
    );
    const result = await project.run("upgrade");
    expect(result).toMatchObject({ exit: 2 });
    expect(result.stderr).toContain(`The function of a backfill gave ${says}`);
    expect(await number(project, `(SELECT count(*) FROM "Post x" WHERE slug IS NOT NULL)`)).toBe(0);
  });

  test("cannot be written into a script", async () => {
    const project = await filled(engine, slugs);
    const result = await project.run("upgrade aaaa:head --sql");
    expect(result).toMatchObject({ exit: 2, stdout: "" });
    expect(result.stderr).toContain("A script cannot hold the backfill of Post x");
  });
});

test("values become what the column's type is, and none is cut", async () => {
  const project = await testProject(
    "postgres",
    revisions(
      {
        id: "aaaa",
        up: `await op.execute(\`CREATE TABLE kinds (id integer PRIMARY KEY, tags text[], facts jsonb, at timestamptz, raw bytea, code varchar(3), big bigint) PARTITION BY LIST (id);
          CREATE TABLE kinds_1 PARTITION OF kinds FOR VALUES IN (1); CREATE TABLE kinds_2 PARTITION OF kinds FOR VALUES IN (2);
          INSERT INTO kinds (id) VALUES (1), (2)\`);`,
      },
      {
        id: "bbbb",
        revises: "aaaa",
        up: `await op.backfill("kinds", { read: ["id"], write: ["tags", "facts", "at", "raw", "code", "big"], where: sql\`big IS NULL\`,
          compute: (rows) => rows.map(({ id }) => ({ tags: ["a,b", 'c"'], facts: ["x", { id }], at: new Date(0), raw: Buffer.from("f00f", "hex"), code: id === 1 ? "abc" : "toolong", big: 9007199254740993n })) });`,
      },
    ),
  );
  const result = await project.run("upgrade");
  expect(result.stderr).toContain("value too long");
  expect(
    await project.query(
      "SELECT id, tags::text AS tags, facts::text AS facts, at = 'epoch' AS at, raw::text AS raw, code, big::text AS big FROM kinds ORDER BY id",
    ),
  ).toEqual([
    {
      id: 1,
      tags: '{"a,b","c\\""}',
      facts: '["x", {"id": 1}]',
      at: true,
      raw: "\\xf00f",
      code: "abc",
      big: "9007199254740993",
    },
    { id: 2, tags: null, facts: null, at: null, raw: null, code: null, big: null },
  ]);
});
