import { descendantsOf } from "../../../op/create-table.js";
import { nameKey, type ObjectName } from "../../../schema/name.js";
import type { Column, Table } from "../../../schema/schema.js";
import type { CompileContext } from "../../dialect.js";
import { madeName, quoteIdentifier, quoteName, quoteString } from "../quote.js";
import { formatType } from "../types.js";
import { columnClause, identityClause, sequenceClauses } from "./clause.js";
import { advanceSequence } from "./own-sequence.js";

/** Tables that an identity does not reach: all that inherit, and partitions before version 17. */
function heirsWithout(table: ObjectName, { before, serverVersion }: CompileContext): readonly Table[] {
  const there = before.tables.get(nameKey(table));
  if (there === undefined) return [];
  if (there.partitioning !== undefined && (serverVersion === null || serverVersion >= 170_000)) return [];
  return descendantsOf(before, there);
}

/**
 * A new identity column of a table with tables under it, which the engine does not add at once because these do not inherit
 * the identity ("ATExecAddColumn": "cannot recursively add identity column to table that has child tables"): a sequence for
 * the while numbers the rows of all. `null` for every other column.
 */
export function identityOverHeirs(
  table: ObjectName,
  column: Column,
  context: CompileContext,
): readonly string[] | null {
  const { identity } = column;
  if (identity === null) return null;
  const heirs = heirsWithout(table, context);
  if (heirs.length === 0) return null;
  const name = { namespace: "pg_temp", name: madeName(table.name, column.name, "seq") };
  const type = formatType(column.type);
  const options = sequenceClauses(identity.sequence)
    .map((clause) => ` ${clause}`)
    .join("");
  const numbered = {
    ...column,
    identity: null,
    default: `nextval(${quoteString(quoteName(name))}::regclass)`,
  };
  const given = heirs.filter(({ columns }) => !columns.some((one) => one.name === column.name));
  const own = quoteIdentifier(column.name);
  return [
    `CREATE SEQUENCE ${quoteName(name)} AS ${type}${options}`,
    `ALTER TABLE ${quoteName(table)} ADD COLUMN ${columnClause(table, numbered)}`,
    ...[table, ...given].map((one) => `ALTER TABLE ONLY ${quoteName(one)} ALTER COLUMN ${own} DROP DEFAULT`),
    `DROP SEQUENCE ${quoteName(name)}`,
    `ALTER TABLE ${quoteName(table)} ALTER COLUMN ${own} ADD ${identityClause(identity)}`,
    advanceSequence({ table, column: column.name, before: context.before }, identity.sequence),
  ];
}
