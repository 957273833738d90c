import { join } from "node:path";
import { expect, test } from "vitest";
import { detectSource, loadSource, sources } from "../../src/source/registry.js";
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
