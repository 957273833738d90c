import { sequencesOwnedBy } from "../../../op/dependents.js";
import { nameKey, type ObjectName } from "../../../schema/name.js";
import type { Column, ColumnType, OwnSequence, Schema, SequenceOptions } from "../../../schema/schema.js";
import type { CompileContext } from "../../dialect.js";
import { madeName, quoteIdentifier, quoteName, quoteString } from "../quote.js";
import { formatType, isSerial, underlyingType } from "../types.js";

/** A column with the schema that it is in. */
export interface ColumnPlace {
  readonly table: ObjectName;
  readonly column: string;
  readonly before: Schema;
}

/**
 * The sequence that a `serial` or identity column owns, found by the server: its name may be anything. Where the column owns
 * others as well, any of them might be found, so that the one is meant which an identity or the default draws from.
 */
export function ownSequence({ table, column, before }: ColumnPlace): string {
  const [relation, name] = [quoteString(quoteName(table)), quoteString(column)];
  if (sequencesOwnedBy(before, table, column).length === 0)
    return `pg_get_serial_sequence(${relation}, ${name})`;
  return `(
    SELECT s.oid::regclass::text FROM pg_catalog.pg_class s
    JOIN pg_catalog.pg_depend owned ON owned.classid = 'pg_catalog.pg_class'::regclass AND owned.objid = s.oid
    JOIN pg_catalog.pg_attribute a ON owned.refclassid = 'pg_catalog.pg_class'::regclass
      AND a.attrelid = owned.refobjid AND a.attnum = owned.refobjsubid
    WHERE s.relkind = 'S' AND a.attrelid = ${relation}::regclass AND a.attname = ${name} AND (
      owned.deptype = 'i' OR EXISTS (
        SELECT FROM pg_catalog.pg_attrdef def
        JOIN pg_catalog.pg_depend used ON used.classid = 'pg_catalog.pg_attrdef'::regclass AND used.objid = def.oid
        WHERE def.adrelid = a.attrelid AND def.adnum = a.attnum AND used.refobjid = s.oid
      )
    )
  )`;
}

/** The name that the sequence of a new column gets: its own, or the one that the engine makes. */
function ownName(table: ObjectName, column: string, own: OwnSequence | undefined): ObjectName {
  const { namespace } = table;
  return { namespace, name: own?.name?.name ?? madeName(table.name, column, "seq") };
}

/** A `serial` column with a sequence of its own name or type, as the integer column that it stands for (manual 8.1.4). */
export function withoutOwnSequence(table: ObjectName, column: Column): Column {
  if (column.own === undefined || !isSerial(column.type)) return column;
  const name = quoteName(ownName(table, column.name, column.own));
  return {
    ...column,
    type: underlyingType(column.type),
    nullable: false,
    default: `nextval(${quoteString(name)}::regclass)`,
  };
}

/** How the sequence of a column is made: as its table is where it says nothing; before version 15 always logged. */
function sequenceKind(own: OwnSequence | undefined, unlogged: boolean, serverVersion: number | null): string {
  const is = (own?.unlogged ?? unlogged) && (serverVersion === null || serverVersion >= 150_000);
  return is ? "UNLOGGED SEQUENCE" : "SEQUENCE";
}

/** What has to be there before such a column, and what gives it to the column. `unlogged`: as the table is. */
export function ownSequenceStatements(
  table: ObjectName,
  column: Column,
  unlogged: boolean,
  serverVersion: number | null,
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const { identity, own = identity?.own } = column;
  if (own === undefined) return { before: [], after: [] };
  const name = quoteName(ownName(table, column.name, own));
  if (!isSerial(column.type)) return { before: [], after: persistence(name, own.unlogged) };
  const kind = sequenceKind(own, unlogged, serverVersion);
  const type = formatType(own.type ?? underlyingType(column.type));
  return {
    before: [`CREATE ${kind} ${name} AS ${type}`],
    after: [`ALTER SEQUENCE ${name} OWNED BY ${quoteName(table)}.${quoteIdentifier(column.name)}`],
  };
}

function persistence(name: string, unlogged: boolean | undefined): readonly string[] {
  return unlogged === undefined ? [] : [`ALTER SEQUENCE ${name} SET ${unlogged ? "UNLOGGED" : "LOGGED"}`];
}

/**
 * A table that becomes logged or unlogged takes its sequences along from version 15 on (manual, ALTER TABLE): what gives
 * those back what they were of which the schema says so.
 */
