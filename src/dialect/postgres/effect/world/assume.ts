import type { Act, ActKind } from "../../../../effect/act.js";
import { addRelation } from "../../../../effect/replay.js";
import type { Query } from "../../../../effect/syntax.js";
import { findRelation, keyOf, type RelationKind, type World } from "../../../../effect/world.js";
import type { ObjectName } from "../../../../schema/name.js";
import { creationNamespace } from "./change.js";

/** A relation that a statement speaks of. */
interface Mention {
  readonly name: ObjectName;
  readonly kind: RelationKind;
  /** IF EXISTS: it need not be there. */
  readonly optional: boolean;
}

function mention(name: ObjectName, kind: RelationKind = "table", optional = false): Mention {
  return { name, kind, optional };
}

function ofQuery(query: Query): readonly Mention[] {
  return [...query.reads, ...query.writes.map(({ relation }) => relation)].map((name) => mention(name));
}

const relationKinds: Readonly<Record<string, RelationKind>> = {
  table: "table",
  "foreign-table": "foreign-table",
  view: "view",
  "materialized-view": "materialized-view",
  index: "index",
  sequence: "sequence",
  column: "table",
  constraint: "table",
  trigger: "table",
  rule: "table",
  policy: "table",
};

/** Whatever an act names that has to be there before it, so that it is taken to be there. */
function mentions(act: Act): readonly Mention[] {
  if ("part" in act) {
    const own = mention(act.table, relationKinds[act.on] ?? "table", act.ifTableExists);
    switch (act.kind) {
      case "add-column":
        return [
          own,
          ...act.definition.constraints.flatMap((one) =>
            one.kind === "foreign-key" ? [mention(one.target)] : [],
          ),
        ];
      case "add-constraint":
        return act.constraint.kind === "foreign-key" ? [own, mention(act.constraint.target)] : [own];
      case "attach-partition":
        return [{ ...own, kind: "partitioned-table" }, mention(act.partition)];
      case "detach-partition":
        return [{ ...own, kind: "partitioned-table" }, mention(act.partition)];
      case "attach-index":
        return [own, mention(act.index, "index")];
      case "inherit":
        return [own, mention(act.parent)];
      default:
        return [own];
    }
  }
  return otherMentions(act);
}

function otherMentions(act: Exclude<Act, { readonly part: number }>): readonly Mention[] {
  switch (act.kind) {
    case "create-table":
      return [
        ...act.likes.map(({ source }) => mention(source)),
        ...act.inherits.map((name) => mention(name)),
        ...(act.partitionOf === null ? [] : [mention(act.partitionOf.parent, "partitioned-table")]),
        ...[...act.columns.flatMap(({ constraints }) => constraints), ...act.constraints].flatMap((one) =>
          one.kind === "foreign-key" && !isSame(one.target, act.name) ? [mention(one.target)] : [],
        ),
      ];
    case "create-table-as":
    case "create-view":
    case "select":
      return ofQuery(act.query);
    case "create-index":
    case "create-trigger":
    case "create-rule":
    case "create-policy":
    case "alter-policy":
    case "create-statistics":
      return [mention(act.table)];
    case "drop-from-table":
      return [mention(act.table, "table", act.ifExists)];
    case "insert":
    case "update":
    case "delete":
    case "merge":
      return [mention(act.table), ...ofQuery(act.query)];
    case "copy":
      return [
        ...(act.table === null ? [] : [mention(act.table)]),
        ...(act.query === null ? [] : ofQuery(act.query)),
      ];
    case "truncate":
    case "lock-table":
    case "vacuum":
    case "analyze":
    case "create-publication":
    case "alter-publication":
      return act.tables.map((name) => mention(name));
    case "cluster":
      return act.table === null ? [] : [mention(act.table)];
    case "refresh-view":
      return [mention(act.name, "materialized-view")];
    case "reindex":
      return act.name !== null && (act.target === "table" || act.target === "index")
        ? [mention(act.name, act.target)]
        : [];
    case "alter-sequence":
      return [
        mention(act.name, "sequence", act.ifExists),
        ...(act.ownedBy !== null && act.ownedBy !== "none" ? [mention(act.ownedBy.table)] : []),
      ];
    case "drop": {
      const kind = relationKinds[act.object];
      return kind === undefined ? [] : act.names.map((name) => mention(name, kind, act.ifExists));
    }
    case "rename":
    case "set-schema": {
      const kind = relationKinds[act.object];
      return kind === undefined ? [] : [mention(act.name, kind, act.ifExists)];
    }
    case "comment":
    case "set-owner": {
      const kind = relationKinds[act.object];
      return kind === undefined ? [] : [mention(act.name, kind)];
    }
    case "grant": {
      const kind = relationKinds[act.object];
      return kind === undefined || act.allInSchema ? [] : act.names.map((name) => mention(name, kind));
    }
    default:
      return [];
  }
}

function isSame(a: ObjectName, b: ObjectName): boolean {
  return a.name === b.name && (a.namespace === b.namespace || a.namespace === null || b.namespace === null);
}

const making: ReadonlySet<ActKind> = new Set<ActKind>([
  "create-table",
  "create-table-as",
  "create-view",
  "create-sequence",
  "create-index",
  "rename",
]);

/** The name of a relation that an act makes, or gives; of a name that the server chooses nothing is known. */
export function madeName(act: Act): string | null {
  if (!making.has(act.kind)) return null;
  if (act.kind === "rename") return act.member === null ? act.to : null;
  if (act.kind === "create-index") return act.name;
  return "name" in act && typeof act.name === "object" && act.name !== null
    ? (act.name as ObjectName).name
    : null;
}

/** The server's own catalogues; temporary ones are gone with the session. */
function isSystem({ namespace, name }: ObjectName): boolean {
  if (namespace === null) return name.startsWith("pg_");
  return /^(pg_catalog|information_schema|pg_toast|pg_temp.*)$/.test(namespace);
}

/** Something was made in an earlier run: what the history does is seen from its beginning, or from somewhere near it. */
function hasHistory(world: World, run: number): boolean {
  for (const { known, bornIn } of world.relations.values()) if (known && bornIn !== run) return true;
  return false;
}

/**
 * The world with all that the acts of a statement speak of. What nobody saw made is taken to have been there before;
 * behind IF EXISTS it is taken not to be, where earlier sources show a history, or when a later statement makes it
 * (`later`).
 */
export function assume(world: World, acts: readonly Act[], later: ReadonlySet<string>, run: number): World {
  const made = new Set(acts.flatMap((act) => madeName(act) ?? []));
  let next = world;
  for (const act of acts) {
    for (const { name, kind, optional } of mentions(act)) {
      if (name.name === "" || isSystem(name) || made.has(name.name)) continue;
      if (findRelation(next, name) !== undefined) continue;
      const isAbsent = optional && (later.has(name.name) || hasHistory(next, run));
      if (!isAbsent) next = addUnknown(next, name, kind, optional);
    }
  }
  return next;
}

function addUnknown(world: World, name: ObjectName, kind: RelationKind, optional: boolean): World {
  const namespace = creationNamespace(world, name);
  if (world.relationNames.has(keyOf(namespace, name.name))) return world;
  const [next] = addRelation(
    world,
    { name: name.name, namespace, kind },
    { known: false, columnsKnown: false },
  );
  return optional ? next : { ...next, complete: false };
}
