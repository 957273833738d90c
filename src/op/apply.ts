import { copySchema } from "../schema/build.js";
import { nameKey } from "../schema/name.js";
import type { ColumnType, Expression, Schema, SchemaDraft } from "../schema/schema.js";
import { definitions } from "./definitions.js";
import { familyIndexesInOrder } from "./index-order.js";
import type { Effect, Op, OpDefinition } from "./op.js";
import { restoreHeirs } from "./restore-heirs.js";
import { restoreNames } from "./restore-names.js";
import { uncheckedWhereEarly } from "./routine.js";
import { needsCast } from "./type-change.js";

function definitionOf(op: Op): OpDefinition<Op> {
  // The map gives each kind its own definition; TypeScript loses the correlation between key and value.
  return definitions[op.kind] as OpDefinition<Op>;
}

/** Changes `draft` to what the schema is after the op. @throws AludelError `op-impossible`. */
export function applyOp(draft: SchemaDraft, op: Op): void {
  definitionOf(op).apply(draft, op);
}

/** The schema after the ops, in time linear in their number. @throws AludelError `op-impossible`. */
export function applyOps(schema: Schema, ops: readonly Op[]): Schema {
  const draft = copySchema(schema);
  for (const op of ops) applyOp(draft, op);
  return draft;
}

/** One line for a person, imperative and without SQL: `add column persons.email`. */
export function describeOp(op: Op): string {
  return definitionOf(op).describe(op);
}

/** What the op does to those who use the schema, given the schema before it. */
export function effectOf(op: Op, before: Schema): Effect {
  return definitionOf(op).effect(op, before);
}

/** SQL text that makes a column's values values of another type: `"age"::integer`. */
export type CastExpression = (
  column: string,
  type: ColumnType,
  from: ColumnType,
  /** The user's types that there are while the values are converted. */
  types: Pick<Schema, "enums" | "domains" | "composites" | "defined">,
) => Expression;

/** The way back from a list of ops. */
export interface Undo {
  readonly ops: readonly Op[];
  /** What cannot be brought back, for a person: `the values of persons.email`. */
  readonly loses: readonly string[];
  /** Descriptions of the ops that nothing can undo; `ops` leaves them out. */
  readonly irreversible: readonly string[];
}

/**
 * The ops that take the schema after `ops` back to `before`: each op is inverted against the schema it was applied
 * to, and the order is turned round. Rows that were inserted into a table of these ops go with the table.
 * `cast` gives type changes their `using`.
 * @throws AludelError `op-impossible` when the ops cannot be applied to `before`.
 */
export function invertOps(before: Schema, ops: readonly Op[], cast?: CastExpression): Undo {
  const draft = copySchema(before);
  const inverses: (readonly Op[])[] = [];
  const loses: string[] = [];
  const irreversible: string[] = [];
  const created = new Set<string>();
  const indexes = new Map<string, number>();
  for (const op of ops) {
    if (op.kind === "create-table" && !draft.tables.has(nameKey(op.table))) created.add(nameKey(op.table));
    const inverse = invertOne(draft, op, created);
    if (op.kind === "create-index") {
      indexes.set(nameKey({ namespace: op.table.namespace, name: op.index.name }), inverses.length);
    }
    if (op.kind === "attach-index" && undoWithParent(draft, op, indexes, inverses)) {
      applyOp(draft, op);
      continue;
    }
    applyOp(draft, op);
    if (inverse === null) irreversible.push(describeOp(op));
    else {
      inverses.push(cast === undefined ? inverse.ops : inverse.ops.map((one) => withUsing(draft, one, cast)));
      if (inverse.loses !== undefined) loses.push(inverse.loses);
    }
  }
  const back = familyIndexesInOrder(draft, before, inverses.reverse().flat());
  const names = restoreNames(before, draft, back, applyOp);
  return { ops: [...uncheckedWhereEarly(back), ...names], loses, irreversible };
}

/**
 * An index that is attached goes with the one that it is attached to. Where that was made by these ops its own drop is
 * the drop of both; an index that was there before is made again. False where it was not made by them.
 */
function undoWithParent(
  before: Schema,
  { table, index, to }: Op<"attach-index">,
  made: ReadonlyMap<string, number>,
  inverses: (readonly Op[])[],
): boolean {
  const parent = made.get(nameKey(to));
  if (parent === undefined) return false;
  const own = made.get(nameKey({ namespace: table.namespace, name: index }));
  if (own !== undefined) inverses[own] = [];
  else {
    const old = before.tables.get(nameKey(table))?.indexes.find((one) => one.name === index);
    if (old !== undefined)
      inverses[parent] = [...(inverses[parent] ?? []), { kind: "create-index", table, index: old }];
  }
  return true;
}

function invertOne(draft: SchemaDraft, op: Op, created: ReadonlySet<string>) {
  if (op.kind === "bulk-insert" && created.has(nameKey(op.table))) return { ops: [] };
  const inverse = definitionOf(op).invert(draft, op);
  return inverse === null ? null : restoreHeirs(draft, op, inverse, applyOp);
}

/** `after` is the schema that the inverse starts from. */
function withUsing<O extends Op>(after: Schema, op: O, cast: CastExpression): O {
  if (op.kind === "batch-alter-table")
    return { ...op, ops: op.ops.map((one) => withUsing(after, one, cast)) };
  if (op.kind !== "alter-column" || op.changes.type === undefined) return op;
  const table = after.tables.get(nameKey(op.table));
  const column = table?.columns.find((one) => one.name === op.column);
  if (column === undefined || !needsCast(column.type, op.changes.type)) return op;
  return { ...op, changes: { ...op.changes, using: cast(op.column, op.changes.type, column.type, after) } };
}
