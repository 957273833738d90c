import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Row } from "../../src/dialect/connection.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { AludelError } from "../../src/error/error.js";
import type { Op } from "../../src/op/op.js";
import { t } from "../../src/revision/column-builder.js";
import { createOperations } from "../../src/revision/create-operations.js";
import type { Operations } from "../../src/revision/operations.js";
import { recordRevision } from "../../src/revision/record.js";
import { sql } from "../../src/revision/sql-text.js";

const postgres = await loadDialect("postgres");
const sqlite = await loadDialect("sqlite");

/** A target that takes its time over every op, and writes down what begins and ends. */
function slowTarget(fails: (op: Op) => boolean = () => false) {
  const log: string[] = [];
  const performed: { op: Op; autocommit: boolean }[] = [];
  const target = {
    dialect: postgres,
    arguments: { tenant: "one" },
    async perform(op: Op, { autocommit }: { readonly autocommit: boolean }) {
      const name = op.kind === "execute" ? op.sql : op.kind;
      log.push(`begin ${name}`);
      await wait(Math.random() * 3);
      if (fails(op)) throw new Error(`failed ${name}`);
      log.push(`end ${name}`);
      performed.push({ op, autocommit });
    },
    async query(text: string): Promise<readonly Row[]> {
      log.push(`query ${text}`);
      return [{ one: 1 }];
    },
  };
  return {
    target,
    log,
    performed,
    executed: () => performed.map(({ op }) => (op.kind === "execute" ? op.sql : op.kind)),
  };
}

const caught = async (work: () => unknown): Promise<AludelError> => {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof AludelError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
};

describe("order", () => {
  test("calls run one after another in the order they are made, awaited or not", async () => {
    const { target, log } = slowTarget();
    const { op, settle } = createOperations(target);
    void op.execute("a");
    void op.query("q");
    await op.execute("b");
    void op.execute("c");
    await settle();
    expect(log).toEqual(["begin a", "end a", "query q", "begin b", "end b", "begin c", "end c"]);
  });

  test("a function that nobody awaits still runs to its end", async () => {
    const { target, executed } = slowTarget();
    const { op, settle } = createOperations(target);
    const forgotten = async () => {
      await op.execute("a");
      await op.execute("b");
      await op.execute("c");
    };
    void forgotten();
    await settle();
    expect(executed()).toEqual(["a", "b", "c"]);
  });

  test("what follows an autocommit that nobody awaits runs after it, inside the transaction", async () => {
    const { target, performed } = slowTarget();
    const { op, settle } = createOperations(target);
    void op.execute("before");
    void op.autocommit(async () => {
      await op.execute("a");
      void op.execute("b");
      await op.autocommit(() => op.execute("nested"));
    });
    void op.execute("after");
    await settle();
    expect(performed.map((one) => [one.op.kind === "execute" && one.op.sql, one.autocommit])).toEqual([
      ["before", false],
      ["a", true],
      ["b", true],
      ["nested", true],
      ["after", false],
    ]);
  });

  test("a batch gathers what is called on its table, at once or later", async () => {
    const { target, performed } = slowTarget();
    const { op, settle } = createOperations(target);
    void op.batchAlterTable({ schema: "billing", name: "invoices" }, async (table) => {
      await table.addColumn("a", t.integer());
      await wait(2);
      await table.alterColumn("b", { rename: "c", nullable: false, comment: "x" });
    });
    void op.execute("after");
    await settle();
    const table = { namespace: "billing", name: "invoices" };
    expect(performed.map((one) => one.op)).toMatchObject([
      {
        kind: "batch-alter-table",
        name: table,
        ops: [
          { kind: "add-column", table, column: { name: "a", type: { name: "integer" }, nullable: true } },
          { kind: "alter-column", table, column: "b", changes: { nullable: false } },
          { kind: "rename-column", table, column: "b", to: "c" },
          { kind: "set-comment", target: { on: "column", table, name: "c" }, comment: "x" },
        ],
      },
      { kind: "execute" },
    ]);
  });
});

