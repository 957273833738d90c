import { nameKey, nameOf, type ObjectName, sameName, showName } from "../schema/name.js";
import type {
  Column,
  ColumnStorage,
  ColumnType,
  NotNull,
  Schema,
  SchemaDraft,
  Table,
} from "../schema/schema.js";
import { constraintUses, indexUses, referencesTo, scopeOf, sequencesOwnedBy } from "./dependents.js";
import { mentionsColumn, renameColumn } from "./expression/column.js";
import { keepIndexColumns } from "./index-columns.js";
import { forgetIndexes, rememberIndexes } from "./index-options.js";
import { changesBelow, heirsOf, passColumn, passedOn } from "./inherit/column.js";
import {
  childrenOf,
  columnOf,
  impossible,
  listed,
  putIndexed,
  requireFreeColumn,
  tableOf,
} from "./lookup.js";
import type { ColumnChanges, Effect, Inverse, Op, OpDefinitions } from "./op.js";
import { createSequenceOps, ownSequenceOps } from "./recreate.js";
import { convertsValues, remakeCopies } from "./remake-copies.js";
import {
  changeReferences,
  changeTables,
  renameInLists,
  rewriteExpressions,
  rewritePolicies,
} from "./rewrite.js";
import { renameColumnInDefined } from "./rewrite-defined.js";
import { isSerial, keepSequence } from "./serial.js";
import { showConstraint, showMember, showType } from "./show.js";
import { isWidening } from "./type-change.js";

/** What keeps a column from being dropped, as sentences' subjects: the engine would refuse. */
function usersOf(schema: Schema, table: Table, column: string): readonly string[] {
  const scope = scopeOf(table);
  const own = table.constraints.flatMap((one) =>
    one.kind === "foreign-key" &&
    sameName(one.references.table, table) &&
    one.references.columns.includes(column) &&
    !one.columns.includes(column)
      ? [`${showConstraint(one)} of ${showName(table)}`]
      : [],
  );
  const others = referencesTo(schema, table)
    .filter(({ foreignKey }) => foreignKey.references.columns.includes(column))
    .map((reference) => `${showConstraint(reference.foreignKey)} of ${showName(reference.table)}`);
  const generated = table.columns
    .filter((one) => one.name !== column && one.generated !== null)
    .filter((one) => mentionsColumn(one.generated?.expression ?? "", scope, column))
    .map((one) => `generated column ${showMember(table, one.name)}`);
  const policies = table.policies
    .filter(({ using, check }) =>
      [using, check].some((text) => text !== null && mentionsColumn(text, scope, column)),
    )
    .map((policy) => `policy ${policy.name} of ${showName(table)}`);
  return [...own, ...others, ...generated, ...policies];
}

/**
 * Takes a column away, with the indexes, the constraints and the owned sequences that it is part of (PostgreSQL
 * manual, ALTER TABLE, DROP COLUMN). Asks nobody whether something else still uses it.
 */
export function dropColumnFrom(draft: SchemaDraft, name: ObjectName, column: string): void {
  const table = tableOf(draft, name);
  const scope = scopeOf(table);
  const gone = new Set(goneWith(table, column));
  putIndexed(draft, {
    ...forgetIndexes(table, (index) => gone.has(index)),
    columns: table.columns.filter((one) => one.name !== column),
    constraints: table.constraints.filter((one) => !constraintUses(one, scope, column)),
    indexes: keepSame(table.indexes, (one) => !indexUses(one, scope, column)),
  });
  for (const sequence of sequencesOwnedBy(draft, name, column)) draft.sequences.delete(nameKey(sequence));
  for (const heir of heirsOf(draft, name, column)) dropColumnFrom(draft, heir, column);
}

/** The names of the indexes and constraints that go with a column. */
function goneWith(table: Table, column: string): readonly string[] {
  const scope = scopeOf(table);
  return [
    ...table.constraints.filter((one) => constraintUses(one, scope, column)).map(({ name }) => name ?? ""),
    ...table.indexes.filter((one) => indexUses(one, scope, column)).map(({ name }) => name),
  ];
}

