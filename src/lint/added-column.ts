import type { Act } from "../effect/act.js";
import { findType, type Relation } from "../effect/world.js";
import type { StatementContext } from "./context.js";

/** What makes the server write every row anew when a column is added. */
export type RewriteCause = "sequence" | "stored" | "domain" | "default";

/** `null` when no row is written anew, or the table is nobody's yet. */
export function rewriteCause(act: Act<"add-column">, context: StatementContext): RewriteCause | null {
  if (context.existing(act.table) === undefined) return null;
  if (context.effectOf(act).rewrites.length === 0) return null;
  const { type, identity, generated, default: value } = act.definition;
  if (type.serial || identity !== null) return "sequence";
  if (generated !== null) return "stored";
  if (value === null || value.calls.length === 0) return "domain";
  const own = findType(context.before, type);
  const checked = own?.kind === "domain" && (own.notNull || own.checks.size > 0);
  return checked ? "domain" : "default";
}

/** The column is there already, and the statement says that it may be. */
export function isThere(act: Act<"add-column">, table: Relation): boolean {
  return act.ifNotExists && table.columns.has(act.definition.name);
}
