import { cp } from "node:fs/promises";
import { join } from "node:path";
import { glob } from "tinyglobby";
import { describe, expect, test } from "vitest";
import { applyChanges, changes } from "../../examples/clinic/changes.mjs";
import type { DialectName } from "../../src/schema/name.js";
import type { Schema } from "../../src/schema/schema.js";
import { drizzle } from "../../src/source/drizzle/drizzle.js";
import { makeProject } from "./project.js";

const clinic = join(process.cwd(), "examples/clinic");

async function readClinic(root: string): Promise<Schema> {
  const files = (await glob("schema/*.ts", { cwd: root, absolute: true })).sort();
  return drizzle.read({
    root,
    files,
    dialect: null,
    openScratch: () => Promise.reject(new Error("not needed")),
  });
}

function countOf(schema: Schema) {
  const tables = [...schema.tables.values()];
  const constraints = tables.flatMap((table) => table.constraints);
  const kinds = (kind: string) => constraints.filter((constraint) => constraint.kind === kind).length;
  return {
    tables: tables.length,
    columns: tables.flatMap((table) => table.columns).length,
    indexes: tables.flatMap((table) => table.indexes).length,
    uniqueIndexes: tables.flatMap((table) => table.indexes).filter(({ unique }) => unique).length,
    generated: tables.flatMap((table) => table.columns).filter(({ generated }) => generated !== null).length,
    primaryKeys: kinds("primary-key"),
    foreignKeys: kinds("foreign-key"),
    uniques: kinds("unique"),
    checks: kinds("check"),
    policies: tables.flatMap((table) => table.policies).length,
    enums: schema.enums.size,
    sequences: schema.sequences.size,
    namespaces: [...schema.namespaces.keys()],
    views: [...schema.views.values()].map((view) => [view.name, view.materialized]),
  };
}

test("the clinic on PostgreSQL is read whole", async () => {
  const schema = await readClinic(join(clinic, "postgres"));
  expect(countOf(schema)).toEqual({
    tables: 27,
    columns: 217,
    indexes: 45,
    uniqueIndexes: 5,
    generated: 5,
    primaryKeys: 26,
    foreignKeys: 45,
    uniques: 14,
    checks: 28,
    policies: 2,
    enums: 10,
    sequences: 1,
    namespaces: ["audit"],
    views: [
      ["current_roster", false],
      ["weekly_hours", true],
    ],
  });
});

test("the clinic on SQLite is read whole", async () => {
  const schema = await readClinic(join(clinic, "sqlite"));
  expect(countOf(schema)).toMatchObject({
    tables: 27,
    primaryKeys: 26,
    foreignKeys: 45,
    uniques: 0,
    generated: 5,
    enums: 0,
    views: [
      ["current_roster", false],
      ["weekly_hours", false],
    ],
  });
});

describe.each<DialectName>(["postgres", "sqlite"])("the changes to the clinic on %s", (engine) => {
  test("fit its models and give another schema", async () => {
    const root = await makeProject({});
    await cp(join(clinic, engine), root, { recursive: true });
    await applyChanges(engine, root);
    const [before, after] = [await readClinic(join(clinic, engine)), await readClinic(root)];
    const columnNames = (schema: Schema, table: string) =>
      schema.tables.get(table)?.columns.map(({ name }) => name) ?? [];
    expect(columnNames(before, "persons")).not.toContain("pager");
    expect(columnNames(after, "persons")).toContain("pager");
    expect(before.tables.has("shift_notes")).toBe(false);
    expect(after.tables.has("shift_notes")).toBe(true);
    expect(after.tables.get("assignments")?.indexes.map(({ name }) => name)).toContain(
      "assignments_status_idx",
    );
    expect(after.tables.get("absences")?.columns.find(({ name }) => name === "reason")).toMatchObject({
      nullable: false,
      default: "'not given'",
    });
    expect(JSON.stringify([...after.enums, ...after.tables])).toContain("night_float");
    expect(changes[engine].every(({ reason }) => reason.length > 0)).toBe(true);
  });
});
