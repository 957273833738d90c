import { expect, test } from "vitest";
import { postgres } from "../../../../src/dialect/postgres/postgres.js";
import { onServer } from "../database.js";
import { expansionOf, rollOut } from "./rollout.js";

const orders = { namespace: null, name: "orders" };

test("a table that is renamed has a view under its old name", async () => {
  const base = `CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Note ""x""" text UNIQUE, made timestamptz DEFAULT now() NOT NULL
  );
  CREATE TABLE lines (order_id bigint REFERENCES orders ON DELETE CASCADE);`;
  const code =
    (table: string, column = `"Note ""x"""`) =>
    (n: number) =>
      `INSERT INTO ${table} (${column}) VALUES ('a${n}');
INSERT INTO ${table} (${column}) VALUES ('a${n}') ON CONFLICT (${column}) DO UPDATE SET ${column} = 'b${n}';
INSERT INTO lines SELECT id FROM ${table} WHERE ${column} = 'b${n}';
UPDATE ${table} SET ${column} = 'c${n}' WHERE ${column} = 'b${n}' AND made IS NOT NULL;
SELECT * FROM ${table} WHERE ${column} = 'c${n}' FOR UPDATE;
DELETE FROM ${table} WHERE ${column} = 'c${n}';
INSERT INTO ${table} DEFAULT VALUES;`;
  await rollOut({
    base,
    plain: `ALTER TABLE orders RENAME TO "Käufe ""x""";`,
    change: { kind: "rename-table", table: orders, to: 'Käufe "x"' },
    old: code("orders"),
    fresh: code(`"Käufe ""x"""`),
  });
});

