import type { ObjectName } from "../../../schema/name.js";
import type { Column, NotNull } from "../../../schema/schema.js";
import { madeName, quoteIdentifier, quoteName, quoteString } from "../quote.js";
import { requireVersion } from "./clause.js";
import { dollarQuote } from "./own-sequence.js";

/** NOT NULL as a constraint of the table, which may say that old rows have not been looked at. */
export function addNotNull(table: ObjectName, column: string, notNull: NotNull | undefined): string {
  const name = notNull?.name == null ? "" : `CONSTRAINT ${quoteIdentifier(notNull.name)} `;
  const inherit = notNull?.noInherit ? " NO INHERIT" : "";
  const valid = notNull?.notValid ? " NOT VALID" : "";
  return `ALTER TABLE ${quoteName(table)} ADD ${name}NOT NULL ${quoteIdentifier(column)}${inherit}${valid}`;
}

/** The NOT NULL of a new column where the column's own clause cannot say it. */
export function newColumnNotNull(table: ObjectName, column: Column): readonly string[] {
  if (column.nullable || column.notNull?.notValid !== true) return [];
  return [addNotNull(table, column.name, column.notNull)];
}

/** A column, and whether its table has partitions or heirs. */
interface Place {
  readonly table: ObjectName;
  readonly column: string;
  readonly hasHeirs: boolean;
}

/** Leads from one NOT NULL of a column to another: the column is never nullable for others, in one transaction. */
export function changeNotNull(
  place: Place,
  from: NotNull | undefined,
  to: NotNull | undefined,
): readonly string[] {
  const { table, column } = place;
  const alter = `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdentifier(column)}`;
  const [was, is] = [from?.notValid === true, to?.notValid === true];
  const sameInheritance = (from?.noInherit === true) === (to?.noInherit === true);
  if (!sameInheritance || (is && !was) || (was && !is && to?.noInherit)) {
    return [`${alter} DROP NOT NULL`, addNotNull(table, column, to)];
  }
  return [
    // Validates the constraint that is there (manual, ALTER TABLE, since version 18).
    ...(was && !is ? [`${alter} SET NOT NULL`] : []),
    ...renameNotNull(place, from?.name ?? null, to),
  ];
}

/** A name that is not known the server finds: a table that was renamed has it from before. */
function renameNotNull(place: Place, from: string | null, to: NotNull | undefined): readonly string[] {
  const { table, column } = place;
  if (from === (to?.name ?? null)) return [];
  const name = to?.name ?? madeName(table.name, column, "not_null");
  if (place.hasHeirs && to?.noInherit !== true)
    return [renameInHeirs(place, { onConflict: null, ...to, name })];
  if (from !== null) {
    const names = `${quoteIdentifier(from)} TO ${quoteIdentifier(name)}`;
    return [`ALTER TABLE ${quoteName(table)} RENAME CONSTRAINT ${names}`];
  }
  return [
    block(`
DECLARE
  ${declareOldName(place)}
BEGIN
  IF old_name <> ${quoteString(name)} THEN
    ${executeRename(table, name)}
  END IF;
END
`),
  ];
}

function declareOldName({ table, column }: Place): string {
  return `old_name name := (
    SELECT con.conname FROM pg_catalog.pg_constraint con
    JOIN pg_catalog.pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = con.conkey[1]
    WHERE con.contype = 'n' AND con.conrelid = ${quoteString(quoteName(table))}::regclass AND a.attname = ${quoteString(column)}
  );`;
}

function executeRename(table: ObjectName, name: string): string {
  const rename = `ALTER TABLE ${quoteName(table).replaceAll("%", "%%")} RENAME CONSTRAINT %I TO %I`;
  return `EXECUTE format(${quoteString(rename)}, old_name, ${quoteString(name)});`;
}

/**
 * A new name goes to the tables under the table, which therefore have to call theirs alike ("rename_constraint_internal").
 * One that was attached, or has a NOT NULL of its own, need not: then the constraint is made anew.
 */
function renameInHeirs(place: Place, to: NotNull & { readonly name: string }): string {
  const { table, column } = place;
  return block(`
DECLARE
  ${declareOldName(place)}
  differs boolean := EXISTS (
    WITH RECURSIVE heir AS (
      SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = ${quoteString(quoteName(table))}::regclass
      UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN heir ON i.inhparent = heir.inhrelid
    )
    SELECT FROM heir
    JOIN pg_catalog.pg_attribute a ON a.attrelid = heir.inhrelid AND a.attname = ${quoteString(column)}
    JOIN pg_catalog.pg_constraint con ON con.conrelid = a.attrelid AND con.conkey[1] = a.attnum
    WHERE con.contype = 'n' AND con.coninhcount > 0 AND con.conname <> old_name
  );
BEGIN
  IF differs THEN
    ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdentifier(column)} DROP NOT NULL;
    ${addNotNull(table, column, to)};
  ELSIF old_name <> ${quoteString(to.name)} THEN
    ${executeRename(table, to.name)}
  END IF;
END
`);
}

function block(body: string): string {
  return `DO ${dollarQuote(body)}`;
}

/** @throws AludelError `op-unsupported` where the server is too old for names and validity of NOT NULL. */
export function requireNotNullVersion(
  table: ObjectName,
  column: string,
  notNull: NotNull | null | undefined,
  serverVersion: number | null,
): void {
  if (notNull?.noInherit !== true && notNull?.notValid !== true) return;
  const object = { namespace: table.namespace, name: `${table.name}.${column}` };
  const what = `NOT NULL ${notNull.notValid ? "NOT VALID" : "NO INHERIT"}`;
  requireVersion(serverVersion, 18, what, object, "Leave it out, or upgrade the server.");
}
