import { join } from "node:path";
import { expect, test } from "vitest";
import type { DialectName } from "../../../src/schema/name.js";
import { drizzle } from "../../../src/source/drizzle/drizzle.js";
import { makeProject } from "../project.js";

async function read(
  sources: Readonly<Record<string, string>>,
  names: readonly string[] = Object.keys(sources),
  dialect: DialectName | null = null,
) {
  const root = await makeProject(sources);
  const openScratch = () => Promise.reject(new Error("models of Drizzle need no scratch database"));
  return drizzle.read({ root, files: names.map((name) => join(root, name)), dialect, openScratch });
}

const people = `import { integer, pgTable, text } from "drizzle-orm/pg-core";
export const persons = pgTable("persons", { id: integer().primaryKey(), name: text() });`;

test("several files, one of which exports the others' models again", async () => {
  const schema = await read({
    "index.ts": `export * from "./people.js"; export * as everything from "./visits.js"; export { persons as users } from "./people";`,
    "people.ts": people,
    "visits.ts": `import { integer, pgTable } from "drizzle-orm/pg-core"; import { persons } from "./people.js";
      export const visits = pgTable("visits", { by: integer().references(() => persons.id) });`,
  });
  expect(schema.dialect).toBe("postgres");
  expect([...schema.tables.keys()]).toEqual(["persons", "visits"]);
});

test("files that import each other in a circle, with references only when asked", async () => {
  const schema = await read({
    "a.ts": `import { integer, pgTable, type AnyPgColumn } from "drizzle-orm/pg-core"; import { b } from "./b.js";
      export const a = pgTable("a", { id: integer().primaryKey(), b: integer().references((): AnyPgColumn => b.id) });`,
    "b.ts": `import { integer, pgTable, type AnyPgColumn } from "drizzle-orm/pg-core"; import { a } from "./a.js";
      export const b = pgTable("b", { id: integer().primaryKey(), a: integer().references((): AnyPgColumn => a.id) });`,
  });
  expect(schema.tables.get("a")?.constraints).toMatchObject([{}, { references: { table: { name: "b" } } }]);
  expect(schema.tables.get("b")?.constraints).toMatchObject([{}, { references: { table: { name: "a" } } }]);
});

test("CommonJS and a default export", async () => {
  const schema = await read({
    "schema.cjs": `const { sqliteTable, text } = require("drizzle-orm/sqlite-core");
      module.exports = { notes: sqliteTable("notes", { body: text() }) };`,
    "more.ts": `import { sqliteTable, text } from "drizzle-orm/sqlite-core";
      export default { tags: sqliteTable("tags", { name: text() }) };`,
  });
  expect(schema.dialect).toBe("sqlite");
  expect([...schema.tables.keys()]).toEqual(["notes", "tags"]);
});

test("`casing` of drizzle.config.ts is heeded, unless it is a comment", async () => {
  const models = `import { pgTable, text } from "drizzle-orm/pg-core"; export const t = pgTable("t", { firstName: text() });`;
  const config = (line: string) => `export default { dialect: "postgresql",\n ${line}\n };`;
  const names = async (line: string) =>
    (await read({ "models.ts": models, "drizzle.config.ts": config(line) }, ["models.ts"])).tables
      .get("t")
      ?.columns.map(({ name }) => name);
  expect(await names('casing: "snake_case",')).toEqual(["first_name"]);
  expect(await names('// casing: "snake_case",')).toEqual(["firstName"]);
  expect(await names('/* casing: "snake_case" */')).toEqual(["firstName"]);
});

test("no models: what each file exports is told", async () => {
  await expect(
    read({
      "a.ts": `import { pgTable, text } from "drizzle-orm/pg-core"; const persons = pgTable("persons", { a: text() });
        export const count = 1; export function find() { return persons; }`,
      "b.ts": "const x = 1; console.assert(x);",
    }),
  ).rejects.toMatchObject({
    code: "models-empty",
    details: ["a.ts exports count (number), find (function)", "b.ts exports nothing"],
    remedy: expect.stringContaining("Export every table"),
  });
});