function keepSame<T>(items: readonly T[], test: (item: T) => boolean): readonly T[] {
  return items.every(test) ? items : items.filter(test);
}

/** The ops that bring a dropped column back with all that went with it. */
export function invertDropColumn(before: Schema, name: ObjectName, column: string): readonly Op[] {
  const table = tableOf(before, name);
  const scope = scopeOf(table);
  const on = nameOf(table);
  const owned = sequencesOwnedBy(before, table, column);
  return [
    ...createSequenceOps(owned),
    { kind: "add-column", table: on, column: columnOf(table, column) },
    ...ownSequenceOps(owned),
    ...table.constraints
      .filter((one) => constraintUses(one, scope, column))
      .map((constraint): Op => ({ kind: "add-constraint", table: on, constraint })),
    ...table.indexes
      .filter((one) => indexUses(one, scope, column))
      .map((index): Op => ({ kind: "create-index", table: on, index })),
    ...rememberIndexes(table, goneWith(table, column)),
  ];
}

function rename(draft: SchemaDraft, table: Table, column: string, to: string): void {
  const scope = scopeOf(table);
  const rewritten = rewriteExpressions(keepIndexColumns(table), (text) =>
    renameColumn(text, scope, column, to),
  );
  putIndexed(draft, {
    ...renameInLists(rewritten, column, to),
    columns: rewritten.columns.map((one) =>
      one.name === column ? { ...keepSequence(table, one), name: to } : one,
    ),
  });
  changeTables(draft, (other) => {
    const changed = changeReferences(other, table, { column: { from: column, to } });
    // Policies of other tables may name it as persons.email, and only with the table before it is it surely ours.
    if (sameName(other, table)) return changed;
    return rewritePolicies(changed, (text) => renameColumn(text, { ...scope, foreign: true }, column, to));
  });
  renameColumnInDefined(draft, table, column, to);
  for (const [key, sequence] of draft.sequences) {
    const { ownedBy } = sequence;
    if (ownedBy?.column !== column || !sameName(ownedBy.table, table)) continue;
    draft.sequences.set(key, { ...sequence, ownedBy: { ...ownedBy, column: to } });
  }
  for (const child of childrenOf(draft, table)) {
    if (child.columns.some((one) => one.name === column)) rename(draft, child, column, to);
  }
}

/** What happens to a column of a parent happens to those under it, but for what is only the column's own. */
function alterHeirs(draft: SchemaDraft, parent: ObjectName, column: string, changes: ColumnChanges): void {
  for (const child of childrenOf(draft, parent)) {
    const old = child.columns.find((one) => one.name === column);
    if (old === undefined) continue;
    const all = passedOn(old, changes);
    const columns = child.columns.map((one) => (one === old ? changed(old, all) : one));
    putIndexed(draft, { ...child, columns });
    alterHeirs(draft, child, column, changes);
  }
}

/** A `serial` column that becomes a plain one: its sequence goes with the type. */
function losesSequence({ type }: Column, changes: ColumnChanges): boolean {
  return isSerial(type) && changes.type !== undefined && !isSerial(changes.type);
}

function changed(column: Column, changes: ColumnChanges): Column {
  const { using: _, notNull, storage, own, ...properties } = changes;
  const { notNull: oldNotNull, storage: oldStorage, own: oldOwn, ...rest } = column;
  const says = notNull === undefined ? oldNotNull : notNull;
  const stored = storage === undefined ? oldStorage : storage;
  const sequence = own === undefined ? (losesSequence(column, changes) ? null : oldOwn) : own;
  return {
    ...rest,
    ...properties,
    ...(says != null && { notNull: says }),
    ...(stored != null && { storage: stored }),
    ...(sequence != null && { own: sequence }),
  };
}

