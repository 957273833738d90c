import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ColumnModel, IndexColumnModel } from "./shape.js";

/** How a column that has no name of its own gets one from its key: Drizzle's option `casing`. */
export type Casing = "snake_case" | "camelCase";

const words = /[\d\p{Ll}\p{Lo}]+|\p{Lu}+(?![\p{Ll}\p{Lo}])|\p{Lu}[\d\p{Ll}\p{Lo}]+/gu;

function convert(key: string, casing: Casing): string {
  const parts: readonly string[] = key.replace(/['\u2019]/g, "").match(words) ?? [];
  const lower = parts.map((part) => part.toLowerCase());
  if (casing === "snake_case") return lower.join("_");
  return parts
    .map((part, position) =>
      position === 0 ? (lower[0] ?? "") : `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`,
    )
    .join("");
}

/**
 * The column's name in the database. Before 1.0 a column without an explicit name carries its key (`createdAt`), and
 * `casing` says what becomes of it; since 1.0 the models are made with their final names.
 */
export function columnName(
  column: Pick<ColumnModel, "name"> | IndexColumnModel,
  keyAsName: boolean,
  casing: Casing | null,
): string {
  const name = column.name ?? "";
  return keyAsName && casing !== null ? convert(name, casing) : name;
}

const configurationFiles = ["ts", "mts", "cts", "js", "mjs", "cjs", "json"].map(
  (end) => `drizzle.config.${end}`,
);

/**
 * The option `casing` of the project's `drizzle.config.*`, found in its text: nothing is run. `null` when there is no
 * such file or it does not say.
 */
export async function configuredCasing(root: string): Promise<Casing | null> {
  for (const file of configurationFiles) {
    const text = await readFile(join(root, file), "utf8").catch(() => null);
    if (text === null) continue;
    const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
    const found = /\bcasing["']?\s*:\s*["'](snake_case|camelCase)["']/.exec(code)?.[1];
    return (found as Casing | undefined) ?? null;
  }
  return null;
}
