import { descendantsOf } from "../op/create-table.js";
import { constraintUses, scopeOf } from "../op/dependents.js";
import type { ExpressionScope } from "../op/expression/column.js";
import { parentsOf } from "../op/lookup.js";
import type { Op } from "../op/op.js";
import { sameData } from "../schema/equal.js";
import { indexComment } from "../schema/index-comment.js";
import { isKey } from "../schema/key.js";
import { nameKey, nameOf, sameName } from "../schema/name.js";
import type { Constraint, ForeignKey, Table } from "../schema/schema.js";
import { type Matches, matchParts } from "./match.js";
import { changesPersistence, hindersPersistence } from "./persistence.js";
import { isSameConstraint, onlyToValidate } from "./same-constraint.js";
import type { IsTaken } from "./taken-names.js";
import { commentDiffers, touchedOf, type Work } from "./work.js";

/** What a constraint is taken by when it is dropped: its name, or itself where it has none. */
function handle(constraint: Constraint): string | Constraint {
  return constraint.name ?? constraint;
}

export function dropConstraint(table: Table, constraint: Constraint): Op {
  return { kind: "drop-constraint", table: nameOf(table), constraint: handle(constraint) };
}

export function addConstraint(table: Table, constraint: Constraint): Op {
  return { kind: "add-constraint", table: nameOf(table), constraint };
}

/** True when the constraint has a column that goes, for good or for a while. */
export function usesAny(
  constraint: Constraint,
  scope: ExpressionScope,
  columns: ReadonlySet<string>,
): boolean {
  for (const column of columns) if (constraintUses(constraint, scope, column)) return true;
  return false;
}

function matchConstraints(
  work: Work,
  tables: { readonly from: Table; readonly to: Table },
  taken: IsTaken,
  select: (constraint: Constraint) => boolean,
  mustGo: (constraint: Constraint) => boolean,
): Matches<Constraint> {
  const { from, to } = tables;
  return matchParts(from.constraints.filter(select), to.constraints.filter(select), {
    same: (old, now, named) => isSameConstraint(work, to, old, now, named),
    nameless: (constraint) => constraint.implicitName || constraint.name === null,
    attached: (constraint) => {
      const parents = isKey(constraint) ? constraint.index?.attachedTo : undefined;
      return parents === undefined ? null : nameKey(parents);
    },
    mustGo,
    free: (name) =>
      !from.constraints.some((constraint) => constraint.name === name) &&
      !taken(nameKey({ namespace: to.namespace, name })) &&
      !heirsHave(work, to, name),
  });
}

/** Those under a table that stay would get the name as well, and have something else that is called so. */
function heirsHave(work: Work, table: Table, name: string): boolean {
  return descendantsOf(work.from, table).some(
    (heir) =>
      work.to.tables.has(nameKey(heir)) &&
      heir.constraints.some((constraint) => constraint.name === name && isOwn(constraint)),
  );
}

/** What the kept constraints still need: another name, another comment, to be validated. */
function pushKept(work: Work, to: Table, matches: Matches<Constraint>): void {
  const table = nameOf(to);
  for (const [old, now] of matches.renamed) {
    if (old.name === null || now.name === null) continue;
    work.phases.renameParts.push({
      kind: "rename-constraint",
      table,
      constraint: old.name,
      to: now.name,
    });
  }
  const renamed = matches.renamed.map(([old, now]) => [old, now, now.name] as const);
  const kept = matches.same.map(([old, now]) => [old, now, old.name] as const);
  for (const [old, now, name] of [...kept, ...renamed]) {
    if (name === null) continue;
    if (onlyToValidate(old, now)) {
      work.phases.addForeignKeys.push({ kind: "validate-constraint", table, constraint: name });
    }
    if (commentDiffers(work, old, now)) {
      const target = { on: "constraint", table, name } as const;
      work.phases.comments.push({ kind: "set-comment", target, comment: now.comment });
    }
    const ofIndex = { comment: indexComment(now) };
    if (commentDiffers(work, { comment: indexComment(old) }, ofIndex)) {
      const target = { on: "index", table, name } as const;
      work.phases.comments.push({ kind: "set-comment", target, ...ofIndex });
    }
  }
}

function columnsOfKey(constraint: Constraint): string[] | null {
  return constraint.kind === "primary-key" || constraint.kind === "unique" ? [...constraint.columns] : null;
}

/** Notes that a key goes, so that foreign keys to it go before. */
export function loseKey(work: Work, table: Table, columns: readonly string[]): void {
  const key = nameKey(table);
  const lost = work.lostKeys.get(key) ?? [];
  lost.push([...columns]);
  work.lostKeys.set(key, lost);
}

/**
 * All constraints of a kept table but its foreign keys. Needs `touched`, fills `lostKeys`. `taken` knows the names
 * of all indexes there were: the index under a key cannot be given one of them.
 */
