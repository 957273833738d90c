import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AludelError } from "../../src/error/error.js";
import { parseHeader } from "../../src/revision/parse-header.js";
import { readRevisions } from "../../src/revision/read-folder.js";
import { readRevision } from "../../src/revision/read-header.js";
import { scanHeader } from "../../src/revision/scan-header.js";

const canonical = `/**
 * add email to persons
 *
 * Revision: 4f2a91c04b7d
 * Revises: 9c1d0b7e55aa
 * Created: 2026-11-21T05:30:00Z
 */
import { defineRevision, t } from "aludel";

export default defineRevision({
  id: "4f2a91c04b7d",
  revises: "9c1d0b7e55aa",
  async upgrade(op) {
    await op.addColumn("persons", "email", t.varchar(255));
  },
  async downgrade(op) {
    await op.dropColumn("persons", "email");
  },
});
`;

const file = "/revisions/one.ts";
const header = {
  id: "4f2a91c04b7d",
  revises: ["9c1d0b7e55aa"],
  dependsOn: [],
  labels: [],
  message: "add email to persons",
  createdAt: new Date("2026-11-21T05:30:00Z"),
};

const refused = (read: () => unknown): AludelError => {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof AludelError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was refused");
};

describe("TypeScript", () => {
  test("the shape that Aludel writes", () => {
    expect(scanHeader(canonical)).toEqual(header);
    expect(parseHeader(file, canonical)).toEqual(header);
    const revision = readRevision(file, canonical);
    expect(revision).toMatchObject({ ...header, file, format: "typescript" });
    expect(revision.checksum).toMatch(/^[0-9a-f]{64}$/);
  });

  test("line ends of Windows change nothing", () => {
    const windows = canonical.replaceAll("\n", "\r\n");
    expect(readRevision(file, windows)).toEqual(readRevision(file, canonical));
    expect(scanHeader(windows)).toEqual(header);
  });

  test("a byte order mark is no obstacle", () => {
    expect(readRevision(file, `\uFEFF${canonical}`)).toMatchObject(header);
    expect(
      readRevision(file, `\uFEFF${canonical.replace("defineRevision({\n", "{\n").replace("});\n", "};\n")}`),
    ).toMatchObject(header);
  });

  test.each([
    [
      "satisfies",
      `const a = 1;\nexport default { id: "x1", revises: null, upgrade() {}, downgrade: "no" } satisfies RevisionDefinition;`,
    ],
    [
      "a constant",
      `const revision = defineRevision({ id: "x1", revises: [], upgrade() {}, downgrade() {} });\nexport default revision;`,
    ],
    [
      "templates and constants",
      "const id = `x1` as const;\nexport default defineRevision({ id, revises: null, upgrade() {}, downgrade() {} });",
    ],
    [
      "quoted keys and types",
      `import type { A } from "./a";\nexport default defineRevision({ "id": 'x1', revises: [] as string[], upgrade: async (op: A): Promise<void> => {}, downgrade() {} });`,
    ],
    [
      "CommonJS",
      `const { defineRevision } = require("aludel");\nmodule.exports = defineRevision({ id: "x1", revises: null, upgrade() {}, downgrade() {} });`,
    ],
    [
      "several imports",
      `import * as x from "x";\nimport y, { type Z } from 'y';\nimport "z";\nexport default defineRevision({ id: 'x1', revises: null, async upgrade(op) {}, downgrade: "no" });`,
    ],
  ])("other shapes: %s", (_, text) => {
    expect(readRevision(file, text)).toMatchObject({
      id: "x1",
      revises: [],
      labels: [],
      message: "",
      createdAt: null,
    });
  });

  test("metadata below the functions is found", () => {
    const text = canonical.replace("  async downgrade", '  labels: ["late"],\n  async downgrade');
    expect(scanHeader(text)).toBeNull();
    expect(readRevision(file, text).labels).toEqual(["late"]);
  });

  test("comments: the one with fields is the header, several lines are the message", () => {
    const text = `// Licence\n\n/**\n * first line\n *\n * second: line\n * Revision: x1\n */\nexport default defineRevision({\n  id: "x1",\n  revises: null,\n  upgrade() {},\n  downgrade: "no",\n});\n`;
    expect(readRevision(file, text).message).toBe("first line\n\nsecond: line");
    expect(parseHeader(file, text).message).toBe("first line\n\nsecond: line");
  });

  test.each<[string, string, string, number]>([
    ["empty", "", "is empty", 1],
    ["white space", " \n\n", "is empty", 1],
    ["binary", "ab\n\0\u0001", "not UTF-8", 2],
    ["not UTF-8", "// a\n// \uFFFD\nexport default 1", "not UTF-8", 2],
    ["cut off", canonical.slice(0, canonical.indexOf("await op.drop")), "syntax error", 17],
    ["no default export", "export const a = 1;\n", "no default export", 1],
    ["another default export", "\nexport default 1;\n", "no revision", 2],
    ["no id", "export default {\n  revises: null, upgrade() {} };\n", "no id", 1],
    ["no revises", 'export default {\n  id: "a", upgrade() {} };\n', "no revises", 1],
    ["computed id", canonical.replace('"4f2a91c04b7d",', "makeId(),"), "computed", 11],
    ["a hole in a template", canonical.replace('"4f2a91c04b7d",', `\`a\${1}\`,`), "computed", 11],
    ["a computed parent", canonical.replace('revises: "9c1d0b7e55aa"', "revises: [other]"), "computed", 12],
    ["spread", canonical.replace("  async upgrade", "  ...base,\n  async upgrade"), "another object", 13],
    ["a bad id", canonical.replace('id: "4f2a91c04b7d"', 'id: "4f-2a"'), 'has the character "-"', 11],
    ["a reserved id", canonical.replace('id: "4f2a91c04b7d"', 'id: "head"'), "targets use", 11],
    [
      "a bad label",
      canonical.replace("  async upgrade", '  labels: "a@b",\n  async upgrade'),
      'has the character "@"',
      13,
    ],
    [
      "empty text in a list",
      canonical.replace('"9c1d0b7e55aa",\n  async', '["a", ""],\n  async'),
      "is empty",
      12,
    ],
  ])("refused: %s", (_, text, message, line) => {
    const error = refused(() => readRevision(file, text));
    expect(error.code).toBe("revision-unreadable");
    expect(error.message).toContain(message);
    expect(error.where).toMatchObject({ file, line });
    expect(error.remedy).not.toBe("");
  });

  test("the fast reading and the thorough one agree", () => {
    const id = fc.constantFrom("4f2a91c04b7d", "x_1", "0", "Ä", "head", "a b", "a.b", "");
    const value = fc.oneof(
      id.map((one) => JSON.stringify(one)),
      fc.array(id, { maxLength: 3 }).map((ids) => `[${ids.map((one) => `'${one}'`).join(", ")}]`),
      fc.array(id, { maxLength: 3 }).map((ids) => `[\n    ${ids.map((one) => `"${one}", // c\n`).join("")}]`),
      fc.constantFrom("null", "undefined", "other", '"a" + "b"', "`x`", '"a\\u0062"'),
    );
    const property = fc.tuple(
      fc.constantFrom("id", "revises", "dependsOn", "labels", '"id"', "other"),
      value,
    );
    const shape = fc.tuple(
      fc.constantFrom("/** m\n * Revision: a\n */\n", "// m\n", "", "/* a */ /* b */"),
      fc.constantFrom('import { t } from "aludel";\n', "", "import a, { b } from 'b'\nimport 'c';"),
      fc.array(property, { maxLength: 5 }),
      fc.constantFrom("async upgrade(op) {}", "upgrade: () => 1", "upgrade() {}", "up() {}"),
      fc.constantFrom("", ', labels: "late"', ", ...rest"),
    );
    fc.assert(
      fc.property(shape, ([comment, imports, properties, run, end]) => {
        const list = [...properties.map(([name, text]) => `${name}: ${text}`), run].join(",\n  ");
        const text = `${comment}${imports}export default defineRevision({\n  ${list}${end}\n});\n`;
        const scanned = scanHeader(text);
        if (scanned !== null) expect(scanned).toEqual(parseHeader(file, text));
      }),
      { numRuns: 1500 },
    );
  });
});

describe("folders", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "aludel-read-"));
    const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
    put("2_b.ts", canonical.replaceAll("4f2a91c04b7d", "bbbb"));
    put("1_a.sql", "-- a\n-- Revision: aaaa\n-- Revises: none\n-- aludel:upgrade\nselect 1;\n");
    put("3_c.d.ts", "export {};");
    put("_own.ts", "nonsense(");
    put(".hidden.ts", "nonsense(");
    put("readme.md", "# a");
    mkdirSync(join(folder, "inner"));
    writeFileSync(join(folder, "inner", "4_d.mjs"), canonical.replaceAll("4f2a91c04b7d", "dddd"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("files in the order of their names, and none that is not a revision", async () => {
    const ids = (await readRevisions([folder])).map(({ id }) => id);
    expect(ids).toEqual(["aaaa", "bbbb"]);
    expect((await readRevisions([folder], { recursive: true })).map(({ id }) => id)).toEqual([
      "aaaa",
      "bbbb",
      "dddd",
    ]);
    expect(await readRevisions([join(folder, "gone")])).toEqual([]);
  });

  test("every file that cannot be read is reported at once", async () => {
    const bad = mkdtempSync(join(tmpdir(), "aludel-bad-"));
    writeFileSync(join(bad, "a.ts"), "");
    writeFileSync(join(bad, "b.ts"), "export default 1;");
    const error = await readRevisions([bad]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AludelError);
    const { message, details } = error as AludelError;
    expect(message).toContain("2 revision files");
    expect(details).toHaveLength(2);
    expect(details[0]).toContain("a.ts:1: The revision file is empty");
    rmSync(bad, { recursive: true, force: true });
  });
});
