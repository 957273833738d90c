import type { Op } from "../../op/op.js";
import { emptySchema, index, indexKey } from "../../schema/build.js";
import { nameKey, type ObjectName, showName } from "../../schema/name.js";
import type { Writer } from "./writer.js";

/** What a person should know before the op runs: a sentence for each line, none for most. */
export type Remarks = (op: Op) => readonly string[];

/** Tables that a list of ops makes: nothing is lost in them and nobody waits for them. */
function madeBy(ops: readonly Op[]): ReadonlySet<string> {
  return new Set(ops.flatMap((op) => (op.kind === "create-table" ? [nameKey(op.table)] : [])));
}

/**
 * True when the engine can build indexes without blocking writes: then it does so outside a transaction only, where
 * others need none.
 */
function buildsConcurrently({ dialect }: Writer): boolean {
  const compile = dialect.compile?.["create-index"];
  if (compile === undefined) return false;
  const context = { before: emptySchema(dialect.name), serverVersion: null };
  const probe = index("i", [indexKey({ column: "c" })]);
  const table = { namespace: null, name: "t" };
  const steps = compile({ kind: "create-index", table, index: probe, concurrently: true }, context);
  return steps.some(({ transaction }) => transaction === "forbidden");
}

function losses(op: Op, made: ReadonlySet<string>): readonly string[] {
  const values = (table: ObjectName, column: string) =>
    made.has(nameKey(table)) ? [] : [`Loses the values of ${showName(table)}.${column}.`];
  switch (op.kind) {
    case "drop-table":
      return made.has(nameKey(op.name)) ? [] : [`Loses the rows of ${showName(op.name)}.`];
    case "drop-column":
      return values(op.table, op.column);
    case "drop-namespace":
      return op.cascade === true ? [`Loses everything in ${op.name}.`] : [];
    case "batch-alter-table":
      return op.ops.flatMap((one) => losses(one, made));
    default:
      return [];
  }
}

/** Remarks on the way up. The way back undoes it, and that it does so is no news. */
export function upgradeRemarks(ops: readonly Op[], writer: Writer): Remarks {
  const made = madeBy(ops);
  const couldWait = buildsConcurrently(writer);
  return (op) => {
    if (op.kind !== "create-index") return losses(op, made);
    if (!couldWait || op.concurrently === true || made.has(nameKey(op.table))) return [];
    return [
      `Blocks writes to ${showName(op.table)} until the index is built; { concurrently: true } does not.`,
    ];
  };
}
