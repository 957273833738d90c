import type { ObjectName } from "../../../schema/name.js";
import type { ColumnType, SequenceOptions } from "../../../schema/schema.js";
import { madeName, quoteIdentifier, quoteName, quoteString } from "../quote.js";
import { formatType } from "../types.js";

/** The sequence that a `serial` or identity column owns, found by the server: its name may be anything. */
function ownSequence(table: ObjectName, column: string): string {
  return `pg_get_serial_sequence(${quoteString(quoteName(table))}, ${quoteString(column)})`;
}

/** Moves a sequence past the values that are there, so that the next one is free. Nothing on an empty table. */
export function advanceSequence(table: ObjectName, column: string, options: SequenceOptions): string {
  const rising = !(options.increment ?? "1").trim().startsWith("-");
  const furthest = `${rising ? "max" : "min"}(${quoteIdentifier(column)})`;
  const bound = BigInt(options.start ?? (rising ? (options.minimum ?? "1") : (options.maximum ?? "-1")));
  const reached = `${furthest} ${rising ? ">=" : "<="} ${bound}`;
  return `SELECT setval(${ownSequence(table, column)}, ${furthest}) FROM ${quoteName(table)} HAVING ${reached}`;
}

/** What `serial` stands for (manual 8.1.4), for a column that is there already. */
export function createOwnSequence(
  table: ObjectName,
  column: string,
  type: ColumnType,
  head: string,
): readonly string[] {
  const name = quoteName({ namespace: table.namespace, name: madeName(table.name, column, "seq") });
  return [
    `CREATE SEQUENCE ${name} AS ${formatType(type)} OWNED BY ${quoteName(table)}.${quoteIdentifier(column)}`,
    `${head} SET NOT NULL`,
    `${head} SET DEFAULT nextval(${quoteString(name)}::regclass)`,
    `SELECT setval(${quoteString(name)}, max(${quoteIdentifier(column)})) FROM ${quoteName(table)} HAVING max(${quoteIdentifier(column)}) >= 1`,
  ];
}

/** Takes the default away that makes a column `serial`, and the sequence behind it. */
export function dropOwnSequence(table: ObjectName, column: string): string {
  const body = `
DECLARE
  own_sequence text := ${ownSequence(table, column)};
BEGIN
  ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdentifier(column)} DROP DEFAULT;
  IF own_sequence IS NOT NULL THEN
    EXECUTE 'DROP SEQUENCE ' || own_sequence;
  END IF;
END
`;
  return `DO ${dollarQuote(body)}`;
}

/** Gives the sequence behind a `serial` column the type that the column has now. */
export function adoptSequence(table: ObjectName, column: string, type: ColumnType): string {
  const body = `
BEGIN
  EXECUTE 'ALTER SEQUENCE ' || ${ownSequence(table, column)} || ' AS ${formatType(type)}';
END
`;
  return `DO ${dollarQuote(body)}`;
}

/** Quotes a block with a tag that does not occur in it. */
export function dollarQuote(body: string): string {
  let tag = "$$";
  for (let number = 1; body.includes(tag); number += 1) tag = `$block${number}$`;
  return `${tag}${body}${tag}`;
}
