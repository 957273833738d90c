import type { Op } from "../../../op/op.js";
import { integerOf } from "../../../op/serial.js";
import { nameOf } from "../../../schema/name.js";
import type { Column, Table } from "../../../schema/schema.js";
import { identityClause } from "../compile/clause.js";
import { literal, quoteIdentifier as quote, quoteName } from "../quote.js";
import { taken } from "./filled.js";

/** True for a column that a sequence fills: an identity, `serial`. */
export function counts({ identity, type, own }: Column): boolean {
  return identity !== null || own !== undefined || integerOf(type) !== undefined;
}

/** The type without the sequence that `serial` brings along. */
export function withoutCounting({ own: _own, ...column }: Column): Column {
  const integer = integerOf(column.type);
  const type = integer === undefined ? column.type : { ...column.type, name: integer };
  return { ...column, type, identity: null };
}

/** What counted goes on counting in another column, of which a check proves by its name that it can be NOT NULL. */
export function countOn(table: Table, from: string, to: Column, proof: string | null): readonly Op[] {
  if (!counts(to)) return [];
  const proved = to.identity === null || proof === null ? [] : taken(table, to, proof);
  return [...proved, ...moveCounting(table, from, to.name, to)];
}

/**
 * Lets another column of a table count on from where one is: `serial` gives its sequence away; that of an identity is made anew,
 * under its name. An identity has to be NOT NULL. The table is locked by then, so that nobody draws a number meanwhile.
 */
function moveCounting(table: Table, from: string, to: string, column: Column): readonly Op[] {
  const on = quoteName(nameOf(table));
  const counter = (of: string) => `pg_get_serial_sequence(${literal(on)}, ${literal(of)})`;
  const alter = (of: string) => `ALTER TABLE ${on} ALTER COLUMN ${quote(of)}`;
  const { identity } = column;
  const body =
    identity === null
      ? `  counter regclass := ${counter(from)};
BEGIN
  EXECUTE format('ALTER SEQUENCE %s OWNED BY %s', counter, ${literal(`${on}.${quote(to)}`)});
  ${alter(from)} DROP DEFAULT;
  EXECUTE format('%s SET DEFAULT nextval(%L::regclass)', ${literal(alter(to))}, counter::text);`
      : `  counter regclass := ${counter(from)};
  called text := (SELECT relname FROM pg_class WHERE oid = counter);
  last bigint;
  used boolean;
BEGIN
  EXECUTE format('SELECT last_value, is_called FROM %s', counter) INTO last, used;
  ${alter(from)} DROP IDENTITY;
  ${alter(to)} ADD ${identityClause({ ...identity, own: {} })};
  counter := ${counter(to)};
  IF (SELECT relname FROM pg_class WHERE oid = counter) <> called THEN
    EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', counter, called);
  END IF;
  PERFORM setval(counter, last, used);`;
  return [{ kind: "execute", sql: `DO $count$\nDECLARE\n${body}\nEND\n$count$` }];
}
