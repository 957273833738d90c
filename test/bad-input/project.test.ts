import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { revision } from "../run/project.js";
import { temporaryFolder } from "../temporary-folder.js";
import { command, failure } from "./cli.js";

const config = (more: object = {}) =>
  JSON.stringify({ dialect: "sqlite", schema: "models.ts", environments: { dev: "sqlite:dev.db" }, ...more });

const models = (columns: string, table = "person") =>
  `import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";\nexport const person = sqliteTable("${table}", { id: integer().primaryKey(), ${columns} });\n`;

const first = {
  "revisions/aaaa.ts": revision({
    id: "aaaa",
    up: 'await op.createTable("person", { id: t.integer().notNull(), name: t.text() }, { primaryKey: ["id"] });',
    down: 'await op.dropTable("person");',
  }),
};

/** A folder whose models find the packages of this repository. */
function projectFolder(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder(files);
  symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(folder, "node_modules"));
  return folder;
}

const revisionFiles = (folder: string) =>
  existsSync(join(folder, "revisions")) ? readdirSync(join(folder, "revisions")) : [];

describe("the configuration", () => {
  test.each<[string, Record<string, string>, readonly string[], string, readonly string[]]>([
    ["is missing", {}, ["upgrade"], "config-not-found", ["aludel init"]],
    [
      "does not parse",
      { "aludel.config.json": '{ "schema": ' },
      ["upgrade"],
      "config-unloadable",
      ["aludel.config.json"],
    ],
    [
      "does not parse as TypeScript",
      { "aludel.config.ts": "export default {;" },
      ["upgrade"],
      "config-unloadable",
      ["aludel.config.ts:1"],
    ],
    [
      "has a misspelled key",
      { "aludel.config.json": config({ enviroments: {} }) },
      ["upgrade"],
      "config-invalid",
      ["enviroments", "environments"],
    ],
    [
      "has a wrong value",
      { "aludel.config.json": config({ dialect: "mysql" }) },
      ["upgrade"],
      "config-invalid",
      ["mysql"],
    ],
    [
      "has no such environment",
      { "aludel.config.json": config() },
      ["upgrade", "--env", "prod"],
      "environment-unknown",
      ["prod", "dev"],
    ],
    [
      "wants a variable that is not set",
      { "aludel.config.json": config({ environments: { dev: "$DATABASE_URL" } }) },
      ["upgrade"],
      "environment-variable-missing",
      ["DATABASE_URL"],
    ],
    [
      "has a URL without an engine",
      { "aludel.config.json": config({ dialect: undefined, environments: { dev: "mysql://x/y" } }) },
      ["upgrade"],
      "config-invalid",
      ["mysql"],
    ],
  ])("%s", async (_name, files, words, code, said) => {
    const folder = temporaryFolder({ ...first, ...files });
    const ended = await command(folder, ...words);
    expect({ ...failure(ended), stdout: ended.stdout }).toMatchObject({ code, exit: 2, stdout: "" });
    for (const part of said) expect(ended.stderr).toContain(part);
    expect(failure(ended).remedy).toMatch(/./);
    expect(existsSync(join(folder, "dev.db"))).toBe(false);
  });
});

