import type { ColumnDef, Constraint } from "libpg-query";
import type { ColumnDefinition, ConstraintDefinition, Identity } from "../../../../effect/syntax.js";
import { readConstraint } from "./constraint.js";
import { readExpression, readOptional } from "./expression.js";
import { definition, nameParts, qualified, strings } from "./node.js";
import type { StatementText } from "./statement-text.js";
import { readType } from "./type.js";

export function readIdentity(node: Constraint): Identity {
  const name = nameParts(definition(node.options, "sequence_name")?.arg);
  return { always: node.generated_when === "a", sequence: name.at(-1) ?? null };
}

/** DEFERRABLE, INITIALLY DEFERRED and NOT ENFORCED stand behind the constraint that they belong to, as others of their own. */
const attributes: Readonly<Record<string, Partial<ConstraintDefinition>>> = {
  CONSTR_ATTR_DEFERRABLE: { deferrable: true },
  CONSTR_ATTR_NOT_DEFERRABLE: { deferrable: false },
  CONSTR_ATTR_DEFERRED: { deferrable: true, initiallyDeferred: true },
  CONSTR_ATTR_IMMEDIATE: { initiallyDeferred: false },
  CONSTR_ATTR_ENFORCED: { enforced: true },
  CONSTR_ATTR_NOT_ENFORCED: { enforced: false },
};

function readConstraints(
  nodes: readonly Constraint[],
  column: string,
  text: StatementText,
): readonly ConstraintDefinition[] {
  const read: ConstraintDefinition[] = [];
  for (const node of nodes) {
    const attribute = attributes[node.contype ?? ""];
    const last = read.at(-1);
    if (attribute !== undefined && last !== undefined) {
      read[read.length - 1] = { ...last, ...attribute } as ConstraintDefinition;
      continue;
    }
    const constraint = node.contype === "CONSTR_NOTNULL" ? null : readConstraint(node, text, column);
    if (constraint !== null) read.push(constraint);
  }
  return read;
}

/** A column as CREATE TABLE and ADD COLUMN write it. */
export function readColumn(node: ColumnDef, text: StatementText): ColumnDefinition {
  const name = node.colname ?? "";
  const nodes = (node.constraints ?? []).flatMap((one) => ("Constraint" in one ? [one.Constraint] : []));
  const of = (kind: Constraint["contype"]) => nodes.find(({ contype }) => contype === kind);
  const [notNull, identity, generated] = [
    of("CONSTR_NOTNULL"),
    of("CONSTR_IDENTITY"),
    of("CONSTR_GENERATED"),
  ];
  const collation = strings(node.collClause?.collname);
  const type = readType(node.typeName);
  return {
    name,
    type,
    notNull: notNull !== undefined || identity !== undefined || type.serial,
    notNullName: notNull?.conname ?? null,
    default: readOptional(of("CONSTR_DEFAULT")?.raw_expr, text),
    identity: identity === undefined ? null : readIdentity(identity),
    generated:
      generated?.raw_expr === undefined
        ? null
        : {
            expression: readExpression(generated.raw_expr, text),
            stored: generated.generated_kind !== "v",
          },
    collation: collation.length === 0 ? null : qualified(collation),
    storage: node.storage_name ?? null,
    compression: node.compression ?? null,
    constraints: readConstraints(nodes, name, text),
  };
}
