import { readFileSync } from "node:fs";
import { showRelation } from "../effect/world.js";
import { AludelError, messageOf } from "../error/error.js";
import type { Found } from "./found.js";

/** Rows of tables, by `schema.table`. */
export type TableSizes = ReadonlyMap<string, number>;

const remedy =
  'Write rows by table, { "public.orders": 1200000 }, or a list of { "schema": "public", "table": "orders", "rows": 1200000 }.';

/**
 * The sizes of tables from a file of JSON.
 * @throws AludelError `usage` for a file that cannot be read, or has another shape.
 */
export function readStats(file: string): TableSizes {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new AludelError("usage", `The sizes of tables cannot be read: ${messageOf(error)}`, {
      where: { file },
      cause: error,
      remedy,
    });
  }
  const sizes = sizesIn(input);
  if (sizes !== null) return sizes;
  throw new AludelError("usage", "The file with the sizes of tables has another shape", {
    where: { file },
    remedy,
  });
}

/** Sizes that a database has told. */
export function sizesOf(
  listed: readonly { readonly schema: string; readonly table: string; readonly rows: number }[],
): TableSizes {
  return sizesIn(listed) ?? new Map();
}

function sizesIn(input: unknown): TableSizes | null {
  if (typeof input !== "object" || input === null) return null;
  const listed = Array.isArray(input) ? input.map(listedSize) : Object.entries(input).map(namedSize);
  const sizes = new Map<string, number>();
  for (const one of listed) {
    if (one === null) return null;
    sizes.set(one.name, Math.max(one.rows, sizes.get(one.name) ?? 0));
  }
  return sizes;
}

interface Size {
  readonly name: string;
  readonly rows: number;
}

function sizeOf(name: string, rows: unknown): Size | null {
  const count = typeof rows === "string" && rows.trim() !== "" ? Number(rows) : rows;
  if (typeof count !== "number" || !Number.isFinite(count)) return null;
  // The server says -1 of a table that was never analysed: nothing is known then.
  return {
    name: name.includes(".") ? name : `public.${name}`,
    rows: count < 0 ? Number.POSITIVE_INFINITY : count,
  };
}

function namedSize([name, value]: readonly [string, unknown]): Size | null {
  const isRecord = typeof value === "object" && value !== null && "rows" in value;
  return sizeOf(name, isRecord ? value.rows : value);
}

function listedSize(value: unknown): Size | null {
  if (typeof value !== "object" || value === null) return null;
  const { schema, table, rows } = value as { readonly [key: string]: unknown };
  if (typeof table !== "string") return null;
  return sizeOf(typeof schema === "string" ? `${schema}.${table}` : table, rows);
}

/** What falls only on small tables is no finding, where their size is what makes it one. */
export function forgiveSmall(
  found: readonly Found[],
  sizes: TableSizes,
  smallRows: number,
): readonly Found[] {
  return found.map((one) => {
    const relations = one.say.relations ?? [];
    if (one.suppressed !== null || one.rule.small !== "harmless" || relations.length === 0) return one;
    const rows = relations.map((relation) => sizes.get(showRelation(relation)) ?? Number.POSITIVE_INFINITY);
    const most = Math.max(...rows);
    if (most >= smallRows) return one;
    const reason = `${most} ${most === 1 ? "row" : "rows"}`;
    return { ...one, suppressed: { by: "size", reason, line: null } };
  });
}
