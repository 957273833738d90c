import { definedKey, showDefined } from "../schema/address.js";
import { indexComment, withIndexComment } from "../schema/index-comment.js";
import { isKey } from "../schema/key.js";
import { nameKey, type ObjectName, showName } from "../schema/name.js";
import type { Constraint, Schema, SchemaDraft, Table, View } from "../schema/schema.js";
import {
  columnOf,
  constraintOf,
  existing,
  existingDefined,
  existingNamed,
  impossible,
  indexedOf,
  indexOf,
  missingPolicy,
  putIndexed,
  tableOf,
} from "./lookup.js";
import type { CommentTarget, OpDefinitions } from "./op.js";
import { mapSame } from "./rewrite.js";
import { sequenceApart, sequenceNamed } from "./serial.js";

type Comment = string | null;

function commentOf(schema: Schema, target: CommentTarget): Comment {
  switch (target.on) {
    case "table":
      return tableOf(schema, target.name).comment;
    case "view":
      return existing(schema.views, target.name, "view").comment;
    case "enum":
      return existing(schema.enums, target.name, "enum").comment;
    case "sequence":
      return sequenceNamed(schema, target.name).comment;
    case "namespace":
      // One that nothing is said of is the default one.
      return (schema.namespaces.get(target.name) ?? schema.home)?.comment ?? null;
    case "extension":
      return existingNamed(schema.extensions, target.name, "extension").comment ?? null;
    case "domain":
      return existing(schema.domains, target.name, "domain").comment;
    case "composite":
      return existing(schema.composites, target.name, "composite type").comment;
    case "domain-check": {
      const domain = existing(schema.domains, target.table, "domain");
      return named(domain.checks, target.name, `condition ${target.name} of ${showName(domain)}`).comment;
    }
    case "attribute": {
      const composite = existing(schema.composites, target.table, "composite type");
      const shown = `attribute ${showName(composite)}.${target.name}`;
      return named(composite.attributes, target.name, shown).comment;
    }
    case "defined":
      return existingDefined(schema, target.object).comment;
    case "column":
      return columnOf(tableOf(schema, target.table), target.name).comment;
    case "constraint":
      return constraintOf(tableOf(schema, target.table), target.name).comment;
    case "index":
      return commentOfIndex(schema, target);
    case "policy": {
      const table = tableOf(schema, target.table);
      const policy = table.policies.find((one) => one.name === target.name);
      if (policy === undefined) throw missingPolicy(table, target.name);
      return policy.comment;
    }
  }
}

/** The constraint whose index it is, for an index that is not one of its own. */
function overIndex(indexed: Table | View, name: string): Constraint | undefined {
  if (!("constraints" in indexed) || indexed.indexes.some((index) => index.name === name)) return undefined;
  return indexed.constraints.find((one) => one.name === name && isKey(one));
}

function commentOfIndex(
  schema: Schema,
  target: { readonly table: ObjectName; readonly name: string },
): Comment {
  const indexed = indexedOf(schema, target.table);
  const constraint = overIndex(indexed, target.name);
  return constraint === undefined ? indexOf(indexed, target.name).comment : indexComment(constraint);
}

function setIndexComment(indexed: Table | View, name: string, comment: Comment): Table | View {
  const constraint = overIndex(indexed, name);
  if (constraint === undefined || !("constraints" in indexed)) {
    return { ...indexed, indexes: onNamed(indexed.indexes, name, comment) };
  }
  const set = (one: Constraint) => (one === constraint ? withIndexComment(one, comment) : one);
  return { ...indexed, constraints: mapSame(indexed.constraints, set) };
}

function named<T extends { readonly name: string }>(items: readonly T[], name: string, shown: string): T {
  const found = items.find((item) => item.name === name);
  if (found === undefined) throw impossible(`There is no ${shown} at this point`, shown, "Correct the name.");
  return found;
}

