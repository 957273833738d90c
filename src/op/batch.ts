import { copySchema } from "../schema/build.js";
import { type ObjectName, sameName, showName } from "../schema/name.js";
import type { SchemaDraft } from "../schema/schema.js";
import { columnDefinitions, gravest } from "./column.js";
import { commentDefinitions } from "./comment.js";
import { constraintDefinitions } from "./constraint.js";
import { impossible, listed, tableOf } from "./lookup.js";
import type { Effect, Inverse, Op, OpDefinition, OpDefinitions, TableOp, TableOpKind } from "./op.js";
import { tableDefinitions } from "./table.js";

/** Total over the ops that may stand in a batch. */
const definitions: { readonly [K in TableOpKind]: OpDefinition<Op<K>> } = {
  ...columnDefinitions,
  ...constraintDefinitions,
  ...commentDefinitions,
  "alter-table-options": tableDefinitions["alter-table-options"],
};

function definitionOf(op: TableOp): OpDefinition<TableOp> {
  // The map gives each kind its own definition; TypeScript loses the correlation between key and value.
  return definitions[op.kind] as OpDefinition<TableOp>;
}

/** The table that an op of a batch changes. */
function tableOfOp(op: TableOp): ObjectName {
  switch (op.kind) {
    case "alter-table-options":
      return op.name;
    case "set-comment":
      if ("table" in op.target) return op.target.table;
      if (op.target.on === "table") return op.target.name;
      throw impossible(
        `A batch cannot comment on a ${op.target.on}`,
        op.target.on,
        "Take the comment out of the batch.",
      );
    default:
      return op.table;
  }
}

const batchKinds: ReadonlySet<string> = new Set(Object.keys(definitions));

function isTableOp(op: Op): op is TableOp {
  return batchKinds.has(op.kind);
}

/** Ops that may stand in a batch are gathered in batches again; the others (indexes, sequences) stay between them. */
function rebatched(name: ObjectName, ops: readonly Op[]): readonly Op[] {
  const result: Op[] = [];
  let batch: TableOp[] = [];
  const close = () => {
    if (batch.length > 0) result.push({ kind: "batch-alter-table", name, ops: batch });
    batch = [];
  };
  for (const op of ops) {
    if (isTableOp(op)) batch.push(op);
    else {
      close();
      result.push(op);
    }
  }
  close();
  return result;
}

function walk(
  before: Parameters<typeof copySchema>[0],
  ops: readonly TableOp[],
  visit: (op: TableOp, draft: SchemaDraft) => void,
): void {
  const draft = copySchema(before);
  for (const op of ops) {
    visit(op, draft);
    definitionOf(op).apply(draft, op);
  }
}

export const batchDefinitions = {
  "batch-alter-table": {
    effect({ ops }, before) {
      const effects: Effect[] = [];
      walk(before, ops, (op, draft) => effects.push(definitionOf(op).effect(op, draft)));
      return gravest(effects);
    },
    apply(draft, { name, ops }) {
      tableOf(draft, name);
      for (const op of ops) {
        const other = tableOfOp(op);
        if (!sameName(other, name)) {
          throw impossible(
            `A batch on ${showName(name)} cannot change ${showName(other)}`,
            showName(other),
            "Put the changes of each table into a batch of its own.",
          );
        }
        definitionOf(op).apply(draft, op);
      }
    },
    invert(before, { name, ops }) {
      const inverses: (Inverse | null)[] = [];
      walk(before, ops, (op, draft) => inverses.push(definitionOf(op).invert(draft, op)));
      const known = inverses.filter((inverse) => inverse !== null);
      if (known.length < inverses.length) return null;
      const loses = known.flatMap((inverse) => (inverse.loses === undefined ? [] : [inverse.loses]));
      const undo = rebatched(
        name,
        known.toReversed().flatMap((inverse) => inverse.ops),
      );
      return loses.length === 0 ? { ops: undo } : { ops: undo, loses: listed(loses) };
    },
    describe: ({ name, ops }) =>
      `alter table ${showName(name)}: ${ops.map((op) => definitionOf(op).describe(op)).join("; ")}`,
  },
} satisfies Pick<OpDefinitions, "batch-alter-table">;