export function keepPersistence(
  name: ObjectName,
  unlogged: boolean,
  { before, serverVersion }: CompileContext,
): readonly string[] {
  if (serverVersion !== null && serverVersion < 150_000) return [];
  const columns = before.tables.get(nameKey(name))?.columns ?? [];
  return [
    ...sequencesOwnedBy(before, name)
      .filter((sequence) => (sequence.unlogged === true) !== unlogged)
      .flatMap((sequence) => persistence(quoteName(sequence), sequence.unlogged === true)),
    ...columns.flatMap((column) => {
      const { identity, own = identity?.own } = column;
      if (own?.unlogged === undefined || own.unlogged === unlogged) return [];
      return persistence(quoteName(ownName(name, column.name, own)), own.unlogged);
    }),
  ];
}

/** Leads from one sequence behind a column to another, of that type where it has to change; the server finds what it is called. */
export function changeOwnSequence(
  place: ColumnPlace,
  type: ColumnType | null,
  from: OwnSequence | undefined,
  to: OwnSequence | undefined,
): readonly string[] {
  const { table, column } = place;
  const wanted = ownName(table, column, to);
  const known = from?.name === undefined ? null : ownName(table, column, from);
  const changes: string[] = [];
  if (type !== null) changes.push(`AS ${formatType(type)}`);
  const usual = place.before.tables.get(nameKey(table))?.options.unlogged;
  const unlogged = to?.unlogged ?? usual;
  if (unlogged !== undefined && unlogged !== (from?.unlogged ?? usual)) {
    changes.push(`SET ${unlogged ? "UNLOGGED" : "LOGGED"}`);
  }
  const renamed = ownName(table, column, from).name !== wanted.name;
  const rename = `RENAME TO ${quoteIdentifier(wanted.name)}`;
  if (known !== null) {
    return [...changes, ...(renamed ? [rename] : [])].map(
      (change) => `ALTER SEQUENCE ${quoteName(known)} ${change}`,
    );
  }
  const head = `EXECUTE 'ALTER SEQUENCE ' || own_sequence || `;
  const lines = changes.map((change) => `  ${head}${quoteString(` ${change}`)};`);
  if (renamed) {
    const other = `own_sequence::regclass IS DISTINCT FROM to_regclass(${quoteString(quoteName(wanted))})`;
    lines.push(`  IF ${other} THEN\n    ${head}${quoteString(` ${rename}`)};\n  END IF;`);
  }
  if (lines.length === 0) return [];
  const declaration = `own_sequence text := ${ownSequence(place)};`;
  return [`DO ${dollarQuote(`\nDECLARE\n  ${declaration}\nBEGIN\n${lines.join("\n")}\nEND\n`)}`];
}

/** Moves a sequence past the values that are there, so that the next one is free. Nothing on an empty table. */
export function advanceSequence(place: ColumnPlace, options: SequenceOptions): string {
  const { table, column } = place;
  const rising = !(options.increment ?? "1").trim().startsWith("-");
  const furthest = `${rising ? "max" : "min"}(${quoteIdentifier(column)})`;
  const bound = BigInt(options.start ?? (rising ? (options.minimum ?? "1") : (options.maximum ?? "-1")));
  const reached = `${furthest} ${rising ? ">=" : "<="} ${bound}`;
  return `SELECT setval(${ownSequence(place)}, ${furthest}) FROM ${quoteName(table)} HAVING ${reached}`;
}

/** What `serial` stands for (manual 8.1.4), for a column that is there already. */
export function createOwnSequence(
  table: ObjectName,
  { name: column, type }: { readonly name: string; readonly type: ColumnType },
  head: string,
  own: OwnSequence | undefined,
  { before, serverVersion }: CompileContext,
): readonly string[] {
  const name = quoteName(ownName(table, column, own));
  const unlogged = before.tables.get(nameKey(table))?.options.unlogged === true;
  return [
    `CREATE ${sequenceKind(own, unlogged, serverVersion)} ${name} AS ${formatType(own?.type ?? type)} OWNED BY ${quoteName(table)}.${quoteIdentifier(column)}`,
    `${head} SET NOT NULL`,
    `${head} SET DEFAULT nextval(${quoteString(name)}::regclass)`,
    `SELECT setval(${quoteString(name)}, max(${quoteIdentifier(column)})) FROM ${quoteName(table)} HAVING max(${quoteIdentifier(column)}) >= 1`,
  ];
}

/** Takes the default away that makes a column `serial`, and the sequence behind it. */
export function dropOwnSequence(place: ColumnPlace): string {
  const { table, column } = place;
  const body = `
DECLARE
  own_sequence text := ${ownSequence(place)};
BEGIN
  ALTER TABLE ${quoteName(table)} ALTER COLUMN ${quoteIdentifier(column)} DROP DEFAULT;
  IF own_sequence IS NOT NULL THEN
    EXECUTE 'DROP SEQUENCE ' || own_sequence;
  END IF;
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
