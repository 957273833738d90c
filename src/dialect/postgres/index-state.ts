import type { ObjectName } from "../../schema/name.js";
import type { Step } from "../step.js";
import { quoteName, quoteString } from "./quote.js";

/**
 * An index whose CONCURRENTLY failed stays, invalid, and has the name (manual, CREATE INDEX, "Building Indexes
 * Concurrently"). Only one of this table is meant, and only one that is no use to anybody.
 */
export function invalidIndex(table: ObjectName, index: string): NonNullable<Step["leftover"]> {
  const name = quoteName({ namespace: table.namespace, name: index });
  return { find: findIndex(table, name, "NOT indisvalid"), remove: `DROP INDEX CONCURRENTLY ${name}` };
}

/** The server has built the index, though whoever asked for it was gone. */
export function validIndex(table: ObjectName, index: string): string {
  return findIndex(table, quoteName({ namespace: table.namespace, name: index }), "indisvalid");
}

/** The server has dropped the index, though whoever asked for it was gone. */
export function goneIndex(index: ObjectName): string {
  return `SELECT 1 WHERE pg_catalog.to_regclass(${quoteString(quoteName(index))}) IS NULL`;
}

function findIndex(table: ObjectName, name: string, condition: string): string {
  return `SELECT 1 FROM pg_catalog.pg_index WHERE ${condition} AND indexrelid = pg_catalog.to_regclass(${quoteString(name)})
  AND indrelid = pg_catalog.to_regclass(${quoteString(quoteName(table))})`;
}
