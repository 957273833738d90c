import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle as drizzlePostgres } from "drizzle-orm/node-postgres";
import { migrate as migratePostgres } from "drizzle-orm/node-postgres/migrator";
import { drizzle as drizzleProxy } from "drizzle-orm/sqlite-proxy";
import { migrate as migrateProxy } from "drizzle-orm/sqlite-proxy/migrator";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { inspectUrl, on } from "../run/project.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const breakpoint = "--> statement-breakpoint";

/** What drizzle-kit writes, in a folder of its own. */
function drizzleFolder(dialect: string, files: readonly (readonly [tag: string, sql: string])[]) {
  const entries = files.map(([tag], idx) => ({
    idx,
    version: "7",
    when: 1_700_000_000_123 + idx * 86_400_000,
    tag,
    breakpoints: true,
  }));
  return {
    "drizzle/meta/_journal.json": JSON.stringify({ version: "7", dialect, entries }),
    "drizzle/meta/0000_snapshot.json": "{}",
    ...Object.fromEntries(files.map(([tag, sql]) => [`drizzle/${tag}.sql`, sql])),
  };
}

function project(settings: object, files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder({
    "package.json": '{"type":"module"}',
    "aludel.config.json": JSON.stringify(settings),
    ...files,
  });
  symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(folder, "node_modules"));
  return { folder, run: (line: string) => aludel(folder, line.split(" ")) };
}

interface Libsql {
  exec(sql: string): void;
  prepare(sql: string): {
    raw(): { all(...values: readonly unknown[]): unknown[][] };
    run(...values: readonly unknown[]): void;
  };
  close(): void;
}

/** Drizzle's own migrator on a file. */
async function migrateFile(folder: string, file: string): Promise<void> {
  const Database = createRequire(import.meta.url)("libsql") as new (path: string) => Libsql;
  const database = new Database(join(folder, file));
  const db = drizzleProxy(async (sql, parameters, method) => {
    const statement = database.prepare(sql);
    if (method !== "run") return { rows: statement.raw().all(...parameters) };
    statement.run(...parameters);
    return { rows: [] };
  });
  const runAll = async (queries: string[]) => {
    for (const query of queries) database.exec(query);
  };
  await migrateProxy(db, runAll, { migrationsFolder: join(folder, "drizzle") });
  database.close();
}

const sqliteModels = `import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
export const orders = sqliteTable('Order "x"', { id: integer().primaryKey(), naive: text("naïve ü"), total: integer().notNull().default(0) });
`;

const sqliteFiles = [
  [
    "0000_first_one",
    'CREATE TABLE `Order "x"` (\n\t`id` integer PRIMARY KEY NOT NULL,\n\t`naïve ü` text\n);\n',
  ],
  [
    "0001_second",
    `CREATE TABLE \`gone\` (\`id\` integer)${breakpoint}\nDROP TABLE \`gone\`;${breakpoint}\nALTER TABLE \`Order "x"\` ADD \`total\` integer DEFAULT 0 NOT NULL;`,
  ],
] as const;

