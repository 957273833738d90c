import type { ObjectName } from "../schema/name.js";
import type { StatementContext } from "./context.js";
import { written, writtenName } from "./written.js";

/** The steps to NOT NULL that read the rows without keeping anybody out. */
export function proofFirst(
  table: ObjectName,
  column: string,
  { sql, serverVersion }: Pick<StatementContext, "sql" | "serverVersion">,
): readonly string[] {
  const alter = `ALTER TABLE ${writtenName(table, sql)}`;
  const what = written(column, sql);
  const made = `${table.name}_${column}_not_null`;
  const name = written(made, sql);
  const validate = `${alter} VALIDATE CONSTRAINT ${name}`;
  // It is the name that SET NOT NULL gives; one that is too long the server cuts in its own way.
  if (serverVersion >= 18 && Buffer.byteLength(made) < 64)
    return [`${alter} ADD CONSTRAINT ${name} NOT NULL ${what} NOT VALID`, validate];
  return [
    `${alter} ADD CONSTRAINT ${name} CHECK (${what} IS NOT NULL) NOT VALID`,
    validate,
    `${alter} ALTER COLUMN ${what} SET NOT NULL`,
    `${alter} DROP CONSTRAINT ${name}`,
  ];
}