test("models for two engines at once, or for another one than the database", async () => {
  const lite = `import { sqliteTable, text } from "drizzle-orm/sqlite-core"; export const t = sqliteTable("t", { a: text() });`;
  await expect(read({ "a.ts": people, "b.ts": lite })).rejects.toMatchObject({
    code: "models-invalid",
    details: ["drizzle-orm/pg-core: a.ts", "drizzle-orm/sqlite-core: b.ts"],
  });
  await expect(read({ "b.ts": lite }, ["b.ts"], "postgres")).rejects.toMatchObject({
    code: "dialect-mismatch",
    message: expect.stringContaining("sqlite-core"),
  });
});

test("tables of an engine that is not read are named", async () => {
  await expect(
    read({
      "a.ts": `import { mysqlTable, text } from "drizzle-orm/mysql-core"; export const t = mysqlTable("t", { a: text() });`,
    }),
  ).rejects.toMatchObject({ code: "models-unreadable", details: ["a.ts: t is a MySqlTable"] });
});

test("one name for two tables names both files", async () => {
  await expect(
    read({ "a.ts": people, "b.ts": people.replace("name: text()", "name: integer()") }),
  ).rejects.toMatchObject({
    code: "models-invalid",
    details: ["table persons is defined differently in a.ts and b.ts"],
  });
});

test("findings of several files are told at once, each with its file", async () => {
  const broken = (name: string) => `import { check, customType, pgTable, text } from "drizzle-orm/pg-core";
    import { sql } from "drizzle-orm"; const odd = customType<{ data: string }>({ dataType: () => "" });
    export const t = pgTable("${name}", { a: odd("odd"), b: text() }, () => [check("c", sql\`\`)]);`;
  await expect(read({ "a.ts": broken("one"), "src/b.ts": broken("two") })).rejects.toMatchObject({
    code: "models-unreadable",
    message: "4 places in the models cannot be read",
    details: [
      expect.stringMatching(/^a\.ts: one\.odd: /),
      "a.ts: one, check c: the SQL is empty",
      expect.stringMatching(/^src\/b\.ts: two\.odd: /),
      "src/b.ts: two, check c: the SQL is empty",
    ],
  });
});

test("files that cannot be loaded", async () => {
  await expect(read({ "a.ts": "export const a = ;" })).rejects.toMatchObject({
    code: "models-unloadable",
    where: { file: expect.stringMatching(/a\.ts$/) },
  });
  await expect(
    read({ "a.ts": 'import "./nowhere.js";', "b.ts": 'throw new Error("DATABASE_URL is missing");' }),
  ).rejects.toMatchObject({
    code: "models-unloadable",
    message: "2 files of models cannot be loaded",
    details: [expect.stringContaining("nowhere"), expect.stringContaining("DATABASE_URL is missing")],
  });
});

test("recognizes by imports, without running a file", async () => {
  const root = await makeProject({
    "a.ts": people,
    "b.ts": "throw new Error('run');",
    "c.cjs": 'const { pgTable } = require("drizzle-orm/pg-core");',
    "d.sql": 'from "drizzle-orm"',
    "e.ts": 'import {\n text\n} from "drizzle-orm/pg-core";',
    "f.ts": 'import { z } from "drizzle-orm-extras";',
    "barrel.ts": 'export * from "./folder";\nexport { a as b } from "./b.js";',
    "folder/index.ts": 'export * as people from "../persons.js";\nexport * from "../barrel";',
    "persons.ts": people,
    "empty.ts": 'export * from "./b";\nexport * from "./nowhere";\nexport * from "elsewhere";',
  });
  const recognizes = (...names: readonly string[]) =>
    drizzle.recognizes(names.map((name) => join(root, name)));
  expect(await recognizes("a.ts")).toBe(true);
  expect(await recognizes("b.ts", "c.cjs")).toBe(true);
  expect(await recognizes("e.ts")).toBe(true);
  expect(await recognizes("b.ts")).toBe(false);
  expect(await recognizes("d.sql")).toBe(false);
  expect(await recognizes("f.ts")).toBe(false);
  expect(await recognizes("barrel.ts")).toBe(true);
  expect(await recognizes("empty.ts")).toBe(false);
});
