import { existsSync } from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { drizzle } from "../../../src/source/drizzle/drizzle.js";
import { makeProject } from "../project.js";

/** Drizzle 1.0, installed beside the release in use: `npm install --no-save drizzle-orm-next@npm:drizzle-orm@1.0.0-rc.5`. */
const next = process.env["DRIZZLE_NEXT"] ?? join(process.cwd(), "node_modules/drizzle-orm-next");

async function read(files: Readonly<Record<string, string>>, copied: string | null = null) {
  const root = await makeProject(files, { linkPackages: false });
  await mkdir(join(root, "node_modules"), { recursive: true });
  await symlink(next, join(root, "node_modules/drizzle-orm"));
  if (copied !== null) await cp(copied, root, { recursive: true });
  const names = copied === null ? Object.keys(files) : ["schema/index.ts"];
  return drizzle.read({
    root,
    files: names.map((name) => join(root, name)),
    dialect: null,
    openScratch: () => Promise.reject(new Error("not needed")),
  });
}

describe.skipIf(!existsSync(next))("Drizzle 1.0", () => {
  test.each(["postgres", "sqlite"])("reads the clinic on %s", async (engine) => {
    const schema = await read({}, join(process.cwd(), "examples/clinic", engine));
    expect(schema.tables.size).toBe(27);
    expect(schema.views.size).toBe(2);
  });

  test("arrays are dimensions, names are final, constraints are named by the engine", async () => {
    const { tables } = await read({
      "models.ts": `import { sql, gt } from "drizzle-orm";
        import { bytea, check, integer, jsonb, numeric, pgEnum, pgTable, primaryKey, snakeCase, text, timestamp, vector } from "drizzle-orm/pg-core";
        const mood = pgEnum("mood", ["a", "it's"]);
        export const other = pgTable("other", { id: integer().primaryKey() });
        export const t = snakeCase.table("t", {
          firstName: text().unique(), tags: text().array().default(["a,b", "it's"]),
          deep: integer().array("[][]").default([[1, 2], [3, 4]]), moods: mood().array().default(["it's"]),
          data: jsonb().default("[]"), list: jsonb().array().default([{ a: 1 }]), price: numeric({ mode: "number" }).default(1.5),
          at: timestamp().default(new Date(0)), vector: vector({ dimensions: 3 }), bytes: bytea(),
          other: integer().references(() => other.id),
        }, (t) => [primaryKey({ columns: [t.firstName, t.other] }), check("c", gt(t.at, new Date(0)))]);`,
    });
    const table = tables.get("t");
    const types = table?.columns.map(({ name, type }) => [name, type.name, type.dimensions]);
    expect(types).toEqual([
      ["first_name", "text", 0],
      ["tags", "text", 1],
      ["deep", "integer", 2],
      ["moods", "mood", 1],
      ["data", "jsonb", 0],
      ["list", "jsonb", 1],
      ["price", "numeric", 0],
      ["at", "timestamp without time zone", 0],
      ["vector", "vector", 0],
      ["bytes", "bytea", 0],
      ["other", "integer", 0],
    ]);
    expect(
      Object.fromEntries(table?.columns.map((column) => [column.name, column.default]) ?? []),
    ).toMatchObject({
      tags: `'{"a,b","it''s"}'`,
      deep: "'{{1,2},{3,4}}'",
      moods: `'{"it''s"}'`,
      data: `'"[]"'`,
      list: `'{"{\\"a\\":1}"}'`,
      price: "'1.5'",
      at: "'1970-01-01T00:00:00.000Z'",
    });
    expect(table?.constraints.map((constraint) => [constraint.kind, constraint.name])).toEqual([
      ["primary-key", "t_pkey"],
      ["unique", "t_first_name_key"],
      ["foreign-key", "t_other_fkey"],
      ["check", "c"],
    ]);
    expect(table?.constraints.at(-1)).toMatchObject({ expression: `"at" > '1970-01-01T00:00:00.000Z'` });
  });
});
