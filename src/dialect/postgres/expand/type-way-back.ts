import type { Op } from "../../../op/op.js";
import { nameKey, nameOf } from "../../../schema/name.js";
import type { Column, Schema, Table } from "../../../schema/schema.js";
import type { LongChange } from "../../expansion.js";
import { quoteIdentifier as quote } from "../quote.js";
import { formatType } from "../types.js";
import { hang, hangingOn, release, settle, underOwnNames, unsettle } from "./carried.js";
import { countOn, counts } from "./counting.js";
import { speakingOf } from "./indexes.js";
import { createTrigger, differ, dropTrigger, inBatches, type RowTrigger } from "./pair.js";
import { assigned, bare, forward, type Pair, triggerName } from "./type-pair.js";

/** As it was behind the backfill: the first column is there again, with its values made of those of the second. */
export function typeWayBack(
  { back }: LongChange<"change-type">,
  pair: Pair,
  before: Schema,
): readonly Op[] | string {
  if (back === undefined) return "the old values cannot be made of the new ones";
  const { table, old, fresh, twin, hanging } = pair;
  const was = before.tables.get(nameKey(table));
  if (was === undefined) return "its table is not known";
  const again = filledAgain(pair, back);
  const isKey = hanging.references.length > 0 || counts(old) || counts(fresh);
  if (isKey) return wayBackOfKey(pair, was, before, again);
  const own = hangingOn(was, old.name, before);
  if (typeof own === "string") return own;
  const columns = was.columns.map((one) => (one.name === old.name ? { ...one, default: null } : one));
  return [
    ...unsettle(table, fresh.name, hanging),
    ...again.ops,
    ...hang(was, old.name, old.name, underOwnNames(own)),
    ...settle({ ...was, columns }, old.name, underOwnNames(own)),
    ...hang(table, fresh.name, twin, { ...hanging, indexes: [], checks: [], foreignKeys: [] }),
    ...again.end,
    ...createTrigger(forward(pair)),
  ];
}

interface Again {
  readonly ops: readonly Op[];
  /** What goes when both columns are complete. */
  readonly end: readonly Op[];
}

/** The second column under its name of before, and the first one, filled from it. */
function filledAgain(pair: Pair, back: string | null): Again {
  const { table, old, fresh, twin, using } = pair;
  const on = nameOf(table);
  const value = back === null ? quote(twin) : `(${speakingOf(back, fresh.name, twin)})`;
  // While the rows are being filled, a row without the old value gets it, and does not lose the new one.
  const meanwhile: RowTrigger = {
    table: on,
    name: triggerName(pair, "_back"),
    body: [
      `IF NEW.${quote(old.name)} IS NULL AND NEW.${quote(twin)} IS NOT NULL THEN`,
      `  ${assigned(old.name, back === null ? null : value, twin, table.name)}`,
      "ELSE",
      `  ${assigned(twin, using, old.name, table.name)}`,
      "END IF;",
    ],
  };
  const first = bare(old, old.name);
  const missing = differ(quote(old.name), `${value}::${formatType(first.type)}`, first.type);
  // Rows that are written meanwhile have their default; those that are there do not get it.
  const defaulted: readonly Op[] =
    old.default === null || counts(old)
      ? []
      : [{ kind: "alter-column", table: on, column: old.name, changes: { default: old.default } }];
  return {
    ops: [
      { kind: "rename-column", table: on, column: fresh.name, to: twin },
      { kind: "add-column", table: on, column: first },
      ...defaulted,
      ...createTrigger(meanwhile),
      inBatches(table, `${quote(old.name)} = ${value}`, missing),
    ],
    end: dropTrigger(meanwhile),
  };
}

/** The table as it is while the column has another name. */
function underName(table: Table, { name }: Column, twin: string): Table {
  const columns = table.columns.map((one) => (one.name === name ? { ...one, name: twin } : one));
  return { ...table, columns };
}

/**
 * The same of a column that others refer to, or that counts: the second one keeps its keys until the first has its own, and then
 * both exchange them.
 */
function wayBackOfKey(pair: Pair, was: Table, before: Schema, again: Again): readonly Op[] | string {
  const { table, old, fresh, twin, hanging } = pair;
  const on = nameOf(table);
  const own = hangingOn(was, old.name, before, "_old");
  if (typeof own === "string") return own;
  const columns = was.columns.map((one) => (one.name === old.name ? { ...one, default: null } : one));
  return [
    ...again.ops,
    ...hang(was, old.name, old.name, own),
    ...release(hanging),
    ...again.end,
    ...unsettle(underName(table, fresh, twin), twin, { ...hanging, filled: null }),
    ...countOn(was, twin, old, own.filled),
    ...(hanging.filled === null
      ? []
      : ([{ kind: "alter-column", table: on, column: twin, changes: { nullable: true } }] satisfies Op[])),
    ...settle({ ...was, columns }, old.name, old.identity === null ? own : { ...own, filled: null }),
    ...createTrigger(forward(pair)),
    ...hang(table, fresh.name, twin, { ...hanging, indexes: [], checks: [], foreignKeys: [] }),
  ];
}