/** The changes that undo `changes`: the old value of each property that they have. */
function oldValues(column: Column, changes: ColumnChanges): ColumnChanges {
  return {
    ...(changes.type !== undefined && { type: column.type }),
    ...(changes.nullable !== undefined && { nullable: column.nullable }),
    ...(changes.default !== undefined && { default: column.default }),
    ...(changes.identity !== undefined && { identity: column.identity }),
    ...(changes.generated !== undefined && { generated: column.generated }),
    ...(changes.collation !== undefined && { collation: column.collation }),
    ...(changes.notNull !== undefined && { notNull: column.notNull ?? null }),
    ...(changes.storage !== undefined && { storage: column.storage ?? null }),
    ...((changes.own !== undefined || (column.own !== undefined && losesSequence(column, changes))) && {
      own: column.own ?? null,
    }),
  };
}

function losesByType(shown: string, from: ColumnType, to: ColumnType): string {
  if (isWidening(from, to)) return `values of ${shown} that do not fit ${showType(from)}`;
  if (isWidening(to, from)) return `what of the values of ${shown} did not fit ${showType(to)}`;
  return `what of the values of ${shown} has no equal in both ${showType(from)} and ${showType(to)}`;
}

function invertAlter(before: Schema, { table, column: name, changes }: Op<"alter-column">): Inverse {
  const column = columnOf(tableOf(before, table), name);
  const shown = showMember(table, name);
  if (changes.generated !== undefined && column.generated !== null) {
    // No engine makes a plain column generated: it must be made again.
    const ops: readonly Op[] = [
      { kind: "drop-column", table, column: name },
      ...invertDropColumn(before, table, name),
    ];
    return { ops, loses: `the values of ${shown} that were not computed` };
  }
  const ops: readonly Op[] = [
    { kind: "alter-column", table, column: name, changes: oldValues(column, changes) },
  ];
  const { type } = changes;
  // An integer and `serial` have the same values.
  if (type === undefined || (isWidening(type, column.type) && isWidening(column.type, type))) return { ops };
  return { ops, loses: losesByType(shown, column.type, type) };
}

const ranks: readonly Effect[] = ["additive", "widening", "data", "narrowing", "destructive"];

/** The gravest of several effects; `additive` of none. */
export function gravest(effects: readonly Effect[]): Effect {
  return ranks[Math.max(0, ...effects.map((effect) => ranks.indexOf(effect)))] ?? "additive";
}

function alterEffect(column: Column, changes: ColumnChanges): Effect {
  const effects: Effect[] = [];
  if (changes.type !== undefined)
    effects.push(isWidening(column.type, changes.type) ? "widening" : "narrowing");
  if (changes.nullable === true && !column.nullable) effects.push("widening");
  if (changes.nullable === false && column.nullable) effects.push("narrowing");
  if (changes.identity?.generation === "always") effects.push("narrowing");
  if (changes.generated !== undefined) effects.push(changes.generated === null ? "widening" : "destructive");
  return gravest(effects);
}

function describeChanges(changes: ColumnChanges): string {
  const parts: string[] = [];
  if (changes.type !== undefined) parts.push(`type ${showType(changes.type)}`);
  if (changes.nullable !== undefined) parts.push(changes.nullable ? "nullable" : "not nullable");
  if (changes.default !== undefined) {
    parts.push(changes.default === null ? "no default" : `default ${changes.default}`);
  }
  if (changes.identity !== undefined) parts.push(changes.identity === null ? "no identity" : "identity");
  if (changes.generated !== undefined) parts.push(changes.generated === null ? "not generated" : "generated");
  if (changes.collation !== undefined) {
    parts.push(changes.collation === null ? "default collation" : `collation ${showName(changes.collation)}`);
  }
  if (changes.notNull !== undefined && changes.nullable !== true) {
    parts.push(describeNotNull(changes.notNull));
  }
  if (changes.storage !== undefined) parts.push(describeStorage(changes.storage));
  if (changes.own !== undefined) parts.push("its sequence");
  return parts.join(", ");
}

function describeNotNull(notNull: NotNull | null): string {
  const words = [
    ...(notNull?.name == null ? [] : [notNull.name]),
    ...(notNull?.onConflict == null ? [] : [`on conflict ${notNull.onConflict}`]),
    ...(notNull?.noInherit ? ["no inherit"] : []),
    ...(notNull?.notValid ? ["not valid"] : []),
  ];
  return words.length === 0 ? "plain not null" : `not null (${words.join(", ")})`;
}

