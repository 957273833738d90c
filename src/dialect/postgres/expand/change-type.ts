import type { Op } from "../../../op/op.js";
import { nameKey, nameOf } from "../../../schema/name.js";
import type { Column, Table } from "../../../schema/schema.js";
import type { Expansion, ExpansionContext, LongChange } from "../../expansion.js";
import { quoteIdentifier as quote } from "../quote.js";
import { formatType } from "../types.js";
import { hang, hangingOn, release, settle, unhang } from "./carried.js";
import { countOn, counts, withoutCounting } from "./counting.js";
import { createTrigger, differ, dropTrigger, inBatches, shortName } from "./pair.js";
import { reasonAgainst } from "./refuse.js";
import { bare, forward, type Pair } from "./type-pair.js";
import { typeWayBack } from "./type-way-back.js";

type Change = LongChange<"change-type">;

/**
 * A second column of the new type, which a trigger fills whenever the first is written. It gets all that hangs on the first;
 * in the end the first goes, and the second takes its name. It then stands behind the other columns.
 *
 * @returns a sentence where that cannot be done
 */
export function expandTypeChange(change: Change, context: ExpansionContext): Expansion | string {
  const found = pairOf(change, context);
  if (typeof found === "string") return found;
  const { table, fresh, twin, hanging } = found;
  const on = nameOf(table);
  const add: Op = { kind: "add-column", table: on, column: bare(fresh, twin) };
  const trigger = forward(found);
  const { name: column } = fresh;
  const [make, run] = createTrigger(trigger);
  return {
    expand: {
      upgrade: [add, make, run],
      downgrade: [...dropTrigger(trigger), { kind: "drop-column", table: on, column: twin }],
      temporary: new Map([[run, `${twin} is to take the place of ${column}`]]),
    },
    backfill: {
      upgrade: [filling(found), ...hang(table, column, twin, hanging)],
      downgrade: unhang(table, hanging),
    },
    contract: {
      upgrade: [
        // First of all, so that the tables are locked in the order in which a row that refers is written.
        ...release(hanging),
        ...dropTrigger(trigger),
        ...countOn(table, column, { ...fresh, name: twin }, hanging.filled),
        { kind: "drop-column", table: on, column },
        { kind: "rename-column", table: on, column: twin, to: column },
        ...settle(table, column, fresh.identity === null ? hanging : { ...hanging, filled: null }),
      ],
      downgrade: typeWayBack(change, found, context.before),
    },
  };
}

function pairOf({ table: name, column, using }: Change, context: ExpansionContext): Pair | string {
  const { before, after } = context;
  const [was, table] = [before.tables.get(nameKey(name)), after.tables.get(nameKey(name))];
  const old = was?.columns.find((one) => one.name === column);
  const fresh = table?.columns.find((one) => one.name === column);
  if (was === undefined || table === undefined || old === undefined || fresh === undefined)
    return "its column is not known";
  const reason = reasonAgainst(table, column, context) ?? reasonOf(table, old);
  if (reason !== null) return reason;
  const hanging = hangingOn(table, column, after);
  if (typeof hanging === "string") return hanging;
  const { indexes, keys, foreignKeys, references } = hanging;
  if (
    table.partitioning !== undefined &&
    indexes.length + keys.length + foreignKeys.length + references.length > 0
  )
    return "an index or a key stands on the column, and on a partitioned table none can be added while others write: drop it in a revision before, and add it behind";
  const names = new Set(table.columns.map((one) => one.name));
  let twin = shortName(column, "_new");
  for (let count = 1; names.has(twin); count += 1) twin = shortName(column, `_new${count}`);
  return { table, old, fresh, twin, using, hanging };
}

/** Why another column cannot take the place of this one. */
function reasonOf(table: Table, column: Column): string | null {
  if (column.generated !== null)
    return "the column is generated, and a second one is computed for every row while nobody can read or write them: drop it, and add it anew under a name that new code knows";
  return counts(column) && table.partitioning !== undefined
    ? "the column counts, on a partitioned table: change it while the application stands still"
    : null;
}

function filling({ table, fresh, twin, using }: Pair): Op {
  const value = using === null ? quote(fresh.name) : `(${using})`;
  const { type } = withoutCounting(fresh);
  const missing = differ(quote(twin), `${value}::${formatType(type)}`, type);
  return inBatches(table, `${quote(twin)} = ${value}`, missing);
}
