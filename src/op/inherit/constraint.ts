import { sameConstraint } from "../../schema/equal.js";
import { withIndexComment } from "../../schema/index-comment.js";
import { isKey, type Key } from "../../schema/key.js";
import { type ObjectName, sameName } from "../../schema/name.js";
import type { Constraint, SchemaDraft, Table } from "../../schema/schema.js";
import { generatedKeyName } from "../generated-name.js";
import { columnsOfKey, giveIndexColumns } from "../index-columns.js";
import { forgetIndexes } from "../index-options.js";
import { childrenOf, otherParents, putIndexed, takenIn } from "../lookup.js";

/** Gives a constraint of the parent to one child and those under it. */
export function giveConstraint(
  draft: SchemaDraft,
  parent: Table,
  child: Table,
  constraint: Constraint,
): void {
  if (constraint.kind === "check") {
    if (!constraint.noInherit) giveCheck(draft, child, constraint);
    return;
  }
  if (child.partition === undefined) return;
  const given = isKey(constraint)
    ? partitionKey(draft, parent, child, constraint)
    : copyOfReference(child, constraint);
  const named = given.old === undefined ? constraint.name : null;
  const after = giveIndexColumns(
    parent,
    named,
    withConstraint(child, given.old, given.copy),
    given.copy.name,
  );
  putIndexed(draft, after);
  // Below one that was there are those that came with it.
  if (isKey(constraint) && given.old !== undefined) return;
  for (const next of childrenOf(draft, after)) giveConstraint(draft, after, next, given.copy);
}

function withConstraint(table: Table, old: Constraint | undefined, copy: Constraint): Table {
  const constraints =
    old === undefined
      ? [...table.constraints, copy]
      : table.constraints.map((one) => (one === old ? copy : one));
  return { ...table, constraints };
}

function giveCheck(draft: SchemaDraft, child: Table, constraint: Constraint): void {
  const old = child.constraints.find((one) => one.kind === "check" && one.name === constraint.name);
  if (old !== undefined && child.partition === undefined) return;
  const copy: Constraint =
    old === undefined ? { ...constraint, comment: null, inherited: true } : { ...old, inherited: true };
  const after = withConstraint(child, old, copy);
  putIndexed(draft, after);
  if (old !== undefined) return;
  for (const next of childrenOf(draft, after)) giveCheck(draft, next, copy);
}

function bare(constraint: Constraint): Constraint {
  const { inherited: _, ...rest } = constraint;
  if (!("index" in rest)) return rest;
  const { index: _index, ...withoutIndex } = rest;
  return withoutIndex as Constraint;
}

interface Given {
  readonly old: Constraint | undefined;
  readonly copy: Constraint;
}

/** An equal key of the partition becomes part of the parent's; without one the engine makes one. */
function partitionKey(draft: SchemaDraft, parent: Table, child: Table, key: Key): Given {
  const attachedTo = { namespace: parent.namespace, name: key.name ?? "" };
  const old = child.constraints.find(
    (one): one is Key =>
      isKey(one) && one.index?.attachedTo === undefined && sameConstraint(bare(one), bare(key)),
  );
  if (old !== undefined) {
    return { old, copy: { ...old, inherited: true, index: { ...old.index, attachedTo } } };
  }
  const names = columnsOfKey(parent, key);
  const name = generatedKeyName(child.name, key, names, takenIn(draft, child.namespace));
  const { index } = withIndexComment(key, null);
  return {
    old,
    copy: { ...key, name, comment: null, inherited: true, index: { ...index, attachedTo } },
  };
}

function copyOfReference(child: Table, constraint: Constraint): Given {
  const old = child.constraints.find(
    (one) => one.kind === "foreign-key" && sameConstraint(bare(one), bare(constraint)),
  );
  if (old !== undefined) return { old, copy: { ...old, inherited: true } };
  return { old, copy: { ...constraint, comment: null, inherited: true } };
}

/** The parts of a child that are there because of a constraint of its parent. */
export function copiesOf(parent: ObjectName, child: Table, constraint: Constraint): readonly Constraint[] {
  if (constraint.kind === "check") {
    return child.constraints.filter(
      (one) => one.kind === "check" && one.inherited && one.name === constraint.name,
    );
  }
  if (isKey(constraint)) {
    const attached = { namespace: parent.namespace, name: constraint.name ?? "" };
    return child.constraints.filter(
      (one) => isKey(one) && one.index?.attachedTo !== undefined && sameName(one.index.attachedTo, attached),
    );
  }
  const copies = child.constraints.filter(
    (one) => one.kind === "foreign-key" && one.inherited && sameConstraint(bare(one), bare(constraint)),
  );
  const named = copies.filter((one) => one.name === constraint.name);
  return named.length > 0 ? named : copies.slice(0, 1);
}

/** Takes from those under a table what they have of a constraint that it no longer has. */
export function takeConstraint(draft: SchemaDraft, parent: ObjectName, constraint: Constraint): void {
  for (const child of childrenOf(draft, parent)) {
    const others = otherParents(draft, child, parent).some((other) =>
      other.constraints.some((one) => one.kind === "check" && !one.noInherit && one.name === constraint.name),
    );
    const copies = others ? [] : copiesOf(parent, child, constraint);
    if (copies.length === 0) continue;
    const left = forgetIndexes(child, (name) => copies.some((one) => one.name === name));
    putIndexed(draft, { ...left, constraints: child.constraints.filter((one) => !copies.includes(one)) });
    for (const copy of copies) takeConstraint(draft, child, copy);
  }
}

/** Changes what those under a table have of one of its constraints. */
export function changeCopies(
  draft: SchemaDraft,
  parent: ObjectName,
  constraint: Constraint,
  change: (copy: Constraint) => Constraint,
): void {
  for (const child of childrenOf(draft, parent)) {
    const copies = copiesOf(parent, child, constraint);
    if (copies.length === 0) continue;
    const constraints = child.constraints.map((one) => (copies.includes(one) ? change(one) : one));
    putIndexed(draft, { ...child, constraints });
    for (const copy of copies) changeCopies(draft, child, copy, change);
  }
}
