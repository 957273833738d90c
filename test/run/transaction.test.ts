import { describe, expect, test } from "vitest";
import { revisions, testProject } from "./project.js";

const table = {
  id: "aaaa",
  up: 'await op.createTable("person", { id: t.integer().notNull(), email: t.text() }, { primaryKey: ["id"] });',
  down: 'await op.dropTable("person");',
};

describe("what cannot be in a transaction", () => {
  const concurrent = revisions(table, {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.addColumn("person", "one", t.text());
      await op.createIndex("ix_email", "person", ["email"], { concurrently: true, unique: true });
      await op.addColumn("person", "two", t.text());
      await op.autocommit(async () => { await op.execute("VACUUM person"); });
      await op.addColumn("person", "three", t.text());`,
    down: `await op.dropIndex("ix_email", { table: "person", concurrently: true });
      await op.dropColumn("person", "one"); await op.dropColumn("person", "two"); await op.dropColumn("person", "three");`,
  });

  test("runs outside, with what is around it in transactions", async () => {
    const project = await testProject("postgres", concurrent);
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    const schema = await project.inspect();
    const [person] = schema.tables.values();
    expect(person?.indexes.map(({ name }) => name)).toEqual(["ix_email"]);
    expect(person?.columns.map(({ name }) => name)).toEqual(["id", "email", "one", "two", "three"]);
    const log = await project.log();
    expect(log.map((row) => [row["revision"], row["result"], Number(row["statements_done"])])).toEqual([
      ["aaaa", "succeeded", 1],
      ["bbbb", "succeeded", 5],
    ]);
    expect(await project.run("downgrade base")).toMatchObject({ exit: 0 });
    expect(await project.rows()).toEqual([]);
  });

  const divided = revisions(table, {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.addColumn("person", "one", t.text());
      await op.commit();
      await op.addColumn("person", "two", t.text());
      await op.execute("SELECT 1 / 0");`,
    down: `await op.dropColumn("person", "one");
      op.commit();
      await op.dropColumn("person", "two");`,
  });

  test("op.commit divides the transaction, and a run that failed behind it goes on there", async () => {
    const project = await testProject("postgres", divided);
    expect((await project.run("upgrade")).stderr).toContain("1 statement of it is committed and stays");
    const columns = async () => {
      const [person] = (await project.inspect()).tables.values();
      return person?.columns.map(({ name }) => name);
    };
    expect(await columns()).toEqual(["id", "email", "one"]);
    const script = await project.run("upgrade aaaa:bbbb --sql");
    expect(script.stdout).toMatch(
      /"one" text[^;]*;\nCOMMIT;\nBEGIN[^;]*;\nALTER TABLE "person" ADD COLUMN "two"/,
    );
  });

  test("is refused with --transaction all, command and script alike, and nothing is done", async () => {
    const project = await testProject("postgres", concurrent);
    for (const line of ["upgrade --transaction all", "upgrade --transaction all --sql"]) {
      const result = await project.run(line);
      expect(result).toMatchObject({ exit: 2, stdout: "" });
      expect(result.stderr).toContain("error[usage]");
      expect(result.stderr).toContain("--transaction each");
    }
    expect((await project.inspect()).tables.size).toBe(0);
  });

  test("a unique index that finds duplicates leaves no ruin in the way of the next run", async () => {
    const project = await testProject("postgres", concurrent);
    await project.run("upgrade aaaa");
    await project.execute("INSERT INTO person (id, email) VALUES (1, 'x'), (2, 'x')");
    const failed = await project.run("upgrade");
    expect(failed.exit).toBe(2);
    expect(failed.stderr).toContain("statement 2");
    expect(failed.stderr).toContain("1 statement of it is committed and stays");
    await project.execute("DELETE FROM person WHERE id = 2");
    const again = await project.run("upgrade");
    expect(again).toMatchObject({ exit: 0 });
    expect(again.stderr).toContain("goes on after 1 statement");
    const valid = await project.query(
      "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_email'::regclass",
    );
    expect(valid).toEqual([{ indisvalid: true }]);
  });
});

test("an op outside the revision's transaction is done as a whole or not at all", async () => {
  const project = await testProject(
    "sqlite",
    revisions(table, {
      id: "bbbb",
      revises: "aaaa",
      up: `await op.execute("INSERT INTO person (id) VALUES (1)");
        await op.autocommit(async () => {
          await op.execute("INSERT INTO person (id, email) VALUES (2, 'two')");
          await op.alterColumn("person", "email", { nullable: false });
        });`,
    }),
  );
  // A rebuild of the table, which fails in its middle.
  expect((await project.run("upgrade")).stderr).toContain("2 statements of it are committed");
  expect([...(await project.inspect()).tables.values()].map(({ name }) => name)).toEqual(["person"]);
  await project.execute("UPDATE person SET email = 'one' WHERE id = 1");
  expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  expect(await project.query("SELECT id, email FROM person ORDER BY id")).toEqual([
    { id: 1, email: "one" },
    { id: 2, email: "two" },
  ]);
});

