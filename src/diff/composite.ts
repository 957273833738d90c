import { uncommentedComposite } from "../op/composite.js";
import { sameData } from "../schema/equal.js";
import { nameOf, showName } from "../schema/name.js";
import type { Composite, CompositeAttribute } from "../schema/schema.js";
import { commentDiffers, type Work } from "./work.js";

function byName(composite: Composite): ReadonlyMap<string, CompositeAttribute> {
  return new Map(composite.attributes.map((attribute) => [attribute.name, attribute]));
}

function sameAttribute(a: CompositeAttribute, b: CompositeAttribute): boolean {
  return sameData([a.type, a.collation], [b.type, b.collation]);
}

/** Composite types. As with columns, the order of attributes that both sides have is no difference. */
export function diffComposites(work: Work): void {
  const { phases } = work;
  for (const [key, to] of work.to.composites) {
    const from = work.from.composites.get(key);
    if (from === undefined) {
      phases.types.push({ kind: "create-composite", composite: to });
      continue;
    }
    diffAttributes(work, from, to);
    if (commentDiffers(work, from, to)) {
      const target = { on: "composite", name: nameOf(to) } as const;
      phases.comments.push({ kind: "set-comment", target, comment: to.comment });
    }
  }
  for (const [key, from] of work.from.composites) {
    if (!work.to.composites.has(key)) phases.dropTypes.push({ kind: "drop-composite", name: nameOf(from) });
  }
}

function diffAttributes(work: Work, from: Composite, to: Composite): void {
  if (from === to) return;
  const [old, now] = [byName(from), byName(to)];
  const kept = from.attributes.filter((attribute) => now.has(attribute.name));
  const gone = from.attributes.filter((attribute) => !now.has(attribute.name));
  const added = to.attributes.filter((attribute) => !old.has(attribute.name));
  const retyped = kept.filter((attribute) => {
    const after = now.get(attribute.name);
    return after !== undefined && !sameAttribute(attribute, after);
  });
  if (gone.length + added.length + retyped.length > 0) {
    const attributes = [...kept.map((attribute) => now.get(attribute.name) ?? attribute), ...added];
    const composite = uncommentedComposite({ ...to, attributes });
    work.phases.types.push({ kind: "alter-composite", composite });
  }
  for (const { name } of retyped) {
    work.warnings.push(
      `Attribute ${showName(to)}.${name} changes its type: the engine refuses this while a column is of the type.`,
    );
  }
  for (const attribute of to.attributes) {
    if (!commentDiffers(work, old.get(attribute.name) ?? { comment: null }, attribute)) continue;
    const target = { on: "attribute", table: nameOf(to), name: attribute.name } as const;
    work.phases.comments.push({ kind: "set-comment", target, comment: attribute.comment });
  }
}
