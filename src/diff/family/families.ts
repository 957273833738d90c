import { applyOp } from "../../op/apply.js";
import { dropColumnFrom } from "../../op/column.js";
import { parentsOf } from "../../op/lookup.js";
import type { Op } from "../../op/op.js";
import { copySchema, emptySchema } from "../../schema/build.js";
import { nameKey, type ObjectName } from "../../schema/name.js";
import type { Schema, SchemaDraft, Table } from "../../schema/schema.js";
import { inOrder, phaseNames } from "../order.js";
import type { Work } from "../work.js";

/** The tables of the new side that have a parent there, by how many generations stand over them. */
export function generationsOf(schema: Schema): readonly (readonly Table[])[] {
  const depths = new Map<string, number>();
  const depthOf = (table: Table): number => {
    const known = depths.get(nameKey(table));
    if (known !== undefined) return known;
    depths.set(nameKey(table), 0);
    const parents = parentsOf(table).flatMap((name) => schema.tables.get(nameKey(name)) ?? []);
    const depth = parents.length === 0 ? 0 : 1 + Math.max(...parents.map(depthOf));
    depths.set(nameKey(table), depth);
    return depth;
  };
  const generations: Table[][] = [];
  for (const table of schema.tables.values()) {
    if (parentsOf(table).length === 0) continue;
    const depth = depthOf(table);
    if (depth === 0) continue;
    while (generations.length < depth) generations.push([]);
    generations[depth - 1]?.push(table);
  }
  return generations;
}

/** The keys of tables that have something to do with another one. */
export function familyKeys(schema: Schema): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const [key, table] of schema.tables) {
    const parents = parentsOf(table);
    if (parents.length > 0 || table.partitioning !== undefined) keys.add(key);
    for (const parent of parents) keys.add(nameKey(parent));
  }
  return keys;
}

function tableOfOp(op: Op): ObjectName | null {
  switch (op.kind) {
    case "create-table":
      return op.table;
    case "drop-table":
    case "attach-partition":
    case "set-inheritance":
    case "alter-table-options":
    case "set-row-security":
      return op.name;
    case "add-column":
    case "drop-column":
    case "alter-column":
    case "add-constraint":
    case "drop-constraint":
    case "rename-constraint":
    case "validate-constraint":
    case "create-index":
    case "drop-index":
    case "rename-index":
    case "attach-index":
      return op.table;
    default:
      return null;
  }
}

const afterwards = new Set<keyof Work["phases"]>(["dropTables"]);

/**
 * The tables of all families as the ops so far leave them: what happens to a parent has happened to its children. `until` a
 * phase, when it is not to be all of them.
 */
export function simulate(work: Work, keys: ReadonlySet<string>, until?: keyof Work["phases"]): SchemaDraft {
  const draft: SchemaDraft = {
    ...copySchema(emptySchema(work.from.dialect)),
    tables: new Map([...work.from.tables].filter(([key]) => keys.has(key))),
  };
  const end = until === undefined ? phaseNames.length : phaseNames.indexOf(until);
  const left = new Set<keyof Work["phases"]>(["rename", "detach", ...phaseNames.slice(end)]);
  const late = new Set([...afterwards, ...left].flatMap((name) => work.phases[name]));
  for (const op of inOrder(work.phases)) {
    const table = tableOfOp(op);
    if (table === null || !keys.has(nameKey(table)) || late.has(op)) continue;
    // Who uses the column is dealt with elsewhere.
    if (op.kind === "drop-column") dropColumnFrom(draft, op.table, op.column);
    else applyOp(draft, op);
  }
  return draft;
}