describe("failure", () => {
  const failing = (op: Op) => op.kind === "execute" && op.sql === "bad";

  test("the first failure is thrown by settle even if somebody caught it, and nothing runs after it", async () => {
    const { target, executed } = slowTarget(failing);
    const { op, settle } = createOperations(target);
    void op.execute("a");
    await op.execute("bad").catch(() => "swallowed");
    await expect(op.execute("later")).rejects.toThrow("failed bad");
    void op.execute("never");
    await expect(settle()).rejects.toThrow("failed bad");
    expect(executed()).toEqual(["a"]);
  });

  test("a mistake in a call counts as a failure, with the place of the call", async () => {
    const { target, executed } = slowTarget();
    const { op, settle } = createOperations(target);
    void op.execute("a");
    void op.createTable("persons", {}, { primaryKeys: ["id"] } as object);
    void op.execute("never");
    const error = await caught(settle);
    expect(error.code).toBe("revision-invalid");
    expect(error.remedy).toBe('Did you mean "primaryKey"?');
    expect(error.stack).toContain("operations.test.ts");
    expect(executed()).toEqual(["a"]);
  });

  test("an error of an autocommit's own function is a failure", async () => {
    const { target } = slowTarget();
    const { op, settle } = createOperations(target);
    await op
      .autocommit(async () => {
        throw new Error("own");
      })
      .catch(() => undefined);
    await expect(settle()).rejects.toThrow("own");
  });

  test("inside a batch nothing but its table can be worked on, and it does not hang", async () => {
    const { target } = slowTarget();
    const { op, settle } = createOperations(target);
    void op.batchAlterTable("persons", async (table) => {
      await table.addColumn("a", t.text());
      await op.execute("x");
    });
    expect((await caught(settle)).message).toContain("Inside batchAlterTable");
  });

  test("a call after the function has ended is refused", async () => {
    const { target, executed } = slowTarget();
    const { op, settle } = createOperations(target);
    await settle();
    await expect(op.execute("late")).rejects.toThrow("had ended");
    expect(executed()).toEqual([]);
  });

  test("no failure ends the process as an unhandled rejection", { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "aludel-rejection-"));
    const source = resolve("src");
    writeFileSync(
      join(folder, "main.ts"),
      `import { createOperations } from ${JSON.stringify(join(source, "revision/create-operations.ts"))};
       async function main() {
         const { op, settle } = createOperations({
           dialect: { name: "sqlite" } as never, arguments: {},
           perform: async () => { throw new Error("it failed"); }, query: async () => [],
         });
         const forgotten = async () => { await op.execute("a"); };
         forgotten(); Promise.all([op.execute("b"), op.execute("c")]); op.execute("d").then(() => 1);
         await settle().catch((error) => console.log("settled:", error.message));
         await new Promise((resolve) => setTimeout(resolve, 20));
         console.log("alive", process.listenerCount("unhandledRejection"));
         Promise.reject(new Error("of the user's own"));
       }
       main();`,
    );
    const cli = resolve("node_modules/jiti/lib/jiti-cli.mjs");
    try {
      execFileSync(process.execPath, [cli, join(folder, "main.ts")], { encoding: "utf8", stdio: "pipe" });
      throw new Error("the rejection of the user's own did not end the process");
    } catch (thrown) {
      const { stdout, stderr } = thrown as { stdout: string; stderr: string };
      expect(stdout).toBe("settled: it failed\nalive 0\n");
      expect(stderr).toContain("of the user's own");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("recording", () => {
  const definition = (upgrade: (op: Operations) => void | Promise<void>) => ({
    id: "a",
    revises: null,
    upgrade,
    downgrade: "there is no way back",
  });
  const record = (upgrade: (op: Operations) => void | Promise<void>, dialect = postgres) =>
    recordRevision(definition(upgrade), "upgrade", { dialect, arguments: { tenant: "one" } });

  test("a question to the database ends it, and no handler of the user's notices", async () => {
    let noticed = false;
    const { ops, queried } = await record(async (op) => {
      await op.execute("a");
      try {
        await op.query("select 1");
      } catch {
        noticed = true;
      } finally {
        noticed = true;
      }
      await op.execute("b");
    });
    expect(queried).toBe(true);
    expect(ops.map(({ op }) => op)).toEqual([{ kind: "execute", sql: "a" }]);
    expect(noticed).toBe(false);
    expect(process.listeners("unhandledRejection").some((one) => one.name === "onUnhandled")).toBe(false);
  });

  test("the engine and the arguments can be asked for", async () => {
    const { ops } = await record(async (op) => {
      if (op.dialect === "sqlite") await op.execute(`-- ${op.arguments["tenant"]}`);
    }, sqlite);
    expect(ops).toEqual([{ op: { kind: "execute", sql: "-- one" }, autocommit: false }]);
  });

  test("a reason instead of a way back has no ops", async () => {
    const one = definition(() => undefined);
    expect(await recordRevision(one, "downgrade", { dialect: postgres })).toEqual({
      ops: [],
      queried: false,
    });
  });

  test("default names are filled in and marked as chosen by nobody", async () => {
    const { ops } = await record((op) => {
      void op.createTable(
        "persons",
        { id: t.integer().identity(), email: t.varchar(255).notNull().default("") },
        { primaryKey: ["id"], uniques: { persons_email_key: ["email"], mine: ["id", "email"] } },
      );
    });
    expect(ops[0]?.op).toMatchObject({
      kind: "create-table",
      table: {
        columns: [
          { name: "id", nullable: false, type: { name: "integer" } },
          {
            name: "email",
            nullable: false,
            default: "''",
            type: { name: "character varying", modifiers: ["255"] },
          },
        ],
        constraints: [
          { kind: "primary-key", name: "persons_pkey", implicitName: true },
          { kind: "unique", name: "persons_email_key", implicitName: true },
          { kind: "unique", name: "mine", implicitName: false },
        ],
      },
    });
  });

  test.each<[string, (op: Operations) => Promise<void>]>([
    ["no columns", (op) => op.createUniqueConstraint("p", "u", [])],
    ["twice", (op) => op.createUniqueConstraint("p", "u", ["a", "a"])],
    ["no keys", (op) => op.createIndex("i", "p", [])],
    ['both "before" and "after"', (op) => op.addEnumValue("mood", "x", { before: "a", after: "b" })],
    ['"using" without "type"', (op) => op.alterColumn("p", "c", { using: sql`c::int` })],
    ["nothing to change", (op) => op.alterColumn("p", "c", {})],
    ['no option "nulable"', (op) => op.alterColumn("p", "c", { nulable: true } as object)],
    ["takes only a type", (op) => op.alterColumn("p", "c", { type: t.text().notNull() })],
    [
      "points 2 columns at 1",
      (op) =>
        op.createForeignKey("p", "f", { columns: ["a", "b"], references: { table: "o", columns: ["id"] } }),
    ],
    ["expects SQL text", (op) => op.createCheckConstraint("p", "c", { expression: "a > 0" as never })],
    ["no name for the table", (op) => op.dropTable("")],
    ["no SQL", (op) => op.execute("  ")],
    ["definition was expected", (op) => op.addColumn("p", "c", "text" as never)],
    ["not told the table", (op) => op.dropIndex("i", {} as never)],
    ["nothing to change", (op) => op.batchAlterTable("p", () => undefined)],
    ["undefined for", (op) => op.bulkInsert("p", [{ a: undefined as never }])],
    ["not among the new values", (op) => op.replaceEnumValues("m", ["a"], { mapping: { b: "c" } })],
    [
      "cannot be replaced",
      (op) => op.createView("v", { as: sql`select 1`, materialized: true, orReplace: true }),
    ],
  ])("refused: %s", async (message, call) => {
    const error = await caught(() => record((op) => void call(op)));
    expect(error.code).toBe("revision-invalid");
    expect(error.message).toContain(message);
    expect(error.remedy).not.toBe("");
  });

  test("types that the dialect cannot read are refused when they are used", async () => {
    const error = await caught(() => record((op) => void op.addColumn("p", "c", t.type("var char((("))));
    expect(error.message).toContain("var char(((");
  });
});

// @ts-expect-error a text column has no number as its default
t.text().default(0);
// @ts-expect-error an array's default is written as the engine writes arrays
t.integer().array().default([1]);
t.bigint().default(10n).notNull();
t.jsonb().default({ a: [1, null] });
