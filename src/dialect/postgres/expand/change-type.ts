import type { Op } from "../../../op/op.js";
import { nameKey, nameOf } from "../../../schema/name.js";
import type { Column, Schema, Table } from "../../../schema/schema.js";
import type { Expansion, LongChange } from "../../expansion.js";
import { quoteIdentifier as quote } from "../quote.js";
import { formatType } from "../types.js";
import { type Hanging, hang, hangingOn, settle, underOwnNames, unhang, unsettle } from "./carried.js";
import { speakingOf } from "./indexes.js";
import { createTrigger, differ, dropTrigger, inBatches, type RowTrigger, shortName } from "./pair.js";
import { reasonAgainst } from "./refuse.js";

type Change = Extract<LongChange, { kind: "change-type" }>;

/** Both columns, and what makes the values of one from those of the other. */
interface Pair {
  readonly table: Table;
  readonly old: Column;
  readonly fresh: Column;
  /** What the second column is called until it takes the place of the first. */
  readonly twin: string;
  readonly using: string | null;
  readonly hanging: Hanging;
}

/**
 * A second column of the new type, which a trigger fills whenever the first is written. It gets all that hangs on the first;
 * in the end the first goes, and the second takes its name. It then stands behind the other columns.
 *
 * @returns a sentence where that cannot be done
 */
export function expandTypeChange(change: Change, before: Schema, after: Schema): Expansion | string {
  const found = pairOf(change, before, after);
  if (typeof found === "string") return found;
  const { table, fresh, twin, hanging } = found;
  const on = nameOf(table);
  const add: Op = { kind: "add-column", table: on, column: bare(fresh, twin) };
  const trigger = forward(found);
  const { name: column } = fresh;
  return {
    expand: {
      upgrade: [add, ...createTrigger(trigger)],
      downgrade: [...dropTrigger(trigger), { kind: "drop-column", table: on, column: twin }],
    },
    backfill: {
      upgrade: [filling(found), ...hang(table, column, twin, hanging)],
      downgrade: unhang(table, hanging),
    },
    contract: {
      upgrade: [
        ...dropTrigger(trigger),
        { kind: "drop-column", table: on, column },
        { kind: "rename-column", table: on, column: twin, to: column },
        ...settle(table, column, hanging),
      ],
      downgrade: wayBack(change, found, before),
    },
  };
}

function pairOf({ table: name, column, using }: Change, before: Schema, after: Schema): Pair | string {
  const [was, table] = [before.tables.get(nameKey(name)), after.tables.get(nameKey(name))];
  const old = was?.columns.find((one) => one.name === column);
  const fresh = table?.columns.find((one) => one.name === column);
  if (was === undefined || table === undefined || old === undefined || fresh === undefined)
    return "its column is not known";
  const reason =
    reasonAgainst(table, old, before) ?? (old.own === undefined ? null : "the column counts (serial)");
  if (reason !== null) return reason;
  const hanging = hangingOn(table, column, after);
  if (typeof hanging === "string") return hanging;
  const names = new Set(table.columns.map((one) => one.name));
  let twin = shortName(column, "_new");
  for (let count = 1; names.has(twin); count += 1) twin = shortName(column, `_new${count}`);
  return { table, old, fresh, twin, using, hanging };
}

function triggerName({ table, fresh }: Pair, ending: string): string {
  return shortName(`${table.name}_${fresh.name}`, ending);
}

/** An expression over a row that is being written. */
function assigned(to: string, expression: string | null, from: string, table: string): string {
  return expression === null
    ? `NEW.${quote(to)} := NEW.${quote(from)};`
    : `SELECT ${expression} INTO NEW.${quote(to)} FROM (SELECT NEW.*) AS ${quote(table)};`;
}

function forward(pair: Pair): RowTrigger {
  const { table, fresh, twin, using } = pair;
  return {
    table: nameOf(table),
    name: triggerName(pair, "_both"),
    body: [assigned(twin, using, fresh.name, table.name)],
  };
}

function filling({ table, fresh, twin, using }: Pair): Op {
  const value = using === null ? quote(fresh.name) : `(${using})`;
  const missing = differ(quote(twin), `${value}::${formatType(fresh.type)}`, fresh.type);
  return inBatches(nameOf(table), `${quote(twin)} = ${value}`, missing);
}

/** As it was behind the backfill: the first column is there again, with its values made of those of the second. */
function wayBack({ back }: Change, pair: Pair, before: Schema): readonly Op[] | string {
  if (back === undefined) return "the old values cannot be made of the new ones";
  const { table, old, fresh, twin, using, hanging } = pair;
  const was = before.tables.get(nameKey(table));
  const own = was === undefined ? "its table is not known" : hangingOn(was, old.name, before);
  if (was === undefined || typeof own === "string") return "what hung on the old column cannot be made again";
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
  const missing = differ(quote(old.name), `${value}::${formatType(old.type)}`, old.type);
  // Rows that are written meanwhile have their default; those that are there do not get it.
  const defaulted: readonly Op[] =
    old.default === null
      ? []
      : [{ kind: "alter-column", table: on, column: old.name, changes: { default: old.default } }];
  const columns = was.columns.map((one) => (one.name === old.name ? { ...one, default: null } : one));
  return [
    ...unsettle(table, fresh.name, hanging),
    { kind: "rename-column", table: on, column: fresh.name, to: twin },
    { kind: "add-column", table: on, column: bare(old, old.name) },
    ...defaulted,
    ...createTrigger(meanwhile),
    inBatches(on, `${quote(old.name)} = ${value}`, missing),
    ...hang(was, old.name, old.name, underOwnNames(own)),
    ...settle({ ...was, columns }, old.name, underOwnNames(own)),
    ...hang(table, fresh.name, twin, { ...hanging, indexes: [], checks: [], foreignKeys: [] }),
    ...dropTrigger(meanwhile),
    ...createTrigger(forward(pair)),
  ];
}

/** A column alone, without what only one of two can have. */
function bare({ own: _own, notNull: _notNull, ...column }: Column, name: string): Column {
  return { ...column, name, nullable: true, default: null, comment: null };
}
