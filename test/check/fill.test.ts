import { describe, expect, test } from "vitest";
import { fillSchema } from "../../src/check/rows/fill.js";
import { readRows } from "../../src/check/rows/snapshot.js";
import type { Connection } from "../../src/dialect/connection.js";
import { loadDialect, loadRowDialect } from "../../src/dialect/registry.js";
import { newDatabase, on } from "../run/project.js";

/** Fills a database with this schema; the number of rows by table, and what could not be filled. */
async function fill(connection: Connection, script: string) {
  await connection.run(script);
  const dialect = await loadDialect(connection.dialect);
  const rows = await loadRowDialect(connection.dialect);
  const schema = await dialect.inspect(connection, { namespaces: "all", ignoreTables: [] });
  const started = performance.now();
  const filled = await fillSchema(dialect, rows, connection, schema, new Map(), new Map());
  const durationMs = performance.now() - started;
  const snapshot = await readRows(rows, connection, schema);
  const counts = Object.fromEntries([...snapshot.tables].map(([key, table]) => [key, table.rows.length]));
  return { filled, counts, snapshot, durationMs };
}

const onPostgres = async (script: string) =>
  on(await newDatabase("postgres"), process.cwd(), (connection) => fill(connection, script));
const onSqlite = async (script: string) =>
  on("sqlite::memory:", process.cwd(), (connection) => fill(connection, script));

/** Every table has at least two rows, and none was given up. */
function expectFilled({ filled, counts }: Awaited<ReturnType<typeof fill>>, least = 2) {
  expect(filled.unfilled).toEqual([]);
  const few = Object.entries(counts).filter(([, count]) => count < least);
  expect(few).toEqual([]);
}

const conditions = [
  "CHECK (kind IN ('circle', 'square', 'Order \"x\"'))",
  "CHECK (kind = 'circle' OR kind = 'square')",
];

describe("conditions", () => {
  test("postgres: lists, ranges, lengths, patterns, and columns that depend on each other", async () => {
    const result = await onPostgres(`
      CREATE TABLE lists (kind text NOT NULL ${conditions[0]}, state varchar(10) NOT NULL ${conditions[1]?.replaceAll("kind", "state")});
      CREATE TABLE ranges (age int NOT NULL CHECK (age BETWEEN 18 AND 21), rate numeric(4,3) NOT NULL CHECK (rate > 0.25 AND rate < 0.5), year int NOT NULL CHECK (year > 1900 AND year <= 1950));
      CREATE TABLE lengths (country char(2) NOT NULL CHECK (country ~ '^[A-Z]{2}$'), code text NOT NULL CHECK (char_length(code) = 17), name text NOT NULL CHECK (length(trim(name)) >= 40));
      CREATE TABLE patterns (mail text NOT NULL CHECK (mail ~* '^[a-z0-9._%+-]+@[a-z0-9.-]+\\.[a-z]{2,}$'), slug text NOT NULL CHECK (slug ~ '^(a|b)-\\d{3,5}(x|yy)?$'), color text NOT NULL CHECK (color LIKE '#______'));
      CREATE TABLE pairs (starts date NOT NULL, ends date NOT NULL, CHECK (ends > starts), low int NOT NULL, high int NOT NULL, CHECK (low < high AND high < 100));
      CREATE TABLE either (a int, b int, c int, CHECK (num_nonnulls(a, b, c) = 1));
      CREATE TABLE documents (body jsonb NOT NULL CHECK (jsonb_typeof(body) = 'array'), data jsonb NOT NULL CHECK (data ? 'name' AND data ? 'size'), tags text[] NOT NULL CHECK (cardinality(tags) BETWEEN 1 AND 3), states text[] NOT NULL CHECK (states <@ ARRAY['on', 'off']));
      CREATE TABLE many (a text NOT NULL CHECK (a IN ('x','y')), b int NOT NULL CHECK (b > 5), c int NOT NULL CHECK (c % 7 = 0), d text NOT NULL CHECK (upper(d) = d AND d <> ''), e boolean NOT NULL CHECK (e), f text NOT NULL CHECK (f::int > 3));
      CREATE TABLE impossible (a int NOT NULL CHECK (a * a = 1764 AND a < -40 AND a > 3));
    `);
    expect(result.filled.unfilled).toMatchObject([{ table: "impossible" }]);
    expect(result.filled.unfilled[0]?.reason).toContain("impossible_a_check");
    const few = Object.entries(result.counts).filter(([, count]) => count < 2);
    expect(few).toEqual([["impossible", 0]]);
  });

  test("sqlite", async () => {
    const result = await onSqlite(
      `
      CREATE TABLE lists (kind TEXT NOT NULL ${conditions[0]}, state TEXT NOT NULL ${conditions[1]?.replaceAll("kind", "state")});
      CREATE TABLE ranges (age INTEGER NOT NULL CHECK (age BETWEEN 18 AND 21), rate REAL NOT NULL CHECK (rate > 0.25 AND rate < 0.5));
      CREATE TABLE lengths (code TEXT NOT NULL CHECK (length(code) = 17), name TEXT CHECK (length(name) >= 3), flag INT NOT NULL CHECK (flag IN (0, 1)));
      CREATE TABLE pairs (starts DATE NOT NULL, ends DATE NOT NULL, low INT NOT NULL, high INT NOT NULL, CHECK (ends > starts), CHECK (low < high AND high < 100));
      CREATE TABLE documents (body JSON NOT NULL CHECK (json_valid(body)), "select" ANY CHECK (typeof("select") = 'text')) STRICT;
    `.replace("body JSON", "body TEXT"),
    );
    expectFilled(result);
  });
});

