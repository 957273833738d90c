import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { loadDialect } from "../../../src/dialect/registry.js";
import { type Engine, on, revisions, type TestProject, testProject } from "../project.js";
import { upgrade } from "./killed.js";

const table = (key: string) => ({
  id: "aaaa",
  up: `await op.createTable("Person x", { id: t.integer().notNull(), part: t.text().notNull(), first: t.text(), name: t.text() }, { ${key} });`,
});

const fill = (more = "batchSize: 10", where = "name IS NULL") => ({
  id: "bbbb",
  revises: "aaaa",
  message: "names",
  up: `await op.backfill("Person x", { set: { name: sql\`first || ' of ' || part\` }, where: sql\`${where}\`, ${more} });`,
});

const insert = (number: number) => `INSERT INTO "Person x" (id, part, first)
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${number})
  SELECT i, 'it''s ' || (i % 7), 'p' || i FROM n`;

/** Every write of a row leaves a line. */
const count = {
  sqlite: `CREATE TABLE written (id integer);
    CREATE TRIGGER counted AFTER UPDATE ON "Person x" BEGIN INSERT INTO written VALUES (NEW.id); END`,
  postgres: `CREATE TABLE written (id integer);
    CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO written VALUES (NEW.id); RETURN NULL; END $$;
    CREATE TRIGGER counted AFTER UPDATE ON "Person x" FOR EACH ROW EXECUTE FUNCTION counted()`,
};

async function filled(
  engine: "sqlite" | "postgres",
  options: { readonly key?: string; readonly fill?: ReturnType<typeof fill>; readonly rows?: number } = {},
): Promise<TestProject> {
  const { key = 'primaryKey: ["id"]', rows = 95 } = options;
  const project = await testProject(engine, revisions(table(key), options.fill ?? fill()));
  expect(await project.run("upgrade aaaa")).toMatchObject({ exit: 0 });
  await project.execute(`${insert(rows)};\n${count[engine]}`);
  return project;
}

async function number(project: TestProject, sql: string): Promise<number> {
  const [row] = await project.query(`SELECT ${sql} AS n`);
  return Number(row?.["n"]);
}

const engines = ["sqlite", "postgres"] as const satisfies readonly Engine[];
const keys = {
  "a primary key": 'primaryKey: ["id"]',
  "a key of two columns": 'primaryKey: ["part", "id"]',
  "no key": "",
};

