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
