import { join } from "node:path";
import { expect, test } from "vitest";
import { detectSource, groupBySource, loadSource, sources } from "../../src/source/registry.js";
import type { SourceName } from "../../src/source/source.js";
import { makeProject } from "./project.js";

test("every source is called what it is registered as", async () => {
  for (const name of Object.keys(sources) as SourceName[]) expect((await loadSource(name)).name).toBe(name);
});

test("the files tell what they are written with", async () => {
  const root = await makeProject({
    "models.ts": 'import { pgTable } from "drizzle-orm/pg-core";',
    "schema.sql": "create table t (id integer);",
    "other.ts": "export const x = 1;",
  });
  const detect = (...names: readonly string[]) => detectSource(names.map((name) => join(root, name)));
  expect(await detect("models.ts")).toBe("drizzle");
  expect(await detect("models.ts", "other.ts")).toBe("drizzle");
  expect(await detect("schema.sql")).toBe("sql");
  await expect(detect("other.ts")).rejects.toMatchObject({ code: "models-unreadable" });
  await expect(detect("schema.sql", "other.ts")).rejects.toMatchObject({ code: "models-unreadable" });
});

test("SQL files stand beside models of another source", async () => {
  const root = await makeProject({
    "models.ts": 'import { pgTable } from "drizzle-orm/pg-core";',
    "other.ts": "export const x = 1;",
    "a.sql": "",
    "B.SQL": "",
  });
  const [models, other, a, b] = ["models.ts", "other.ts", "a.sql", "B.SQL"].map((name) => join(root, name));
  if (!models || !other || !a || !b) throw new Error("There are four files");
  const drizzle = { source: "drizzle", files: [models, other] };
  expect(await groupBySource([a, models, b, other], null)).toEqual({ main: drizzle, sql: [a, b] });
  expect(await groupBySource([a, models, other], "drizzle")).toEqual({ main: drizzle, sql: [a] });
  expect(await groupBySource([a, b], null)).toEqual({ main: { source: "sql", files: [a, b] }, sql: [] });
  expect((await groupBySource([a, models], "sql")).main).toEqual({ source: "sql", files: [a, models] });
  await expect(groupBySource([a, other], null)).rejects.toMatchObject({ code: "models-unreadable" });
});