describe("keys", () => {
  test("postgres: composite, shared by two foreign keys, circles, self references, one to one", async () => {
    const result = await onPostgres(`
      CREATE TABLE tenants (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE NOT NULL);
      CREATE TABLE users (tenant_id bigint REFERENCES tenants, id uuid DEFAULT gen_random_uuid(), boss uuid, PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, boss) REFERENCES users);
      CREATE TABLE teams (tenant_id bigint REFERENCES tenants, id serial, lead uuid NOT NULL, PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, lead) REFERENCES users);
      CREATE TABLE members (tenant_id bigint NOT NULL, user_id uuid, team_id int, PRIMARY KEY (tenant_id, user_id, team_id), FOREIGN KEY (tenant_id, user_id) REFERENCES users, FOREIGN KEY (tenant_id, team_id) REFERENCES teams);
      CREATE TABLE profiles (tenant_id bigint, user_id uuid, PRIMARY KEY (tenant_id, user_id), FOREIGN KEY (tenant_id, user_id) REFERENCES users, picture bytea);
      CREATE TABLE hens (id int PRIMARY KEY, egg_id int); CREATE TABLE eggs (id int PRIMARY KEY, hen_id int NOT NULL REFERENCES hens);
      ALTER TABLE hens ADD FOREIGN KEY (egg_id) REFERENCES eggs;
      CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, a_id int NOT NULL REFERENCES a DEFERRABLE);
      ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b DEFERRABLE INITIALLY DEFERRED;
      CREATE TABLE root (id int PRIMARY KEY, parent_id int NOT NULL REFERENCES root);
      CREATE TABLE spans (room int, during tstzrange, EXCLUDE USING gist (during WITH &&));
      CREATE TABLE flags (flag boolean UNIQUE NOT NULL);
    `);
    expectFilled(result, 1);
    expect(result.snapshot.tables.get("hens")?.rows.some((row) => row[1] !== null)).toBe(true);
    expect(result.counts["members"]).toBeGreaterThanOrEqual(2);
  });

  test("sqlite", async () => {
    const result = await onSqlite(`
      CREATE TABLE parents (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE);
      CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parents, elder INTEGER REFERENCES children);
      CREATE TABLE pairs (a INTEGER REFERENCES parents (id), b TEXT REFERENCES parents (name), PRIMARY KEY (a, b)) WITHOUT ROWID;
      CREATE TABLE a (id INTEGER PRIMARY KEY, b_id INT NOT NULL REFERENCES b DEFERRABLE INITIALLY DEFERRED);
      CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INT NOT NULL REFERENCES a DEFERRABLE INITIALLY DEFERRED);
      CREATE TABLE loose (x, y BLOB, z NUMERIC, "select" TEXT COLLATE NOCASE);
      CREATE TABLE strict_one (i INT, r REAL, t TEXT, b BLOB, a ANY) STRICT;
    `);
    expectFilled(result, 1);
  });
});

