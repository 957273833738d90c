import type { Act, ActKind } from "../../../../effect/act.js";
import type { LockMode } from "../../../../effect/lock.js";
import { findRelation, findType, keyOf, type Relation, withDescendants } from "../../../../effect/world.js";
import { defaultPartition } from "../world/dependents.js";
import { droppingOf } from "../world/drop.js";
import { hasRows, relationsWithDomain } from "../world/find.js";
import type { Conditions, Cost } from "./cost.js";
import { costOfQuery, lockReads } from "./query.js";

type CostOf<K extends ActKind> = (cost: Cost, act: Act<K>, conditions: Conditions) => void;

/** An index is named by its table, where one is known. */
function lockIndexed(cost: Cost, mode: LockMode, relation: Relation | undefined): void {
  cost.lock(mode, relation?.index?.table ?? relation);
}

export const costOfCreateTable: CostOf<"create-table"> = (cost, act, conditions) => {
  const { world } = cost;
  const existing = act.ifNotExists && !act.temporary ? findRelation(world, act.name) : undefined;
  if (existing !== undefined) return;
  for (const { source } of act.likes) cost.lock("ACCESS SHARE", findRelation(world, source));
  for (const parent of act.inherits) cost.lock("SHARE UPDATE EXCLUSIVE", findRelation(world, parent));
  for (const constraint of [...act.columns.flatMap(({ constraints }) => constraints), ...act.constraints]) {
    if (constraint.kind !== "foreign-key") continue;
    const target = findRelation(world, constraint.target);
    if (target !== undefined) cost.lock("SHARE ROW EXCLUSIVE", ...partitions(cost, target));
  }
  const parent = act.partitionOf === null ? undefined : findRelation(world, act.partitionOf.parent);
  if (parent !== undefined) costOfPartition(cost, parent);
  if (conditions.version < 12 && act.columns.some(({ generated }) => generated !== null)) {
    cost.refuse("generated columns came with PostgreSQL 12");
  }
};

function partitions(cost: Cost, table: Relation): readonly Relation[] {
  return table.kind === "partitioned-table" ? withDescendants(cost.world, table) : [table];
}

/** A new partition: what it takes over from its parent is on the new table, and the default one is looked through. */
function costOfPartition(cost: Cost, parent: Relation): void {
  cost.lock("ACCESS EXCLUSIVE", parent);
  const rest = defaultPartition(cost.world, parent);
  if (rest !== undefined) {
    cost.lock("ACCESS EXCLUSIVE", rest).scan(...withDescendants(cost.world, rest).filter(hasRows));
  }
  for (const constraint of parent.constraints.values()) {
    if (constraint.kind === "foreign-key") cost.lock("SHARE ROW EXCLUSIVE", constraint.targetId);
  }
}

const costOfCreateIndex: CostOf<"create-index"> = (cost, act, { version }) => {
  const { world } = cost;
  const table = findRelation(world, act.table);
  if (act.concurrently) cost.forbid();
  if (act.nullsNotDistinct && version < 15) cost.refuse("NULLS NOT DISTINCT came with PostgreSQL 15");
  if (table === undefined) return;
  const mode = act.concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE";
  const isThere = act.name !== null && world.relationNames.has(keyOf(table.namespace, act.name));
  cost.lock(mode, table);
  if (act.ifNotExists && isThere) return;
  const isWhole = table.kind === "partitioned-table";
  if (act.only && isWhole) return;
  const tables = isWhole ? withDescendants(world, table) : [table];
  cost.lock(mode, ...tables);
  cost.build(...tables.filter(hasRows));
};

const costOfReindex: CostOf<"reindex"> = (cost, act, { version }) => {
  const { world } = cost;
  const mode = act.concurrently ? "SHARE UPDATE EXCLUSIVE" : "SHARE";
  if (act.concurrently && version < 12) cost.refuse("REINDEX CONCURRENTLY came with PostgreSQL 12");
  const isMany = act.target !== "table" && act.target !== "index";
  if (act.concurrently || isMany) cost.forbid();
  const named = act.name === null || isMany ? undefined : findRelation(world, act.name);
  const single = named?.index ? world.relations.get(named.index.table) : named;
  const all = isMany
    ? [...world.relations.values()].filter(
        (one) =>
          hasRows(one) &&
          one.indexes.length > 0 &&
          (act.target !== "schema" || one.namespace === act.name?.name),
      )
    : single === undefined
      ? []
      : withDescendants(world, single).filter((one) => hasRows(one) || one.index !== null);
  // System catalogs are not in the world.
  if (act.target === "system") return;
  cost.lock(mode, ...all).build(...all.filter((one) => isMany || one.indexes.length > 0 || !one.known));
};

