import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dialect } from "../../src/dialect/dialect.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { AludelError } from "../../src/error/error.js";
import type { Op } from "../../src/op/op.js";
import { t } from "../../src/revision/column-builder.js";
import { loadRevision } from "../../src/revision/load.js";
import type { Operations } from "../../src/revision/operations.js";
import { readRevision } from "../../src/revision/read-header.js";
import { recordRevision } from "../../src/revision/record.js";
import { readSqlSections } from "../../src/revision/sql-file.js";
import { sql } from "../../src/revision/sql-text.js";
import { renderRevision } from "../../src/revision/write/render-revision.js";
import { renderSqlRevision } from "../../src/revision/write/render-sql-revision.js";
import { emptySchema } from "../../src/schema/build.js";
import type { Defined } from "../../src/schema/schema.js";
import { bodies } from "./sample-texts.js";

const postgres = await loadDialect("postgres");
const sqlite = await loadDialect("sqlite");

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "aludel-objects-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const content = {
  id: "4f2a91c04b7d",
  revises: [],
  dependsOn: [],
  labels: [],
  message: "objects",
  createdAt: new Date("2026-11-21T05:30:00Z"),
};

function defined(kind: Defined["kind"], name: string, definition: string, more: Partial<Defined> = {}) {
  const base = { namespace: null, table: null, signature: "", settings: [], comment: null };
  return { ...base, kind, name, definition, ...more };
}

const create = (object: Defined): Op => ({ kind: "create-defined", object });

function written(upgrade: readonly Op[], dialect: Dialect = postgres): string {
  return renderRevision({ ...content, upgrade, downgrade: [], dialect });
}

/** The lines of the way up. */
function upgradeOf(text: string): string {
  return text.slice(text.indexOf("(op) {\n") + 7, text.indexOf("\n  },\n  async downgrade"));
}

let count = 0;
async function readBack(text: string, dialect: Dialect): Promise<readonly Op[]> {
  count += 1;
  const file = join(folder, `${count}.ts`);
  writeFileSync(file, text);
  const definition = await loadRevision(readRevision(file, text), { root: folder });
  const { ops } = await recordRevision(definition, "upgrade", { dialect });
  return ops.map(({ op }) => op);
}

const functionOf = (body: string) =>
  defined(
    "function",
    "f",
    `CREATE FUNCTION f()\n RETURNS trigger\n LANGUAGE x\nAS $function$${body}$function$`,
  );

describe("bodies of functions survive byte for byte", () => {
  test.each(bodies.map((body) => [JSON.stringify(body), body]))("%s", async (_, body) => {
    const op = create(functionOf(body));
    const text = written([op]);
    expect(await readBack(text, postgres)).toEqual([op]);
    // An editor that takes away the blanks at the ends of lines changes nothing.
    expect(text.replace(/[ \t]+$/gm, "")).toBe(text);
  });

  test.each(bodies.map((body) => [JSON.stringify(body), body]))("in a SQL revision: %s", async (_, body) => {
    const { definition } = functionOf(body);
    const context = { before: emptySchema("postgres"), serverVersion: null };
    const op = { kind: "create-defined", object: functionOf(body) } as const;
    const upgrade = postgres.compile["create-defined"](op, context);
    const render = () => renderSqlRevision({ ...content, upgrade, downgrade: "no way back" });
    if (body.includes("\r\n")) {
      expect(render).toThrow("cannot stand");
      return;
    }
    const file = join(folder, "one.sql");
    writeFileSync(file, render());
    const section = readSqlSections({ file }).upgrade;
    const statements = await postgres.splitScript(section.kind === "statements" ? section.sql : "");
    expect(statements.map((one) => one.sql)).toEqual([definition]);
  });

  test("a trigger of SQLite, blanks between its statements and all", async () => {
    const definition = "CREATE TRIGGER t AFTER INSERT ON x BEGIN\n  \n\tUPDATE x SET a = 'it''s  \n';  \nEND";
    const table = { namespace: null, name: "x" };
    const op = create(defined("trigger", "t", definition, { table }));
    const text = written([op], sqlite);
    expect(await readBack(text, sqlite)).toEqual([op]);
    expect(text.replace(/[ \t]+$/gm, "")).toBe(text);
  });
});

test("objects as a person would have written them", () => {
  const persons = { namespace: null, name: "persons" };
  const touch = defined(
    "function",
    "touch",
    "CREATE FUNCTION touch()\n RETURNS trigger\n LANGUAGE plpgsql\nAS $function$\nBEGIN\n  NEW.at := now();\n  RETURN NEW;\nEND\n$function$",
  );
  const trigger = defined(
    "trigger",
    "touch",
    "CREATE TRIGGER touch AFTER UPDATE ON persons EXECUTE FUNCTION touch()",
    {
      table: persons,
      comment: "keeps at",
    },
  );
  const ops: readonly Op[] = [
    create(touch),
    create(trigger),
    {
      kind: "set-comment",
      target: { on: "defined", object: { ...touch, namespace: "billing", signature: "integer" } },
      comment: null,
    },
    { kind: "drop-defined", object: defined("trigger", "old", "", { table: persons }) },
    { kind: "drop-column", table: persons, column: "at" },
    { kind: "drop-defined", object: defined("cast", "", "", { signature: "text AS mood" }), ifExists: true },
    create(defined("range", "period", "CREATE TYPE period AS RANGE (subtype = date)")),
    {
      kind: "replace-defined",
      object: defined("language", "pl", "CREATE LANGUAGE pl HANDLER h"),
      unchecked: true,
    },
  ];
  expect(upgradeOf(written(ops))).toBe(`    await op.createFunction("touch", sql\`
      CREATE FUNCTION touch()
       RETURNS trigger
       LANGUAGE plpgsql
      AS $function$
BEGIN
  NEW.at := now();
  RETURN NEW;
END
$function$
    \`);

    await op.createTrigger(
      "touch",
      "persons",
      sql\`CREATE TRIGGER touch AFTER UPDATE ON persons EXECUTE FUNCTION touch()\`,
      { comment: "keeps at" },
    );

    await op.setComment(
      { function: { schema: "billing", name: "touch", arguments: "integer" } },
      null,
    );

    await op.dropTrigger("old", { table: "persons" });

    // Loses the values of persons.at.
    await op.dropColumn("persons", "at");

    await op.dropObject("cast", { signature: "text AS mood" }, { ifExists: true });

    await op.createRangeType("period", sql\`CREATE TYPE period AS RANGE (subtype = date)\`);

    await op.replaceObject("language", "pl", sql\`CREATE LANGUAGE pl HANDLER h\`, {
      unchecked: true,
    });`);
});

