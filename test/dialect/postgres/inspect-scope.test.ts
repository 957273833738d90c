import { describe, expect, it } from "vitest";
import { inspectPostgres } from "../../../src/dialect/postgres/inspect/inspect.js";
import { uninspected } from "../../../src/dialect/postgres/inspect/uninspected.js";
import { columnType } from "../../../src/schema/build.js";
import { showName } from "../../../src/schema/name.js";
import { everyNamespace, onServer } from "./database.js";

describe("what is inspected", () => {
  it("is the default namespace and those asked for, without what is ignored, temporary or an extension's", () =>
    onServer(async (connection) => {
      await connection.run(`CREATE SCHEMA app; CREATE SCHEMA other; CREATE SCHEMA "Third";
        SET search_path = missing, app, public;
        CREATE EXTENSION hstore SCHEMA public; CREATE EXTENSION pg_stat_statements SCHEMA other;
        CREATE TABLE a (id serial PRIMARY KEY, h hstore); CREATE TABLE public.b (id int); CREATE TABLE other.c (a_id int REFERENCES app.a);
        CREATE TABLE "Third".d (); CREATE TABLE aludel_version (id bigserial); CREATE TABLE other.aludel_version (id int);
        CREATE TEMPORARY TABLE gone (id serial, UNIQUE (id))`);
      const ignoreTables = [{ namespace: null, name: "aludel_version" }];
      const found = await inspectPostgres(connection, { namespaces: ["other", "no such"], ignoreTables });
      expect([...found.tables.values()].map(showName)).toEqual(["a", "other.aludel_version", "other.c"]);
      expect(found.views.size + found.sequences.size).toBe(0);
      expect([...found.namespaces.keys()]).toEqual(["other"]);
      expect([...found.extensions.values()].map((one) => [one.name, one.namespace])).toEqual([
        ["hstore", "public"],
        ["pg_stat_statements", "other"],
      ]);
      expect(found.tables.get("a")?.columns.map((one) => one.type)).toEqual([
        columnType("serial"),
        columnType("hstore"),
      ]);
      const [key] = found.tables.get("other\u0000c")?.constraints ?? [];
      expect(key).toMatchObject({ references: { table: { namespace: null, name: "a" }, columns: ["id"] } });
      const all = await inspectPostgres(connection, {
        namespaces: "all",
        ignoreTables: [{ namespace: "app", name: "aludel_version" }],
      });
      expect([...all.tables.values()].map(showName)).toEqual([
        "a",
        "Third.d",
        "other.aludel_version",
        "other.c",
        "public.b",
      ]);
      await connection.run("SET search_path = missing");
      const none = await inspectPostgres(connection, { namespaces: [], ignoreTables });
      expect(none.tables.size).toBe(0);
    }));

  it("takes a column for serial whatever its sequence is called, and only when it is", () =>
    onServer(async (connection) => {
      await connection.run(`CREATE TABLE t (a serial, b integer NOT NULL DEFAULT 0, c serial, d serial, e serial, f int DEFAULT 1);
        ALTER SEQUENCE t_a_seq RENAME TO "Odd 'name'"; ALTER SEQUENCE t_c_seq INCREMENT BY 2;
        ALTER TABLE t ALTER COLUMN d DROP NOT NULL; ALTER TABLE t ALTER COLUMN e SET DEFAULT nextval('t_e_seq') + 1;
        CREATE SEQUENCE free; ALTER TABLE t ALTER COLUMN f SET DEFAULT nextval('free')`);
      const found = await inspectPostgres(connection, everyNamespace);
      expect(found.tables.get("t")?.columns.map((one) => [one.type.name, one.nullable, one.default])).toEqual(
        [
          ["serial", false, null],
          ["integer", false, "0"],
          ["integer", false, "nextval('t_c_seq'::regclass)"],
          ["integer", true, "nextval('t_d_seq'::regclass)"],
          ["integer", false, "nextval('t_e_seq'::regclass) + 1"],
          ["integer", true, "nextval('free'::regclass)"],
        ],
      );
      expect([...found.sequences.values()].map((one) => [one.name, one.ownedBy?.column])).toEqual([
        ["free", undefined],
        ["t_c_seq", "c"],
        ["t_d_seq", "d"],
        ["t_e_seq", "e"],
      ]);
    }));

  it("gives operator classes and collations only where they are not the usual ones", () =>
    onServer(async (connection) => {
      await connection.run(`CREATE SCHEMA ext; CREATE EXTENSION pg_trgm SCHEMA ext; CREATE EXTENSION btree_gin;
        CREATE TABLE t (a varchar, b text COLLATE "C", c bpchar, d int[], e cidr);
        CREATE INDEX i1 ON t (a, b, c, d, e); CREATE INDEX i2 ON t (c bpchar_pattern_ops DESC); CREATE INDEX i3 ON t USING gin (d, a);
        CREATE INDEX i4 ON t USING gist (b ext.gist_trgm_ops (siglen = 32)); CREATE INDEX i5 ON t (b COLLATE "POSIX", a varchar_pattern_ops);
        CREATE INDEX i6 ON t (lower(b), upper(a) COLLATE "C", (b || a)); CREATE INDEX i7 ON t USING gin (lower(a) ext.gin_trgm_ops)`);
      const found = await inspectPostgres(connection, everyNamespace);
      const keys = found.tables
        .get("t")
        ?.indexes.map((one) =>
          one.keys.map((key) =>
            [key.column ?? key.expression, key.operatorClass, key.collation?.name ?? null]
              .filter((part) => part !== null)
              .join(" "),
          ),
        );
      expect(keys).toEqual([
        ["a", "b", "c", "d", "e"],
        ["c bpchar_pattern_ops"],
        ["d", "a"],
        ["b ext.gist_trgm_ops"],
        ["b POSIX", "a varchar_pattern_ops"],
        ["lower(b)", "upper((a)::text) C", "b || (a)::text"],
        ["lower((a)::text) ext.gin_trgm_ops"],
      ]);
    }));

  it("takes the same number of queries for any number of tables", () =>
    onServer(async (connection) => {
      let queries = 0;
      const counting = {
        ...connection,
        query: (sql: string) => {
          queries += 1;
          return connection.query(sql);
        },
      };
      await inspectPostgres(counting, everyNamespace);
      const empty = queries;
      await connection.run(
        "DO $$ BEGIN FOR i IN 1..50 LOOP EXECUTE format('CREATE TABLE t%s (id serial PRIMARY KEY)', i); END LOOP; END $$",
      );
      expect((await inspectPostgres(counting, everyNamespace)).tables.size).toBe(50);
      expect(queries - empty).toBe(empty);
      expect(empty).toBeLessThanOrEqual(20);
    }));
});

