import { uncommentedComposite } from "../op/composite.js";
import { addressOf } from "../schema/address.js";
import { sameData } from "../schema/equal.js";
import { nameKey, nameOf, showName } from "../schema/name.js";
import type { Composite, CompositeAttribute } from "../schema/schema.js";
import { hasColumns } from "./rebuilt.js";
import { commentDiffers, type Work } from "./work.js";

function byName(composite: Composite): ReadonlyMap<string, CompositeAttribute> {
  return new Map(composite.attributes.map((attribute) => [attribute.name, attribute]));
}

function sameAttribute(a: CompositeAttribute, b: CompositeAttribute): boolean {
  return sameData([a.type, a.collation], [b.type, b.collation]);
}

/** Composite types that cannot be changed in place: an attribute gets another type while a table has a column of it. */
export function findReplacedComposites(work: Work): void {
  for (const [key, to] of work.to.composites) {
    const from = work.from.composites.get(key);
    if (from === undefined || from === to || retypedOf(from, to).length === 0) continue;
    if (hasColumns(work, addressOf("composite", from))) work.replacedComposites.add(key);
  }
}

function retypedOf(from: Composite, to: Composite): readonly CompositeAttribute[] {
  const now = byName(to);
  return from.attributes.filter((attribute) => {
    const after = now.get(attribute.name);
    return after !== undefined && !sameAttribute(attribute, after);
  });
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
    if (work.replacedComposites.has(key)) continue;
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
  const retyped = retypedOf(from, to);
  const anew = work.replacedComposites.has(nameKey(to));
  if (gone.length + added.length + (anew ? 0 : retyped.length) > 0) {
    const left = anew ? kept : kept.map((attribute) => now.get(attribute.name) ?? attribute);
    const attributes = [...left, ...added];
    work.phases.types.push({
      kind: "alter-composite",
      composite: uncommentedComposite({ ...to, attributes }),
    });
  }
  if (anew) return;
  if (work.from.dependencies === undefined) warnRetyped(work, to, retyped);
  for (const attribute of to.attributes) {
    if (!commentDiffers(work, old.get(attribute.name) ?? { comment: null }, attribute)) continue;
    const target = { on: "attribute", table: nameOf(to), name: attribute.name } as const;
    work.phases.comments.push({ kind: "set-comment", target, comment: attribute.comment });
  }
}

function warnRetyped(work: Work, to: Composite, retyped: readonly CompositeAttribute[]): void {
  for (const { name } of retyped) {
    work.warnings.push(
      `Attribute ${showName(to)}.${name} changes its type: the engine refuses this while a column is of the type.`,
    );
  }
}