function record(call: (op: Operations) => void, dialect = postgres) {
  const definition = { id: "a1", revises: null, upgrade: call, downgrade: "no" };
  return recordRevision(definition, "upgrade", { dialect });
}

test("a statement is taken without OR REPLACE and semicolon, and without what is around it", async () => {
  const { ops } = await record((op) => {
    void op.createFunction(
      { name: "f", arguments: "integer" },
      sql`
        create or  replace function f(integer) returns integer return 1;
      `,
      { settings: [sql`ALTER FUNCTION f(integer) OWNER TO x; `] },
    );
  });
  expect(ops[0]?.op).toEqual(
    create(
      defined("function", "f", "CREATE function f(integer) returns integer return 1", {
        signature: "integer",
        settings: ["ALTER FUNCTION f(integer) OWNER TO x"],
      }),
    ),
  );
});

const view = sql`SELECT 1`;

test.each<[string, (op: Operations) => Promise<void>]>([
  ["expects SQL text for the statement", (op) => op.createFunction("f", "CREATE FUNCTION f()" as never)],
  ["nothing for the statement", (op) => op.createFunction("f", sql` ; `)],
  ['no option "argument"', (op) => op.dropFunction({ name: "f", argument: "integer" } as never)],
  ["no name for the function", (op) => op.createFunction({ name: "" }, view)],
  ["was given 5 for arguments", (op) => op.dropFunction({ name: "f", arguments: 5 as never })],
  ["not told the table", (op) => op.dropTrigger("t", {} as never)],
  ["no name for the table", (op) => op.createTrigger("t", view as never, view)],
  ['no option "comment"', (op) => op.replaceFunction("f", view, { comment: "x" } as never)],
  ["settings in a list", (op) => op.createFunction("f", view, { settings: view as never })],
  ['"castle" for the kind', (op) => op.createObject("castle" as never, "x", view)],
  ["not told which cast", (op) => op.dropObject("cast", {})],
  ["not told the table of the rule", (op) => op.createObject("rule", "r", view)],
  ["not told what to comment on", (op) => op.setComment({ table: "x" } as never, null)],
  ["for the kind", (op) => op.setComment({ object: "x" } as never, null)],
  ["a type under", (op) => op.createDomain("d", { type: t.text().notNull() })],
  ["domain that is nullable", (op) => op.createDomain("d", { type: t.text(), notNull: { name: "x" } })],
  ['no option "comment"', (op) => op.alterDomain("d", { type: t.text(), comment: "x" } as never)],
  ["SQL text for the check", (op) => op.createDomain("d", { type: t.text(), checks: { c: "x" as never } })],
  ['NOT NULL for the attribute "a"', (op) => op.createType("c", { a: t.text().notNull() })],
  ['default for the attribute "a"', (op) => op.createType("c", { a: t.text().default("x") })],
  ['comment for the attribute "a"', (op) => op.alterType("c", { a: t.text().comment("x") })],
  ["no attributes", (op) => op.createType("c", null as never)],
  [
    'attribute "a" twice',
    (op) =>
      op.createType("c", [
        ["a", t.text()],
        ["a", t.text()],
      ]),
  ],
  ["SQL text for bounds", (op) => op.attachPartition("a", { table: "b", bounds: "DEFAULT" as never })],
  [
    '"hsh" for strategy',
    (op) => op.createTable("a", {}, { partitionBy: { strategy: "hsh" as never, keys: view } }),
  ],
  ["no list of tables", (op) => op.setInheritance("a", "b" as never)],
  ["not told the table", (op) => op.attachIndex("i", "j", {} as never)],
  ["1.5 for statistics", (op) => op.alterColumn("a", "b", { storage: { statistics: 1.5 } })],
  ['"some" for replicaIdentity', (op) => op.alterTableOptions("a", { replicaIdentity: "some" as never })],
  ["nothing to set", (op) => op.alterViewColumn("v", "c", undefined as never)],
  [
    'sets "b" on delete',
    (op) =>
      op.createForeignKey("a", "f", {
        columns: ["a"],
        references: { table: "o", columns: ["id"] },
        onDelete: "set null",
        setColumns: ["b"],
      }),
  ],
])("refused: %s", async (message, call) => {
  const error = await record((op) => void call(op)).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AludelError);
  expect((error as AludelError).code).toBe("revision-invalid");
  expect((error as AludelError).message).toContain(message);
  expect((error as AludelError).remedy).not.toBe("");
});
