import type { Context } from "./context.js";

/**
 * A name that Drizzle makes of tables and columns, as it is in the database: an engine with a limit cuts it off at so
 * many bytes, between two characters (PostgreSQL manual, 4.1.1). A name that the user chose is never cut: there it is
 * better to hear that it is too long.
 */
export function madeName(parts: readonly string[], context: Pick<Context, "dialect">): string {
  const name = parts.join("_");
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