describe("a new enum value", () => {
  const history = revisions(
    {
      id: "aaaa",
      up: `await op.createEnum("mood", ["sad"]);
        await op.createTable("person", { id: t.integer().notNull(), mood: t.enum("mood") }, { primaryKey: ["id"] });`,
    },
    {
      id: "bbbb",
      revises: "aaaa",
      up: `await op.execute("INSERT INTO person (id) VALUES (1)");
        await op.addEnumValue("mood", "it's fine");
        await op.execute("UPDATE person SET mood = 'it''s fine'");
        await op.execute("SELECT 1");`,
    },
  );

  test("is used by the next op of the same revision", async () => {
    const project = await testProject("postgres", history);
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    expect(await project.query("SELECT mood::text FROM person")).toEqual([{ mood: "it's fine" }]);
    expect((await project.log()).map((row) => Number(row["statements_done"]))).toEqual([2, 4]);
  });

  test("cannot be with --transaction all, which is said with the way out", async () => {
    const project = await testProject("postgres", history);
    await project.run("upgrade aaaa");
    const result = await project.run("upgrade --transaction all");
    expect(result.exit).toBe(2);
    expect(result.stderr).toContain("--transaction each");
    expect(await project.query("SELECT id FROM person")).toEqual([]);
    expect(await project.rows()).toEqual(["aaaa"]);
  });
});

describe("SQLite's rebuild", () => {
  const parents = {
    id: "aaaa",
    up: `await op.createTable("parent", { id: t.integer().notNull(), name: t.text() }, { primaryKey: ["id"] });
      await op.createTable("child", { id: t.integer().notNull(), parent_id: t.integer() }, { primaryKey: ["id"],
        foreignKeys: { fk_parent: { columns: ["parent_id"], references: { table: "parent", columns: ["id"] }, onDelete: "cascade" } },
      });
      await op.bulkInsert("parent", [{ id: 1, name: "one" }]);
      await op.bulkInsert("child", [{ id: 10, parent_id: 1 }]);`,
  };
  const rebuilding = {
    id: "bbbb",
    revises: "aaaa",
    up: `await op.addColumn("child", "before", t.text());
      await op.bulkInsert("parent", [{ id: 2, name: "two" }]);
      await op.alterColumn("parent", "name", { nullable: false, default: "?" });
      await op.addColumn("child", "after", t.text());`,
    down: `await op.dropColumn("child", "after");
      await op.alterColumn("parent", "name", { nullable: true, default: null });
      await op.execute("DELETE FROM parent WHERE id = 2");
      await op.dropColumn("child", "before");`,
  };

  test.each(["each", "all"])(
    "among other ops keeps the children of the table, --transaction %s",
    async (transaction) => {
      const project = await testProject("sqlite", revisions(parents, rebuilding));
      const up = await project.run(`upgrade --transaction ${transaction}`);
      expect(up).toMatchObject({ exit: 0 });
      expect(await project.query("SELECT id, name FROM parent ORDER BY id")).toEqual([
        { id: 1, name: "one" },
        { id: 2, name: "two" },
      ]);
      expect(await project.query("SELECT * FROM child")).toEqual([
        { id: 10, parent_id: 1, before: null, after: null },
      ]);
      expect(await project.run(`downgrade aaaa --transaction ${transaction}`)).toMatchObject({ exit: 0 });
      expect(await project.query("SELECT * FROM child")).toEqual([{ id: 10, parent_id: 1 }]);
      expect(await project.query("SELECT id FROM parent")).toEqual([{ id: 1 }]);
    },
  );

  test.each(["each", "all"])(
    "that leaves rows pointing nowhere commits nothing, --transaction %s",
    async (transaction) => {
      const project = await testProject(
        "sqlite",
        revisions(parents, {
          ...rebuilding,
          up: `${rebuilding.up}\nawait op.execute("DELETE FROM parent WHERE id = 1");`,
        }),
      );
      await project.run("upgrade aaaa");
      const failed = await project.run(`upgrade --transaction ${transaction}`);
      expect(failed.exit).toBe(2);
      expect(failed.stderr).toContain("error[foreign-key-violation]");
      expect(failed.stderr).toContain("child");
      expect(await project.rows()).toEqual(["aaaa"]);
      expect(await project.query("SELECT * FROM child")).toEqual([{ id: 10, parent_id: 1 }]);
      expect(await project.query("SELECT * FROM parent")).toEqual([{ id: 1, name: "one" }]);
    },
  );

  test("has foreign keys on again for the revision after it", async () => {
    const project = await testProject(
      "sqlite",
      revisions(parents, rebuilding, {
        id: "cccc",
        revises: "bbbb",
        up: 'await op.execute("DELETE FROM parent WHERE id = 1");',
      }),
    );
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    expect(await project.query("SELECT * FROM child")).toEqual([]);
  });
});
