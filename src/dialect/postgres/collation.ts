import type { ObjectName } from "../../schema/name.js";

/** A collation of the engine's own is not qualified; `default` is none. */
export function normalizeCollation(collation: ObjectName | null): ObjectName | null {
  if (collation === null) return null;
  const own = collation.namespace === null || collation.namespace === "pg_catalog";
  if (own && collation.name === "default") return null;
  return collation.namespace === "pg_catalog" ? { namespace: null, name: collation.name } : collation;
}
