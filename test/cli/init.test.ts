import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findConfig } from "../../src/config/find.js";
import { loadConfig } from "../../src/config/load.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const pg = 'import { pgTable } from "drizzle-orm/pg-core";\nexport const a = pgTable("a", {});';
const lite = 'import { sqliteTable } from "drizzle-orm/sqlite-core";\nexport const a = sqliteTable("a", {});';

async function init(files: Record<string, string>, words: readonly string[] = ["--yes"]) {
  const folder = temporaryFolder(files);
  const result = await aludel(folder, ["init", ...words]);
  const file = await findConfig(folder, null).catch(() => null);
  const loaded = file && (await loadConfig({ file, environment: null, arguments: {}, variables: {} }));
  return { ...result, folder, config: loaded ? loaded.config : null };
}

describe("init", () => {
  test.each<[string, Record<string, string>, { schema: string[]; dialect: string | null; variable: string }]>(
    [
      [
        "drizzle.config.ts",
        {
          "drizzle.config.ts": `export default defineConfig({
          // dialect: "sqlite",
          dialect: "postgresql", schema: ["./src/db/schema.ts", "./src/auth.ts"],
          dbCredentials: { url: process.env.POSTGRES_URL! } });`,
        },
        { schema: ["src/db/schema.ts", "src/auth.ts"], dialect: "postgres", variable: "POSTGRES_URL" },
      ],
      [
        "a folder in drizzle.config.json",
        { "drizzle.config.json": '{ "dialect": "turso", "schema": "./src/db" }', "src/db/a.ts": lite },
        { schema: ["src/db/**/*.ts"], dialect: "sqlite", variable: "DATABASE_URL" },
      ],
      [
        "imports, a folder of nothing else",
        {
          "src/schema/a.ts": pg,
          "src/schema/b.ts": pg,
          "src/app.ts": "// pgTable(",
          "node_modules/x/y.ts": lite,
          "src/a.test.ts": lite,
        },
        { schema: ["src/schema/*.ts"], dialect: "postgres", variable: "DATABASE_URL" },
      ],
      [
        "imports, here and there",
        {
          "src/a.ts": lite,
          "lib/(x)/b.ts": lite,
          "src/query.ts": 'import { count } from "drizzle-orm/pg-core";',
          ".env": "DB=sqlite:./a.db\nOTHER=1",
        },
        { schema: ["lib/(x)/b.ts", "src/a.ts"], dialect: "sqlite", variable: "DB" },
      ],
      [
        "SQL, the engine by the URL",
        { "db/schema.sql": "", ".env": "DATABASE_URL=postgres://u:s3cret@h/d" },
        { schema: ["db/schema.sql"], dialect: "postgres", variable: "DATABASE_URL" },
      ],
      ["nothing", {}, { schema: ["src/schema.ts"], dialect: null, variable: "DATABASE_URL" }],
    ],
  )("finds out by %s", async (_name, files, expected) => {
    const { exit, stdout, stderr, folder, config } = await init(files);
    expect([exit, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("next:");
    expect(stderr).not.toContain("s3cret");
    expect(readFileSync(join(folder, "aludel.config.ts"), "utf8")).not.toContain("s3cret");
    expect(config?.schema).toEqual(expected.schema.map((path) => join(folder, path)));
    expect(config?.dialect).toBe(expected.dialect);
    const variable = config?.unsetEnvironments["development"]?.variable;
    expect(variable ?? (config?.environments["development"] && expected.variable)).toBe(expected.variable);
    expect(existsSync(join(folder, "revisions/.gitkeep"))).toBe(true);
  });

  test("takes what it is told", async () => {
    const { config, folder } = await init({ "src/a.ts": pg }, [
      "-y",
      "--schema",
      "a.ts",
      "--schema",
      "b/*.ts",
      "--dialect",
      "sqlite",
      "--revisions",
      "db/revisions",
    ]);
    expect(config).toMatchObject({
      schema: [join(folder, "a.ts"), join(folder, "b/*.ts")],
      dialect: "sqlite",
      revisions: join(folder, "db/revisions"),
    });
    expect(existsSync(join(folder, "db/revisions/.gitkeep"))).toBe(true);
  });

  test("tells a machine what it wrote", async () => {
    const { stdout, folder } = await init({ "src/a.ts": pg }, ["--yes", "--json"]);
    expect(JSON.parse(stdout)).toEqual({
      schema: ["./src/a.ts"],
      dialect: "postgres",
      url: null,
      urlVariable: "DATABASE_URL",
      source: "drizzle",
      config: join(folder, "aludel.config.ts"),
      revisions: join(folder, "revisions"),
    });
  });

  test("overwrites nothing", async () => {
    const second = await init({ "aludel.config.json": "{}" });
    expect([second.exit, second.stderr]).toEqual([2, expect.stringContaining("file-exists")]);
    expect(existsSync(join(second.folder, "aludel.config.ts"))).toBe(false);
    const used = await init({ "revisions/1_a.sql": "" });
    expect(used.exit).toBe(0);
    expect(existsSync(join(used.folder, "revisions/.gitkeep"))).toBe(false);
    const blocked = await init({ revisions: "a file" });
    expect([blocked.exit, blocked.stderr]).toEqual([2, expect.stringContaining("file-exists")]);
    expect(existsSync(join(blocked.folder, "aludel.config.ts"))).toBe(false);
  });

  test("asks in a terminal, and writes nothing for a no", async () => {
    const folder = temporaryFolder({ "src/a.ts": pg });
    const no = await aludel(folder, ["init"], { answers: ["what?", "n"] });
    expect([no.exit, no.stderr]).toEqual([1, expect.stringContaining("nothing was written")]);
    expect(existsSync(join(folder, "aludel.config.ts"))).toBe(false);
    expect((await aludel(folder, ["init"], { answers: [""] })).exit).toBe(0);
    expect(existsSync(join(folder, "aludel.config.ts"))).toBe(true);
  });

  test("asks which engine where there are models for two", async () => {
    const files = { "src/a.ts": pg, "src/b.ts": lite };
    const chosen = temporaryFolder(files);
    expect((await aludel(chosen, ["init"], { answers: ["sq", "y"] })).exit).toBe(0);
    expect(readFileSync(join(chosen, "aludel.config.ts"), "utf8")).toContain('"./src/b.ts"');
    const said = await init(files, ["--yes", "--dialect", "postgres"]);
    expect(said.config?.schema).toEqual([join(said.folder, "src/a.ts")]);
  });

  test("without anybody to ask it says which flag answers", async () => {
    const unasked = await init({}, []);
    expect([unasked.exit, unasked.stderr]).toEqual([1, expect.stringContaining("Answer with --yes")]);
    const ambiguous = await init({ "src/a.ts": pg, "src/b.ts": lite });
    expect([ambiguous.exit, ambiguous.stderr]).toEqual([
      1,
      expect.stringContaining("--dialect postgres|sqlite"),
    ]);
    expect(ambiguous.config).toBeNull();
  });

  test("does not take an engine it does not know", async () => {
    const { exit, stderr } = await init({}, ["--dialect", "postgre"]);
    expect([exit, stderr]).toEqual([2, expect.stringContaining("Did you mean postgres?")]);
  });
});
