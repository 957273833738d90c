import { type ObjectName, showName } from "../schema/name.js";
import type { ColumnType, Constraint, ConstraintKind } from "../schema/schema.js";

/** A type for a person: `character varying(255)`, `mood[]`. Not SQL: nothing is quoted. */
export function showType(type: ColumnType): string {
  const modifiers = type.modifiers.length > 0 ? `(${type.modifiers.join(",")})` : "";
  return `${showName(type)}${modifiers}${"[]".repeat(type.dimensions)}`;
}

/** `persons.email`. */
export function showMember(owner: ObjectName, member: string): string {
  return `${showName(owner)}.${member}`;
}

const kinds: Readonly<Record<ConstraintKind, string>> = {
  "primary-key": "primary key",
  unique: "unique constraint",
  "foreign-key": "foreign key",
  check: "check",
  exclude: "exclusion constraint",
};

/** A constraint for a person, by its name or by what it is: `foreign key (person_id) to persons`. */
export function showConstraint(constraint: Constraint): string {
  const kind = kinds[constraint.kind];
  if (constraint.name !== null) return `${kind} ${constraint.name}`;
  switch (constraint.kind) {
    case "check":
      return `${kind} (${constraint.expression})`;
    case "exclude":
      return `${kind} using ${constraint.method}`;
    case "foreign-key":
      return `${kind} (${constraint.columns.join(", ")}) to ${showName(constraint.references.table)}`;
    default:
      return `${kind} (${constraint.columns.join(", ")})`;
  }
}
