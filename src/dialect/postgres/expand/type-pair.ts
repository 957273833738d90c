import { nameOf } from "../../../schema/name.js";
import type { Column, Table } from "../../../schema/schema.js";
import { quoteIdentifier as quote } from "../quote.js";
import type { Hanging } from "./carried.js";
import { withoutCounting } from "./counting.js";
import { type RowTrigger, shortName } from "./pair.js";

/** Both columns, and what makes the values of one from those of the other. */
export interface Pair {
  readonly table: Table;
  readonly old: Column;
  readonly fresh: Column;
  /** What the second column is called until it takes the place of the first. */
  readonly twin: string;
  readonly using: string | null;
  readonly hanging: Hanging;
}

export function triggerName({ table, fresh }: Pair, ending: string): string {
  return shortName(`${table.name}_${fresh.name}`, ending);
}

/** An expression over a row that is being written. */
export function assigned(to: string, expression: string | null, from: string, table: string): string {
  return expression === null
    ? `NEW.${quote(to)} := NEW.${quote(from)};`
    : `SELECT ${expression} INTO NEW.${quote(to)} FROM (SELECT NEW.*) AS ${quote(table)};`;
}

export function forward(pair: Pair): RowTrigger {
  const { table, fresh, twin, using } = pair;
  return {
    table: nameOf(table),
    name: triggerName(pair, "_both"),
    body: [assigned(twin, using, fresh.name, table.name)],
  };
}

/** A column alone, without what only one of two can have. */
export function bare(whole: Column, name: string): Column {
  const { notNull: _, ...column } = withoutCounting(whole);
  return { ...column, name, nullable: true, default: null, comment: null };
}
