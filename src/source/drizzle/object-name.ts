import type { Context } from "./context.js";

/**
 * The name of a constraint, index or policy as it is in the database: an engine with a limit cuts it off at so many
 * bytes, between two characters (PostgreSQL manual, 4.1.1). The names that Drizzle makes of tables and columns are
 * often longer, and nobody sees that they were cut. Tables and columns are named in queries too: there it is better
 * to hear that a name is too long.
 */
export function objectName(name: string, context: Pick<Context, "dialect">): string {
  const limit = context.dialect.can.identifierBytes;
  if (limit === null || Buffer.byteLength(name) <= limit) return name;
  let cut = "";
  let bytes = 0;
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > limit) break;
    cut += character;
  }
  return cut;
}

/** The name that Drizzle makes of the names of tables and columns, as it is in the database. */
export function madeName(parts: readonly string[], context: Pick<Context, "dialect">): string {
  return objectName(parts.join("_"), context);
}
