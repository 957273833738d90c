import type { Op } from "../../op/op.js";
import { nameKey, type ObjectName } from "../../schema/name.js";
import type { Sides } from "./role.js";

/** Types that are called otherwise until their columns have left them, by the name that they have meanwhile. */
export function asidesOf(ops: readonly Op[], renames: ReadonlySet<Op>): Sides["asides"] {
  const asides = new Map<string, ObjectName>();
  for (const op of ops) {
    if ((op.kind !== "rename-domain" && op.kind !== "rename-composite") || renames.has(op)) continue;
    asides.set(nameKey({ namespace: op.name.namespace, name: op.to }), op.name);
  }
  return asides;
}