describe("uninspected", () => {
  it("names what is not read", () =>
    onServer(async (connection) => {
      await connection.run(`CREATE FOREIGN DATA WRAPPER w;
        CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', sslpassword 'x');
        CREATE USER MAPPING FOR public SERVER s OPTIONS (user 'u', password 'top');
        CREATE SCHEMA other; CREATE TABLE other.t (a int); CREATE PUBLICATION pub FOR TABLE other.t;
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p DEFAULT;
        CREATE TRIGGER trg BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
        ALTER TABLE p1 DISABLE TRIGGER trg`);
      const scope = { namespaces: [], ignoreTables: [] };
      const found = await uninspected(connection, scope);
      expect(
        found.map(
          (one) =>
            `${one.kind} ${showName(one.name)}${one.table === null ? "" : ` of ${showName(one.table)}`}`,
        ),
      ).toEqual(["publication pub", "secret option sslpassword of s", "user mapping s for public"]);
      const schema = await inspectPostgres(connection, scope);
      expect([...schema.defined.values()].map((one) => one.definition)).toEqual([
        expect.stringContaining("CREATE FUNCTION f()"),
        "CREATE FOREIGN DATA WRAPPER w",
        "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h')",
        expect.stringContaining("CREATE TRIGGER trg"),
        "ALTER TABLE p1 DISABLE TRIGGER trg",
      ]);
    }));

  it("has the index that a failed concurrent build leaves, which the inspection then does not have", () =>
    onServer(async (connection) => {
      await connection.run(
        "CREATE TABLE t (a int); CREATE INDEX good ON t (a); INSERT INTO t VALUES (1), (1)",
      );
      await expect(connection.run("CREATE UNIQUE INDEX CONCURRENTLY bad ON t (a)")).rejects.toThrow("unique");
      const scope = { namespaces: [], ignoreTables: [] };
      expect(await uninspected(connection, scope)).toMatchObject([
        { kind: "invalid index", name: { name: "bad" }, table: { name: "t" } },
      ]);
      const { tables } = await inspectPostgres(connection, scope);
      expect([...tables.values()].flatMap(({ indexes }) => indexes.map(({ name }) => name))).toEqual([
        "good",
      ]);
    }));
});
