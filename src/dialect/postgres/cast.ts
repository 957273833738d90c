import type { CastExpression } from "../../op/apply.js";
import { definedKey } from "../../schema/address.js";
import { nameKey } from "../../schema/name.js";
import type { ColumnType, Composite, Expression } from "../../schema/schema.js";
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

type Types = Parameters<CastExpression>[3];

/** See `Dialect.castExpression`. */
export function castExpression(column: string, type: ColumnType, from: ColumnType, types: Types): Expression {
  return cast(quoteIdentifier(column), type, from, types);
}

function cast(value: string, type: ColumnType, from: ColumnType, types: Types): string {
  const [left, right] = [underlyingType(from), underlyingType(type)];
  const [old, now] = [compositeOf(left, types), compositeOf(right, types)];
  if (old !== null && now !== null && old !== now) return castRow(value, right, left, { old, now }, types);
  const [before, after] = [groupsOf(left), groupsOf(right)];
  const areOwn = [left, right].every((one) => types.enums.has(nameKey(one)) || isRange(one, types));
  const direct =
    !areOwn && (before.length === 0 || after.length === 0 || before.some((group) => after.includes(group)));
  return `${value}${direct ? "" : "::text"}::${formatType(right)}`;
}

function isRange({ namespace, name }: ColumnType, types: Types): boolean {
  return types.defined.has(definedKey({ kind: "range", namespace, name, table: null, signature: "" }));
}

/** The composite type that a type is, or is made of by way of domains and arrays. */
function compositeOf(type: ColumnType, types: Types): Composite | null {
  const domain = types.domains.get(nameKey(type));
  return domain === undefined
    ? (types.composites.get(nameKey(type)) ?? null)
    : compositeOf(domain.type, types);
}

/**
 * There is no cast between two composite types. A row is made of the attributes of the old one, where both have the same ones; of
 * arrays, into which an expression does not reach, and otherwise the text form has to do (manual, 8.16.6). What is `IS NULL` may
 * be a row of NULLs; `IS DISTINCT FROM` tells the two apart (9.2).
 */
function castRow(
  value: string,
  type: ColumnType,
  from: ColumnType,
  { old, now }: { readonly old: Composite; readonly now: Composite },
  types: Types,
): string {
  const same =
    old.attributes.length === now.attributes.length &&
    old.attributes.every((attribute, place) => attribute.name === now.attributes[place]?.name);
  if (!same || isArray(type, types) || isArray(from, types)) return `${value}::text::${formatType(type)}`;
  const attributes = now.attributes.map((attribute, place) => {
    const before = old.attributes[place]?.type ?? attribute.type;
    const part = `(${value}).${quoteIdentifier(attribute.name)}`;
    return formatType(before) === formatType(attribute.type)
      ? part
      : cast(part, attribute.type, before, types);
  });
  return `CASE WHEN ${value} IS DISTINCT FROM NULL THEN ROW(${attributes.join(", ")})::${formatType(type)} END`;
}

function isArray(type: ColumnType, types: Types): boolean {
  const domain = types.domains.get(nameKey(type));
  return type.dimensions > 0 || (domain !== undefined && isArray(domain.type, types));
}
