import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { inspectUrl, on } from "../run/project.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

async function project(
  engine: "sqlite" | "postgres",
  files: Readonly<Record<string, string>>,
  settings: object = {},
) {
  let url = "sqlite:dev.db";
  if (engine === "postgres") {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    url = database.url;
  }
  const config = { environments: { dev: url }, ...settings };
  const folder = temporaryFolder({ "aludel.config.json": JSON.stringify(config), ...files });
  return {
    folder,
    run: (line: string) => aludel(folder, line.split(" ")),
    execute: (script: string) => on(url, folder, (connection) => connection.run(script)),
    names: () =>
      readdirSync(join(folder, "revisions"))
        .filter((name) => name.endsWith(".sql"))
        .sort(),
    tables: async () => [...(await inspectUrl(url, folder)).tables.keys()],
    text: (part: string) => {
      const name = readdirSync(join(folder, "revisions")).find((one) => one.includes(part));
      return readFileSync(join(folder, "revisions", name ?? part), "utf8");
    },
  };
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const prismaTable = (engine: string) => `CREATE TABLE _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at ${engine}, migration_name VARCHAR(255) NOT NULL,
  logs TEXT, rolled_back_at ${engine}, started_at ${engine} NOT NULL DEFAULT current_timestamp, applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

const prismaRow = (name: string, checksum: string, state: "done" | "failed" | "rolled back" = "done") =>
  `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, rolled_back_at, applied_steps_count) VALUES
   ('${name.slice(0, 20)}-${state}', '${checksum}', '${name}', ${state === "done" ? "current_timestamp" : "NULL"}, ${state === "rolled back" ? "current_timestamp" : "NULL"}, 1)`;

const enumChange = `-- AlterEnum
BEGIN;
CREATE TYPE "Mood_new" AS ENUM ('OK');
ALTER TABLE "User" ALTER COLUMN "mood" TYPE "Mood_new" USING ("mood"::text::"Mood_new");
ALTER TYPE "Mood" RENAME TO "Mood_old";
ALTER TYPE "Mood_new" RENAME TO "Mood";
DROP TYPE "Mood_old";
COMMIT;

