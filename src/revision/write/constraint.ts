import type {
  Check,
  Constraint,
  ConstraintIndex,
  Exclude,
  ForeignKey,
  IndexKey,
  KeyOrdering,
  PrimaryKey,
  Unique,
} from "../../schema/schema.js";
import { objectName, option, string, strings, texts } from "./literal.js";
import { array, type Entry, type Node, object, text } from "./print.js";
import { sqlText } from "./sql.js";
import type { Writer } from "./writer.js";

const unless = (name: string, value: string, usual: string): readonly Entry[] =>
  value === usual ? [] : [[name, string(value)]];

const commentEntry = (comment: string | null): readonly Entry[] =>
  comment === null ? [] : [["comment", string(comment)]];

function orderingNode({ order, collation }: KeyOrdering): Node {
  return object([
    ["order", string(order)],
    ["collation", collation === null ? text("null") : string(collation)],
  ]);
}

/** The index under a constraint, where it is not the engine's default. */
function indexEntry(index: ConstraintIndex | undefined): readonly Entry[] {
  if (index === undefined) return [];
  const { parameters, tablespace, attachedTo, comment } = index;
  const entries: Entry[] = [];
  if (parameters !== undefined) entries.push(["parameters", texts(parameters)]);
  if (tablespace !== undefined) entries.push(["tablespace", string(tablespace)]);
  if (attachedTo !== undefined) entries.push(["attachedTo", objectName(attachedTo)]);
  if (comment !== undefined) entries.push(["comment", string(comment)]);
  return [["index", object(entries)]];
}

/** What a primary key or unique constraint has beside its columns. */
function keyEntries(key: PrimaryKey | Unique): readonly Entry[] {
  return [
    ...(key.include.length === 0 ? [] : [["include", strings(key.include)] as const]),
    ...(key.kind === "unique" ? option("nullsNotDistinct", key.nullsNotDistinct) : []),
    ...unless("deferral", key.deferral, "immediate"),
    ...(key.kind === "primary-key" ? option("autoincrement", key.autoincrement) : []),
    ...(key.onConflict === undefined ? [] : [["onConflict", string(key.onConflict)] as const]),
    ...(key.orderings === undefined ? [] : [["orderings", array(key.orderings.map(orderingNode))] as const]),
    ...option("withoutOverlaps", key.withoutOverlaps),
    ...indexEntry(key.index),
    ...option("inherited", key.inherited),
    ...commentEntry(key.comment),
  ];
}

/** The columns alone where there is nothing else to say. `always` as an object even then. */
export function keyNode(
  key: PrimaryKey | Unique,
  before: readonly Entry[] = [],
  always = false,
  after: readonly Entry[] = [],
): Node {
  const entries = [...keyEntries(key), ...after];
  const columns = strings(key.columns);
  if (before.length + entries.length === 0 && !always) return columns;
  return object([...before, ["columns", columns], ...entries]);
}

export function foreignKeyNode(key: ForeignKey): Node {
  const references = object([
    ["table", objectName(key.references.table)],
    ["columns", strings(key.references.columns)],
  ]);
  return object([
    ["columns", strings(key.columns)],
    ["references", references],
    ...unless("onDelete", key.onDelete, "no action"),
    ...(key.setColumns === undefined ? [] : [["setColumns", strings(key.setColumns)] as const]),
    ...unless("onUpdate", key.onUpdate, "no action"),
    ...unless("match", key.match, "simple"),
    ...unless("deferral", key.deferral, "immediate"),
    ...option("notValid", !key.validated),
    ...option("notEnforced", key.enforced === false),
    ...option("period", key.period),
    ...option("inherited", key.inherited),
    ...commentEntry(key.comment),
  ]);
}

export function checkNode(writer: Writer, check: Check, always = false): Node {
  const expression = sqlText(writer, check.expression);
  const entries = [
    ...option("noInherit", check.noInherit),
    ...option("notValid", !check.validated),
    ...option("notEnforced", check.enforced === false),
    ...option("inherited", check.inherited),
    ...commentEntry(check.comment),
  ];
  return entries.length === 0 && !always ? expression : object([["expression", expression], ...entries]);
}

/** A key of an index: a column's name or an expression where that says it all. */
export function indexKeyNode(writer: Writer, key: IndexKey): Node {
  const on = key.column === null ? sqlText(writer, key.expression ?? "") : string(key.column);
  const entries: readonly Entry[] = [
    ...unless("order", key.order, "asc"),
    ...unless("nulls", key.nulls, key.order === "asc" ? "last" : "first"),
    ...(key.operatorClass === null ? [] : [["operatorClass", string(key.operatorClass)] as const]),
    ...(key.operatorClassParameters === undefined
      ? []
      : [["operatorClassParameters", texts(key.operatorClassParameters)] as const]),
    ...(key.collation === null ? [] : [["collation", objectName(key.collation)] as const]),
  ];
  return entries.length === 0 ? on : object([["on", on], ...entries]);
}

export function excludeNode(writer: Writer, exclude: Exclude): Node {
  const elements = exclude.elements.map(({ key, operator }) =>
    object([
      ["key", indexKeyNode(writer, key)],
      ["with", string(operator)],
    ]),
  );
  return object([
    ...unless("using", exclude.method, "gist"),
    ["elements", array(elements)],
    ...(exclude.where === null ? [] : [["where", sqlText(writer, exclude.where)] as const]),
    ...unless("deferral", exclude.deferral, "immediate"),
    ...(exclude.include === undefined ? [] : [["include", strings(exclude.include)] as const]),
    ...indexEntry(exclude.index),
    ...option("inherited", exclude.inherited),
    ...commentEntry(exclude.comment),
  ]);
}

/** A constraint by what it is, for where it has no name. */
export function constraintNode(writer: Writer, constraint: Constraint): Node {
  switch (constraint.kind) {
    case "primary-key":
      return object([["primaryKey", keyNode(constraint)]]);
    case "unique":
      return object([["unique", keyNode(constraint)]]);
    case "foreign-key":
      return object([["foreignKey", foreignKeyNode(constraint)]]);
    case "check":
      return object([["check", checkNode(writer, constraint)]]);
    case "exclude":
      return object([["exclude", excludeNode(writer, constraint)]]);
  }
}
