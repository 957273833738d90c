import type { Op } from "../op/op.js";
import { nameKey } from "../schema/name.js";
import type { DefinedKind, Index, Schema } from "../schema/schema.js";

/** What goes along with a table, and nothing else stands on it. */
const ofTables: ReadonlySet<DefinedKind> = new Set([
  "rule",
  "trigger",
  "trigger-state",
  "statistics",
  "grant",
]);

/** What an index of any column may stand on, through the type of the column. */
const methods: ReadonlySet<DefinedKind> = new Set(["operator-class", "operator-family", "access-method"]);

/** The place of the next op from each place on; the number of ops where there is none. */
function nextPlaces(ops: readonly Op[], is: (op: Op) => boolean): readonly number[] {
  const next = new Array<number>(ops.length + 1).fill(ops.length);
  for (let place = ops.length - 1; place >= 0; place--) {
    const op = ops[place];
    next[place] = op !== undefined && is(op) ? place : (next[place + 1] ?? ops.length);
  }
  return next;
}

/** An expression, a collation or an operator class in it names something that is not of its table. */
function isDemanding({ keys, where, method }: Index): boolean {
  const plain = keys.every(
    ({ expression, collation, operatorClass }) =>
      expression === null && collation === null && operatorClass === null,
  );
  return !plain || where !== null || method !== "btree";
}

function takesFromUnder(op: Op): boolean {
  if (op.kind === "drop-defined") return !ofTables.has(op.object.kind);
  return ["drop-extension", "drop-enum", "drop-domain", "drop-composite"].includes(op.kind);
}

function takesMethod(op: Op): boolean {
  return op.kind === "drop-extension" || (op.kind === "drop-defined" && methods.has(op.object.kind));
}

/**
 * The ops without those that drop an index of a table that goes anyway: it takes its indexes along. `before` them: partitions
 * that are detached meanwhile would keep theirs, and what an index stands on may go before the table.
 */
export function withoutNeedlessDrops(ops: readonly Op[], before: Schema): readonly Op[] {
  const lastDrop = new Map<string, number>();
  const lastDetached = new Map<string, number>();
  for (const [position, op] of ops.entries()) {
    if (op.kind === "drop-table") lastDrop.set(nameKey(op.name), position);
    const parent =
      op.kind === "detach-partition" ? before.tables.get(nameKey(op.name))?.partition?.of : undefined;
    if (parent !== undefined) lastDetached.set(nameKey(parent), position);
  }
  const nextTaken = nextPlaces(ops, takesFromUnder);
  const nextMethod = nextPlaces(ops, takesMethod);
  const goesAlong = (table: string, name: string, position: number) => {
    const gone = lastDrop.get(table) ?? -1;
    if (gone <= position || (lastDetached.get(table) ?? -1) >= position) return false;
    // Renamed on the way back, it is not found, and its drop stays where something goes that it could stand on.
    const index = before.tables.get(table)?.indexes.find((one) => one.name === name);
    const next = index === undefined || isDemanding(index) ? nextTaken : nextMethod;
    return (next[position] ?? ops.length) > gone;
  };
  return ops.filter(
    (op, position) => op.kind !== "drop-index" || !goesAlong(nameKey(op.table), op.index, position),
  );
}
