import type { ColumnType, Expression } from "../../schema/schema.js";
import { quoteIdentifier } from "./quote.js";
import { formatType, underlyingType } from "./types.js";

const numbers = ["smallint", "integer", "bigint", "numeric", "real", "double precision"] as const;
const times = ["date", "timestamp without time zone", "timestamp with time zone"] as const;

/**
 * Types between which there is a cast (`pg_cast` of a new database). What is in none of these is not judged; of two that
 * are in none together there is no cast, but every type has one to text and from it (PostgreSQL manual, CREATE CAST).
 */
const kindred: readonly (readonly string[])[] = [
  [...numbers, "money"],
  [...numbers, "boolean", "jsonb"],
  [...numbers, "bit", "bit varying"],
  [...numbers, "bytea"],
  [...times, "time without time zone", "time with time zone"],
  ["time without time zone", "interval"],
  ["json", "jsonb"],
  ["inet", "cidr"],
  ["macaddr", "macaddr8"],
  ["uuid"],
  ["tsvector"],
];

function groupsOf(type: ColumnType): readonly (readonly string[])[] {
  if (type.namespace !== null || type.dimensions > 0) return [];
  return kindred.filter((group) => group.includes(type.name));
}

/** See `Dialect.castExpression`. */
export function castExpression(
  column: string,
  type: ColumnType,
  from: ColumnType,
  areEnums = false,
): Expression {
  const [left, right] = [underlyingType(from), underlyingType(type)];
  const [before, after] = [groupsOf(left), groupsOf(right)];
  const direct =
    !areEnums && (before.length === 0 || after.length === 0 || before.some((group) => after.includes(group)));
  return `${quoteIdentifier(column)}${direct ? "" : "::text"}::${formatType(right)}`;
}
