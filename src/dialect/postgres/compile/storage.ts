import type { ObjectName } from "../../../schema/name.js";
import type { Column, ColumnStorage } from "../../../schema/schema.js";
import { quoteIdentifier, quoteName, quoteString } from "../quote.js";
import { parameterName, parameterText } from "./clause.js";
import { dollarQuote } from "./own-sequence.js";

/** A column that is altered: `head` is `ALTER TABLE "t"`, or `ALTER MATERIALIZED VIEW "v"`. */
export interface StoredColumn {
  readonly head: string;
  readonly relation: ObjectName;
  readonly column: string;
}

/**
 * What leads from one storage of a column to another (ALTER TABLE of the manual: SET STORAGE, SET COMPRESSION, SET
 * STATISTICS, SET and RESET of attribute options).
 */
export function storageStatements(
  { head, relation, column }: StoredColumn,
  from: ColumnStorage | undefined,
  to: ColumnStorage | undefined,
  serverVersion: number | null,
): readonly string[] {
  const alter = `${head} ALTER COLUMN ${quoteIdentifier(column)}`;
  const statements: string[] = [];
  if (from?.strategy !== to?.strategy) {
    // SET STORAGE DEFAULT is there since version 16.
    const old = serverVersion !== null && serverVersion < 160_000;
    if (to?.strategy !== undefined) statements.push(`${alter} SET STORAGE ${to.strategy.toUpperCase()}`);
    else statements.push(old ? usualStorage(alter, relation, column) : `${alter} SET STORAGE DEFAULT`);
  }
  if (from?.compression !== to?.compression) {
    statements.push(`${alter} SET COMPRESSION ${to?.compression ?? "default"}`);
  }
  if (from?.statistics !== to?.statistics) statements.push(`${alter} SET STATISTICS ${to?.statistics ?? -1}`);
  const [before, after] = [from?.parameters ?? {}, to?.parameters ?? {}];
  const gone = Object.keys(before).filter((name) => !(name in after));
  const set = Object.entries(after).filter(([name, value]) => before[name] !== value);
  if (gone.length > 0) statements.push(`${alter} RESET (${gone.map(parameterName).join(", ")})`);
  if (set.length > 0) statements.push(`${alter} SET (${set.map(parameterText).join(", ")})`);
  return statements;
}

/** The storage of a new column that CREATE TABLE and ADD COLUMN have no words for, in every version. */
export function newColumnStorage(table: ObjectName, column: Column, head: string): readonly string[] {
  const { compression } = column.storage ?? {};
  const said = compression === undefined ? undefined : { compression };
  return storageStatements({ head, relation: table, column: column.name }, said, column.storage, null);
}

/**
 * The same for a column that is added: partitions have the strategy of their parent, and how much is sampled would go
 * down to them too, unless it is kept from it.
 */
export function addedColumnStorage(table: ObjectName, column: Column): readonly string[] {
  const { statistics, ...rest } = column.storage ?? {};
  const [all, only] = [`ALTER TABLE ${quoteName(table)}`, `ALTER TABLE ONLY ${quoteName(table)}`];
  return [
    ...newColumnStorage(table, { ...column, storage: rest }, all),
    ...(statistics === undefined
      ? []
      : newColumnStorage(table, { ...column, storage: { statistics } }, only)),
  ];
}

/** Gives a column the storage of its type, which the server looks up. */
function usualStorage(alter: string, relation: ObjectName, column: string): string {
  return `DO ${dollarQuote(`
BEGIN
  EXECUTE ${quoteString(`${alter} SET STORAGE `)} || (
    SELECT CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = ${quoteString(quoteName(relation))}::regclass AND a.attname = ${quoteString(column)}
  );
END
`)}`;
}
