import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { equalSchema } from "../../src/schema/equal.js";
import { type Engine, type RevisionText, revisions, type TestProject, testProject } from "./project.js";

const hasShell = (name: string) => spawnSync(name, ["--version"]).status === 0;

/** Feeds a script to the engine's own shell, as a person at a database without Aludel does. */
function feed(engine: Engine, project: TestProject, script: string): void {
  const [command, words] =
    engine === "postgres"
      ? (["psql", ["--quiet", "--no-psqlrc", project.url]] as const)
      : (["sqlite3", [join(project.folder, "dev.db")]] as const);
  const result = spawnSync(command, words, { input: script, encoding: "utf8" });
  expect(result.stderr).toBe("");
  expect(result.status).toBe(0);
}

async function state(project: TestProject) {
  const log = await project.log();
  return {
    rows: await project.rows(),
    log: log.map(({ revision, direction, checksum, result, statements_done: done }) => ({
      revision,
      direction,
      checksum,
      result,
      done: Number(done),
    })),
  };
}

const common: readonly RevisionText[] = [
  {
    id: "aaaa",
    message: "it's; the -- first",
    up: `await op.createTable("parent", { id: t.integer().notNull(), name: t.text() }, { primaryKey: ["id"] });
      await op.createTable(\`Order "x"\`, { id: t.integer().notNull(), "naïve ü": t.integer() }, {
        primaryKey: ["id"],
        foreignKeys: { fk_parent: { columns: ["naïve ü"], references: { table: "parent", columns: ["id"] }, onDelete: "cascade" } },
      });
      await op.bulkInsert("parent", [{ id: 1, name: "it's; -- \\\\ $1 \\n two lines" }]);
      await op.bulkInsert(\`Order "x"\`, [{ id: 1, "naïve ü": 1 }]);`,
    down: `await op.dropTable(\`Order "x"\`); await op.dropTable("parent");`,
  },
  {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.alterColumn("parent", "name", { nullable: false, default: "?" });
      await op.addColumn("parent", "more", t.text());`,
    down: `await op.dropColumn("parent", "more");
      await op.alterColumn("parent", "name", { nullable: true, default: null });`,
  },
  {
    id: "cccc",
    revises: "aaaa",
    up: 'await op.createIndex("ix select", "parent", ["name"], { unique: true });',
    down: 'await op.dropIndex("ix select", { table: "parent" });',
  },
  { id: "dddd", revises: ["bbbb", "cccc"] },
];

const postgresOnly: readonly RevisionText[] = [
  {
    id: "eeee",
    revises: "dddd",
    up: `await op.createEnum("mood", ["sad"]);
      await op.addColumn("parent", "mood", t.enum("mood"));
      await op.addEnumValue("mood", "fine");
      await op.execute("UPDATE parent SET mood = 'fine'");
      await op.createIndex("ix_mood", "parent", ["mood"], { concurrently: true });
      await op.autocommit(() => op.execute("VACUUM parent"));`,
    down: `await op.dropIndex("ix_mood", { table: "parent", concurrently: true });
      await op.dropColumn("parent", "mood"); await op.dropEnum("mood");`,
  },
];

const cases = [
  ["sqlite", "each", common],
  ["sqlite", "all", common],
  ["postgres", "each", [...common, ...postgresOnly]],
  ["postgres", "all", common],
] as const;

describe.each(cases)("a script for %s, --transaction %s", (engine, transaction, texts) => {
  test.runIf(hasShell(engine === "postgres" ? "psql" : "sqlite3"))(
    "leads up and down to the database that the command leads to",
    async () => {
      const files = revisions(...texts);
      const [byCommand, byScript] = [await testProject(engine, files), await testProject(engine, files)];
      for (const [command, line] of [
        ["upgrade head", "upgrade head --sql"],
        ["downgrade aaaa", "downgrade head:aaaa --sql"],
        ["upgrade head", "upgrade aaaa:head --sql"],
        ["downgrade base", "downgrade head:base --sql"],
      ] as const) {
        expect(await byCommand.run(`${command} --transaction ${transaction}`)).toMatchObject({ exit: 0 });
        const script = await byScript.run(`${line} --transaction ${transaction}`);
        expect(script.stderr).toBe("");
        expect(script.exit).toBe(0);
        feed(engine, byScript, script.stdout);
        expect(await state(byScript), line).toEqual(await state(byCommand));
        const [a, b] = [await byScript.inspect(), await byCommand.inspect()];
        expect(equalSchema(a, b), line).toBe(true);
        if (a.tables.size === 0) continue;
        for (const table of ["parent", '"Order ""x"""']) {
          const rows = `SELECT * FROM ${table} ORDER BY id`;
          expect(await byScript.query(rows)).toEqual(await byCommand.query(rows));
        }
      }
    },
  );
});

test.runIf(hasShell("sqlite3")).each(["each", "all"])(
  "a SQLite script that would leave rows pointing nowhere changes nothing, --transaction %s",
  async (transaction) => {
    const project = await testProject(
      "sqlite",
      revisions(...common, {
        id: "eeee",
        revises: "dddd",
        up: `await op.alterColumn("parent", "name", { nullable: true }); await op.execute("DELETE FROM parent");`,
      }),
    );
    await project.run("upgrade dddd");
    const { stdout } = await project.run(`upgrade dddd:head --sql --transaction ${transaction}`);
    const fed = spawnSync("sqlite3", [join(project.folder, "dev.db")], { input: stdout, encoding: "utf8" });
    expect(fed.status).not.toBe(0);
    expect(fed.stderr).toContain("1 row(s) would point at rows that do not exist");
    expect(await project.rows()).toEqual(["dddd"]);
    expect(await project.query("SELECT count(*) AS n FROM parent")).toEqual([{ n: 1 }]);
  },
);

test.runIf(hasShell("psql"))("a PostgreSQL script stops at its first error", async () => {
  const project = await testProject(
    "postgres",
    revisions(...common, { id: "eeee", revises: "dddd", up: 'await op.execute("SELECT 1/0");' }),
  );
  const { stdout } = await project.run("upgrade --sql");
  const fed = spawnSync("psql", ["--quiet", "--no-psqlrc", project.url], { input: stdout, encoding: "utf8" });
  expect(fed.status).toBe(3);
  expect(await project.rows()).toEqual(["dddd"]);
});

describe("what has no script", () => {
  test("a revision that reads from the database", async () => {
    const project = await testProject("sqlite", revisions({ id: "aaaa", up: 'await op.query("SELECT 1");' }));
    const result = await project.run("upgrade --sql");
    expect(result).toMatchObject({ exit: 2, stdout: "" });
    expect(result.stderr).toContain("error[revision-invalid]");
    expect(result.stderr).toContain("op.execute");
  });

  test("a downgrade that does not say where it starts", async () => {
    const project = await testProject("sqlite", revisions({ id: "aaaa" }));
    const result = await project.run("downgrade base --sql");
    expect(result).toMatchObject({ exit: 2, stdout: "" });
    expect(result.stderr).toContain("FROM:TO");
  });

  test("a way that there is none of", async () => {
    const project = await testProject("sqlite", revisions({ id: "aaaa", down: null }));
    const result = await project.run("downgrade head:base --sql");
    expect(result).toMatchObject({ exit: 2, stdout: "" });
    expect(result.stderr).toContain("error[irreversible]");
  });
});

test("a dry run tells the script and changes nothing", async () => {
  const project = await testProject("sqlite", revisions(...common));
  await project.run("upgrade aaaa");
  const { answer, exit } = await project.json("upgrade --dry-run");
  expect(exit).toBe(0);
  expect(answer).toMatchObject({ dryRun: true, rows: ["aaaa"] });
  writeFileSync(join(project.folder, "script.sql"), String(answer["sql"]));
  expect(await project.rows()).toEqual(["aaaa"]);
  if (!hasShell("sqlite3")) return;
  feed("sqlite", project, String(answer["sql"]));
  expect(await project.rows()).toEqual(["dddd"]);
});
