import type {
  Column,
  ColumnType,
  ConflictResolution,
  Constraint,
  Deferral,
  Expression,
  ForeignKey,
  KeyOrdering,
  PrimaryKey,
  Table,
  Unique,
} from "../../../schema/schema.js";
import { stripParentheses, trimExpression } from "../expression.js";
import { isWord, tokenize } from "../parse/tokenize.js";
import { quote } from "../quote.js";
import { formatType, rowidAlias } from "../types.js";
import { branchRemedy, unsupported } from "./unsupported.js";

/** How a default stands in DDL: a literal, a literal of the moment (CURRENT_TIMESTAMP), or an expression. */
export function defaultKind(expression: Expression): "constant" | "moment" | "expression" {
  const tokens = tokenize(expression);
  const sign = tokens[0]?.text === "-" || tokens[0]?.text === "+";
  if (sign) return tokens.length === 2 && tokens[1]?.kind === "number" ? "constant" : "expression";
  const [token] = tokens;
  if (token === undefined || tokens.length !== 1) return "expression";
  if (token.kind === "string" || token.kind === "number" || token.kind === "blob") return "constant";
  if (isWord(token, "NULL", "TRUE", "FALSE")) return "constant";
  return isWord(token, "CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP") ? "moment" : "expression";
}

/** A default as DDL wants it: literals bare, everything else in parentheses. */
export function defaultText(expression: Expression): string {
  const bare = stripParentheses(expression);
  return defaultKind(bare) === "expression" ? `(${bare})` : bare;
}

function conflictClause(resolution: ConflictResolution | null | undefined): string {
  return resolution == null ? "" : ` ON CONFLICT ${resolution.toUpperCase()}`;
}

function nameClause(name: string | null): string {
  return name === null ? "" : `CONSTRAINT ${quote(name)} `;
}

function typeClause(type: ColumnType): string {
  const text = formatType(type);
  return text === "" ? "" : ` ${text}`;
}

/** `"email" VARCHAR(255) NOT NULL DEFAULT ''`. `key` is the primary key when it is written with the column. */
export function columnDefinition(column: Column, key: PrimaryKey | null = null, isAlias = false): string {
  if (column.identity !== null) {
    throw unsupported(
      `identity columns other than a whole primary key (${column.name})`,
      "Make the column INTEGER PRIMARY KEY, which counts by itself",
    );
  }
  const parts = [quote(column.name) + typeClause(column.type)];
  if (key !== null) parts.push(inlineKey(key));
  // The other name of the rowid is never NULL, said or not.
  if (!column.nullable && !isAlias) {
    const { name = null, onConflict = null } = column.notNull ?? {};
    parts.push(`${nameClause(name)}NOT NULL${conflictClause(onConflict)}`);
  }
  if (column.default !== null) parts.push(`DEFAULT ${defaultText(column.default)}`);
  if (column.collation !== null) parts.push(`COLLATE ${quote(column.collation.name)}`);
  if (column.generated !== null) {
    const { expression, storage } = column.generated;
    parts.push(`GENERATED ALWAYS AS (${trimExpression(expression)}) ${storage.toUpperCase()}`);
  }
  return parts.join(" ");
}

function inlineKey(key: PrimaryKey): string {
  const order = key.orderings?.[0]?.order === "desc" ? " DESC" : "";
  const counts = key.autoincrement ? " AUTOINCREMENT" : "";
  return `${nameClause(key.name)}PRIMARY KEY${order}${conflictClause(key.onConflict)}${counts}`;
}

function keyColumns(columns: readonly string[], orderings: readonly KeyOrdering[] | undefined): string {
  const keys = columns.map((column, at) => {
    const ordering = orderings?.[at];
    const collation = ordering?.collation == null ? "" : ` COLLATE ${quote(ordering.collation)}`;
    return `${quote(column)}${collation}${ordering?.order === "desc" ? " DESC" : ""}`;
  });
  return `(${keys.join(", ")})`;
}

const deferrals: Readonly<Record<Deferral, string>> = {
  immediate: "",
  deferrable: " DEFERRABLE INITIALLY IMMEDIATE",
  deferred: " DEFERRABLE INITIALLY DEFERRED",
};