const costOfDrop: CostOf<"drop"> = (cost, act, { version }) => {
  const { world } = cost;
  if (act.object === "statistics") {
    for (const name of act.names) {
      const table = world.searchPath
        .map((one) => world.statistics.get(keyOf(name.namespace ?? one, name.name)))
        .find((one) => one !== undefined);
      if (version >= 12 && table !== undefined) cost.lock("SHARE UPDATE EXCLUSIVE", table);
    }
    return;
  }
  if (act.concurrently) {
    cost.forbid();
    for (const name of act.names) lockIndexed(cost, "SHARE UPDATE EXCLUSIVE", findRelation(world, name));
    return;
  }
  const dropping = droppingOf(world, act);
  for (const [id, mode] of dropping.locks) cost.lock(mode, id);
  if (act.object === "extension" && act.cascade) cost.unknown("it is not known what stands on the extension");
  if (act.object === "other" && act.cascade) cost.unknown("it is not known what stands on the object");
};

const costOfRename: CostOf<"rename"> = (cost, act, { version }) => {
  const { world } = cost;
  if (
    ["schema", "type", "domain", "function", "procedure", "role", "database", "domain-constraint"].includes(
      act.object,
    )
  )
    return;
  const relation = findRelation(world, act.name);
  if (relation === undefined) return;
  const isIndex = relation.index !== null && act.member === null;
  const mode = isIndex && version >= 12 ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE";
  const isPassedOn = act.object === "column" || act.object === "constraint";
  cost.lock(mode, ...(isPassedOn ? withDescendants(world, relation) : [relation]));
};

const costOfSetSchema: CostOf<"set-schema"> = (cost, act) => {
  if (["type", "domain", "function", "procedure", "extension"].includes(act.object)) return;
  const relation = findRelation(cost.world, act.name);
  cost.lock("ACCESS EXCLUSIVE", relation);
  for (const { sequence } of relation?.columns.values() ?? []) {
    if (sequence !== null) cost.lock("ACCESS EXCLUSIVE", sequence);
  }
};

const costOfComment: CostOf<"comment"> = (cost, act) => {
  const relational = ["table", "view", "materialized-view", "foreign-table", "index", "sequence", "column"];
  const members = ["constraint", "trigger", "rule", "policy"];
  const relation = findRelation(cost.world, act.name);
  if (relational.includes(act.object)) cost.lock("SHARE UPDATE EXCLUSIVE", relation);
  else if (members.includes(act.object)) cost.lock("ACCESS SHARE", relation);
};

const costOfGrant: CostOf<"grant"> = (cost, act, { version }) => {
  const { world } = cost;
  if (version < 18 || (act.object !== "table" && act.object !== "sequence")) return;
  if (!act.allInSchema) {
    for (const name of act.names) cost.lock("ACCESS SHARE", findRelation(world, name));
    return;
  }
  const schemas = new Set(act.names.map(({ name }) => name));
  for (const relation of world.relations.values()) {
    const isKind = (relation.kind === "sequence") === (act.object === "sequence");
    if (isKind && relation.index === null && schemas.has(relation.namespace))
      cost.lock("ACCESS SHARE", relation);
  }
};

const costOfAlterDomain: CostOf<"alter-domain"> = (cost, { name, change }) => {
  const domain = findType(cost.world, name);
  if (domain?.kind !== "domain") {
    if (change.kind === "add-constraint" || change.kind === "set-not-null") {
      cost.unknown(`it is not known which tables have columns of the domain ${name.name}`);
    }
    return;
  }
  const looks =
    (change.kind === "set-not-null" && !domain.notNull) ||
    (change.kind === "add-constraint" && !change.constraint.notValid) ||
    (change.kind === "validate-constraint" && domain.checks.get(change.constraint)?.validated !== true);
  if (!looks) return;
  const tables = relationsWithDomain(cost.world, domain);
  cost.lock("SHARE", ...tables).scan(...tables);
};

const costOfAlterSequence: CostOf<"alter-sequence"> = (cost, act) => {
  cost.lock("SHARE ROW EXCLUSIVE", findRelation(cost.world, act.name));
  if (act.ownedBy !== null && act.ownedBy !== "none") {
    cost.lock("ACCESS SHARE", findRelation(cost.world, act.ownedBy.table));
  }
};

const costOfTables = (cost: Cost, mode: LockMode, tables: Act<"create-publication">["tables"]): void => {
  for (const name of tables) {
    const relation = findRelation(cost.world, name);
    if (relation !== undefined) cost.lock(mode, ...withDescendants(cost.world, relation));
  }
};