export function diffConstraints(work: Work, from: Table, to: Table, taken: IsTaken): void {
  if (!work.touched.has(nameKey(to)) && sameData(from.constraints, to.constraints)) return;
  const touched = touchedOf(work, to);
  const gone = new Set([...touched.gone, ...touched.held]);
  const scope = gone.size > 0 ? scopeOf(from) : null;
  const matches = matchConstraints(
    work,
    { from, to },
    taken,
    (constraint) => constraint.kind !== "foreign-key",
    // What is the parent's goes and comes with that.
    (constraint) => scope !== null && isOwn(constraint) && usesAny(constraint, scope, gone),
  );
  for (const constraint of matches.removed) {
    work.phases.dropConstraints.push(dropConstraint(to, constraint));
    const columns = columnsOfKey(constraint);
    if (columns !== null) loseKey(work, to, columns);
  }
  for (const constraint of matches.added) {
    if (!comesFromParent(work, to, constraint))
      work.phases.addConstraints.push(addConstraint(to, constraint));
  }
  pushKept(work, to, matches);
}

/** Its own of that name is gone by the time that the parent gets the check, and with the parent this table. */
function comesFromParent(work: Work, table: Table, constraint: Constraint): boolean {
  if (constraint.kind !== "check" || !constraint.inherited) return false;
  return work.phases.addConstraints.some(
    (op) =>
      op.kind === "add-constraint" &&
      op.constraint.name === constraint.name &&
      parentsOf(table).some((parent) => sameName(parent, op.table)),
  );
}

function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && sameData([...a].sort(), [...b].sort());
}

/** A foreign key whose columns, or the key it points at, are not there all the time. */
function isInTheWay(work: Work, table: Table, constraint: Constraint, early: ReadonlySet<string>): boolean {
  if (constraint.kind !== "foreign-key") return false;
  const { references } = constraint;
  const own = touchedOf(work, table);
  const others = touchedOf(work, references.table);
  const moves = (column: string, touched: typeof own) =>
    touched.converted.has(column) || touched.gone.has(column);
  const key = nameKey(references.table);
  return (
    early.has(key) ||
    hindersPersistence(work, table, references.table) ||
    constraint.columns.some((column) => moves(column, own)) ||
    references.columns.some((column) => moves(column, others)) ||
    (work.lostKeys.get(key)?.some((columns) => sameColumns(columns, references.columns)) ?? false) ||
    includesRetyped(work, references)
  );
}

/** The key has to be made anew for a column that it only includes, of which the foreign key knows nothing. */
function includesRetyped(work: Work, { table, columns }: ForeignKey["references"]): boolean {
  const { retyped } = touchedOf(work, table);
  if (retyped.size === 0) return false;
  return (work.from.tables.get(nameKey(table))?.constraints ?? []).some(
    (one) =>
      (one.kind === "primary-key" || one.kind === "unique") &&
      sameColumns(one.columns, columns) &&
      one.include.some((column) => retyped.has(column)),
  );
}

/** Foreign keys of a kept table. Needs `touched` and `lostKeys` of every table. */
export function diffForeignKeys(work: Work, from: Table, to: Table, early: ReadonlySet<string>): void {
  const quiet = work.touched.size + work.lostKeys.size + early.size === 0 && !changesPersistence(work, to);
  if (quiet && sameData(from.constraints, to.constraints)) return;
  const matches = matchConstraints(
    work,
    { from, to },
    () => false,
    (constraint) => constraint.kind === "foreign-key",
    (constraint) => isInTheWay(work, to, constraint, early),
  );
  for (const constraint of matches.removed.filter(isOwn)) {
    work.phases.dropForeignKeys.push(dropConstraint(to, constraint));
  }
  for (const constraint of matches.added.filter(isOwn)) {
    work.phases.addForeignKeys.push(addConstraint(to, constraint));
  }
  pushKept(work, to, matches);
}

/** Those that partitions have from their table come and go with its own. */
function isOwn({ inherited }: Constraint): boolean {
  return inherited !== true;
}

/**
 * Foreign keys that a table with parents has lost with columns: `from` is what it is by then, and the key that one points at may
 * go before its column does.
 */
export function dropLostReferences(work: Work, from: Table, early: ReadonlySet<string>): void {
  const old = work.from.tables.get(nameKey(from));
  if (old === undefined) return;
  const left = new Set(from.constraints.map(({ name }) => name));
  const lost = old.constraints.filter((one) => one.kind === "foreign-key" && !left.has(one.name));
  dropReferencesInTheWay(work, { ...old, constraints: lost }, early);
}

/**
 * Foreign keys of a table that is dropped late, which are in the way of what happens to other tables before.
 * Gives those that are dropped here.
 */
export function dropReferencesInTheWay(
  work: Work,
  table: Table,
  early: ReadonlySet<string>,
): ReadonlySet<Constraint> {
  const dropped = new Set<Constraint>();
  for (const constraint of table.constraints) {
    if (!isOwn(constraint) || !isInTheWay(work, table, constraint, early)) continue;
    work.phases.dropForeignKeys.push(dropConstraint(table, constraint));
    dropped.add(constraint);
  }
  return dropped;
}