-- AlterTable
ALTER TABLE "User" ADD COLUMN "naïve ü" TEXT;
`;

const prismaFiles = {
  "prisma/migrations/migration_lock.toml": '# comment\nprovider = "postgresql"\n',
  "prisma/migrations/20240101000000_init/migration.sql":
    'CREATE TYPE "Mood" AS ENUM (\'OK\', \'SAD\');\nCREATE TABLE "User" ("id" SERIAL PRIMARY KEY, "mood" "Mood");\n',
  "prisma/migrations/20240102000000_narrow-moods/migration.sql": enumChange,
  "prisma/migrations/20240102000000_narrow-moods/down.sql": 'ALTER TABLE "User" DROP COLUMN "naïve ü";',
  "prisma/migrations/20240103000000_posts/migration.sql": 'CREATE TABLE "Post" ("id" INTEGER PRIMARY KEY);',
};

describe("import prisma", () => {
  test("on PostgreSQL: what it applied is stamped, what it did not is pending, and both ways run here", async () => {
    const windows = enumChange.replaceAll("\n", "\r\n");
    const { folder, run, execute, tables, text } = await project("postgres", prismaFiles);
    const [init, narrow] = ["20240101000000_init", "20240102000000_narrow-moods"] as const;
    const sqlOf = (name: string) =>
      readFileSync(join(folder, `prisma/migrations/${name}/migration.sql`), "utf8");
    await execute(`${prismaTable("TIMESTAMPTZ")};
      ${sqlOf(init)}; ${sqlOf(narrow)};
      ${prismaRow(init, sha256(sqlOf(init)))};
      ${prismaRow(narrow, sha256("broken"), "rolled back")};
      ${prismaRow(narrow, sha256(windows))}`);
    const { exit, stderr } = await run("import prisma prisma --stamp");
    expect([exit, stderr]).toEqual([
      0,
      expect.stringContaining("is now stamped with 20240102000000_narrow_moods."),
    ]);
    expect(stderr).toContain(
      "pending: 1 revision will run with the next `aludel upgrade`: 20240103000000_posts",
    );
    expect(text("narrow")).toContain('DROP TYPE "Mood_old";\n\n-- aludel:commit\n\n-- AlterTable');
    expect((await run("upgrade")).stderr).toContain("posts");
    expect(await tables()).toEqual(expect.arrayContaining(["User", "Post"]));
    expect((await run("downgrade -1")).stderr).toContain("Prisma has no way back");
    expect((await run("validate")).exit).toBe(0);
    // A new database goes the same way, and has the same.
    const fresh = await createTestDatabase();
    onTestFinished(() => fresh.drop());
    expect((await run(`upgrade --url ${fresh.url} 20240102000000_narrow_moods`)).exit).toBe(0);
    expect((await run(`downgrade --url ${fresh.url} -1`)).exit).toBe(0);
    expect(
      [...((await inspectUrl(fresh.url, folder)).tables.get("User")?.columns ?? [])].map(({ name }) => name),
    ).toEqual(["id", "mood"]);
    expect((await run("diff heads database")).exit).toBe(0);
  }, 60_000);

  test("a failed migration, an edited file and one without its folder are refused together; nothing is written", async () => {
    const { folder, run, execute } = await project("sqlite", {
      "m/20240101000000_a/migration.sql": "CREATE TABLE a (id integer);",
      "m/20240102000000_b/migration.sql": "CREATE TABLE b (id integer);",
    });
    const a = sha256("CREATE TABLE a (id integer);");
    await execute(`${prismaTable("DATETIME")}; ${prismaRow("20240101000000_a", sha256("other"))};
      ${prismaRow("20240102000000_b", "x", "failed")}; ${prismaRow("20231231000000_gone", "x")}`);
    const { exit, stderr } = await run("import prisma m --stamp");
    expect([exit, stderr]).toEqual([2, expect.stringContaining("error[import-refused]")]);
    expect(stderr).toContain("20240102000000_b failed half-way, or is running");
    expect(stderr).toContain("20231231000000_gone: applied, and not in the folder");
    expect(stderr).toMatch(/20240101000000_a: applied, and \S+ is not what ran/);
    expect(existsSync(join(folder, "revisions"))).toBe(false);
    // Old versions wrote checksums without leading zeros.
    await execute(
      `DELETE FROM _prisma_migrations; ${prismaRow("20240101000000_a", a.replace(/0(.)|(..)/g, "$1$2"))}`,
    );
    expect((await run("import prisma m --stamp")).stderr).toContain("stamped with 20240101000000_a");
  });

  test("what SQLite needs done outside a transaction is", async () => {
    const rebuilt = `PRAGMA foreign_keys=OFF;
