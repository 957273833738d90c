import type { Op } from "../../../op/op.js";
import { nameKey } from "../../../schema/name.js";
import type { Composite, CompositeAttribute } from "../../../schema/schema.js";
import { step } from "../../step.js";
import { quoteIdentifier, quoteName } from "../quote.js";
import { formatType } from "../types.js";
import { columnTarget, commentStatement } from "./comment.js";
import type { Group } from "./contract.js";

/** CREATE TYPE … AS, ALTER TYPE and DROP TYPE of the manual. */
export const compileComposite: Group<
  "create-composite" | "drop-composite" | "rename-composite" | "alter-composite"
> = {
  "create-composite": (op) => compositeStatements(op.composite).map((sql) => step(sql, op)),
  "drop-composite": (op) => [step(`DROP TYPE ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)}`, op)],
  "rename-composite": (op) => [
    step(`ALTER TYPE ${quoteName(op.name)} RENAME TO ${quoteIdentifier(op.to)}`, op),
  ],
  "alter-composite": (op, { before }) => {
    const old = before.composites.get(nameKey(op.composite));
    return old === undefined ? [] : alterStatements(old, op).map((sql) => step(sql, op));
  },
};

function typeText({ type, collation }: CompositeAttribute): string {
  return `${formatType(type)}${collation === null ? "" : ` COLLATE ${quoteName(collation)}`}`;
}

function attributeText(attribute: CompositeAttribute): string {
  return `${quoteIdentifier(attribute.name)} ${typeText(attribute)}`;
}

export function compositeStatements(composite: Composite): readonly string[] {
  const name = quoteName(composite);
  return [
    `CREATE TYPE ${name} AS (${composite.attributes.map(attributeText).join(", ")})`,
    ...(composite.comment === null ? [] : [commentStatement(`TYPE ${name}`, composite.comment)]),
    ...composite.attributes.flatMap(({ name: attribute, comment }) =>
      comment === null ? [] : [commentStatement(columnTarget(composite, attribute), comment)],
    ),
  ];
}

function alterStatements(old: Composite, op: Op<"alter-composite">): readonly string[] {
  const head = `ALTER TYPE ${quoteName(old)}`;
  const renames = op.renames ?? [];
  const names = new Map(renames.map(({ attribute, to }) => [attribute, to]));
  const known = new Map(old.attributes.map((one) => [names.get(one.name) ?? one.name, one]));
  const wanted = new Set(op.composite.attributes.map((one) => one.name));
  const actions: string[] = [];
  for (const name of known.keys()) {
    if (!wanted.has(name)) actions.push(`DROP ATTRIBUTE ${quoteIdentifier(name)}`);
  }
  for (const attribute of op.composite.attributes) {
    const before = known.get(attribute.name);
    if (before === undefined) actions.push(`ADD ATTRIBUTE ${attributeText(attribute)}`);
    else if (typeText(before) !== typeText(attribute)) {
      actions.push(`ALTER ATTRIBUTE ${quoteIdentifier(attribute.name)} TYPE ${typeText(attribute)}`);
    }
  }
  return [
    ...renames.map(
      ({ attribute, to }) =>
        `${head} RENAME ATTRIBUTE ${quoteIdentifier(attribute)} TO ${quoteIdentifier(to)}`,
    ),
    ...(actions.length === 0 ? [] : [`${head} ${actions.join(", ")}`]),
  ];
}
