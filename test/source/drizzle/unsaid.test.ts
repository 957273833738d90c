import { sql } from "drizzle-orm";
import {
  bigint,
  integer,
  pgMaterializedView,
  pgSequence,
  pgTable,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { integer as liteInteger, text as liteText, sqliteTable } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { adoptUnsaid } from "../../../src/check/adopt.js";
import { differences } from "../../../src/check/differences.js";
import { askConnection } from "../../../src/check/engine.js";
import { loadDialect } from "../../../src/dialect/registry.js";
import type { DialectName } from "../../../src/schema/name.js";
import type { Schema } from "../../../src/schema/schema.js";
import { drizzle } from "../../../src/source/drizzle/drizzle.js";
import { readExports } from "./read.js";

async function differencesOf(
  engine: DialectName,
  script: string,
  models: Schema,
): Promise<readonly string[]> {
  const dialect = await loadDialect(engine);
  const scratch = await dialect.openScratch({
    url: engine === "postgres" ? "pglite:" : null,
    environmentUrl: null,
    directory: process.cwd(),
  });
  try {
    await scratch.connection.run(script);
    const made = await dialect.inspect(scratch.connection, { namespaces: [], ignoreTables: [] });
    const wanted = adoptUnsaid(models, made, drizzle.unsaid);
    return (await differences(dialect, made, wanted, askConnection(dialect, scratch.connection))).lines;
  } finally {
    await scratch.dispose();
  }
}

test("what Drizzle has no words for is left as it is in PostgreSQL", async () => {
  const persons = pgTable(
    "persons",
    {
      id: bigint({ mode: "number" }).primaryKey(),
      name: text(),
      boss: bigint({ mode: "number" }),
      code: integer(),
    },
    (t) => [unique("persons_name_key").on(t.name), uniqueIndex("persons_code").on(t.code)],
  ).enableRLS();
  const models = await readExports({
    persons,
    numbers: pgSequence("numbers"),
    names: pgMaterializedView("names", { name: text() }).as(sql`select name from persons`),
  });
  const script = `
    create extension citext;
    create table persons (
      id bigint primary key,
      name text collate "C" constraint persons_name_key unique deferrable initially deferred,
      boss bigint,
      code integer,
      exclude using btree (boss with =)
    ) with (fillfactor = 70);
    alter table persons enable row level security, force row level security;
    comment on table persons is 'People';
    comment on column persons.name is 'Theirs';
    create unique index persons_code on persons (code) include (boss) nulls not distinct;
    create sequence numbers owned by persons.id;
    create materialized view names as select name from persons;
    create unique index names_name on names (name);`;
  expect(await differencesOf("postgres", script, models)).toEqual([]);
});

test("and in SQLite", async () => {
  const models = await readExports({
    t: sqliteTable("t", { id: liteInteger().primaryKey().notNull(), name: liteText() }),
  });
  const script = "create table t (id integer primary key not null, name text collate nocase) strict;";
  expect(await differencesOf("sqlite", script, models)).toEqual([]);
});