test("postgres: every type", async () => {
  const types =
    `smallint integer bigint numeric numeric(5,2) numeric(3,3) numeric(2,-3) real|double precision|boolean|"char" name text varchar varchar(3) char char(5)
    bytea uuid json jsonb jsonpath date|time|time(0) with time zone|timestamp(3)|timestamptz|interval|interval day to second|inet cidr macaddr macaddr8 bit bit(7)|bit varying(9)|varbit
    point line lseg box path polygon circle tsvector tsquery int4range numrange tstzrange daterange int8multirange datemultirange money oid pg_lsn xml regclass regtype
    int[] text[] numeric(4,1)[] mood[] jsonb[] tstzrange[] mood positive short_text pair pair[] span email`
      .split(/\n|\|/)
      .flatMap((line) =>
        / with | to | varying|double/.test(line) ? [line.trim()] : line.trim().split(/\s+/),
      );
  const columns = types.map((type, at) => `c${at} ${type}`).join(", ");
  const required = types.map((type, at) => `c${at} ${type} NOT NULL`).join(", ");
  const result = await onPostgres(`
    CREATE TYPE mood AS ENUM ('sad', 'it''s "ok"');
    CREATE DOMAIN positive AS int CHECK (VALUE > 10) CHECK (VALUE < 20);
    CREATE DOMAIN email AS text NOT NULL CHECK (VALUE ~ '^[^@]+@[^@]+\\.[a-z]+$');
    CREATE DOMAIN short_text AS varchar(4);
    CREATE TYPE pair AS (a int, b text); CREATE TYPE span AS RANGE (subtype = float8);
    CREATE TABLE optional (id bigserial PRIMARY KEY, ${columns});
    CREATE TABLE required (id serial, ${required});
    CREATE TABLE computed (a int, b int GENERATED ALWAYS AS (a + 1) STORED, at timestamptz DEFAULT now());
  `);
  expectFilled(result, 3);
});

test("postgres: partitions, inheritance, and triggers that object", async () => {
  const result = await onPostgres(`
    CREATE TABLE months (at date NOT NULL, region text NOT NULL, n int, PRIMARY KEY (at, region)) PARTITION BY RANGE (at);
    CREATE TABLE months_1 PARTITION OF months FOR VALUES FROM ('1998-01-01') TO ('1998-02-01') PARTITION BY LIST (region);
    CREATE TABLE months_1_eu PARTITION OF months_1 FOR VALUES IN ('eu', 'uk');
    CREATE TABLE hashed (id int PRIMARY KEY) PARTITION BY HASH (id);
    CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
    CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
    CREATE TABLE cities (name text); CREATE TABLE capitals (state char(2)) INHERITS (cities);
    CREATE TABLE guarded (a int);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not so'; END $$;
    CREATE TRIGGER guard BEFORE INSERT ON guarded FOR EACH ROW EXECUTE FUNCTION refuse();
  `);
  expect(result.filled.unfilled).toEqual([]);
  expect(result.counts).toMatchObject({ guarded: 1, cities: 4, capitals: 4 });
  expect(result.counts["months_1_eu"]).toBeGreaterThanOrEqual(1);
  expect((result.counts["hashed_0"] ?? 0) + (result.counts["hashed_1"] ?? 0)).toBe(4);
});

test("postgres: three hundred tables in two seconds", async () => {
  const tables = Array.from({ length: 300 }, (_, at) => {
    const parent = at === 0 ? "" : `, parent_id bigint NOT NULL REFERENCES t${Math.floor(at / 2)}`;
    const check = at % 3 === 0 ? "CHECK (state IN ('open', 'closed'))" : "";
    return `CREATE TABLE t${at} (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, name text NOT NULL,
      state varchar(10) NOT NULL ${check}, amount numeric(10,2), at timestamptz NOT NULL DEFAULT now(), data jsonb${parent});`;
  });
  const result = await onPostgres(tables.join("\n"));
  expectFilled(result, 3);
  console.log("filled", result.filled.rows, "rows in", Math.round(result.durationMs), "ms");
});