test("the view under the old name of a table has its rights, and its row security", async () => {
  const role = `aludel_test_${process.pid}`;
  await onServer(async (connection) => {
    const form = {
      base: `CREATE ROLE ${role}; CREATE TABLE orders (id int, owner text);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON orders USING (owner = 'me');
GRANT SELECT, TRUNCATE ON orders TO ${role}; GRANT UPDATE (id) ON orders TO ${role} WITH GRANT OPTION; GRANT INSERT ON orders TO PUBLIC;
INSERT INTO orders VALUES (1, 'me'), (2, 'you');`,
      plain: "ALTER TABLE orders RENAME TO purchases;",
      change: { kind: "rename-table", table: orders, to: "purchases" },
    } as const;
    try {
      const { expansion } = await expansionOf(connection, form);
      if (typeof expansion === "string") throw new Error(expansion);
      await connection.run(`ALTER TABLE orders RENAME TO purchases;`);
      for (const op of expansion.contract.downgrade as readonly {
        sql?: string;
        view?: { definition: string };
      }[])
        await connection.run(
          op.sql ?? `CREATE VIEW orders WITH (security_invoker) AS ${op.view?.definition}`,
        );
      await connection.run(`SET ROLE ${role}`);
      expect(await connection.query("SELECT id FROM orders")).toEqual([{ id: 1 }]);
      await connection.run("UPDATE orders SET id = 3");
      await expect(connection.run("UPDATE orders SET owner = 'you'")).rejects.toThrow(/permission denied/);
      await expect(connection.run("DELETE FROM orders")).rejects.toThrow(/permission denied/);
      await expect(connection.run("INSERT INTO orders VALUES (4, 'you')")).rejects.toThrow(
        /row-level security/,
      );
      await connection.run("INSERT INTO orders VALUES (4, 'me')");
    } finally {
      await connection.run(`RESET ROLE; DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });
});

const noted = `CREATE TABLE orders (
  id int PRIMARY KEY, note text NOT NULL CHECK (note <> '' AND note IS NOT NULL), state int DEFAULT 7
);
INSERT INTO orders SELECT n, 'n' || n, nullif(n, 9) FROM generate_series(1, 50) n;`;

const insert = (more: string) => (n: number) =>
  `INSERT INTO orders (id, ${more}) VALUES (${n}, 'o${n}'); UPDATE orders SET note = 'p${n}' WHERE id = ${n};`;

test("new code may leave out a column before it is dropped", async () => {
  await rollOut({
    base: noted,
    plain: "ALTER TABLE orders DROP COLUMN note;",
    change: { kind: "drop-column", table: orders, column: "note", back: "'gone'", irreversible: null },
    old: insert("note"),
    fresh: (n) => `INSERT INTO orders (id, state) VALUES (${n}, 1)`,
  });
});

test("a new column that is required has a default until all code writes it", async () => {
  const fill = { sql: "-1", isConstant: true };
  await rollOut({
    base: noted,
    plain:
      "ALTER TABLE orders ADD COLUMN rank int DEFAULT 1 NOT NULL; ALTER TABLE orders ALTER COLUMN rank DROP DEFAULT;",
    change: { kind: "require-column", table: orders, column: "rank", isNew: true, fill },
    old: insert("note"),
    fresh: (n) => `INSERT INTO orders (id, note, rank) VALUES (${n}, 'o${n}', ${n})`,
    wrong: "SELECT * FROM orders WHERE rank <> CASE WHEN note LIKE 'o%' THEN id ELSE -1 END",
  });
});

test("a new column whose value comes from its row has a trigger meanwhile", async () => {
  const fill = { sql: "upper(note) || orders.id", isConstant: false };
  await rollOut({
    base: noted,
    plain: `ALTER TABLE orders ADD COLUMN "Rang ü" text; UPDATE orders SET "Rang ü" = ''; ALTER TABLE orders ALTER COLUMN "Rang ü" SET NOT NULL;`,
    change: { kind: "require-column", table: orders, column: "Rang ü", isNew: true, fill },
    old: (n) => `INSERT INTO orders (id, note) VALUES (${n}, 'old')`,
    fresh: (n) => `INSERT INTO orders (id, note, "Rang ü") VALUES (${n}, 'new', 'mine')`,
    wrong: `SELECT * FROM orders WHERE "Rang ü" <> CASE note WHEN 'new' THEN 'mine' ELSE upper(note) || id END`,
  });
});

test("a column that is required from now on has a trigger for code that writes NULL", async () => {
  await rollOut({
    base: noted,
    plain:
      "UPDATE orders SET state = 7 WHERE state IS NULL; ALTER TABLE orders ALTER COLUMN state SET NOT NULL;",
    change: {
      kind: "require-column",
      table: orders,
      column: "state",
      isNew: false,
      fill: { sql: "7", isConstant: true },
    },
    old: (n) => `INSERT INTO orders (id, note, state) VALUES (${n}, 'old', NULL)`,
    fresh: (n) => `INSERT INTO orders (id, note, state) VALUES (${n}, 'new', ${n})`,
    wrong: "SELECT * FROM orders WHERE note = 'old' AND state <> 7 OR note = 'n9' AND state <> 7",
  });
});

test("where only a person knows the values of a required column, the contract waits for them", async () => {
  const form = {
    base: noted,
    plain:
      "CREATE TEMPORARY TABLE kept AS TABLE orders; DELETE FROM orders; ALTER TABLE orders ADD COLUMN rank int NOT NULL; DROP TABLE kept;",
    change: { kind: "require-column", table: orders, column: "rank", isNew: true, fill: null },
    old: insert("note"),
    fresh: (n: number) => `INSERT INTO orders (id, note, rank) VALUES (${n}, 'o${n}', ${n})`,
  } as const;
  await rollOut({ ...form, byHand: "UPDATE orders SET rank = id WHERE rank IS NULL" });
  await expect(rollOut(form)).rejects.toThrow("No row of orders has NULL in rank");
});

const both =
  (...columns: readonly string[]) =>
  (n: number) =>
    `INSERT INTO orders (${columns[0]}) VALUES (${n}); UPDATE orders SET ${columns[0]} = -${n} WHERE ${columns[0]} = ${n};
${columns.map((column) => `SELECT ${column} FROM orders`).join(";")}`;

test("an identity and a generated column can be renamed while they are in use", async () => {
  const base = `CREATE TABLE orders (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int, twice int GENERATED ALWAYS AS (n * 2) STORED
  );
  CREATE INDEX ON orders (twice DESC);
  INSERT INTO orders (n) SELECT n FROM generate_series(1, 50) n;`;
  const rename = (column: string, to: string) => ({
    base,
    plain: `ALTER TABLE orders RENAME ${column} TO ${to};`,
    change: { kind: "rename-column", table: orders, column, to } as const,
    old: both("n", column),
    fresh: both("n", to),
    freshFrom: "backfill" as const,
  });
  await rollOut({ ...rename("id", "number"), wrong: "SELECT * FROM orders WHERE number IS NULL" });
  await rollOut({ ...rename("twice", "double"), wrong: "SELECT * FROM orders WHERE double <> n * 2" });
});

test("a column of a partitioned table can be renamed while it is in use, but for one of its key", async () => {
  const base = `CREATE TABLE orders (n int NOT NULL, day int DEFAULT 1, PRIMARY KEY (day, n)) PARTITION BY RANGE (day);
CREATE TABLE first PARTITION OF orders FOR VALUES FROM (1) TO (2);
CREATE TABLE second PARTITION OF orders FOR VALUES FROM (2) TO (4) PARTITION BY LIST (n);
CREATE TABLE second_all PARTITION OF second DEFAULT;
CREATE INDEX ON orders (n DESC);
INSERT INTO orders SELECT n, 1 + n % 3 FROM generate_series(1, 50) n;`;
  const [whole] = base.split("INSERT");
  const plain = "ALTER TABLE orders RENAME n TO number;";
  const rename = { kind: "rename-column", table: orders, column: "n", to: "number" } as const;
  const code = { old: both("n"), fresh: both("number"), freshFrom: "backfill" } as const;
  await rollOut({ ...code, base: base.replace("LIST (n)", "LIST (day)"), plain, change: rename });
  await onServer(async (connection) => {
    const { expansion } = await expansionOf(connection, {
      base: `${whole}`,
      plain: "",
      change: { ...rename, column: "day" },
    });
    expect(expansion).toMatch(/^the rows are divided among partitions by the column/);
  });
});

const referenced = (
  id: string,
) => `CREATE TABLE orders (id ${id} PRIMARY KEY, parent_id int REFERENCES orders, note text);
CREATE TABLE lines (order_id int REFERENCES orders ON DELETE CASCADE ON UPDATE CASCADE, n int);
INSERT INTO orders (note) SELECT 'n' FROM generate_series(1, 50) n;
UPDATE orders SET parent_id = id - 2 WHERE id > 2;
INSERT INTO lines SELECT id, 1 FROM orders;`;

const inserts = (n: number) => `INSERT INTO orders (note) VALUES ('n${n}') ON CONFLICT (id) DO NOTHING;
INSERT INTO lines SELECT max(id), 1 FROM orders;
INSERT INTO orders (note, parent_id) SELECT 'm', max(id) FROM orders;
UPDATE orders SET note = 'o' WHERE id = (SELECT max(id) FROM orders);
DELETE FROM orders WHERE id = (SELECT max(id) FROM orders WHERE id NOT IN (SELECT parent_id FROM orders WHERE parent_id IS NOT NULL));
DO $$ BEGIN
  INSERT INTO lines VALUES (1000000, 1);
  RAISE 'a line of no order';
EXCEPTION WHEN foreign_key_violation THEN NULL; END $$`;

test.each([
  "int GENERATED ALWAYS AS IDENTITY (INCREMENT BY 2)",
  "int GENERATED BY DEFAULT AS IDENTITY",
  "serial",
])("a key of %s becomes bigint while others refer to it, and goes on counting", async (id) => {
  await rollOut({
    base: referenced(id),
    plain: "ALTER TABLE orders ALTER COLUMN id TYPE bigint;",
    change: { kind: "change-type", table: orders, column: "id", using: null, back: null },
    old: inserts,
    fresh: inserts,
    wrong: "SELECT * FROM lines WHERE order_id NOT IN (SELECT id FROM orders)",
  });
});

test("a key that others refer to gets another type by an expression", async () => {
  const code = (n: number) => `INSERT INTO orders (code) VALUES (${n}); INSERT INTO lines VALUES (${n});
UPDATE orders SET code = -${n} WHERE code = ${n}; DELETE FROM lines WHERE code = -${n}; DELETE FROM orders WHERE code = -${n};`;
  await rollOut({
    base: `CREATE TABLE orders (code numeric(10) DEFAULT 5 NOT NULL UNIQUE, n int);
COMMENT ON COLUMN orders.code IS 'of the shop';
CREATE TABLE lines (code int CONSTRAINT theirs REFERENCES orders (code) ON UPDATE CASCADE DEFERRABLE);
INSERT INTO orders SELECT n FROM generate_series(1, 50) n; INSERT INTO lines SELECT code FROM orders;`,
    plain: "ALTER TABLE orders ALTER COLUMN code TYPE bigint USING code + 0;",
    change: { kind: "change-type", table: orders, column: "code", using: "code + 0", back: "code - 0" },
    old: code,
    fresh: code,
  });
});

test("why there are no such revisions is said, with what can be done", async () => {
  const base = `CREATE TABLE parents (n int NOT NULL, g int GENERATED ALWAYS AS (n + 1) STORED);
CREATE TABLE heirs () INHERITS (parents);
CREATE TABLE parts (n int) PARTITION BY RANGE (n);
CREATE TABLE part PARTITION OF parts FOR VALUES FROM (0) TO (9);
CREATE INDEX ON parts (n);
CREATE TABLE plain (id int PRIMARY KEY, n int, g int GENERATED ALWAYS AS (n + 1) STORED, made date NOT NULL DEFAULT now());
ALTER TABLE plain ENABLE ROW LEVEL SECURITY;`;
  const on = (name: string) => ({ namespace: null, name });
  const drop = { kind: "drop-column", back: null, irreversible: null } as const;
  const type = { kind: "change-type", using: null, back: null } as const;
  const cases = [
    [
      { kind: "rename-column", table: on("parents"), column: "n", to: "m" },
      "add the column and a trigger to each",
    ],
    [{ kind: "rename-column", table: on("part"), column: "n", to: "m" }, "change that one"],
    [{ ...type, table: on("parts"), column: "n" }, "add the column and a trigger to each partition by hand"],
    [{ ...type, table: on("plain"), column: "g" }, "add it anew under a name that new code knows"],
    [{ ...drop, table: on("plain"), column: "id" }, "make another key first"],
    [{ ...drop, table: on("plain"), column: "made" }, "release code that no longer names it first"],
    [
      { kind: "rename-table", table: on("plain"), to: "x" },
      "while the application stands still, or keep the name",
    ],
  ] as const;
  await onServer(async (connection) => {
    const { before } = await expansionOf(connection, { base, plain: "", change: cases[0][0] });
    for (const [change, words] of cases) {
      const said = postgres.expand?.(change, { before, after: before, oldestServer: 12 });
      expect(said).toContain(words);
    }
  });
});
