import type { ObjectName } from "../schema/name.js";

const plain = /^[a-z_][a-z0-9_$]*$/;
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * An identifier as the statement spells it, for SQL that is put in its place. One that the statement does not have is
 * quoted unless it can be no key word.
 */
export function written(name: string, sql: string): string {
  if (!plain.test(name)) return quoted(name);
  if (sql.includes(quoted(name))) return quoted(name);
  const bare = sql.toLowerCase().includes(name);
  return bare || name.includes("_") ? name : quoted(name);
}

export function writtenName(name: ObjectName, sql: string): string {
  const own = written(name.name, sql);
  return name.namespace === null ? own : `${written(name.namespace, sql)}.${own}`;
}

export function writtenList(names: readonly string[], sql: string): string {
  return names.map((name) => written(name, sql)).join(", ");
}

/** What reads the rows for a constraint that was added NOT VALID. */
export function validation(table: ObjectName, constraint: string, sql: string): string {
  return `ALTER TABLE ${writtenName(table, sql)} VALIDATE CONSTRAINT ${written(constraint, sql)}`;
}
