import type { ConstraintDefinition, IndexKey } from "../../../../effect/syntax.js";
import { keyOf, type Relation, type World } from "../../../../effect/world.js";
import { distinctNames, joinNames } from "../../default-names.js";
import { madeName } from "../../quote.js";

/** A key that is an expression is called after its function, or `expr`. */
export function keyName(key: IndexKey): string {
  if (key.column !== null) return key.column;
  const [call] = key.expression?.calls ?? [];
  const sql = key.expression?.sql.trimStart().toLowerCase() ?? "";
  return call !== undefined && sql.startsWith(call.name.name) ? call.name.name : "expr";
}

/** `stem`, then `stem1` …, until nothing in the namespace and none of `taken` has the name. */
function free(
  world: World,
  namespace: string,
  made: (pass: string) => string,
  taken: (name: string) => boolean,
): string {
  for (let pass = 0; ; pass += 1) {
    const name = made(pass === 0 ? "" : String(pass));
    if (!world.relationNames.has(keyOf(namespace, name)) && !taken(name)) return name;
  }
}

/** Constraints of a namespace share their names' uniqueness with nobody but those that the server chooses. */
function isConstraint(world: World, namespace: string, name: string): boolean {
  return world.constraintNames.has(keyOf(namespace, name));
}

/** The name that the server gives an index (`ChooseIndexName`). */
export function indexName(
  world: World,
  table: Relation,
  keys: readonly IndexKey[],
  include: readonly string[],
  label: "idx" | "key" | "excl" | "pkey",
): string {
  const addition = label === "pkey" ? null : joinNames(distinctNames([...keys.map(keyName), ...include]));
  return free(
    world,
    table.namespace,
    (pass) => madeName(table.name, addition, `${label}${pass}`),
    (name) => table.constraints.has(name),
  );
}

/** The name that the server gives a constraint without an index (`ChooseConstraintName`). */
export function constraintName(world: World, table: Relation, constraint: ConstraintDefinition): string {
  const choose = (addition: string | null, label: string) =>
    free(
      world,
      "",
      (pass) => madeName(table.name, addition, `${label}${pass}`),
      (name) =>
        table.constraints.has(name) || (label !== "not_null" && isConstraint(world, table.namespace, name)),
    );
  switch (constraint.kind) {
    case "foreign-key":
      return choose(joinNames(constraint.columns), "fkey");
    case "not-null":
      return choose(constraint.column, "not_null");
    case "check": {
      const used = constraint.expression.columns.filter((name) => table.columns.has(name));
      return choose(used.length === 1 ? (used[0] ?? null) : null, "check");
    }
    default:
      return indexName(world, table, keysOf(constraint), [], "key");
  }
}

function keysOf(constraint: ConstraintDefinition): readonly IndexKey[] {
  if (constraint.kind === "exclude") return constraint.elements.map(({ key }) => key);
  if (constraint.kind !== "unique" && constraint.kind !== "primary-key") return [];
  return constraint.columns.map(columnKey);
}

export function columnKey(column: string): IndexKey {
  return {
    column,
    expression: null,
    collation: null,
    operatorClass: null,
    descending: false,
    nullsFirst: null,
  };
}

export function sequenceName(world: World, namespace: string, table: string, column: string): string {
  return free(
    world,
    namespace,
    (pass) => madeName(table, column, `seq${pass}`),
    () => false,
  );
}