type ObjectKinds =
  | "create-table"
  | "create-table-as"
  | "create-index"
  | "reindex"
  | "create-view"
  | "refresh-view"
  | "create-sequence"
  | "alter-sequence"
  | "create-statistics"
  | "create-trigger"
  | "create-rule"
  | "create-policy"
  | "alter-policy"
  | "drop"
  | "drop-from-table"
  | "rename"
  | "set-schema"
  | "set-owner"
  | "comment"
  | "grant"
  | "add-enum-value"
  | "alter-domain"
  | "create-publication"
  | "alter-publication"
  | "alter-extension"
  | "create-database"
  | "drop-database";

const exclusively: CostOf<"create-policy" | "alter-policy" | "create-rule"> = (cost, act) => {
  cost.lock("ACCESS EXCLUSIVE", findRelation(cost.world, act.table));
};

/** What is not there locks nothing behind IF EXISTS. */
const costOfDropFromTable: CostOf<"drop-from-table"> = (cost, act) => {
  const table = findRelation(cost.world, act.table);
  if (table === undefined) return;
  const { triggers, policies, rules } = table;
  const isThere = { trigger: triggers, policy: policies, rule: rules }[act.object].has(act.name);
  if (isThere || !table.known || !act.ifExists) cost.lock("ACCESS EXCLUSIVE", table);
};

/** What acts on objects other than by ALTER TABLE cost. */
export const costOfObject: { readonly [K in ObjectKinds]: CostOf<K> } = {
  "create-table": costOfCreateTable,
  "create-table-as": (cost, act) => {
    if (act.ifNotExists && findRelation(cost.world, act.name) !== undefined) return;
    if (act.withData) costOfQuery(cost, act.query);
    else lockReads(cost, act.query);
  },
  "create-index": costOfCreateIndex,
  reindex: costOfReindex,
  "create-view": (cost, act) => {
    lockReads(cost, act.query);
    const existing = act.temporary ? undefined : findRelation(cost.world, act.name);
    if (existing !== undefined && act.replace) cost.lock("ACCESS EXCLUSIVE", existing);
  },
  "refresh-view": (cost, act) => {
    const view = findRelation(cost.world, act.name);
    cost.lock(act.concurrently ? "EXCLUSIVE" : "ACCESS EXCLUSIVE", view);
    const sources = (view?.view?.reads ?? []).flatMap((id) => cost.world.relations.get(id) ?? []);
    for (const source of sources) cost.lock("ACCESS SHARE", source).read(source);
    if (view === undefined) return;
    if (act.concurrently) cost.read(view).scan(view, ...sources.filter(hasRows));
    else cost.rewrite(view);
  },
  "create-sequence": (cost, act) => {
    if (act.ownedBy !== null && act.ownedBy !== "none") {
      cost.lock("ACCESS SHARE", findRelation(cost.world, act.ownedBy.table));
    }
  },
  "alter-sequence": costOfAlterSequence,
  "create-statistics": (cost, act) => {
    cost.lock("SHARE UPDATE EXCLUSIVE", findRelation(cost.world, act.table));
  },
  "create-trigger": (cost, act) => {
    const table = findRelation(cost.world, act.table);
    if (table !== undefined) {
      const isRow = act.forEachRow && table.kind === "partitioned-table";
      cost.lock("SHARE ROW EXCLUSIVE", ...(isRow ? withDescendants(cost.world, table) : [table]));
    }
    if (act.referenced !== null) cost.lock("ACCESS SHARE", findRelation(cost.world, act.referenced));
  },
  "create-rule": exclusively,
  "create-policy": exclusively,
  "alter-policy": exclusively,
  drop: costOfDrop,
  "drop-from-table": costOfDropFromTable,
  rename: costOfRename,
  "set-schema": costOfSetSchema,
  "set-owner": (cost, act) => {
    const relational = ["table", "view", "materialized-view", "sequence", "foreign-table", "index"];
    if (relational.includes(act.object)) cost.lock("ACCESS EXCLUSIVE", findRelation(cost.world, act.name));
  },
  comment: costOfComment,
  grant: costOfGrant,
  "add-enum-value": (cost, _, { version }) => {
    if (version < 12) cost.forbid();
    else cost.own();
  },
  "alter-domain": costOfAlterDomain,
  "create-publication": (cost, act) => costOfTables(cost, "SHARE UPDATE EXCLUSIVE", act.tables),
  "alter-publication": (cost, act) => costOfTables(cost, "SHARE UPDATE EXCLUSIVE", act.tables),
  "alter-extension": (cost) => {
    cost.unknown("it is not known what the extension's own script does");
  },
  "create-database": (cost) => {
    cost.forbid();
  },
  "drop-database": (cost) => {
    cost.forbid();
  },
};
