import { join } from "node:path";
import { expect, test } from "vitest";
import type { Scratch } from "../../../src/dialect/dialect.js";
import { loadDialect } from "../../../src/dialect/registry.js";
import type { DialectName } from "../../../src/schema/name.js";
import { sql } from "../../../src/source/sql/sql.js";
import { makeProject } from "../project.js";

async function read(files: Readonly<Record<string, string>>, engine: DialectName | null = "sqlite") {
  const root = await makeProject(files);
  let open = 0;
  const openScratch = async (): Promise<Scratch> => {
    const dialect = await loadDialect(engine ?? "sqlite");
    const scratch = await dialect.openScratch({ url: null, environmentUrl: null, directory: root });
    open += 1;
    return {
      ...scratch,
      connection: scratch.connection,
      dispose: async () => {
        open -= 1;
        await scratch.dispose();
      },
    };
  };
  const reading = sql.read({
    root,
    files: Object.keys(files).map((name) => join(root, name)),
    dialect: engine,
    openScratch,
  });
  await reading.catch(() => null);
  expect(open).toBe(0);
  return reading;
}

test("files are run in order, and what they make is the schema", async () => {
  const schema = await read({
    "1.sql":
      'create table "Order ""x""" (id integer primary key, "select" text not null default \'it\'\'s; fine\');',
    "2.sql": `-- visits; of persons
      create table visits (id integer primary key, by integer references "Order ""x""" (id) on delete cascade);
      create index visits_by on visits (by);
      create view recent as select id from visits;
      insert into visits (id) values (1)`,
  });
  expect(schema.dialect).toBe("sqlite");
  expect([...schema.tables.keys()]).toEqual(['Order "x"', "visits"]);
  expect(schema.tables.get('Order "x"')?.columns[1]).toMatchObject({
    name: "select",
    nullable: false,
    default: "'it''s; fine'",
  });
  expect(schema.tables.get("visits")?.indexes).toMatchObject([{ name: "visits_by" }]);
  expect([...schema.views.keys()]).toEqual(["recent"]);
});

test("PostgreSQL too, with what no models can say", async () => {
  const schema = await read(
    {
      "schema.sql": `create schema audit; create type mood as enum ('happy', 'it''s');
        create table persons (id bigint generated always as identity primary key, feels mood default 'happy',
          during tsrange, exclude using gist (during with &&));
        comment on table persons is 'People; all of them';
        create table audit.entries (id bigint primary key, person bigint references persons deferrable);`,
    },
    "postgres",
  );
  expect([...schema.namespaces.keys()]).toEqual(["audit"]);
  expect(schema.enums.get("mood")?.values).toEqual(["happy", "it's"]);
  const persons = schema.tables.get("persons");
  expect(persons?.comment).toBe("People; all of them");
  expect(persons?.constraints.map(({ kind }) => kind).sort()).toEqual(["exclude", "primary-key"]);
});

test("a dump of PostgreSQL, which empties the search path, has its tables in the default namespace", async () => {
  const schema = await read(
    {
      "dump.sql": `SET client_encoding = 'UTF8';
        SELECT pg_catalog.set_config('search_path', '', false);
        CREATE TYPE public.mood AS ENUM ('a');
        CREATE TABLE public.t (id integer NOT NULL, m public.mood DEFAULT 'a'::public.mood);
        ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
        CREATE VIEW public.v AS SELECT t.id FROM public.t;`,
    },
    "postgres",
  );
  expect([...schema.namespaces.keys()]).toEqual([]);
  expect(schema.tables.get("t")?.columns[1]).toMatchObject({ type: { namespace: null, name: "mood" } });
  expect([...schema.views.keys()]).toEqual(["v"]);
});

test("an error names file and line of the failing statement", async () => {
  await expect(
    read({
      "1.sql": "create table a (id integer);",
      "db/2.sql": "\n-- first\n\ncreate table b (\n  id integer references\n);\n",
    }),
  ).rejects.toMatchObject({
    code: "models-unreadable",
    message: expect.stringMatching(/^db\/2\.sql:4: /),
    where: { line: 4, statement: expect.stringMatching(/^create table b/) },
  });
});

test("a byte order mark is no part of the SQL", async () => {
  const schema = await read({ "1.sql": "\uFEFFcreate table a (id integer);" });
  expect([...schema.tables.keys()]).toEqual(["a"]);
});

