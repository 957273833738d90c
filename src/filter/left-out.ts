import type { LeftOut } from "./filter.js";
import { toolRules } from "./tool-rules.js";

/** How many objects were left out by what: `4 × Supabase, 1 × exclude.tables`. */
export function countLeftOut(objects: readonly LeftOut[]): string {
  const counts = new Map<string, number>();
  for (const { because } of objects) counts.set(because, (counts.get(because) ?? 0) + 1);
  return [...counts].map(([because, count]) => `${count} × ${because}`).join(", ");
}

/** True when another tool keeps one of them for itself. */
export function hasOtherTools(objects: readonly LeftOut[]): boolean {
  const tools = new Set(toolRules.map(({ tool }) => tool));
  return objects.some(({ because }) => tools.has(because));
}
