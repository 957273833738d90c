import type { ObjectName } from "../../schema/name.js";
import type { Constraint, IndexKey } from "../../schema/schema.js";
import { byteLength, identifierBytes, madeName } from "./quote.js";
import { tokenize } from "./token.js";

const labels: Readonly<Record<Constraint["kind"], string>> = {
  "primary-key": "pkey",
  unique: "key",
  "foreign-key": "fkey",
  check: "check",
  exclude: "excl",
};

/**
 * The name that PostgreSQL gives a constraint that nobody named, on the `pass`-th try: `t_a_b_key`, then `t_a_b_key1`
 * when that is taken (`ChooseConstraintName` and `ChooseIndexName` of the server). `columns` are the names of the
 * table's columns, where known: a check of exactly one column has that column in its name.
 */
export function defaultConstraintName(
  table: ObjectName,
  constraint: Constraint,
  columns: readonly string[] | null,
  pass = 0,
): string {
  const label = `${labels[constraint.kind]}${pass === 0 ? "" : pass}`;
  return madeName(table.name, addition(constraint, columns), label);
}

/** The first default name that is not in `taken`. */
export function freeConstraintName(
  table: ObjectName,
  constraint: Constraint,
  columns: readonly string[] | null,
  taken: ReadonlySet<string>,
): string {
  for (let pass = 0; ; pass += 1) {
    const name = defaultConstraintName(table, constraint, columns, pass);
    if (!taken.has(name)) return name;
  }
}

function addition(constraint: Constraint, columns: readonly string[] | null): string | null {
  switch (constraint.kind) {
    case "primary-key":
      return null;
    case "foreign-key":
      return joinNames(constraint.columns);
    case "unique":
      return joinNames(distinctNames([...constraint.columns, ...constraint.include]));
    case "exclude":
      return joinNames(distinctNames(constraint.elements.map(({ key }) => keyName(key))));
    case "check": {
      const used = columns === null ? [] : usedColumns(constraint.expression, columns);
      return used.length === 1 ? (used[0] ?? null) : null;
    }
  }
}

/** Names joined by `_`, until there are more bytes than an identifier has (`ChooseIndexNameAddition`). */
export function joinNames(names: readonly string[]): string {
  let joined = "";
  for (const name of names) {
    if (joined !== "") joined += "_";
    joined += name;
    if (byteLength(joined) > identifierBytes) break;
  }
  return joined;
}

/** The second column of one name is numbered within an index (`ChooseIndexColumnNames`). */
export function distinctNames(names: readonly string[]): readonly string[] {
  const chosen: string[] = [];
  for (const name of names) {
    let free = name;
    for (let pass = 1; chosen.includes(free); pass += 1) free = `${name}${pass}`;
    chosen.push(free);
  }
  return chosen;
}

/** A key that is an expression is called after its function, or `expr`. */
function keyName(key: IndexKey): string {
  if (key.column !== null) return key.column;
  const tokens = tokenize(key.expression ?? "") ?? [];
  const called = tokens[0]?.kind === "word" && tokens[1]?.text === "(" && tokens.at(-1)?.text === ")";
  return called ? (tokens[0]?.value ?? "expr") : "expr";
}

/** The columns that an expression names, in the order of the table, as far as its tokens tell. */
export function usedColumns(expression: string, columns: readonly string[]): readonly string[] {
  const tokens = tokenize(expression) ?? [];
  const named = new Set<string>();
  for (const [position, token] of tokens.entries()) {
    if (token.kind !== "word" && token.kind !== "quoted") continue;
    const next = tokens[position + 1]?.text;
    if (next === "(" || next === "." || tokens[position - 1]?.text === "::") continue;
    named.add(token.value);
  }
  return columns.filter((column) => named.has(column));
}

/** The comment that initdb gives the schema `public`. */
export const defaultNamespaceComment = "standard public schema";