function onNamed<T extends { readonly name: string | null }>(
  items: readonly T[],
  name: string,
  comment: Comment,
): readonly T[] {
  return mapSame(items, (item) => (item.name === name ? { ...item, comment } : item));
}

function setComment(draft: SchemaDraft, target: CommentTarget, comment: Comment): void {
  switch (target.on) {
    case "table":
      putIndexed(draft, { ...tableOf(draft, target.name), comment });
      break;
    case "view":
      putIndexed(draft, { ...existing(draft.views, target.name, "view"), comment });
      break;
    case "enum":
      draft.enums.set(nameKey(target.name), { ...existing(draft.enums, target.name, "enum"), comment });
      break;
    case "sequence": {
      const old = sequenceApart(draft, target.name);
      draft.sequences.set(nameKey(target.name), { ...old, comment });
      break;
    }
    case "namespace":
      if (draft.namespaces.has(target.name))
        draft.namespaces.set(target.name, { name: target.name, comment });
      else draft.home = { name: target.name, comment };
      break;
    case "extension": {
      const old = existingNamed(draft.extensions, target.name, "extension");
      draft.extensions.set(target.name, { ...old, comment });
      break;
    }
    case "domain":
      draft.domains.set(nameKey(target.name), { ...existing(draft.domains, target.name, "domain"), comment });
      break;
    case "composite": {
      const old = existing(draft.composites, target.name, "composite type");
      draft.composites.set(nameKey(old), { ...old, comment });
      break;
    }
    case "domain-check": {
      const old = existing(draft.domains, target.table, "domain");
      draft.domains.set(nameKey(old), { ...old, checks: onNamed(old.checks, target.name, comment) });
      break;
    }
    case "attribute": {
      const old = existing(draft.composites, target.table, "composite type");
      const attributes = onNamed(old.attributes, target.name, comment);
      draft.composites.set(nameKey(old), { ...old, attributes });
      break;
    }
    case "defined": {
      const old = existingDefined(draft, target.object);
      draft.defined.set(definedKey(old), { ...old, comment });
      break;
    }
    case "index": {
      putIndexed(draft, setIndexComment(indexedOf(draft, target.table), target.name, comment));
      break;
    }
    default: {
      const table = tableOf(draft, target.table);
      if (target.on === "column") {
        putIndexed(draft, { ...table, columns: onNamed(table.columns, target.name, comment) });
      } else if (target.on === "policy") {
        putIndexed(draft, { ...table, policies: onNamed(table.policies, target.name, comment) });
      } else {
        const constraints = onNamed<Constraint>(table.constraints, target.name, comment);
        putIndexed(draft, { ...table, constraints });
      }
    }
  }
}

/** The target for a person: `table persons`, `column persons.email`, `index ix_persons_email of persons`. */
function showTarget(target: CommentTarget): string {
  switch (target.on) {
    case "namespace":
      return `schema ${target.name}`;
    case "extension":
      return `extension ${target.name}`;
    case "defined":
      return showDefined(target.object);
    case "column":
    case "attribute":
      return `${target.on} ${showName(target.table)}.${target.name}`;
    case "domain-check":
      return `condition ${target.name} of ${showName(target.table)}`;
    case "constraint":
    case "index":
    case "policy":
      return `${target.on} ${target.name} of ${showName(target.table)}`;
    default:
      return `${target.on} ${showName(target.name)}`;
  }
}

export const commentDefinitions = {
  "set-comment": {
    effect: () => "additive",
    apply(draft, { target, comment }) {
      commentOf(draft, target);
      setComment(draft, target, comment);
    },
    invert: (before, { target, was }) => ({
      ops: [{ kind: "set-comment", target, comment: was === undefined ? commentOf(before, target) : was }],
    }),
    describe: ({ target, comment }) =>
      comment === null
        ? `take away the comment on ${showTarget(target)}`
        : `comment on ${showTarget(target)}`,
  },
} satisfies Pick<OpDefinitions, "set-comment">;
