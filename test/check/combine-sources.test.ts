import { join } from "node:path";
import { expect, test } from "vitest";
import { adoptUnsaid } from "../../src/check/adopt.js";
import { differences } from "../../src/check/differences.js";
import { askConnection } from "../../src/check/engine.js";
import { readModels } from "../../src/check/read-models.js";
import { validateConfig } from "../../src/config/validate.js";
import { loadDialect } from "../../src/dialect/registry.js";
import type { DialectName } from "../../src/schema/name.js";
import { makeProject } from "../source/project.js";

async function combined(engine: DialectName, files: Readonly<Record<string, string>>) {
  const root = await makeProject(files);
  const origin = { file: join(root, "aludel.config.ts"), root, variables: {}, dotenv: null };
  const config = validateConfig({ schema: Object.keys(files), dialect: engine }, origin);
  const dialect = await loadDialect(engine);
  return readModels(config, engine, () =>
    dialect.openScratch({ url: null, environmentUrl: null, directory: root }),
  );
}

const drizzle = `import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, pgView, text, timestamp, uuid } from "drizzle-orm/pg-core";
export const visits = pgTable("visits", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  person: uuid().references(() => persons.id),
});
export const persons = pgTable("persons", {
  id: uuid().primaryKey().default(sql\`new_id()\`),
  email: text().notNull().unique(),
  "updated at": timestamp({ withTimezone: true }).defaultNow(),
}, (t) => [
  check("lower", sql\`\${t.email} = lower(\${t.email})\`),
  index("by_email").on(t.email).concurrently(),
]);
export const known = pgView("known").as((q) => q.select({ id: persons.id }).from(persons));
`;

const functions = `-- in an order in which nothing runs
create view recent as select id from persons where "updated at" > now() - interval '1 day';
create trigger touch before update on persons for each row execute function touch();
create index by_trigram on persons using gin (email gin_trgm_ops);
comment on column persons.email is 'lower case';
create function new_id() returns uuid language sql as 'select gen_random_uuid()';
create function touch() returns trigger language plpgsql as
  'begin new."updated at" := now(); return new; end';
create table audit.entries (id bigint primary key, person uuid references persons (id) deferrable);
create extension pg_trgm;
create schema audit;
`;

test("models and SQL files that need each other", async () => {
  const { schema } = await combined("postgres", { "models.ts": drizzle, "functions.sql": functions });
  expect([...schema.tables.keys()]).toEqual(["visits", "persons", "audit\u0000entries"]);
  expect([...schema.views.keys()]).toEqual(["known", "recent"]);
  expect([...schema.extensions.keys()]).toEqual(["pg_trgm"]);
  const persons = schema.tables.get("persons");
  expect(persons?.columns.map(({ name, default: value }) => [name, value])).toEqual([
    ["id", "new_id()"],
    ["email", null],
    ["updated at", "now()"],
  ]);
  expect(persons?.indexes.map(({ name, concurrently }) => [name, concurrently])).toEqual([
    ["by_email", true],
    ["by_trigram", false],
  ]);
  const check = persons?.constraints.find(({ kind }) => kind === "check");
  expect(check).toMatchObject({ expression: `"email" = lower("email")` });
  const unique = persons?.constraints.find(({ kind }) => kind === "unique");
  expect(unique).toMatchObject({ name: "persons_email_unique", implicitName: true });
  expect(schema.views.get("known")?.definition).toBe('select "id" from "persons"');
});

test("what neither has said stays, and what SQL has said counts", async () => {
  const models = await combined("postgres", { "models.ts": drizzle, "functions.sql": functions });
  const dialect = await loadDialect("postgres");
  const scratch = await dialect.openScratch({ url: null, environmentUrl: null, directory: process.cwd() });
  try {
    const { connection } = scratch;
    await connection.run(`${functionsFirst}
      comment on table persons is 'said by nobody';
      comment on column persons.email is 'said otherwise';
      comment on table audit.entries is 'all of it is said by SQL';
      alter table persons set (fillfactor = 70);`);
    const found = await dialect.inspect(connection, { namespaces: "all", ignoreTables: [] });
    const wanted = adoptUnsaid(models.schema, found, models.unsaid);
    const { lines } = await differences(dialect, found, wanted, askConnection(dialect, connection));
    expect(lines.filter((line) => line.includes("comment"))).toHaveLength(2);
    expect(lines.filter((line) => !line.includes("comment"))).toEqual([]);
  } finally {
    await scratch.dispose();
  }
});

/** The same by hand, in an order that runs. */
const functionsFirst = `create schema audit; create extension pg_trgm;
create function new_id() returns uuid language sql as 'select gen_random_uuid()';
create function touch() returns trigger language plpgsql as
  'begin new."updated at" := now(); return new; end';
create table persons (id uuid primary key default new_id(), email text not null constraint persons_email_unique unique,
  "updated at" timestamptz default now(), constraint lower check (email = lower(email)));
create table visits (id integer primary key generated always as identity,
  person uuid constraint visits_person_persons_id_fk references persons (id));
create index by_email on persons (email);
create view known as select id from persons;
create table audit.entries (id bigint primary key, person uuid references persons (id) deferrable);
create view recent as select id from persons where "updated at" > now() - interval '1 day';
create trigger touch before update on persons for each row execute function touch();
create index by_trigram on persons using gin (email gin_trgm_ops);`;

test("SQLite: a view and a trigger over Drizzle's tables", async () => {
  const { schema } = await combined("sqlite", {
    "a.sql": `create trigger touch after update on persons begin update persons set n = n + 1 where id = new.id; end;
      create view names as select name from persons;
      create table own (id integer primary key, person integer references persons (id));`,
    "models.ts": `import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
      export const persons = sqliteTable("persons", { id: integer().primaryKey(), name: text().unique(), n: integer().default(0) });`,
  });
  expect([...schema.tables.keys()]).toEqual(["persons", "own"]);
  expect([...schema.views.keys()]).toEqual(["names"]);
});

test("a table that both make is named", async () => {
  const reading = combined("postgres", {
    "models.ts": drizzle,
    "functions.sql": `${functions}\ncreate table persons (id integer);`,
  });
  await expect(reading).rejects.toMatchObject({
    code: "models-unreadable",
    message: expect.stringMatching(/^create table persons: relation "persons" already exists/),
    remedy: expect.stringContaining("see whether the SQL files make it as well"),
  });
});

test("what the SQL files do not make is named with the object of the models", async () => {
  const reading = combined("postgres", { "models.ts": drizzle, "functions.sql": "create schema audit;" });
  await expect(reading).rejects.toMatchObject({
    message: expect.stringMatching(
      /^create table persons: function new_id\(\) does not exist \(and \d more\)$/,
    ),
  });
});
