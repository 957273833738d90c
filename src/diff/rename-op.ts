import { uncommentedComposite } from "../op/composite.js";
import type { Op } from "../op/op.js";
import { nameKey } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import type { Place } from "./contract.js";

/** The ops that give a place of the schema another name, in another namespace or its own. */
export function renameOps(place: Place, to: Place, schema: Schema): readonly Op[] {
  const { namespace } = to.object;
  if (place.member !== null || place.object.namespace === namespace) return [renameOp(place, to, schema)];
  const moved = { ...place, object: { namespace, name: place.object.name } };
  const move: Op = { kind: "set-namespace", on: kindOf(place, schema), name: place.object, to: namespace };
  return moved.object.name === to.object.name ? [move] : [move, renameOp(moved, to, schema)];
}

function kindOf({ kind, object }: Place, schema: Schema): Op<"set-namespace">["on"] {
  switch (kind) {
    case "enum":
    case "domain":
    case "composite":
    case "sequence":
      return kind;
    case "view":
      return schema.views.get(nameKey(object))?.materialized ? "materialized-view" : "view";
    default:
      return "table";
  }
}

function renameOp(place: Place, to: Place, schema: Schema): Op {
  const name = place.object;
  const member = place.member ?? "";
  const newMember = to.member ?? "";
  switch (place.kind) {
    case "enum":
      return { kind: "rename-enum", name, to: to.object.name };
    case "enum-value":
      return { kind: "rename-enum-value", name, from: member, to: newMember };
    case "domain":
      return { kind: "rename-domain", name, to: to.object.name };
    case "composite":
      return { kind: "rename-composite", name, to: to.object.name };
    case "attribute":
      return renameAttribute(place, newMember, schema);
    case "sequence":
      return { kind: "rename-sequence", name, to: to.object.name };
    case "table":
      return { kind: "rename-table", name, to: to.object.name };
    case "column":
      return { kind: "rename-column", table: name, column: member, to: newMember };
    case "constraint":
      return { kind: "rename-constraint", table: name, constraint: member, to: newMember };
    case "index":
      return { kind: "rename-index", table: name, index: member, to: newMember };
    case "view": {
      const materialized = schema.views.get(nameKey(name))?.materialized ?? false;
      return { kind: "rename-view", name, materialized, to: to.object.name };
    }
  }
}

function renameAttribute({ object, member }: Place, to: string, schema: Schema): Op {
  const old = schema.composites.get(nameKey(object));
  const attributes = (old?.attributes ?? []).map((attribute) =>
    attribute.name === member ? { ...attribute, name: to } : attribute,
  );
  return {
    kind: "alter-composite",
    composite: uncommentedComposite({
      namespace: object.namespace,
      name: object.name,
      attributes,
      comment: null,
    }),
    renames: [{ attribute: member ?? "", to }],
  };
}