function describeStorage(storage: ColumnStorage | null): string {
  const { strategy, compression, statistics, parameters } = storage ?? {};
  const words = [
    ...(strategy === undefined ? [] : [strategy]),
    ...(compression === undefined ? [] : [`compression ${compression}`]),
    ...(statistics === undefined ? [] : [`statistics ${statistics}`]),
    ...Object.entries(parameters ?? {}).map(([name, value]) => `${name} ${value}`),
  ];
  return words.length === 0 ? "default storage" : `storage ${words.join(", ")}`;
}

export const columnDefinitions = {
  "add-column": {
    effect: ({ column }) =>
      column.nullable || column.default !== null || column.identity !== null || column.generated !== null
        ? "additive"
        : "narrowing",
    apply(draft, { table: name, column, ifNotExists }) {
      const table = tableOf(draft, name);
      if (ifNotExists && table.columns.some((one) => one.name === column.name)) return;
      requireFreeColumn(table, column.name);
      const after = { ...table, columns: [...table.columns, column] };
      putIndexed(draft, after);
      passColumn(draft, after, column);
    },
    invert(before, { table, column }) {
      const exists = tableOf(before, table).columns.some((one) => one.name === column.name);
      return { ops: exists ? [] : [{ kind: "drop-column", table, column: column.name }] };
    },
    describe: ({ table, column }) => `add column ${showMember(table, column.name)}`,
  },

  "drop-column": {
    effect: () => "destructive",
    apply(draft, { table: name, column, ifExists }) {
      const table = tableOf(draft, name);
      if (ifExists && !table.columns.some((one) => one.name === column)) return;
      columnOf(table, column);
      const users = usersOf(draft, table, column);
      if (users.length > 0) {
        throw impossible(
          `Column ${showMember(name, column)} is used by ${listed(users)}`,
          showMember(name, column),
          `Drop ${users.length === 1 ? "it" : "them"} in an earlier op.`,
        );
      }
      dropColumnFrom(draft, name, column);
    },
    invert(before, { table, column: name }) {
      const column = tableOf(before, table).columns.find((one) => one.name === name);
      if (column === undefined) return { ops: [] };
      const ops = invertDropColumn(before, table, name);
      return column.generated === null ? { ops, loses: `the values of ${showMember(table, name)}` } : { ops };
    },
    describe: ({ table, column }) => `drop column ${showMember(table, column)}`,
  },

  "rename-column": {
    effect: () => "narrowing",
    apply(draft, { table: name, column, to }) {
      const table = tableOf(draft, name);
      columnOf(table, column);
      requireFreeColumn(table, to);
      rename(draft, table, column, to);
    },
    invert: (_before, { table, column, to }) => ({
      ops: [{ kind: "rename-column", table, column: to, to: column }],
    }),
    describe: ({ table, column, to }) => `rename column ${showMember(table, column)} to ${to}`,
  },

  "alter-column": {
    effect: ({ table, column, changes }, before) =>
      alterEffect(columnOf(tableOf(before, table), column), changes),
    apply(draft, { table: name, column, changes }) {
      const table = tableOf(draft, name);
      const old = columnOf(table, column);
      if (changes.using !== undefined && changes.type === undefined) {
        throw impossible(
          `Column ${showMember(name, column)} is converted without a new type`,
          showMember(name, column),
          "Give `using` together with `type`.",
        );
      }
      const now = changed(old, changes);
      const columns = table.columns.map((one) => (one === old ? now : one));
      putIndexed(draft, { ...table, columns });
      alterHeirs(draft, name, column, changesBelow(table, old, now, changes));
      if (convertsValues(old, changes)) remakeCopies(draft, name, column);
    },
    invert: invertAlter,
    describe: ({ table, column, changes }) =>
      `alter column ${showMember(table, column)}: ${describeChanges(changes)}`,
  },
} satisfies Pick<OpDefinitions, "add-column" | "drop-column" | "rename-column" | "alter-column">;
