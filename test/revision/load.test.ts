import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadDialect } from "../../src/dialect/registry.js";
import { AludelError } from "../../src/error/error.js";
import * as aludel from "../../src/index.js";
import { evaluateAlone } from "../../src/revision/evaluate-alone.js";
import { loadRevision } from "../../src/revision/load.js";
import { loadModule } from "../../src/revision/module-loader.js";
import { plainScript } from "../../src/revision/plain-script.js";
import { readRevision } from "../../src/revision/read-header.js";
import { recordRevision } from "../../src/revision/record.js";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "aludel-load-"));
  mkdirSync(join(root, "node_modules"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(name: string, text: string): string {
  const file = join(root, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const load = (name: string, text: string) => {
  const file = put(name, text);
  return loadRevision(readRevision(file, text), { root });
};

const caught = async (work: Promise<unknown>): Promise<AludelError> => {
  const thrown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (thrown instanceof AludelError) return thrown;
  throw thrown ?? new Error("nothing was thrown");
};

const body = `{
  id: "a1",
  revises: null,
  async upgrade(op) {
    await op.addColumn("persons", "email", t.text());
  },
  downgrade: "no way back",
}`;
const revision = `import { defineRevision, t } from "aludel";\nexport default defineRevision(${body});\n`;

async function opsOf(definition: aludel.RevisionDefinition): Promise<readonly string[]> {
  const { ops } = await recordRevision(definition, "upgrade", { dialect: await loadDialect("postgres") });
  return ops.map(({ op }) => op.kind);
}

describe("revisions", () => {
  test.each<[string, string, string]>([
    ["as Aludel writes them", "a.ts", revision],
    ["with types", "a.ts", revision.replace("upgrade(op)", "upgrade(op: unknown & any): Promise<void>")],
    [
      "with a query of a type",
      "a.ts",
      revision.replace("await op.add", 'const f = <T>(a: T) => a; f<string>("x"); await op.add'),
    ],
    [
      "in a CommonJS project's .cjs",
      "a.cjs",
      `const { defineRevision, t } = require("aludel");\nmodule.exports = defineRevision(${body});\n`,
    ],
    ["as ES module", "a.mjs", revision],
    [
      "with top-level await",
      "a.ts",
      revision.replace("export default", "await Promise.resolve();\nexport default"),
    ],
    [
      "with import.meta",
      "a.ts",
      revision.replace("export default", "const here = import.meta.url;\nexport default"),
    ],
    [
      "with other imports",
      "a.ts",
      revision.replace(
        "export default",
        'import { join } from "node:path";\njoin("a", "b");\nexport default',
      ),
    ],
    [
      "with an enum",
      "a.ts",
      revision.replace(
        "export default",
        "enum Colour { Red = 1 }\nconst one: number = Colour.Red;\nexport default",
      ),
    ],
    ["with a byte order mark", "a.ts", `\uFEFF${revision}`],
    ["with line ends of Windows", "a.ts", revision.replaceAll("\n", "\r\n")],
  ])("%s", async (_, name, text) => {
    expect(await opsOf(await load(name, text))).toEqual(["add-column"]);
  });

  test("what they import is found beside them, in ESM and in CommonJS projects", async () => {
    for (const type of ["module", "commonjs"]) {
      put("package.json", JSON.stringify({ type }));
      put("names.ts", 'export const table: string = "persons";\n');
      const text = revision
        .replace("\n", '\nimport { table } from "./names.js";\n')
        .replace('"persons"', "table");
      expect(await opsOf(await load("a.ts", text))).toEqual(["add-column"]);
    }
  });

  test('"aludel" is this very module, however the file is loaded', async () => {
    for (const extra of ["", 'import "node:path";\n', 'const later = () => import("node:fs");\n']) {
      const file = put("a.ts", `import * as it from "aludel";\n${extra}export default it.AludelError;\n`);
      const loaded = (await loadModule(file, { root })) as { readonly default: unknown };
      expect(loaded.default).toBe(aludel.AludelError);
    }
  });

  test("a SQL revision executes its sections", async () => {
    const text =
      "-- Revision: a1\n-- Revises: none\n-- aludel:upgrade\n-- aludel:no-transaction\nselect 1;\n";
    const definition = await load("a.sql", text);
    const dialect = await loadDialect("sqlite");
    const { ops } = await recordRevision(definition, "upgrade", { dialect });
    expect(ops).toEqual([
      { op: { kind: "execute", sql: "-- aludel:no-transaction\nselect 1;" }, autocommit: true },
    ]);
    expect(definition.downgrade).toBe("The file has no section for the way back");
  });

  test("what runs must be what the text says", async () => {
    const text = revision
      .replace("export default defineRevision(", "export default (")
      .replace('"a1"', '"a1" as string');
    const file = put("a.ts", text);
    const read = { ...readRevision(file, text), labels: ["other"] };
    const error = await caught(loadRevision(read, { root }));
    expect(error.code).toBe("revision-invalid");
    expect(error.message).toContain('labels is [] when it runs, but its text says ["other"]');
  });

  test.each([
    ["no downgrade", revision.replace('downgrade: "no way back",', ""), "no downgrade"],
    [
      "an upgrade that is text",
      revision.replace(/async upgrade[\s\S]*?\n {2}\},/, 'upgrade: "x" as never,'),
      "upgrade is no function",
    ],
  ])("refused: %s", async (_, text, message) => {
    expect((await caught(load("a.ts", text))).message).toContain(message);
  });
});

describe("errors name the place in the user's code", () => {
  test("a syntax error", async () => {
    const error = await caught(
      loadModule(put("a.ts", "export const a = {\n  b: 1,\n  c: = 2\n};\n"), { root }),
    );
    expect(error.code).toBe("revision-unreadable");
    expect(error.message).toContain("syntax error");
    expect(error.where).toMatchObject({ file: join(root, "a.ts"), line: 3 });
    expect(error.details[0]).toBe("3 |   c: = 2");
  });

  test("a syntax error in what is imported", async () => {
    const bad = put("bad.ts", "export const a = 1;\nexport const b: = 2;\n");
    const error = await caught(
      loadModule(put("a.ts", 'import { a } from "./bad.js";\nexport default a;\n'), { root }),
    );
    expect(error.where).toMatchObject({ file: bad, line: 2 });
  });

  test("an error that is thrown, with types above it and without", async () => {
    for (const first of ["const a: any = null;", "const a = null;"]) {
      const text = `import { t } from "aludel";\n${first}\n\na.b;\nexport default t;\n`;
      const error = await caught(
        loadModule(put("a.ts", text), { root, code: "config-unloadable", what: "The configuration" }),
      );
      expect(error.code).toBe("config-unloadable");
      expect(error.message).toContain("The configuration failed while it was loaded");
      expect(error.where).toMatchObject({ file: join(root, "a.ts"), line: 4 });
    }
  });

  test("a package that is not there", async () => {
    const error = await caught(
      loadModule(put("a.ts", 'import x from "no-such-package";\nexport default x;\n'), { root }),
    );
    expect(error.message).toContain("no-such-package");
    expect(error.remedy).toContain("Install");
  });

  test("a file that is not there", async () => {
    expect((await caught(loadModule(join(root, "gone.ts"), { root }))).code).toBe("file-unreadable");
  });
});

describe("modules", () => {
  test("that import each other and share one third", async () => {
    put("c.ts", "export const box = { made: Math.random() };\n");
    const a = put(
      "a.ts",
      'import { box } from "./c";\nimport { b } from "./b";\nexport const f = () => b();\nexport { box };\n',
    );
    const b = put(
      "b.ts",
      'import { box } from "./c";\nimport { f } from "./a";\nexport const b = () => typeof f;\nexport { box };\n',
    );
    const one = (await loadModule(a, { root })) as { f: () => string; box: object };
    const two = (await loadModule(b, { root })) as { box: object };
    expect(one.f()).toBe("function");
    expect(one.box).toBe(two.box);
  });

  test("that changed are loaded anew", async () => {
    const a = put("a.ts", 'import { n } from "./n";\nexport default n;\n');
    put("n.ts", "export const n: number = 1;\n");
    expect(await loadModule(a, { root })).toMatchObject({ default: 1 });
    put("n.ts", "export const n: number = 22;\n");
    expect(await loadModule(a, { root })).toMatchObject({ default: 22 });
  });

  test("the paths of tsconfig.json are followed", async () => {
    put(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: { baseUrl: ".", paths: { "@db/*": ["./source/db/*"] } } }),
    );
    put("source/db/names.ts", "export const name: string = 'x';\n");
    const a = put("a.ts", 'import { name } from "@db/names";\nexport default name;\n');
    expect(await loadModule(a, { root })).toMatchObject({ default: "x" });
  });

  test("what the fast transform cannot do is left to the thorough one", async () => {
    const text = `namespace Inner { export const x = 5; }
function mark(target: unknown): void {}
@mark
class Marked { constructor(readonly y: number) {} }
import { join } from "node:path";
export default [Inner.x, new Marked(3).y, typeof join, import.meta.url.startsWith("file:")];\n`;
    expect(await loadModule(put("a.ts", text), { root })).toMatchObject({
      default: [5, 3, "function", true],
    });
  });
});

describe("the cache", () => {
  const typed = "export default (1 as number);\n";

  test("keeps what was transformed in the project's node_modules, and does without where it cannot", () => {
    const file = put("a.ts", typed);
    const options = { root, publicModule: aludel };
    expect(evaluateAlone(file, typed, options)).toMatchObject({ exports: { default: 1 } });
    const folder = join(root, "node_modules", ".cache", "aludel");
    expect(readdirSync(folder)).toHaveLength(1);
    const other = mkdtempSync(join(tmpdir(), "aludel-nocache-"));
    writeFileSync(join(other, "node_modules"), "in the way");
    expect(evaluateAlone(file, typed, { ...options, root: other })).toMatchObject({
      exports: { default: 1 },
    });
    expect(existsSync(join(other, "node_modules", ".cache"))).toBe(false);
    rmSync(other, { recursive: true, force: true });
  });

  test("is not needed for what Aludel writes", async () => {
    await load("a.ts", revision);
    expect(existsSync(join(root, "node_modules", ".cache", "aludel"))).toBe(false);
  });
});

test("a file is plain only if nothing but its import and its export has to change", () => {
  expect(plainScript(revision)).toContain('const { defineRevision, t } = require("aludel");');
  expect(plainScript('import { t as u } from "aludel";\nexport default u;\n')).toContain("const { t: u }");
  for (const text of [
    revision.replace("await op.add", "await op.query<{ a: 1 }>(`x`); await op.add"),
    revision.replace("t }", "type t }"),
    `export const x = 1;\n${revision}`,
    'import x from "y";\nexport default x;\n',
  ]) {
    expect(plainScript(text)).toBeNull();
  }
});

describe("a tsconfig.json that extends what is not installed", () => {
  const broken =
    '{ "extends": "@tsconfig/none/tsconfig.json", "compilerOptions": { "paths": { "@/*": ["./*"] } } }';

  test.each(["tsconfig.json", "deep/tsconfig.json"])(
    "%s stops nothing that does without its paths",
    async (name) => {
      put(name, broken);
      put("deep/b.ts", "export const b: number = 1;\n");
      const file = put("a.ts", 'import { b } from "./deep/b";\nexport const a = b;\n');
      expect(await loadModule(file, { root })).toMatchObject({ a: 1 });
    },
  );

  test("is named when an import may need its paths", async () => {
    put("tsconfig.json", broken);
    put("b.ts", "export const b: number = 1;\n");
    const error = await caught(
      loadModule(put("a.ts", 'import { b } from "@/b";\nexport const a = b;\n'), { root }),
    );
    expect(error.message).toContain("@/b");
    expect(error.remedy).toContain("tsconfig.json");
    expect(error.remedy).toContain("@tsconfig/none");
  });
});

test.each([
  ["import './b';\nconst a: number = 1;\n)\n", 3, 1],
  ["import './b';\nconst a: number = ;\n", 2, 19],
])("columns of syntax errors count from 1: %j", async (text, line, column) => {
  const error = await caught(loadModule(put("a.ts", text), { root }));
  expect(error.where).toMatchObject({ line, column });
});
