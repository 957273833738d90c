import { describe, expect, test } from "vitest";
import { revisions, type TestProject, testProject } from "../run/project.js";

const files = revisions(
  {
    id: "aaaa1",
    up: `await op.createTable("roles", {
      id: op.dialect === "sqlite" ? t.integer() : t.serial(),
      code: t.text().notNull(),
      title: t.text(),
      data: op.dialect === "sqlite" ? t.text() : t.json(),
    }, { primaryKey: ["id"] });
    await op.createIndex("by_code", "roles", ["code"], { unique: true });`,
    down: 'await op.dropTable("roles");',
  },
  {
    id: "bbbb1",
    revises: "aaaa1",
    up: 'await op.createTable("users", { id: t.integer(), name: t.text().notNull() }, { primaryKey: ["id"] });',
    down: 'await op.dropTable("users");',
  },
);

const admin = "INSERT INTO roles (code, title) VALUES ('admin', 'Admin') ON CONFLICT DO NOTHING;\n";
const seedOf = (body: string) =>
  `import { defineSeed } from "aludel";\n\nexport default defineSeed(async (seed) => {\n  ${body}\n});\n`;

async function states(project: TestProject): Promise<readonly string[]> {
  const { answer } = await project.json("seed --list");
  const seeds = answer["seeds"] as readonly { readonly name: string; readonly state: string }[];
  return seeds.map(({ name, state }) => `${name} ${state}`);
}

const codes = async (project: TestProject) =>
  (await project.query("SELECT code FROM roles ORDER BY code")).map(({ code }) => code);

test("a seed runs once, again when it has changed, and again when revisions were taken back", async () => {
  const project = await testProject("sqlite", {
    ...files,
    "seeds/b_members.ts": seedOf('await seed.bulkInsert("users", [{ id: 1, name: "root" }]);'),
    "seeds/aaaa.sql": admin,
    "seeds/_helper.ts": "export const nothing = 1;\n",
  });
  await project.run("upgrade aaaa1");
  expect(await states(project)).toEqual(["aaaa pending", "b_members waiting"]);
  const behind = await project.run("seed");
  expect([behind.exit, behind.stderr]).toEqual([2, expect.stringContaining("aludel upgrade --seed")]);
  const partly = await project.run("upgrade aaaa1 --seed");
  expect([partly.exit, partly.stderr]).toEqual([0, expect.stringContaining("further: b_members")]);
  const planned = await project.json("upgrade --seed --dry-run");
  expect(planned.answer["seeds"]).toEqual(["b_members"]);
  const whole = await project.json("upgrade --seed");
  expect(whole.answer["seeds"]).toMatchObject([{ name: "b_members" }]);
  expect((await project.json("seed")).answer["ran"]).toEqual([]);

  project.write("seeds/aaaa.sql", admin.replace("'admin'", "'owner'"));
  expect(await states(project)).toEqual(["aaaa changed", "b_members applied"]);
  expect((await project.json("seed --dry-run")).answer["due"]).toEqual(["aaaa"]);
  expect((await project.json("seed")).answer["ran"]).toMatchObject([{ name: "aaaa", revision: "aaaa1" }]);
  expect(await codes(project)).toEqual(["admin", "owner"]);

  await project.run("downgrade base");
  await project.run("upgrade");
  expect(await states(project)).toEqual(["aaaa undone", "b_members undone"]);
  expect((await project.run("seed")).exit).toBe(0);
  expect(await codes(project)).toEqual(["owner"]);
  expect((await project.json("seed aaaa --force")).answer["ran"]).toMatchObject([{ name: "aaaa" }]);
  expect((await project.run("check --database")).stderr).not.toContain("aludel_seed");
});

test("a seed that fails leaves nothing, and says where; those before it stay", async () => {
  const project = await testProject("sqlite", {
    ...files,
    "seeds/1.sql": admin,
    "seeds/2.ts": seedOf(
      'await seed.execute("INSERT INTO roles (code) VALUES (\'x\')");\n  await seed.bulkInsert("users", [{ id: 1 }]);',
    ),
    "seeds/3.sql": admin,
  });
  expect((await project.run("upgrade")).stderr).toContain("bbbb1");
  const { exit, answer } = await project.json("seed");
  expect([exit, answer["error"]]).toMatchObject([
    2,
    { code: "seed-failed", where: { line: 5, file: expect.stringMatching(/2\.ts$/) } },
  ]);
  expect(await states(project)).toEqual(["1 applied", "2 pending", "3 pending"]);
  expect(await codes(project)).toEqual(["admin"]);
  project.write("seeds/2.ts", seedOf('throw new Error("not today");'));
  expect((await project.json("seed")).answer["error"]).toMatchObject({
    message: "Seed 2 failed: not today",
    where: { line: 4 },
  });
});

