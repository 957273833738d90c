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

/** Leads from one NOT NULL of a column to another: the column is never nullable for others, in one transaction. */
export function changeNotNull(
  table: ObjectName,
  column: string,
  from: NotNull | undefined,
  to: NotNull | undefined,
): readonly string[] {
  const alter = `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdentifier(column)}`;
  const [was, is] = [from?.notValid === true, to?.notValid === true];
  const sameInheritance = (from?.noInherit === true) === (to?.noInherit === true);
  if (!sameInheritance || (is && !was) || (was && !is && to?.noInherit)) {
    return [`${alter} DROP NOT NULL`, addNotNull(table, column, to)];
  }
  return [
    // Validates the constraint that is there (manual, ALTER TABLE, since version 18).
    ...(was && !is ? [`${alter} SET NOT NULL`] : []),
    ...renameNotNull(table, column, from?.name ?? null, to?.name ?? null),
  ];
}

/** A name that is not known the server finds: a table that was renamed has it from before. */
function renameNotNull(
  table: ObjectName,
  column: string,
  from: string | null,
  to: string | null,
): readonly string[] {
  if (from === to) return [];
  const name = to ?? madeName(table.name, column, "not_null");
  if (from !== null) {
    const names = `${quoteIdentifier(from)} TO ${quoteIdentifier(name)}`;
    return [`ALTER TABLE ${quoteName(table)} RENAME CONSTRAINT ${names}`];
  }
  return [findAndRename(table, column, name)];
}

function findAndRename(table: ObjectName, column: string, name: string): string {
  return `DO ${dollarQuote(`
DECLARE
  old_name name := (
    SELECT con.conname FROM pg_catalog.pg_constraint con
    JOIN pg_catalog.pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = con.conkey[1]
    WHERE con.contype = 'n' AND con.conrelid = ${quoteString(quoteName(table))}::regclass AND a.attname = ${quoteString(column)}
  );
BEGIN
  IF old_name <> ${quoteString(name)} THEN
    EXECUTE format(${quoteString(`ALTER TABLE ${quoteName(table).replaceAll("%", "%%")} RENAME CONSTRAINT %I TO %I`)}, old_name, ${quoteString(name)});
  END IF;
END
`)}`;
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