describe("import drizzle", () => {
  test("on SQLite, after Drizzle's own migrator: nothing to do, models agree, new databases are built, and it goes on", async () => {
    const config = {
      dialect: "sqlite",
      schema: "schema.ts",
      environments: { dev: "sqlite:dev.db", new: "sqlite:new.db" },
      defaultEnvironment: "dev",
    };
    const { folder, run } = project(config, {
      "schema.ts": sqliteModels,
      ...drizzleFolder("sqlite", sqliteFiles),
    });
    await migrateFile(folder, "dev.db");
    await run("import drizzle drizzle");
    const unversioned = await run("upgrade");
    expect([unversioned.exit, unversioned.stderr]).toEqual([
      2,
      expect.stringContaining(
        "Drizzle has managed it, and its table __drizzle_migrations says where it is: `aludel import drizzle FOLDER --stamp`",
      ),
    ]);
    rmSync(join(folder, "revisions"), { recursive: true });
    const { exit, stdout, stderr } = await run("import drizzle drizzle --stamp");
    expect([exit, stdout]).toEqual([
      0,
      "revisions/20231114221320_first_one.sql\nrevisions/20231115221320_second.sql\n",
    ]);
    expect(stderr).toContain(
      "2 revisions of Drizzle are imported now; the head is 0001_second. None was run.",
    );
    expect(stderr).toContain("Drizzle has applied 2 of 2 revisions to");
    expect(stderr).toContain("It was at no revision and is now stamped with 0001_second.");
    expect((await run("current --json")).stdout).toContain('"atHeads": true');
    expect((await run("upgrade")).stdout).toContain("Nothing to do");
    expect([(await run("check")).exit, (await run("check --database")).exit]).toEqual([0, 0]);
    expect((await run("validate")).exit).toBe(0);
    expect((await run("upgrade --env new")).exit).toBe(0);
    const ofNew = await inspectUrl("sqlite:new.db", folder);
    expect([...ofNew.tables.keys()]).toEqual(['Order "x"']);
    // A second time: nothing, in the folder and in the database.
    const again = await run("import drizzle drizzle --stamp");
    expect([again.exit, again.stdout]).toEqual([0, ""]);
    expect(again.stderr).toContain("Nothing new: all 2 revisions of Drizzle were there already.");
    expect(again.stderr).toContain("It is at 0001_second, which has all of them");
    writeFileSync(join(folder, "schema.ts"), sqliteModels.replace("id:", "email: text(), id:"));
    expect((await run("revision --autogenerate -m email")).exit).toBe(0);
    expect((await run("upgrade")).exit).toBe(0);
    expect((await run("check --database")).exit).toBe(0);
    // The database is further than Drizzle's table knows.
    expect((await run("import drizzle drizzle --stamp")).stderr).toContain(
      "its version table stays as it is",
    );
    expect((await run("downgrade -1")).exit).toBe(0);
    expect((await run("downgrade -1")).stderr).toContain("Drizzle has no way back");
  });

  test("on PostgreSQL, after Drizzle's own migrator: what is new in the folder is pending, and runs", async () => {
    const files = [
      [
        "0000_init",
        `CREATE TYPE "public"."mood" AS ENUM('sad', 'ok');${breakpoint}\nCREATE TABLE "select" (\n\t"id" serial PRIMARY KEY NOT NULL,\n\t"mood" "mood"\n);\n`,
      ],
      ["0001_text", `ALTER TABLE "select" ADD COLUMN "note" text DEFAULT 'a; b';`],
      ["0002_late", `CREATE INDEX CONCURRENTLY "by_note" ON "select" ("note");`],
    ] as const;
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const models = `import { index, pgEnum, pgTable, serial, text } from "drizzle-orm/pg-core";
export const mood = pgEnum("mood", ["sad", "ok"]);
export const rows = pgTable("select", { id: serial().primaryKey(), mood: mood(), note: text().default("a; b") }, (t) => [index("by_note").on(t.note)]);
`;
    const { folder, run } = project(
      { schema: "schema.ts", environments: { dev: database.url } },
      {
        "schema.ts": models,
        ...drizzleFolder("postgresql", files.slice(0, 2)),
      },
    );
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await migratePostgres(drizzlePostgres(client), { migrationsFolder: join(folder, "drizzle") });
    await client.end();
    for (const [name, text] of Object.entries(drizzleFolder("postgresql", files)))
      writeFileSync(join(folder, name), text);
    const dry = await run("import drizzle drizzle --stamp --dry-run --json");
    const plan = JSON.parse(dry.stdout);
    expect(plan).toMatchObject({
      dryRun: true,
      heads: ["0002_late"],
      database: { table: "drizzle.__drizzle_migrations", rows: ["0001_text"], pending: ["0002_late"] },
    });
    expect((await run("current")).stdout).not.toContain("0001_text");
    const { stderr } = await run("import drizzle drizzle --stamp");
    expect(stderr).toContain("pending: 1 revision will run with the next `aludel upgrade`: 0002_late");
    expect((await run("upgrade")).stderr).toContain("late");
    expect((await run("upgrade")).stdout).toContain("Nothing to do");
    expect((await run("check --database")).exit).toBe(0);
  }, 60_000);

  test("an edited file, a migration that is not in the folder, and one that Drizzle left out: all are named, and nothing is changed", async () => {
    const config = { dialect: "sqlite", environments: { dev: "sqlite:dev.db" } };
    const files = [
      ...sqliteFiles,
      ["0002_third", "CREATE TABLE third (id integer);"],
      ["0003_fourth", "CREATE TABLE fourth (id integer);"],
    ] as const;
    const { folder, run } = project(config, drizzleFolder("sqlite", files));
    await migrateFile(folder, "dev.db");
    await on("sqlite:dev.db", folder, (connection) =>
      connection.run(
        "DELETE FROM __drizzle_migrations WHERE created_at = 1700086400123; INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('feed', 1690000000000)",
      ),
    );
    writeFileSync(join(folder, "drizzle/0000_first_one.sql"), "CREATE TABLE other (id integer);");
    const { exit, stderr } = await run("import drizzle drizzle --stamp");
    expect([exit, stderr]).toEqual([2, expect.stringContaining("error[import-refused]")]);
    expect(stderr).toContain(
      "a migration made 2023-07-22T04:26:40.000Z with the hash feed: applied, and not in the folder",
    );
    expect(stderr).toContain("0001_second: not applied, and 0002_third above it is");
    expect(stderr).toMatch(/0000_first_one: applied, and \S+0000_first_one.sql is not what ran/);
    expect((await run("history")).stdout).toBe("");
    await on("sqlite:dev.db", folder, (connection) =>
      connection.run("DELETE FROM __drizzle_migrations WHERE hash = 'feed' OR created_at > 1700000000123"),
    );
    expect((await run("import drizzle drizzle --stamp")).stderr).toContain("say --allow-edited");
    const allowed = await run("import drizzle drizzle --stamp --allow-edited");
    expect([allowed.exit, allowed.stderr]).toEqual([
      0,
      expect.stringContaining("changed since they ran, and taken as they are now: 0000_first_one"),
    ]);
    expect((await run("current")).stdout).toContain("0000_first_one");
  });

  test("the folders of drizzle-kit 1.0, and the rows of its table before and after", async () => {
    const config = { dialect: "sqlite", environments: { dev: "sqlite:dev.db" } };
    const { folder, run } = project(config, {
      "drizzle/20231114221320_a/migration.sql": "CREATE TABLE a (id integer);",
      "drizzle/20231114221320_a/snapshot.json": "{}",
      "drizzle/20231115000000_b/migration.sql": "CREATE TABLE b (id integer);",
      "drizzle/20231116000000_c/migration.sql": "CREATE TABLE c (id integer);",
    });
    const { createHash } = await import("node:crypto");
    const hash = (letter: string) =>
      createHash("sha256").update(`CREATE TABLE ${letter} (id integer);`).digest("hex");
    await on("sqlite:dev.db", folder, (connection) =>
      connection.run(`CREATE TABLE __drizzle_migrations (id INTEGER PRIMARY KEY, hash text NOT NULL, created_at numeric, name text, applied_at TEXT);
        INSERT INTO __drizzle_migrations (hash, created_at, name) VALUES ('${hash("a")}', 1700000000123, NULL), ('${hash("b")}', 1700006400000, '20231115000000_b')`),
    );
    const { exit, stderr } = await run("import drizzle drizzle --stamp");
    expect([exit, stderr]).toEqual([0, expect.stringContaining("is now stamped with 20231115000000_b.")]);
    expect(stderr).toContain("`aludel upgrade`: 20231116000000_c");
  });

  test.each([
    [
      "no JSON",
      { "drizzle/meta/_journal.json": "<<<<<<< HEAD" },
      "error[import-unreadable] The journal is no JSON",
    ],
    [
      "an entry without its file",
      drizzleFolder("sqlite", sqliteFiles.slice(0, 1)),
      "there is no 0000_first_one.sql",
    ],
    [
      "another engine",
      drizzleFolder("mysql", []),
      "error[dialect-mismatch] The migrations of Drizzle are for mysql",
    ],
    [
      "nothing there",
      { "drizzle/readme.md": "" },
      "error[file-unreadable] The folder has no migrations of Drizzle",
    ],
  ])("%s", async (_name, files: Record<string, string>, message) => {
    const { "drizzle/0000_first_one.sql": _file, ...rest } = files;
    const { run } = project({ dialect: "sqlite" }, rest);
    const { exit, stderr } = await run("import drizzle drizzle");
    expect([exit, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test("files that are not in the journal are named, and a database without Drizzle's table is refused", async () => {
    const config = { dialect: "sqlite", environments: { dev: "sqlite:dev.db" } };
    const { folder, run } = project(config, {
      ...drizzleFolder("sqlite", sqliteFiles),
      "drizzle/0009_lost.sql": "SELECT 1",
    });
    expect((await run("import drizzle drizzle --dry-run")).stderr).toContain(
      "drizzle/0009_lost.sql is left out: it is not in the journal",
    );
    await on("sqlite:dev.db", folder, (connection) => connection.run("CREATE TABLE x (id integer)"));
    expect((await run("import drizzle drizzle --stamp")).stderr).toContain(
      "has no table drizzle.__drizzle_migrations or __drizzle_migrations",
    );
    const many = await run("import drizzle drizzle drizzle");
    expect([many.exit, many.stderr]).toEqual([2, expect.stringContaining("in one folder")]);
  });
});