function foreignKeyText(key: ForeignKey): string {
  const { table, columns } = key.references;
  const target =
    columns.length === 0 ? quote(table.name) : `${quote(table.name)} ${keyColumns(columns, undefined)}`;
  const actions = [
    key.onDelete === "no action" ? "" : ` ON DELETE ${key.onDelete.toUpperCase()}`,
    key.onUpdate === "no action" ? "" : ` ON UPDATE ${key.onUpdate.toUpperCase()}`,
    key.match === "full" ? " MATCH FULL" : "",
  ];
  const own = keyColumns(key.columns, undefined);
  return `FOREIGN KEY ${own} REFERENCES ${target}${actions.join("")}${deferrals[key.deferral]}`;
}

function requirePlainKey(key: PrimaryKey | Unique): void {
  if (key.include.length > 0) throw unsupported("INCLUDE columns in keys", branchRemedy);
  if (key.deferral !== "immediate") throw unsupported("deferrable keys, only foreign keys are", branchRemedy);
}

/** A constraint as it stands behind the columns: `CONSTRAINT "x" CHECK (…)`. */
export function constraintDefinition(constraint: Constraint): string {
  const name = nameClause(constraint.name);
  switch (constraint.kind) {
    case "primary-key":
      requirePlainKey(constraint);
      return `${name}PRIMARY KEY ${keyText(constraint)}`;
    case "unique":
      requirePlainKey(constraint);
      if (constraint.nullsNotDistinct) throw unsupported("NULLS NOT DISTINCT", branchRemedy);
      return `${name}UNIQUE ${keyText(constraint)}`;
    case "foreign-key":
      return name + foreignKeyText(constraint);
    case "check":
      return `${name}CHECK (${trimExpression(constraint.expression)})`;
    case "exclude":
      throw unsupported("EXCLUDE constraints", branchRemedy);
  }
}

function keyText(key: PrimaryKey | Unique): string {
  return keyColumns(key.columns, key.orderings) + conflictClause(key.onConflict);
}

/**
 * A WITHOUT ROWID table with a column in both its primary key and a UNIQUE constraint: SQLite (up to 3.53 at least)
 * cannot rename the column when the primary key is written first.
 */
export function hasSharedKey(table: Table, column?: string): boolean {
  if (!table.options.withoutRowid) return false;
  const key = table.constraints.find((one) => one.kind === "primary-key");
  const shared = key?.columns.filter((name) => column === undefined || name === column) ?? [];
  return table.constraints.some(
    (one) => one.kind === "unique" && shared.some((name) => one.columns.includes(name)),
  );
}

/** A key of one column stands with the column, where AUTOINCREMENT and DESC have to stand. */
function inlineKeyOf(table: Table): PrimaryKey | null {
  if (hasSharedKey(table)) return null;
  const key = table.constraints.find((constraint) => constraint.kind === "primary-key");
  if (key?.kind !== "primary-key" || key.columns.length !== 1) return null;
  return key.orderings?.[0]?.collation == null ? key : null;
}

function requirePlainTable(table: Table): void {
  const { unlogged, tablespace, parameters } = table.options;
  if (unlogged) throw unsupported("UNLOGGED tables", branchRemedy);
  if (tablespace !== null) throw unsupported("tablespaces", branchRemedy);
  if (Object.keys(parameters).length > 0) throw unsupported("storage parameters", branchRemedy);
  if (table.rowSecurity !== "off" || table.policies.length > 0)
    throw unsupported("row security", branchRemedy);
}

const rank = (constraint: Constraint): number => (constraint.kind === "primary-key" ? 1 : 0);

/** `CREATE TABLE …` for a normalised table, under `name` where that is another one. Indexes are not in it. */
export function createTableText(
  table: Table,
  name: string,
  properties: { ifNotExists?: boolean } = {},
): string {
  requirePlainTable(table);
  const inline = inlineKeyOf(table);
  if (inline !== null) requirePlainKey(inline);
  const alias = rowidAlias(table);
  const columns = table.columns.map((column) => {
    const key = inline?.columns[0] === column.name ? inline : null;
    return columnDefinition(column, key, column.name === alias);
  });
  const behind = table.constraints.filter((one) => one !== inline);
  const ordered = hasSharedKey(table) ? behind.toSorted((a, b) => rank(a) - rank(b)) : behind;
  const constraints = ordered.map(constraintDefinition);
  const options = [
    ...(table.options.strict ? ["STRICT"] : []),
    ...(table.options.withoutRowid ? ["WITHOUT ROWID"] : []),
  ].join(", ");
  const exists = properties.ifNotExists ? "IF NOT EXISTS " : "";
  const body = [...columns, ...constraints].map((line) => `  ${line}`).join(",\n");
  return `CREATE TABLE ${exists}${quote(name)} (\n${body}\n)${options === "" ? "" : ` ${options}`}`;
}
