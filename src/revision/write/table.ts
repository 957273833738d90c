import type { Op } from "../../op/op.js";
import type { Column, Constraint, ConstraintKind, Table, TableOptions } from "../../schema/schema.js";
import { columnNode } from "./column.js";
import { checkNode, excludeNode, foreignKeyNode, keyNode } from "./constraint.js";
import { isIntegerLike, key, option, optional, string, texts } from "./literal.js";
import { kinshipEntries } from "./partition.js";
import { array, type Entry, type Node, object } from "./print.js";
import { physicalOrderEntries } from "./storage.js";
import type { Writer } from "./writer.js";

/** The columns as a record, or as pairs where a record would not keep their order. */
function columnsNode(writer: Writer, columns: readonly Column[]): Node {
  if (!columns.some(({ name }) => isIntegerLike(name))) {
    return object(
      columns.map((column): Entry => [key(column.name), columnNode(writer, column)]),
      true,
    );
  }
  return array(columns.map((column) => array([string(column.name), columnNode(writer, column)])));
}

export function optionEntries(options: TableOptions): readonly Entry[] {
  return [
    ...option("unlogged", options.unlogged),
    ...(options.tablespace === null ? [] : [["tablespace", string(options.tablespace)] as const]),
    ...(Object.keys(options.parameters).length === 0
      ? []
      : [["parameters", texts(options.parameters)] as const]),
    ...option("strict", options.strict),
    ...option("withoutRowid", options.withoutRowid),
    ...(options.method === undefined ? [] : [["using", string(options.method)] as const]),
    ...physicalOrderEntries(options),
  ];
}

type Of<K extends ConstraintKind> = Extract<Constraint, { kind: K }>;

const ofKind = <K extends ConstraintKind>(constraints: readonly Constraint[], kind: K): readonly Of<K>[] =>
  constraints.filter((one): one is Of<K> => one.kind === kind);

/** Constraints with a name, under it; those without one are left to `unnamed`. */
function named<C extends Constraint>(
  name: string,
  constraints: readonly C[],
  node: (constraint: C) => Node,
): readonly Entry[] {
  const entries = constraints.flatMap((one): readonly Entry[] =>
    one.name === null ? [] : [[key(one.name), node(one)]],
  );
  return entries.length === 0 ? [] : [[name, object(entries)]];
}

function unnamed<C extends Constraint>(
  name: string,
  constraints: readonly C[],
  node: (constraint: C) => Node,
): readonly Entry[] {
  const nodes = constraints.filter((one) => one.name === null).map(node);
  return nodes.length === 0 ? [] : [[name, array(nodes)]];
}

/** The name that the engine gives the primary key when nobody chooses one. */
function usualKeyName(writer: Writer, table: Table): string | null {
  const [key] = ofKind(table.constraints, "primary-key");
  if (key === undefined) return null;
  return writer.dialect.normalize.constraint(table, { ...key, name: null, implicitName: true }).name;
}

function constraintEntries(writer: Writer, table: Table): readonly Entry[] {
  const { constraints } = table;
  const [primary] = ofKind(constraints, "primary-key");
  const uniques = ofKind(constraints, "unique");
  const foreignKeys = ofKind(constraints, "foreign-key");
  const checks = ofKind(constraints, "check");
  const others = [
    ...unnamed("uniques", uniques, (one) => keyNode(one, [], true)),
    ...unnamed("foreignKeys", foreignKeys, foreignKeyNode),
    ...unnamed("checks", checks, (one) => checkNode(writer, one, true)),
  ];
  const ownName = primary !== undefined && primary.name !== usualKeyName(writer, table) ? primary.name : null;
  return [
    ...(primary === undefined
      ? []
      : [["primaryKey", keyNode(primary, ownName === null ? [] : [["name", string(ownName)]])] as const]),
    ...named("uniques", uniques, keyNode),
    ...named("foreignKeys", foreignKeys, foreignKeyNode),
    ...named("checks", checks, (one) => checkNode(writer, one)),
    ...named("excludes", ofKind(constraints, "exclude"), (one) => excludeNode(writer, one)),
    ...(others.length === 0 ? [] : [["unnamed", object(others)] as const]),
  ];
}

/** The arguments of `op.createTable` after the name. */
export function createTableArguments(writer: Writer, op: Op<"create-table">): readonly Node[] {
  const { table } = op;
  if (table.indexes.length + table.policies.length > 0) {
    throw new Error(`create-table ${table.name} has indexes or policies, which are ops of their own`);
  }
  const options: readonly Entry[] = [
    ...kinshipEntries(writer, table),
    ...constraintEntries(writer, table),
    ...(table.comment === null ? [] : [["comment", string(table.comment)] as const]),
    ...(table.rowSecurity === "off" ? [] : [["rowSecurity", string(table.rowSecurity)] as const]),
    ...optionEntries(table.options),
    ...option("ifNotExists", op.ifNotExists),
  ];
  return [columnsNode(writer, table.columns), ...optional(options)];
}
