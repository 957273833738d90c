import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { loadDialect } from "../../src/dialect/registry.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

function folderOf(config: object, files: Record<string, string>): string {
  const folder = temporaryFolder({
    "package.json": '{"type":"module"}',
    "aludel.config.json": JSON.stringify(config),
    ...files,
  });
  symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(folder, "node_modules"));
  return folder;
}

async function onPostgres(script: string, use: (url: string) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  try {
    const dialect = await loadDialect("postgres");
    const connection = await dialect.connect(database.url, { directory: process.cwd() });
    await connection.run(script);
    await connection.close();
    await use(database.url);
  } finally {
    await database.drop();
  }
}

const models = "create table persons (id integer primary key, name text);";

describe("what is left out is no difference, in any command", () => {
  const script = `create schema audit; create table audit.entries (id integer primary key);
    create table persons (id integer primary key, name text);
    create table legacy_users (id integer primary key, of integer references persons (id));
    create table _prisma_migrations (id text);
    create schema pgboss; create table pgboss.job (id integer);
    create view v as select id from persons;`;

  test("check, diff, inspect, and autogenerate against the database", async () => {
    await onPostgres(script, async (url) => {
      const config = {
        schema: "schema.sql",
        environments: { db: url },
        exclude: { schemas: "audit", tables: "legacy_*", kinds: "view" },
      };
      const folder = folderOf(config, { "schema.sql": models });
      const check = await aludel(folder, ["check", "--database", "-v"]);
      expect(check.stderr).toContain(
        "Ignored: 3 objects (1 × Prisma, 1 × exclude.tables, 1 × exclude.kinds):",
      );
      expect(check.stderr).toContain("  table _prisma_migrations: Prisma\n");
      expect([check.exit, check.stdout]).toEqual([0, ""]);

      const inspect = await aludel(folder, ["inspect", "--json"]);
      const answer = JSON.parse(inspect.stdout);
      expect(Object.keys(answer.tables)).toEqual(["persons"]);
      expect(answer.ignored).toContainEqual({ kind: "namespace", name: "pgboss", because: "pg-boss" });
      expect(answer.ignored).toHaveLength(7);

      const none = await aludel(folder, ["revision", "--autogenerate", "--against", "database", "-m", "x"]);
      expect(none.stderr).toContain("Nothing to generate");

      const every = { ...config, exclude: { tables: ["!_prisma_migrations"], schemas: "!pgboss" } };
      const all = folderOf(every, { "schema.sql": models });
      const seen = JSON.parse((await aludel(all, ["inspect", "--json"])).stdout);
      expect(seen.ignored).toEqual([]);
    });
  });

  test("what an include names is looked at although the models do not speak of it", async () => {
    await onPostgres(script, async (url) => {
      const config = { schema: "schema.sql", environments: { db: url } };
      const quiet = folderOf(config, {
        "schema.sql": `${models} create view v as select id from persons;
        create table legacy_users (id integer primary key, of integer references persons (id));`,
      });
      expect((await aludel(quiet, ["check", "--database"])).exit).toBe(0);
      const asking = folderOf(
        { ...config, include: { schemas: ["public", "audit"] } },
        {
          "schema.sql": `${models} create view v as select id from persons;
        create table legacy_users (id integer primary key, of integer references persons (id));`,
        },
      );
      const { exit, stdout } = await aludel(asking, ["check", "--database"]);
      expect([exit, stdout]).toEqual([1, expect.stringContaining("drop table audit.entries")]);
    });
  });
});

describe("what stays may point at what is left out", () => {
  const drizzle = `import { integer, pgSchema, pgTable, uuid } from "drizzle-orm/pg-core";
    const auth = pgSchema("auth");
    export const users = auth.table("users", { id: uuid().primaryKey() });
    export const profiles = pgTable("profiles", { id: integer().primaryKey(), user: uuid().references(() => users.id) });`;

  test("a platform's table that models only refer to", async () => {
    await onPostgres("create schema auth; create table auth.users (id uuid primary key);", async (url) => {
      const config = { schema: "models.ts", environments: { db: url }, exclude: { schemas: "auth" } };
      const folder = folderOf(config, { "models.ts": drizzle });
      const made = await aludel(folder, ["revision", "--autogenerate", "-m", "profiles"]);
      expect([made.exit, made.stderr]).toEqual([0, expect.stringContaining("models equal")]);
      expect(made.stderr).not.toContain("auth.users");
      const upgrade = await aludel(folder, ["upgrade"]);
      expect([upgrade.exit, upgrade.stderr]).toEqual([0, expect.anything()]);
      expect((await aludel(folder, ["check"])).exit).toBe(0);
      expect((await aludel(folder, ["check", "--database"])).exit).toBe(0);
      expect((await aludel(folder, ["verify"])).exit).toBe(0);
      expect((await aludel(folder, ["downgrade", "base"])).exit).toBe(0);
    });
  });
});

test("inspect shows every kind", async () => {
  const script = `create domain email as text check (value like '%@%') not null;
    create type money_of as (amount integer, "Currency" text);
    create table persons (id integer primary key);
    create function touch() returns trigger language plpgsql as 'begin return new; end';
    create trigger touch before update on persons for each row execute function touch();`;
  await onPostgres(script, async (url) => {
    const { stdout } = await aludel(folderOf({}, {}), ["inspect", "--url", url]);
    for (const line of ["domain email text not null", "composite money_of (amount integer, Currency text)"]) {
      expect(stdout.split("\n")).toContain(line);
    }
    expect(stdout).toContain("function touch()");
    expect(stdout).toContain("trigger persons.touch");
  });
});