test("nothing made, no such file, no engine", async () => {
  await expect(read({ "1.sql": "-- later" })).rejects.toMatchObject({
    code: "models-empty",
    details: ["1.sql"],
  });
  await expect(read({ "1.sql": "create table a (id integer);" }, null)).rejects.toMatchObject({
    code: "config-invalid",
    remedy: expect.stringContaining("dialect"),
  });
  await expect(
    sql.read({
      root: "/nowhere",
      files: ["/nowhere/schema.sql"],
      dialect: "sqlite",
      openScratch: () => Promise.reject(new Error("not needed")),
    }),
  ).rejects.toMatchObject({ code: "file-unreadable" });
});

test("recognizes files that all end in .sql", async () => {
  expect(await sql.recognizes(["/a/b.sql", "/c.SQL"])).toBe(true);
  expect(await sql.recognizes(["/a/b.sql", "/c.ts"])).toBe(false);
  expect(await sql.recognizes([])).toBe(false);
});

test.each(["postgres", "sqlite"] as const)("files and statements in any order: %s", async (engine) => {
  const schema = await read(
    {
      "1.sql": "create view v as select * from c; create index by_parent on c (parent);",
      "2.sql": "create table c (id integer primary key, parent integer references p (id));",
      "3.sql": "create table p (id integer primary key);",
    },
    engine,
  );
  expect([...schema.tables.keys()].sort()).toEqual(["c", "p"]);
  expect(schema.tables.get("c")?.indexes).toMatchObject([{ name: "by_parent" }]);
  expect([...schema.views.keys()]).toEqual(["v"]);
});

test("a chain that stands upside down, over keys, functions and settings", async () => {
  const views = Array.from({ length: 200 }, (_, at) => `create view v${at} as select * from v${at + 1};`);
  const schema = await read(
    {
      "a.sql": `${views.join("\n")}
        set search_path to app, public;
        create table inner_one (id integer primary key default next_one(), of bigint references outer_one (id));
        begin;
        create trigger touch before update on outer_one for each row execute function touch();
        create table in_a_block (id integer);
        commit;
        set search_path to public;`,
      "b.sql": `create view v200 as select id, count(*) from outer_one group by id, name;
        create function next_one() returns integer language sql begin atomic select n from numbers; end;
        create function app.next_one() returns integer language sql as 'select n from not_there';
        create function touch() returns trigger language plpgsql as 'begin return new; end';
        create schema app;
        create table numbers (n integer);
        create table outer_one (id bigint, name text);
        alter table outer_one add primary key (id);`,
    },
    "postgres",
  );
  expect(schema.views.size).toBe(201);
  expect([...schema.tables.values()].map(({ namespace, name }) => `${namespace}.${name}`).sort()).toEqual([
    "app.in_a_block",
    "app.inner_one",
    "null.numbers",
    "null.outer_one",
  ]);
  expect(schema.tables.get("app\u0000inner_one")?.columns[0]?.default).toContain("app.next_one");
});

test("what cannot be made is named with its line, all at once, the cause first", async () => {
  const reading = read(
    {
      "a.sql": "create view v as select * from b;\ncreate table c (id integer references b (id));",
      "b.sql": "\ncreate table b (id integer primary key, x nonsense);",
    },
    "postgres",
  );
  await expect(reading).rejects.toMatchObject({
    code: "models-unreadable",
    message: expect.stringMatching(/^a\.sql:1: relation "b" does not exist \(and 2 more\)$/),
    details: [expect.stringMatching(/^a\.sql:2: /), expect.stringMatching(/^b\.sql:2: type "nonsense"/)],
  });
});

test("DROP is not put off: it would drop what was made in the meantime", async () => {
  const reading = read({ "a.sql": "drop table a;\ncreate table a (id integer);" });
  await expect(reading).rejects.toMatchObject({ message: expect.stringMatching(/^a\.sql:1: no such table/) });
});

test("the version of an extension is open unless a statement gives it", async () => {
  const versions = async (script: string) =>
    [...(await read({ "a.sql": script }, "postgres")).extensions.values()].map(({ version }) => version);
  expect(await versions("create extension pg_trgm; create extension citext version '1.6';")).toEqual([
    "1.6",
    null,
  ]);
});