describe("models", () => {
  test.each<[string, string, string, readonly string[]]>([
    ["do not parse", "export const a = ;", "models-unloadable", ["models.ts:1"]],
    ["throw", 'throw new Error("no DATABASE_URL");', "models-unloadable", ["no DATABASE_URL", "models.ts"]],
    ["import what is not there", 'import "./nowhere.js";', "models-unloadable", ["nowhere"]],
    ["have no models", "export const a = 1;", "models-empty", ["models.ts"]],
  ])("that %s", async (_name, text, code, said) => {
    const folder = projectFolder({
      "aludel.config.json": config({ source: "drizzle" }),
      "models.ts": text,
      ...first,
    });
    const ended = await command(folder, "revision", "--autogenerate", "-m", "x");
    expect(failure(ended)).toMatchObject({ code, exit: 2, remedy: expect.stringMatching(/./) as string });
    for (const part of said) expect(ended.stderr).toContain(part);
    expect(revisionFiles(folder)).toEqual(["aaaa.ts"]);
  });

  test("that contradict themselves are told all at once, each with its place", async () => {
    const folder = projectFolder({
      "aludel.config.json": config({ schema: "src/index.ts" }),
      "src/index.ts": 'export * from "./person.js";\nexport * from "./post.js";\n',
      "src/person.ts": `import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
const secret = sqliteTable("secret", { id: integer().primaryKey() });
export const person = sqliteTable("person", {
  id: integer().primaryKey(),
  secret: integer().references(() => secret.id),
  name: text(),
}, (t) => [index("by_name").on(t.name)]);
`,
      "src/post.ts": `import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
export const post = sqliteTable("post", { a: text("x"), b: integer("x") }, (t) => [
  index("by_name").on(t.a),
]);
export const another = sqliteTable("person", { id: text().primaryKey() });
`,
      ...first,
    });
    const ended = await command(folder, "revision", "--autogenerate", "-m", "x");
    expect(failure(ended)).toMatchObject({ code: "models-invalid", exit: 2 });
    for (const line of [
      "src/person.ts:3, src/post.ts:5: table person is defined differently in src/index.ts",
      "src/post.ts:3: index by_name of person and index by_name of post have the same name",
      "src/post.ts:2: post has the column x twice",
      "src/person.ts:5: foreign key (secret) to secret of person points at secret, which does not exist",
    ]) {
      expect(ended.stderr).toContain(line);
    }
    expect(revisionFiles(folder)).toEqual(["aaaa.ts"]);
  });

  test("with types that the engine does not know are told all, each with its place", async () => {
    const folder = projectFolder({
      "aludel.config.json": JSON.stringify({ dialect: "postgres", schema: "models.ts" }),
      "models.ts": `import { customType, pgTable, serial } from "drizzle-orm/pg-core";
const odd = customType<{ data: string }>({ dataType: () => "odd(3)" });
const other = customType<{ data: string }>({ dataType: () => "other" });
export const a = pgTable("a", { x: serial(), y: odd("y") });
export const b = pgTable("b", {
  z: other("z").array(),
});
`,
    });
    const ended = await command(folder, "revision", "--autogenerate", "-m", "x");
    expect(failure(ended)).toMatchObject({ code: "proof-failed", exit: 1 });
    expect(ended.stderr).toContain('models.ts:4: a.y has the type "odd", which is not known there');
    expect(ended.stderr).toContain('models.ts:6: b.z has the type "other", which is not known there');
    expect(ended.stderr.match(/is not known there/g)).toHaveLength(2);
  });

  test("with types that neither the engine nor the SQL files know are told all, each with its place", async () => {
    const folder = projectFolder({
      "aludel.config.json": JSON.stringify({ dialect: "postgres", schema: ["models.ts", "types.sql"] }),
      "types.sql":
        "CREATE EXTENSION citext;\nCREATE TYPE spans AS RANGE (SUBTYPE = float8, MULTIRANGE_TYPE_NAME = many);",
      "models.ts": `import { customType, pgTable, serial, text } from "drizzle-orm/pg-core";
const known = (name: string) => customType<{ data: string }>({ dataType: () => name });
const odd = customType<{ data: string }>({ dataType: () => "odd(3)" });
const other = customType<{ data: string }>({ dataType: () => "other" });
export const a = pgTable("a", { x: text(), y: odd("y") });
export const b = pgTable("b", {
  z: other("z").array(),
});
export const c = pgTable("c", { n: serial(), e: known("citext")("e"), s: known("spans")("s"), m: known("many")("m") });
`,
    });
    const ended = await command(folder, "revision", "--autogenerate", "-m", "x");
    expect(failure(ended)).toMatchObject({ code: "models-unreadable", exit: 2 });
    expect(ended.stderr).toContain('models.ts:5: a.y has the type "odd", which is not known there');
    expect(ended.stderr).toContain('models.ts:7: b.z has the type "other", which is not known there');
    expect(ended.stderr.match(/is not known there/g)).toHaveLength(2);
  });

  test("that no file matches", async () => {
    const folder = projectFolder({
      "aludel.config.json": config({ schema: "src/**/*.model.ts" }),
      ...first,
    });
    const ended = await command(folder, "check");
    expect(failure(ended)).toMatchObject({ code: "models-not-found", exit: 2 });
    expect(ended.stderr).toContain("src/**/*.model.ts");
  });
});

