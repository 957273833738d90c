// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code
import { describe, expect, test } from "vitest";
import { readOps } from "../../src/check/conflicts/read-ops.js";
import { loadDialect } from "../../src/dialect/registry.js";

const file = "/nowhere/r.ts";

async function read(body: string, before = "", dialect: "sqlite" | "postgres" = "postgres") {
  const text = `import { defineRevision, sql, t as types } from "aludel";
${before}
export default defineRevision({
  id: "aaaa",
  revises: null,
  async upgrade(op) {
    ${body}
  },
  async downgrade(op) {},
});
`;
  return readOps({ file, format: "typescript" }, text, {
    dialect: await loadDialect(dialect),
    arguments: { tenant: "acme" },
  });
}

async function kinds(body: string, before = ""): Promise<string> {
  const found = await read(body, before);
  return "unreadable" in found ? found.unreadable : found.ops.map(({ kind }) => kind).join(" ");
}

describe("what is read without running it", () => {
  test.each<[string, string, string?]>([
    ['await op.createTable("t", { id: types.integer().notNull() }, { primaryKey: ["id"] });', "create-table"],
    ['op.dropTable("t"); return op.dropTable("u");', "drop-table drop-table"],
    [
      'await op.execute(sql`UPDATE t SET a = ${1}`); await op.execute(`DELETE FROM ${"t"}`);',
      "execute execute",
    ],
    [
      "await op.addColumn(table, column, types.varchar(size), options);",
      "add-column",
      'const table = "t"; const column = "c" + "d"; const size = 3; const options = { ifNotExists: true as const };',
    ],
    [
      'for (const name of ["a", "b"]) { const full = `t_${name}`; await op.dropTable(full); }',
      "drop-table drop-table",
    ],
    [
      "for (const [a, b] of pairs) await op.renameTable(a, b);",
      "rename-table",
      'const pairs = [["a", "b"]];',
    ],
    [
      'if (op.dialect === "postgres") await op.createSchema("x"); else await op.dropTable("t");',
      "create-namespace",
    ],
    [
      'if (!op.arguments.tenant) await op.dropTable("t"); else { await op.createSchema(op.arguments["tenant"]); }',
      "create-namespace",
    ],
    [
      'await op.batchAlterTable("t", (table) => { table.dropColumn("a"); table.dropColumn("b"); });',
      "batch-alter-table",
    ],
    [
      'await op.autocommit(async () => { await op.dropTable("a"); }); await op.execute(["SELECT 1", "-- x"].join("\\n"));',
      "drop-table execute",
    ],
    [
      'await op.bulkInsert("t", [{ a: 1, b: null, c: -2.5, ...more }]);',
      "bulk-insert",
      "const more = { d: 10n, e: true };",
    ],
    ["", ""],
  ])("%s", async (body, expected, before) => {
    expect(await kinds(body, before)).toBe(expected);
  });

  test("the operations are those that running it gives", async () => {
    const found = await read('await op.addColumn("t", "c", types.varchar(20).notNull().default("x"));');
    expect(found).toMatchObject({
      ops: [
        { kind: "add-column", table: { name: "t" }, column: { name: "c", nullable: false, default: "'x'" } },
      ],
    });
  });
});

describe("what only running it would tell", () => {
  test.each<[string, RegExp, string?]>([
    ['await op.query("SELECT 1");', /what the database answers, line 7/],
    [
      'const rows = await op.query("SELECT 1"); if (rows.length) await op.dropTable("t");',
      /database answers/,
    ],
    [
      'await op.execute(readFileSync("x.sql", "utf8"));',
      /readFileSync comes from elsewhere/,
      'import { readFileSync } from "node:fs";',
    ],
    ["await op.dropTable(process.env.TABLE);", /process comes from elsewhere/],
    ["await op.dropTable(String(Date.now()));", /comes from elsewhere/],
    ["helper(op);", /helper comes from elsewhere/, "function helper(op) { op.dropTable('t'); }"],
    ["await fill(op);", /.+/, "const fill = async (op) => { await op.dropTable('t'); };"],
    ['while (true) await op.dropTable("t");', /no operation/],
    ['let name = "t"; await op.dropTable(name);', /variable/],
    ['try { await op.dropTable("t"); } catch {}', /no operation/],
    ['await op.dropTable({}.constructor.constructor("return process")());', /.+/],
    ['types.constructor.constructor("throw new Error(\\"ran\\")")();', /.+/],
    ['op.dropTable.constructor("return 1")();', /.+/],
    ['await op.dropTable("t".replace(/t/, "u"));', /.+/],
    ["await op.nothing();", /it calls nothing/],
    ["await op.dropTable(5);", /.+/],
    ["throw new Error('x');", /no operation/],
    [
      "for (const x of list) await op.dropTable(x);",
      /list comes from elsewhere/,
      'const list = ["a"]; list[0] = "b";',
    ],
  ])("%s", async (body, expected, before) => {
    const found = await read(body, before);
    expect("unreadable" in found ? found.unreadable : "it was read").toMatch(expected);
    expect(found).not.toEqual({ unreadable: "it was read" });
  });

  test("nothing of the file is run", async () => {
    Object.assign(globalThis, { ranHere: 0 });
    const run = "globalThis.ranHere += 1;";
    await read(`${run} await op.dropTable("t");`, `${run}\nclass X { static { ${run} } }`);
    await read('await op.dropTable(`${{ toString() { globalThis.ranHere += 1; return "t"; } }}`);');
    await read('await op.dropTable("t");', `const x = (() => { ${run} })();`);
    await read("await op.autocommit(() => { globalThis.ranHere += 1; });");
    expect(Reflect.get(globalThis, "ranHere")).toBe(0);
  });

  test.each([
    ["no export", "const a = 1;"],
    [
      "a function from elsewhere",
      'import { upgrade } from "./x.js"; export default { id: "a", revises: null, upgrade, downgrade: "no" };',
    ],
    ["a syntax error", "export default {"],
    ["a generator", 'export default { id: "a", revises: null, *upgrade() {}, downgrade: "no" };'],
  ])("%s", async (_what, text) => {
    const dialect = await loadDialect("sqlite");
    expect(await readOps({ file, format: "typescript" }, text, { dialect, arguments: {} })).toHaveProperty(
      "unreadable",
    );
  });

  test("SQL files are read as they are", async () => {
    const dialect = await loadDialect("sqlite");
    const text =
      "-- x\n--\n-- Revision: aaaa\n-- Revises: none\n\n-- aludel:upgrade\nDROP TABLE t;\n-- aludel:downgrade none: no\n";
    const options = { dialect, arguments: {} };
    expect(await readOps({ file: "/x.sql", format: "sql" }, text, options)).toEqual({
      ops: [{ kind: "execute", sql: "DROP TABLE t;" }],
    });
    expect(await readOps({ file: "/x.sql", format: "sql" }, "nothing", options)).toHaveProperty("unreadable");
  });
});