describe.each(engines)("a backfill on %s", (engine) => {
  test.each(Object.entries(keys))(
    "is killed again and again, with %s: each row is written once",
    async (_, key) => {
      const project = await filled(engine, { key });
      let kills = 0;
      let result = await upgrade(project, { killedBefore: 1 });
      while (result.error !== null && kills < 40) {
        expect(result.error.code).toBe("connection-lost");
        kills += 1;
        result = await upgrade(project, { killedBefore: 2 + kills });
      }
      expect(result.error).toBe(null);
      expect(kills).toBeGreaterThan(5);
      expect(await number(project, `(SELECT count(*) FROM written)`)).toBe(95);
      expect(await number(project, `(SELECT count(DISTINCT id) FROM written)`)).toBe(95);
      expect(
        await number(project, `(SELECT count(*) FROM "Person x" WHERE name = first || ' of ' || part)`),
      ).toBe(95);
      const [known] = await project.query("SELECT state, written, parts, refused FROM aludel_backfill");
      expect({ ...known, written: Number(known?.["written"]), parts: Number(known?.["parts"]) }).toEqual({
        state: "done",
        written: 95,
        parts: key === "" && engine === "postgres" ? expect.any(Number) : 10,
        refused: "[]",
      });
      expect(await project.rows()).toEqual(["bbbb"]);
    },
  );

  test("goes on beside somebody who writes, and fills what comes in behind it", async () => {
    const project = await filled(engine, { rows: 60 });
    let progress = 0;
    let writes = 0;
    const { error } = await upgrade(project, {
      report: ({ kind }) => {
        if (kind === "backfill-progress") progress += 1;
      },
      beside: async () => {
        if (progress === 0 || writes >= 4) return;
        writes += 1;
        await project.execute(`INSERT INTO "Person x" (id, part, first) VALUES (${-writes}, 'new', 'n')`);
      },
    });
    expect(error).toBe(null);
    expect(writes).toBe(4);
    expect(await number(project, `(SELECT count(*) FROM "Person x" WHERE name IS NOT NULL)`)).toBe(64);
    expect(await number(project, `(SELECT count(*) FROM written)`)).toBe(64);
  });

  test("stands still, is told of, cancelled, and let go on by another process", async () => {
    const project = await filled(engine);
    expect((await upgrade(project, { killedBefore: 16 })).error?.code).toBe("connection-lost");
    expect((await project.run("backfill pause")).stderr).toContain("error[backfill-refused]");
    expect((await project.run("backfill status")).stdout).toMatch(
      /^stopped {2}bbbb {2}Person x {2}[12]0 rows/,
    );
    const pausedRun = async (...lines: readonly string[]) => {
      await project.execute("UPDATE aludel_backfill SET wanted = 'pause'");
      const told: string[] = [];
      let asked: Promise<void> | null = null;
      const tell = async () => {
        for (const line of lines) {
          const { stdout, stderr } = await project.run(`backfill ${line}`);
          told.push(stdout + stderr);
        }
      };
      const { error } = await upgrade(project, {
        report: ({ kind }) => {
          if (kind === "backfill-waits") asked ??= tell();
        },
      });
      await asked;
      return { told, error };
    };
    const first = await pausedRun("pause", "status", "cancel bb");
    expect(first.told[0]).toBe("The backfill of Person x stands still after the part that it is at.\n");
    expect(first.told[1]).toMatch(/^paus(?:ed|ing) {2}bbbb {2}Person x {2}[12]0 rows written, [12]0 % {2}2/);
    expect(first.told[2]).toContain("ends after the part that it is at; what is written stays");
    expect(first.error?.code).toBe("backfill-cancelled");
    expect((await project.run("backfill status")).stdout).toMatch(/^cancelled/);
    const second = await pausedRun("resume");
    expect(second).toEqual({ told: ["The backfill of Person x goes on.\n"], error: null });
    expect(await number(project, `(SELECT count(*) FROM written)`)).toBe(95);
  });

  test("names the rows that the database refuses, and does the others", async () => {
    const project = await filled(engine);
    await project.execute(
      `CREATE UNIQUE INDEX one_name ON "Person x" (name); UPDATE "Person x" SET name = 'p42 of it''s 0' WHERE id = 7`,
    );
    const failed = await project.run("upgrade");
    expect(failed.exit).toBe(2);
    expect(failed.stderr).toContain("error[backfill-incomplete]");
    expect(failed.stderr).toContain("The database refused a row of Person x; all others are done");
    expect(failed.stderr).toContain(engine === "sqlite" ? "rowid = 42" : "id = 42");
    expect(await number(project, `(SELECT count(*) FROM "Person x" WHERE name IS NULL)`)).toBe(1);
    await project.execute(`UPDATE "Person x" SET name = 'other' WHERE id = 7`);
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    expect(await number(project, `(SELECT count(*) FROM "Person x" WHERE name IS NULL)`)).toBe(0);
  });

  test("says which rows are left, and stops where `where` always fits", async () => {
    const project = await filled(engine, { rows: 40 });
    await project.execute(`UPDATE "Person x" SET first = NULL WHERE id = 33`);
    const left = await project.run("upgrade");
    expect(left.exit).toBe(2);
    expect(left.stderr).toContain("After the backfill, 1 row of Person x still needs it");
    expect(left.stderr).toMatch(/id = 33/);
    const always = await filled(engine, { rows: 40, fill: fill("batchSize: 10", "id > 0") });
    const stopped = await always.run("upgrade");
    expect(stopped.stderr).toContain("still fit `where`, and were left as they were");
    expect(await number(always, "(SELECT count(*) FROM written)")).toBe(0);
  });
});

test("gives way to a lock on PostgreSQL, with fewer and fewer rows, and does them when it is gone", async () => {
  const project = await filled("postgres", { rows: 40, fill: fill("batchSize: 40") });
  const waits: (string | null)[] = [];
  await on(project.url, project.folder, async (other) => {
    await other.run('BEGIN; UPDATE "Person x" SET part = part WHERE id = 20');
    const held = pause(1500).then(() => other.run("COMMIT"));
    const { error } = await upgrade(project, {
      report: (event) => {
        if (event.kind === "backfill-waits") waits.push(event.reason);
      },
    });
    await held;
    expect(error).toBe(null);
  });
  expect(waits[0]).toContain("others are in the way");
  expect(await number(project, "(SELECT count(*) FROM written)")).toBe(41);
  expect(await number(project, "(SELECT parts FROM aludel_backfill)")).toBeGreaterThan(1);
});

test("is one statement in a script, and in a run that is one transaction; nothing on the way down", async () => {
  const project = await filled("sqlite", { rows: 5 });
  const script = await project.run("upgrade aaaa:bbbb --sql");
  expect(script.stdout).toContain(
    `UPDATE "Person x" SET "name" = (first || ' of ' || part) WHERE (name IS NULL);`,
  );
  expect(await project.run("upgrade --transaction all")).toMatchObject({ exit: 0 });
  expect(await number(project, "(SELECT count(*) FROM written)")).toBe(5);
  expect(await project.run("downgrade aaaa")).toMatchObject({ exit: 0 });
  expect(await number(project, "(SELECT count(*) FROM written)")).toBe(5);
});

test("is a block that commits as it goes, in a script for PostgreSQL", async () => {
  const project = await filled("postgres", { rows: 30 });
  const script = await project.run("upgrade aaaa:bbbb --sql");
  const { splitScript } = await loadDialect("postgres");
  const statements = await splitScript(script.stdout.replace(/^\\.*$/gm, ""));
  expect(statements.filter(({ sql }) => sql.startsWith("DO $batches$")).length).toBe(1);
  await on(project.url, project.folder, async (connection) => {
    for (const { sql } of statements) await connection.run(sql);
  });
  expect(await number(project, "(SELECT count(*) FROM written)")).toBe(30);
  expect(await project.rows()).toEqual(["bbbb"]);
});
