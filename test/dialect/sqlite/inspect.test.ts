import { describe, expect, it } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { uninspected } from "../../../src/dialect/sqlite/inspect.js";
import { sqlite } from "../../../src/dialect/sqlite/sqlite.js";
import type { Op } from "../../../src/op/op.js";
import type { Schema } from "../../../src/schema/schema.js";
import { database, inspectAll, migrate, named } from "./database.js";

function sorted(items: readonly object[]): readonly object[] {
  const keyOf = (item: object) => JSON.stringify(Object.entries(item).sort());
  return items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** A schema without what is never compared, constraints in an order of their own. */
function comparable(schema: Schema) {
  return {
    tables: [...schema.tables.values()].map(({ origin: _, ...table }) => ({
      ...table,
      constraints: sorted(table.constraints),
      indexes: sorted(table.indexes),
    })),
    views: [...schema.views.values()].map(({ origin: _, ...view }) => view),
  };
}

function createOps(schema: Schema): readonly Op[] {
  return [
    ...[...schema.tables.values()].flatMap((table): Op[] => [
      { kind: "create-table", table: { ...table, indexes: [] } },
      ...table.indexes.map((index): Op => ({ kind: "create-index", table: named(table.name), index })),
    ]),
    ...[...schema.views.values()].map((view): Op => ({ kind: "create-view", view })),
  ];
}

const everything = `
  CREATE TABLE "Order ""x""" (
    id INTEGER PRIMARY KEY AUTOINCREMENT, "select" VARCHAR(255) NOT NULL DEFAULT 'a''b' COLLATE NOCASE,
    "naïve ü" NUMERIC(10, 2) DEFAULT -1.5, made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, at TEXT DEFAULT (datetime('now')),
    upper_select TEXT AS (upper("select")), kept INT AS (id + 1) STORED, untyped, flag BOOLEAN DEFAULT true,
    CONSTRAINT "ck" CHECK ("naïve ü" > 0), CHECK (length("select") < 9), UNIQUE ("select", made));
  CREATE TABLE child (a TEXT, b TEXT, parent INT CONSTRAINT fk REFERENCES "Order ""x""" ON DELETE CASCADE,
    PRIMARY KEY (b DESC, a), FOREIGN KEY (a, b) REFERENCES child (b, a) DEFERRABLE INITIALLY DEFERRED) WITHOUT ROWID;
  CREATE TABLE strict_one (a INT, b ANY, c BLOB, PRIMARY KEY (a)) STRICT;
  CREATE TABLE nullable_key (a TEXT PRIMARY KEY, b INT UNIQUE ON CONFLICT IGNORE);
  CREATE TABLE descending (a INTEGER PRIMARY KEY DESC);
  CREATE TABLE ${"t".repeat(70)} (a INT);
  CREATE INDEX "i 1" ON "Order ""x""" ("select" COLLATE BINARY DESC, lower(made)) WHERE flag AND id > 3;
  CREATE UNIQUE INDEX i2 ON child ((a || b));
  CREATE VIEW v (one, "two 2") AS SELECT id, "select" FROM "Order ""x"""; -- the end
`;

describe("inspect", () => {
  it("gives a schema that makes the same database again", async () => {
    const first = await database(everything);
    const schema = await inspectAll(first);
    expect(schema.tables.size).toBe(6);
    const second = await database();
    await migrate(second, createOps(schema));
    const again = await inspectAll(second);
    expect(comparable(again)).toEqual(comparable(schema));
    const columns = `SELECT t.name AS t, c.name, c.type COLLATE NOCASE AS type, c.pk, c.hidden FROM pragma_table_list t, pragma_table_xinfo(t.name) c
      WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%' ORDER BY 1, c.cid`;
    const upper = async (connection: Connection) =>
      (await connection.query(columns)).map((row) => ({
        ...row,
        type: String(row["type"]).toUpperCase().replaceAll(", ", ","),
      }));
    expect(await upper(second)).toEqual(await upper(first));
    const keys = `SELECT t.name AS t, k."table", k."from", k."to", k.on_delete FROM pragma_table_list t, pragma_foreign_key_list(t.name) k ORDER BY 1, 2, 3`;
    const withParents = (await first.query(keys)).map((row) => ({ ...row, to: row["to"] ?? "id" }));
    expect(await second.query(keys)).toEqual(withParents);
    const indexes = `SELECT t.name AS t, i."unique", i.origin, i.partial, x.name, x."desc", x.coll FROM pragma_table_list t,
      pragma_index_list(t.name) i, pragma_index_xinfo(i.name) x WHERE x.key ORDER BY 1, 2, 3, 4, x.seqno, 5, 6, 7`;
    expect(await second.query(indexes)).toEqual(await first.query(indexes));
  });

  it("is normal already", async () => {
    const schema = await inspectAll(await database(everything));
    expect(sqlite.normalize.schema(schema)).toEqual(schema);
  });

  it("asks three questions, however many tables there are", async () => {
    const db = await database(
      Array.from(
        { length: 40 },
        (_, at) => `CREATE TABLE t${at} (a); CREATE INDEX i${at} ON t${at} (a)`,
      ).join(";"),
    );
    let asked = 0;
    const query = (sql: string) => {
      asked += 1;
      return db.query(sql);
    };
    const counting = { ...db, query };
    const schema = await sqlite.inspect(counting, { namespaces: "all", ignoreTables: [named("T3")] });
    expect(schema.tables.size).toBe(39);
    expect(asked).toBe(3);
  });

  it("leaves virtual tables, their shadows and SQLite's own tables alone, and names them", async () => {
    const db = await database(`CREATE VIRTUAL TABLE ft USING fts5 (body);
      CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INT);
      CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO ft VALUES (new.a); END;
      INSERT INTO t (a) VALUES (1); ANALYZE`);
    const schema = await inspectAll(db);
    expect([...schema.tables.keys()]).toEqual(["t"]);
    const found = await uninspected(db, { namespaces: "all", ignoreTables: [] });
    expect(found).toContainEqual({ kind: "virtual table", name: named("ft"), table: null });
    expect(found).toContainEqual({ kind: "shadow table", name: named("ft_data"), table: null });
    expect([...schema.defined.values()]).toMatchObject([{ kind: "trigger", name: "tr", table: named("t") }]);
    await migrate(db, [{ kind: "alter-column", table: named("t"), column: "a", changes: { default: "5" } }]);
    await db.run("INSERT INTO t DEFAULT VALUES");
    expect(await db.query("SELECT body FROM ft ORDER BY rowid")).toEqual([{ body: 1 }, { body: 5 }]);
  });

  it("reads a database with a broken view, and tables made by SELECT and by ALTER", async () => {
    const db =
      await database(`CREATE TABLE copy AS SELECT 1 AS a, 'x' AS "b c"; ALTER TABLE copy ADD COLUMN d INT CHECK (d > 0) /* why */ REFERENCES copy (a);
      ALTER TABLE copy RENAME COLUMN a TO "a b"; CREATE VIEW broken AS SELECT * FROM nowhere`);
    const schema = await inspectAll(db);
    expect([...schema.views.keys()]).toEqual(["broken"]);
    const copy = schema.tables.get("copy");
    expect(copy?.columns.map((one) => one.name)).toEqual(["a b", "b c", "d"]);
    expect(copy?.constraints.map((one) => one.kind)).toEqual(["check", "foreign-key"]);
  });

  it("keeps the truth about NULL in keys", async () => {
    const { tables } = await inspectAll(await database(everything));
    const nullable = (table: string, column: string) =>
      tables.get(table)?.columns.find((one) => one.name === column)?.nullable;
    expect(nullable("nullable_key", "a")).toBe(true);
    expect(nullable('Order "x"', "id")).toBe(false);
    expect(nullable("child", "a")).toBe(false);
    expect(nullable("strict_one", "a")).toBe(false);
    expect(nullable("descending", "a")).toBe(true);
  });

  it("never invents a name", async () => {
    const { tables } = await inspectAll(await database(everything));
    const names = [...tables.values()].flatMap((table) => table.constraints.map((one) => one.name));
    expect(names.filter((name) => name !== null).sort()).toEqual(["ck", "fk"]);
  });
});