describe("what is no seed is refused before anything runs", () => {
  test.each([
    ["ddl.sql", "SELECT 1;\nCREATE TABLE t (id int);", 2],
    ["own.sql", "SELECT 1;\n\nCOMMIT;", 3],
    ["text.sql", "INSERT INTO 'roles", 1],
    ["data.ts", "export default [1];\n", undefined],
    ["code.ts", seedOf('await seed.execute("DROP TABLE roles");'), 4],
    ["key.ts", seedOf('void seed.upsert("roles", [{ title: "x" }], { key: "code" });'), 4],
    [
      "rows.ts",
      seedOf('await seed.upsert("roles", [{ code: "x" }, { code: "y", id: 1 }], { key: "code" });'),
      4,
    ],
  ])("%s", async (name, text, line) => {
    const project = await testProject("sqlite", { ...files, "seeds/0.sql": admin, [`seeds/${name}`]: text });
    await project.run("upgrade");
    const { exit, answer } = await project.json("seed");
    const error = answer["error"] as { readonly code: string; readonly where: { readonly line?: number } };
    expect([exit, error.code, error.where.line]).toEqual([2, "seed-invalid", line]);
    if (line === undefined || name.endsWith(".sql")) expect(await codes(project)).toEqual([]);
  });

  test("two of one name, and a name that several revisions begin with", async () => {
    const project = await testProject("sqlite", { ...files, "seeds/a.sql": admin, "seeds/a.ts": seedOf("") });
    await project.run("upgrade");
    expect((await project.json("seed --list")).answer["error"]).toMatchObject({ code: "seed-invalid" });
    const other = await testProject("sqlite", {
      ...revisions({ id: "abcd1" }, { id: "abcd2", revises: "abcd1" }),
      "seeds/abcd.sql": "SELECT 1;",
    });
    await other.run("upgrade");
    expect((await other.json("seed")).answer["error"]).toMatchObject({
      message: "abcd begins the ids of 2 revisions",
    });
  });
});

describe("upsert and check-seeds", () => {
  test.each(["sqlite", "postgres"] as const)("%s", async (engine) => {
    const rows =
      '[{ code: "admin", title: "it\'s", data: { a: [1] } }, { code: "b", title: null, data: null }]';
    const project = await testProject(engine, {
      ...files,
      "seeds/roles.ts": seedOf(`await seed.upsert("roles", ${rows}, { key: "code" });`),
      "seeds/settings.sql":
        engine === "sqlite"
          ? "SELECT 1;\n"
          : "SELECT pg_catalog.set_config('search_path', '', false);\nINSERT INTO public.roles (code) VALUES ('s') ON CONFLICT DO NOTHING;\n",
      "seeds/users.sql":
        "-- aludel:assert there is an admin\nSELECT 1 WHERE NOT EXISTS (SELECT 1 FROM roles WHERE code = 'admin');\n",
    });
    await project.run("upgrade");
    const missing = await project.json("check-seeds roles");
    expect([missing.exit, missing.answer]).toMatchObject([
      1,
      {
        complete: false,
        seeds: [{ name: "roles", changes: [{ table: "roles", removed: [], changed: [] }] }],
      },
    ]);
    expect(await codes(project)).toEqual([]);
    // What fails gives no answer.
    expect((await project.run("check-seeds users")).exit).toBe(2);
    expect((await project.run("seed")).exit).toBe(0);
    expect(await project.run("check-seeds")).toMatchObject({ exit: 0, stdout: "" });
    await project.execute(
      "UPDATE roles SET title = 'other' WHERE code = 'admin'; DELETE FROM roles WHERE code = 'b'",
    );
    const { exit, stdout } = await project.run("check-seeds");
    expect([exit, stdout]).toEqual([
      1,
      expect.stringMatching(/1 row more in roles: .*\n {2}1 row of roles changed: .*title from/),
    ]);
    await project.run("seed --force");
    expect(await project.run("check-seeds")).toMatchObject({ exit: 0 });
  });
});