describe("a question and nobody to ask", () => {
  test("names the flag", async () => {
    const folder = projectFolder({
      "aludel.config.json": config(),
      "models.ts": models("name: text()"),
      ...first,
    });
    const ended = await command(folder, "revision", "--autogenerate");
    expect(failure(ended)).toMatchObject({ code: "question-unanswered", exit: 1 });
    expect(failure(ended).remedy).toContain('-m "…"');
    expect(revisionFiles(folder)).toEqual(["aaaa.ts"]);
  });
});

describe("an ambiguous rename", () => {
  const renamed = {
    "aludel.config.json": config(),
    "models.ts": models("fullName: text('full_name')"),
    ...first,
  };
  const autogenerate = ["revision", "--autogenerate", "-m", "x"] as const;

  test("prints the flags, writes nothing and exits 1; each flag works", async () => {
    const folder = projectFolder(renamed);
    const ended = await command(folder, ...autogenerate);
    expect(failure(ended)).toMatchObject({ code: "autogenerate-ambiguous", exit: 1 });
    expect(ended.stdout).toBe("");
    expect(revisionFiles(folder)).toEqual(["aaaa.ts"]);
    const flags = [...ended.stderr.matchAll(/--(?:rename|drop) \S+/g)].map(([flag]) => flag);
    expect(flags).toEqual(["--rename person.name:person.full_name", "--drop person.name"]);

    for (const [flag = "", expected] of [
      [flags[0], /renameColumn\("person", "name", "full_name"\)/],
      [flags[1], /dropColumn\("person", "name"\)/],
    ] as const) {
      const other = projectFolder(renamed);
      const done = await command(other, ...autogenerate, ...flag.split(" "));
      expect(done.stderr).toContain("proved");
      expect(done.exit).toBe(0);
      expect(readFileSync(join(other, done.stdout.trim()), "utf8").replace(/\s+/g, " ")).toMatch(expected);
    }
  });
});

describe("a proof that fails", () => {
  test("leaves the file, marked, and exits 1; mended it is proved", async () => {
    const folder = projectFolder({
      "aludel.config.json": config({ postWrite: ["node spoil.mjs"] }),
      "models.ts": models("name: text(), email: text()"),
      "spoil.mjs": `import { readFileSync, writeFileSync } from "node:fs";
const file = process.argv[2];
writeFileSync(file, readFileSync(file, "utf8").replace(/await op\\.dropColumn\\(.*/, ""));`,
      ...first,
    });
    const ended = await command(folder, "revision", "--autogenerate", "-m", "add email");
    expect(failure(ended)).toMatchObject({ code: "proof-failed", exit: 1 });
    const file = ended.stdout.trim();
    const text = readFileSync(join(folder, file), "utf8");
    expect(text).toMatch(/^\/\/ NOT PROVED: "start equal" failed\.\n/);
    const id = /Revision: (\w+)/.exec(text)?.[1] ?? "";
    expect(failure(ended).remedy).toContain(`aludel verify ${id}`);
    const unproved = await command(folder, "verify", id);
    expect(unproved.exit).toBe(1);
    writeFileSync(
      join(folder, file),
      text.replace(/(downgrade\(op\) \{)/, '$1 await op.dropColumn("person", "email");'),
    );
    expect(await command(folder, "verify", id)).toMatchObject({ exit: 0 });
  });
});

test("a scratch database that cannot be had: the ways to get one", async () => {
  const folder = projectFolder({
    "aludel.config.json": config({
      dialect: "postgres",
      environments: { dev: "postgres://app:hunter2@db.invalid/app" },
      scratch: "postgres://dev:hunter3@127.0.0.1:1/dev",
    }),
    "revisions/aaaa.ts": revision({ id: "aaaa", up: 'await op.execute("CREATE TABLE a (id integer)");' }),
    "models.ts":
      'import { integer, pgTable } from "drizzle-orm/pg-core";\nexport const a = pgTable("a", { id: integer() });\n',
  });
  const ended = await command(folder, "verify");
  expect(ended.exit).toBe(2);
  expect(ended.stderr).toContain("127.0.0.1:1");
  expect(ended.stderr).toMatch(/scratch/);
  expect(ended.stderr).not.toMatch(/hunter/);
});
