import type { Op } from "../../../op/op.js";
import { nameKey, nameOf } from "../../../schema/name.js";
import type { Column, Table } from "../../../schema/schema.js";
import type { Expansion, ExpansionContext, LongChange } from "../../expansion.js";
import { quoteIdentifier as quote } from "../quote.js";
import { buildIndexes, dropIndexes } from "./build-index.js";
import { twinIndexes } from "./indexes.js";
import { createTrigger, differ, dropTrigger, inBatches, type RowTrigger, shortName } from "./pair.js";
import { reasonAgainst } from "./refuse.js";

/**
 * A second column of the new name, which a trigger keeps like the old one, whichever of them is written. In the end the
 * second one goes and the old one takes its name, which is done in an instant and leaves all that hangs on it as it was.
 *
 * @returns a sentence where that cannot be done
 */
export function expandRename(
  { column: from, to, table: name }: LongChange<"rename-column">,
  context: ExpansionContext,
): Expansion | string {
  const { before } = context;
  const table = before.tables.get(nameKey(name));
  const old = table?.columns.find((one) => one.name === from);
  if (table === undefined || old === undefined) return "its column is not known";
  const reason = reasonAgainst(table, from, context);
  if (reason !== null) return reason;
  const on = nameOf(table);
  const twin = twinOf(old, to);
  const trigger: RowTrigger = {
    table: on,
    name: shortName(`${on.name}_${from}_${to}`, "_alike"),
    body: old.generated === null ? alike(old, to) : computed(table, old.generated.expression, to),
  };
  const indexes = twinIndexes(table, from, to, before);
  const add: Op = { kind: "add-column", table: on, column: twin };
  const drop: Op = { kind: "drop-column", table: on, column: to };
  const fill: readonly Op[] = [
    inBatches(table, `${quote(to)} = ${quote(from)}`, differ(quote(to), quote(from), old.type)),
    ...buildIndexes(table, indexes, before),
  ];
  const [make, run] = createTrigger(trigger);
  return {
    expand: {
      upgrade: [add, make, run],
      downgrade: [...dropTrigger(trigger), drop],
      temporary: new Map([[run, `old code names ${from}; it is ${to} now`]]),
    },
    backfill: {
      upgrade: fill,
      downgrade: dropIndexes(table, indexes),
    },
    contract: {
      upgrade: [...dropTrigger(trigger), drop, { kind: "rename-column", table: on, column: from, to }],
      downgrade: [{ kind: "rename-column", table: on, column: to, to: from }, add, make, run, ...fill],
    },
  };
}

/**
 * Without what only one of the two can have: the trigger gives it its value. A second column that the server computes, stored, would
 * write every row anew.
 */
function twinOf({ own: _own, notNull: _notNull, ...old }: Column, name: string): Column {
  return { ...old, name, nullable: true, default: null, identity: null, generated: null, comment: null };
}

/** Nobody writes a column that is generated. Triggers run before it is computed. */
function computed(table: Table, expression: string, to: string): readonly string[] {
  return [`SELECT ${expression} INTO NEW.${quote(to)} FROM (SELECT NEW.*) AS ${quote(table.name)};`];
}

/** Whoever writes one of them writes the other. */
function alike(old: Column, to: string): readonly string[] {
  const [one, other] = [quote(old.name), quote(to)];
  const isWritten = (column: string) => differ(`NEW.${column}`, `OLD.${column}`, old.type);
  return [
    "IF TG_OP = 'INSERT' THEN",
    `  IF NEW.${other} IS NULL THEN NEW.${other} := NEW.${one}; ELSE NEW.${one} := NEW.${other}; END IF;`,
    `ELSIF ${isWritten(other)} THEN NEW.${one} := NEW.${other};`,
    `ELSE NEW.${other} := NEW.${one};`,
    "END IF;",
  ];
}