CREATE TABLE "new_parent" ("id" INTEGER NOT NULL PRIMARY KEY, "name" TEXT NOT NULL);
INSERT INTO "new_parent" SELECT "id", "name" FROM "parent";
DROP TABLE "parent";
ALTER TABLE "new_parent" RENAME TO "parent";
PRAGMA foreign_keys=ON;`;
    const { folder, run } = await project("sqlite", {
      "m/1_a/migration.sql":
        "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);\nCREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id) ON DELETE CASCADE);\nINSERT INTO parent VALUES (1, 'x');\nINSERT INTO child VALUES (1, 1);",
      "m/2_b/migration.sql": rebuilt,
    });
    await run("import prisma m");
    expect((await run("upgrade")).exit).toBe(0);
    expect(
      await on("sqlite:dev.db", folder, (connection) => connection.query("SELECT count(*) AS n FROM child")),
    ).toEqual([{ n: 1 }]);
  });
});

describe("import dbmate", () => {
  const files = {
    "db/migrations/20240101000000_create-orders.sql":
      "-- a remark\n\n-- migrate:up\nCREATE TABLE orders (id integer PRIMARY KEY);\n\n-- migrate:down\nDROP TABLE orders;\n",
    "db/migrations/20240102000000_index.sql":
      "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY by_id ON orders (id);\n-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY by_id;\n",
    "db/migrations/20240103000000_last.sql":
      "-- migrate:up\nCREATE TABLE last (id integer);\n\n-- migrate:down\n\n",
    "db/migrations/notes.sql": "",
  };

  test("both ways run on PostgreSQL, in or outside a transaction", async () => {
    const { run, execute, tables, text } = await project("postgres", files);
    await execute(`CREATE TABLE public.schema_migrations (version varchar NOT NULL PRIMARY KEY);
      CREATE TABLE orders (id integer PRIMARY KEY); INSERT INTO schema_migrations VALUES ('20240101000000')`);
    const { exit, stderr } = await run("import dbmate db/migrations --stamp");
    expect([exit, stderr]).toEqual([0, expect.stringContaining("stamped with 20240101000000_create_orders")]);
    expect(stderr).toContain("notes.sql is left out: its name does not begin with a number");
    expect(text("_index")).toContain("-- aludel:upgrade\n-- aludel:no-transaction\n");
    expect((await run("upgrade")).exit).toBe(0);
    expect((await run("downgrade -1")).stderr).toContain("has none");
    expect((await run("downgrade 20240101000000_create_orders")).stderr).toContain("error[irreversible]");
    await execute(
      "DROP TABLE last; DELETE FROM aludel_version; INSERT INTO aludel_version VALUES ('20240102000000_index')",
    );
    expect((await run("downgrade base")).exit).toBe(0);
    expect(await tables()).toEqual(["schema_migrations"]);
  }, 60_000);

  test("a migration that came late goes to the end, where dbmate runs it too", async () => {
    const { folder, run, execute, names } = await project("sqlite", {
      "m/1_a.sql": "-- migrate:up\nCREATE TABLE a (id integer);\n-- migrate:down\n",
      "m/3_c.sql": "-- migrate:up\nCREATE TABLE c (id integer);\n-- migrate:down\n",
    });
    await run("import dbmate m");
    writeFileSync(
      join(folder, "m/2_b.sql"),
      "-- migrate:up\nCREATE TABLE b (id integer);\n-- migrate:down\n",
    );
    expect((await run("import dbmate m")).stderr).toContain("the head is 2_b. 2 were there already");
    expect(names()).toHaveLength(3);
    expect((await run("history")).stdout).toMatch(/2_b[\s\S]*3_c[\s\S]*1_a/);
    expect((await run("validate")).exit).toBe(0);
    writeFileSync(
      join(folder, "m/4_d.sql"),
      "-- migrate:up\nCREATE TABLE d (id integer);\n-- migrate:down\n",
    );
    expect((await run("import dbmate m")).stderr).toContain("the head is 4_d. 3 were there already");
    // With dbmate the second came before the third here: no point of this line says that.
    await execute(
      "CREATE TABLE schema_migrations (version varchar(128)); INSERT INTO schema_migrations VALUES ('1'), ('2')",
    );
    expect((await run("import dbmate m --stamp")).stderr).toContain("3_c: not applied, and 2_b above it is");
    await execute("INSERT INTO schema_migrations VALUES ('3')");
    await run("import dbmate m --stamp");
    expect((await run("upgrade")).exit).toBe(0);
    // What ran here since is not pending, whatever the other table says.
    expect((await run("import dbmate m --stamp")).stderr).not.toContain("pending");
    await execute("DELETE FROM aludel_version");
    expect((await run("import dbmate m --stamp")).stderr).toContain("stamped with 2_b");
    writeFileSync(join(folder, "m/1_a.sql"), "-- migrate:up\nCREATE TABLE a (id text);\n-- migrate:down\n");
    expect((await run("import dbmate m")).stderr).toContain(
      "the revision 1_a is not what its file says now, and stays",
    );
  });
});

describe("import flyway", () => {
  const files = {
    "sql/V1__init.sql": "CREATE TABLE a (id integer);\n",
    "sql/V1.2__Second_one.sql": "\uFEFFCREATE TABLE b (id integer);\r\n-- ü\r\n",
    "sql/U1.2__Second_one.sql": "DROP TABLE b;",
    "sql/more/V1_10__tenth.sql": "CREATE TABLE c (id integer);",
    "sql/more/V2__placeholder.sql": `CREATE TABLE \${prefix}d (id integer);`,
    "sql/R__views.sql": "CREATE VIEW v AS SELECT 1 AS one;",
    "sql/V3__Code.java": "class V3__Code {}",
    "sql/afterMigrate.sql": "SELECT 1;",
    "sql/B1__all.sql": "",
  };
  const table = `CREATE TABLE flyway_schema_history (installed_rank INT NOT NULL PRIMARY KEY, version VARCHAR(50), description VARCHAR(200) NOT NULL,
    type VARCHAR(20) NOT NULL, script VARCHAR(1000) NOT NULL, checksum INT, installed_by VARCHAR(100) NOT NULL DEFAULT 'x',
    installed_on TEXT NOT NULL DEFAULT current_timestamp, execution_time INT NOT NULL DEFAULT 0, success BOOLEAN NOT NULL)`;
  let rank = 0;
  const row = (
    version: string | null,
    type: string,
    script: string,
    checksum: number | null,
    success = true,
  ) => {
    rank += 1;
    const description = script.replace(/^[^_]*__|\.sql$/g, "").replaceAll("_", " ");
    return `INSERT INTO flyway_schema_history (installed_rank, version, description, type, script, checksum, success)
      VALUES (${rank}, ${version === null ? "NULL" : `'${version}'`}, '${description}', '${type}', '${script}', ${checksum}, ${success})`;
  };

  test.each(["sqlite", "postgres"] as const)(
    "versions as numbers, undo, placeholders and code, on %s",
    async (engine) => {
      const { run, execute, text } = await project(engine, files);
      await execute(
        [
          table,
          row(null, "SCHEMA", "<< Flyway Schema Creation >>", null),
          row("1", "SQL", "V1__init.sql", 373690480),
          row("1.2", "SQL", "V1.2__Second_one.sql", 1),
          row("1.2", "UNDO_SQL", "U1.2__Second_one.sql", 5),
          row("1.2", "SQL", "V1.2__Second_one.sql", -645142338),
        ].join(";\n"),
      );
      const { exit, stderr } = await run("import flyway sql --stamp");
      expect([exit, stderr]).toEqual([0, expect.stringContaining("stamped with V1.2.")]);
      expect(stderr).toContain(
        "pending: 2 revisions will run with the next `aludel upgrade`: V1.10, R__views",
      );
      expect(stderr).toContain(`record: V2: V2__placeholder.sql has the placeholder \${prefix} of Flyway`);
      expect(stderr).toContain("2 revisions of them are records");
      expect(stderr).toContain("not applied: 2 revisions that only Flyway can run: V2, V3");
      expect(stderr).toContain("afterMigrate.sql is left out: it is a callback");
      expect(stderr).toContain("B1__all.sql is left out: it is a baseline");
      expect(text("second_one")).toContain("-- aludel:downgrade\nDROP TABLE b;");
      expect((await run("validate")).exit).toBe(0);
      expect((await run("upgrade V1.10")).exit).toBe(0);
      expect((await run("upgrade")).stderr).toContain(
        "error[revision-imported] Revision V2 cannot run here: V2__placeholder.sql",
      );
    },
    60_000,
  );

  test("a baseline stands for what is below it; what failed and what was edited is refused", async () => {
    const { run, execute } = await project("sqlite", files);
    await execute(`${table}; ${row("1.10", "BASELINE", "<< Flyway Baseline >>", null)}`);
    expect((await run("import flyway sql --stamp")).stderr).toContain("stamped with V1.10.");
    await execute(
      `${row("2", "SQL", "V2__placeholder.sql", 7)}; ${row("3", "JDBC", "db.migration.V3__Code", null, false)}; ${row("9", "SQL", "V9__x.sql", 1)}`,
    );
    const { stderr } = await run("import flyway sql --stamp");
    expect(stderr).toContain("db.migration.V3__Code failed");
    expect(stderr).toContain("V9__x.sql: applied, and not in the folder");
    expect(stderr).toMatch(/V2: applied, and \S+V2__placeholder.sql is not what ran/);
  });

  test("a repeatable one that ran as it is is done; when its file changes here, it runs again", async () => {
    const { folder, run, execute } = await project("postgres", {
      "sql/V1__init.sql": files["sql/V1__init.sql"],
      "sql/R__the_views.sql": "CREATE OR REPLACE VIEW v AS SELECT 1 AS one;",
    });
    await execute(
      `${table}; ${files["sql/V1__init.sql"]}; CREATE VIEW v AS SELECT 1 AS one; ${row("1", "SQL", "V1__init.sql", 373690480)};
       ${row(null, "SQL", "R__the_views.sql", 1)}; ${row(null, "SQL", "R__the_views.sql", 982419503)}`,
    );
    const { stdout, stderr } = await run("import flyway sql --stamp");
    expect(stderr).toContain("stamped with V1.");
    expect(stderr).not.toContain("pending");
    expect((await run("current")).stdout).toContain("R__the_views (repeatable, applied)");
    expect((await run("upgrade")).stdout).toContain("Nothing to do");
    expect((await run("validate")).exit).toBe(0);
    const file = join(folder, stdout.trim().split("\n")[1] ?? "");
    writeFileSync(file, readFileSync(file, "utf8").replace("1 AS one", "1 AS one, 2 AS two"));
    expect((await run("upgrade")).stderr).toContain("R__the_views");
    expect((await run("upgrade")).stdout).toContain("Nothing to do");
    expect((await run("import flyway sql")).stderr).toContain(
      "the revision R__the_views is not what its file says",
    );
  }, 60_000);
});

describe("import knex", () => {
  const files = {
    "migrations/20240101000000_a.ts": "throw new Error('never run')",
    "migrations/20240102000000_b.js": "throw new Error('never run')",
    "migrations/types.d.ts": "",
    "migrations/lib/x.js": "",
  };
  const tables = `CREATE TABLE knex_migrations (id integer PRIMARY KEY, name varchar(255), batch integer, migration_time timestamp);
    CREATE TABLE knex_migrations_lock ("index" integer PRIMARY KEY, is_locked integer);
    CREATE TABLE persons (id integer PRIMARY KEY, name text);
    INSERT INTO knex_migrations (id, name, batch) VALUES (1, '20240101000000_a.js', 1), (2, '20240102000000_b.js', 1)`;

  test.each(["sqlite", "postgres"] as const)(
    "with a baseline and the stamp, on %s",
    async (engine) => {
      const models = { schema: "schema.sql" };
      const { run, execute } = await project(
        engine,
        { ...files, "schema.sql": "CREATE TABLE persons (id integer PRIMARY KEY, name text);" },
        models,
      );
      await execute(`${tables}; INSERT INTO knex_migrations_lock VALUES (1, 1)`);
      expect((await run("import knex migrations --stamp")).stderr).toContain("Knex is running on");
      await execute("UPDATE knex_migrations_lock SET is_locked = 0");
      const { exit, stderr } = await run("import knex migrations --from-database --stamp");
      expect([exit, stderr]).toEqual([
        0,
        expect.stringContaining("A new database begins with 20240102000000_b"),
      ]);
      expect(stderr).toContain("It was at no revision and is now stamped with 20240102000000_b.");
      expect((await run("upgrade")).stdout).toContain("Nothing to do");
      expect((await run("check")).exit).toBe(0);
      expect((await run("check --database")).exit).toBe(0);
      expect((await run("revision -m next --sql --no-verify")).exit).toBe(0);
      expect((await run("upgrade")).exit).toBe(0);
      expect((await run("import knex migrations --stamp")).stderr).toContain(
        "its version table stays as it is",
      );
    },
    60_000,
  );

  test("without one they are records: the database that has them goes on, a new one is refused", async () => {
    const { run, execute, names } = await project("sqlite", files);
    await execute(tables);
    const { stderr } = await run("import knex migrations --stamp --json");
    expect(stderr).toContain("They are records");
    expect(names()).toHaveLength(2);
    expect((await run("current --json")).stdout).toContain('"atHeads": true');
    expect((await run("upgrade --url sqlite:new.db")).stderr).toContain("error[revision-imported]");
    await execute("INSERT INTO knex_migrations (id, name) VALUES (3, '20240103000000_c.ts')");
    expect((await run("import knex migrations --stamp")).stderr).toContain(
      "20240103000000_c.ts: applied, and not in the folder",
    );
    expect((await run("import knex migrations --stamp --table other")).stderr).toContain(
      "has no table other",
    );
  });
});
