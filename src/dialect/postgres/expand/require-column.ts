import type { Op } from "../../../op/op.js";
import { nameKey, nameOf } from "../../../schema/name.js";
import type { Column, Table } from "../../../schema/schema.js";
import type { Expansion, ExpansionContext, LongChange, LongChanges, Phase } from "../../expansion.js";
import { quoteIdentifier as quote } from "../quote.js";
import { filledOrAsked, freeName, proved, requireValue, taken } from "./filled.js";
import { createTrigger, dropTrigger, type RowTrigger, shortName } from "./pair.js";
import { reasonAgainst } from "./refuse.js";

type Fill = NonNullable<LongChanges["require-column"]["fill"]>;

/** The column as it is to be, and what it is added as while old code leaves it out. */
interface Wanted {
  readonly table: Table;
  readonly column: Column;
  readonly isNew: boolean;
  /** Of the check that proves NOT NULL. */
  readonly proof: string;
}

/**
 * A column that every row has a value in, while old code writes rows without one: a default or a trigger gives it theirs, until no
 * old code runs. Where nobody has said what rows from before have, the last revision ends at them.
 *
 * @returns a sentence where that cannot be done
 */
export function expandRequired(
  { table: name, column: wanted, isNew, fill }: LongChange<"require-column">,
  context: ExpansionContext,
): Expansion | string {
  const { before, after } = context;
  const table = after.tables.get(nameKey(name));
  const column = table?.columns.find((one) => one.name === wanted);
  if (table === undefined || column === undefined) return "its column is not known";
  if (column.nullable) return "the column allows NULL in the end";
  const reason = reasonAgainst(table, wanted, { ...context, before: after });
  if (reason !== null) return reason;
  const found: Wanted = { table, column, isNew, proof: freeName(table, wanted, before) };
  if (fill === null) return asked(found);
  return fill.isConstant && isNew && column.default === null
    ? byDefault(found, fill)
    : byTrigger(found, fill);
}

const alter = ({ table, column }: Wanted, changes: Op<"alter-column">["changes"]): Op => ({
  kind: "alter-column",
  table: nameOf(table),
  column: column.name,
  changes,
});

/** The column with nothing in it; a default is for rows to come, so that no row is written. */
function added({ table, column, isNew }: Wanted): Phase & { readonly downgrade: readonly Op[] } {
  if (!isNew) return { upgrade: [], downgrade: [] };
  const on = nameOf(table);
  const { notNull: _, ...plain } = column;
  const { default: value } = column;
  return {
    upgrade: [
      { kind: "add-column", table: on, column: { ...plain, nullable: true, default: null } },
      ...(value === null
        ? []
        : ([
            { kind: "alter-column", table: on, column: column.name, changes: { default: value } },
          ] satisfies Op[])),
    ],
    downgrade: [{ kind: "drop-column", table: on, column: column.name }],
  };
}

/** The server keeps a constant for the rows that are there, and gives it to those of old code. */
function byDefault(wanted: Wanted, { sql }: Fill): Expansion {
  const { table, column } = wanted;
  const on = nameOf(table);
  const add: Op = { kind: "add-column", table: on, column: { ...column, default: sql } };
  return {
    expand: {
      upgrade: [add],
      downgrade: [{ kind: "drop-column", table: on, column: column.name }],
      temporary: new Map([[add, "its default is for code that leaves it out"]]),
    },
    backfill: null,
    contract: {
      upgrade: [alter(wanted, { default: null })],
      downgrade: [alter(wanted, { default: sql })],
    },
  };
}

function byTrigger(wanted: Wanted, { sql, isConstant }: Fill): Expansion {
  const { table, column, proof } = wanted;
  const target = `NEW.${quote(column.name)}`;
  const on = nameOf(table);
  const trigger: RowTrigger = {
    table: on,
    name: shortName(`${table.name}_${column.name}`, "_fill"),
    body: [
      `IF ${target} IS NULL THEN`,
      isConstant
        ? `  ${target} := ${sql};`
        : `  SELECT ${sql} INTO ${target} FROM (SELECT NEW.*) AS ${quote(table.name)};`,
      "END IF;",
    ],
  };
  const add = added(wanted);
  const [make, run] = createTrigger(trigger);
  const proving = proved(table, { name: proof, column: column.name });
  return {
    expand: {
      upgrade: [...add.upgrade, make, run],
      downgrade: [...dropTrigger(trigger), ...add.downgrade],
      temporary: new Map([[run, `old code leaves ${column.name} out`]]),
    },
    backfill: {
      upgrade: [filledOrAsked(table, column.name, sql), ...proving],
      downgrade: [{ kind: "drop-constraint", table: on, constraint: proof }],
    },
    contract: {
      upgrade: [...taken(table, column, proof), ...dropTrigger(trigger)],
      downgrade: [...createTrigger(trigger), ...proving, alter(wanted, { nullable: true })],
    },
  };
}

/** Only a person knows the values: they are written by then, or nothing is done. */
function asked(wanted: Wanted): Expansion {
  const { table, column, proof } = wanted;
  const add = added(wanted);
  return {
    expand: { ...add, temporary: new Map(add.upgrade.slice(0, 1).map((op) => [op, "it becomes NOT NULL"])) },
    backfill: null,
    contract: {
      upgrade: requireValue({ table, column, fill: null, name: proof }),
      downgrade: [alter(wanted, { nullable: true })],
    },
  };
}
