import type { ObjectName } from "../schema/name.js";
import type { Volatility } from "./act-object.js";
import type { PersistentList } from "./persistent-list.js";
import type { PersistentMap } from "./persistent-map.js";
import type {
  CheckDefinition,
  ExcludeDefinition,
  Expression,
  ForeignKeyDefinition,
  Generated,
  Identity,
  IndexKey,
  KeyDefinition,
  NotNullDefinition,
  Option,
  PartitionBound,
  PartitionKey,
  TypeUse,
} from "./syntax.js";

/** Stays the same when the relation is renamed or moved; no two relations of a history share one. */
export type RelationId = number;
export type TypeId = number;

export type RelationKind =
  | "table"
  | "partitioned-table"
  | "foreign-table"
  | "view"
  | "materialized-view"
  | "index"
  | "partitioned-index"
  | "sequence";

export interface Column {
  readonly name: string;
  readonly type: TypeUse;
  /** The user's type that it is of, or an array of. */
  readonly typeId: TypeId | null;
  readonly notNull: boolean;
  /** PostgreSQL 18: NOT NULL that was added NOT VALID and not validated yet. */
  readonly notNullValid: boolean;
  readonly notNullName: string | null;
  readonly default: Expression | null;
  readonly identity: Identity | null;
  readonly generated: Generated | null;
  readonly collation: ObjectName | null;
  /** The sequence that it owns, of `serial`, an identity or OWNED BY. */
  readonly sequence: RelationId | null;
  /** The statement that made it (`AnalysedStatement.position`); `null` when nobody saw it made. */
  readonly bornAt: number | null;
  /** The statement that gave every row a value that had none; absent when none did. */
  readonly filledAt?: number;
}

interface ConstraintState {
  readonly name: string;
  readonly validated: boolean;
  /** The statement that made it; `null` when nobody saw it made. */
  readonly bornAt: number | null;
  /** It came from a parent or a partitioned table. */
  readonly inherited: boolean;
}

/** A constraint of a table: what was written, with the name that it has. */
export type Constraint =
  | (Omit<CheckDefinition, "name"> & ConstraintState)
  | (Omit<NotNullDefinition, "name"> & ConstraintState)
  | (Omit<KeyDefinition, "name"> & ConstraintState & { readonly index: RelationId | null })
  | (Omit<ExcludeDefinition, "name"> & ConstraintState & { readonly index: RelationId | null })
  | (Omit<ForeignKeyDefinition, "name"> &
      ConstraintState & {
        readonly targetId: RelationId;
        /** The key's columns, also where the statement left them to the primary key; empty when not known. */
        readonly keyColumns: readonly string[];
      });

export interface Trigger {
  readonly name: string;
  readonly function: ObjectName;
  readonly events: readonly ("insert" | "update" | "delete" | "truncate")[];
  readonly forEachRow: boolean;
  readonly bornAt: number | null;
}

export interface IndexState {
  readonly table: RelationId;
  readonly unique: boolean;
  readonly method: string;
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  readonly where: Expression | null;
  readonly nullsNotDistinct: boolean;
  /** The constraint that it serves. */
  readonly constraint: string | null;
  /** Indexes of partitions that are attached to it. */
  readonly parent: RelationId | null;
  /** False for one ON ONLY a partitioned table that not every partition has yet. */
  readonly valid: boolean;
}

/** What a view was made of. */
export interface ViewState {
  readonly reads: readonly RelationId[];
  readonly columns: readonly string[];
  readonly all: boolean;
}

export interface Relation {
  readonly id: RelationId;
  readonly name: string;
  readonly namespace: string;
  readonly kind: RelationKind;
  /** A statement that we saw made it. Else only its name is known, and what statements said of it since. */
  readonly known: boolean;
  readonly temporary: boolean;
  readonly unlogged: boolean;
  /** The run that made it (`AnalysedStatement.run`); `null` when it was there before all of them. */
  readonly bornIn: number | null;
  readonly bornAt: number | null;
  readonly columns: ReadonlyMap<string, Column>;
  /** False where there may be more columns than these. */
  readonly columnsKnown: boolean;
  readonly constraints: ReadonlyMap<string, Constraint>;
  readonly indexes: PersistentList<RelationId>;
  readonly parents: readonly RelationId[];
  readonly children: PersistentList<RelationId>;
  /** The composite type that it was made `OF`. */
  readonly ofType?: TypeId | null;
  /** Of a partition; its table is the only one of `parents`. */
  readonly bound: PartitionBound | null;
  readonly partitionBy: PartitionKey | null;
  /** Foreign keys of this and other tables that point here. */
  readonly referencedBy: PersistentList<{ readonly table: RelationId; readonly constraint: string }>;
  /** Views and materialized views that read it. */
  readonly readBy: PersistentList<RelationId>;
  readonly triggers: ReadonlyMap<string, Trigger>;
  readonly policies: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
  readonly rowSecurity: boolean;
  readonly options: ReadonlyMap<string, string | null>;
  readonly clusteredOn: RelationId | null;
  readonly index: IndexState | null;
  readonly view: ViewState | null;
  /** Of a sequence: the column that it goes with. */
  readonly ownedBy: { readonly table: RelationId; readonly column: string } | null;
}

export type TypeState = {
  readonly id: TypeId;
  readonly name: string;
  readonly namespace: string;
  readonly bornIn: number | null;
  readonly bornAt: number | null;
} & (
  | { readonly kind: "enum"; readonly values: readonly string[] }
  | {
      readonly kind: "domain";
      readonly base: TypeUse;
      readonly baseId: TypeId | null;
      readonly notNull: boolean;
      readonly default: Expression | null;
      readonly checks: ReadonlyMap<string, { readonly expression: Expression; readonly validated: boolean }>;
    }
  | { readonly kind: "composite"; readonly attributes: ReadonlyMap<string, TypeUse> }
  | { readonly kind: "other" }
);

export interface FunctionState {
  readonly name: string;
  readonly namespace: string;
  readonly form: "function" | "procedure";
  readonly arguments: readonly TypeUse[];
  readonly volatility: Volatility;
  readonly language: string;
  readonly body: string | null;
  /** The statement that made it. */
  readonly definition: string;
  readonly securityDefiner: boolean;
  readonly settings: readonly Option[];
  readonly bornIn: number | null;
  readonly bornAt: number | null;
}

/** The little catalogue that is replayed, statement by statement. Never changed: a statement makes another one. */
export interface World {
  readonly relations: PersistentMap<RelationId, Relation>;
  /** By `keyOf(namespace, name)`. */
  readonly relationNames: PersistentMap<string, RelationId>;
  /** How many relations have a constraint of the name, by `keyOf(namespace, name)`. */
  readonly constraintNames: PersistentMap<string, number>;
  readonly types: PersistentMap<TypeId, TypeState>;
  readonly typeNames: PersistentMap<string, TypeId>;
  /** Functions of one name, which differ in their arguments. */
  readonly functions: PersistentMap<string, readonly FunctionState[]>;
  readonly schemas: ReadonlyMap<string, { readonly bornIn: number | null }>;
  readonly extensions: ReadonlySet<string>;
  /** Extended statistics, by key: the table that they are of. */
  readonly statistics: ReadonlyMap<string, RelationId>;
  readonly searchPath: readonly string[];
  /** Settings that a statement gave a value, by lower-case name; one that was reset is not there. */
  readonly settings: ReadonlyMap<string, Setting>;
  readonly nextId: number;
  /**
   * No statement so far spoke of a relation that none had made: what is not here does not exist. Else it may.
   */
  readonly complete: boolean;
}

export interface Setting {
  readonly value: string;
  /** SET LOCAL: gone with the transaction. */
  readonly local: boolean;
  readonly at: number;
}

export function keyOf(namespace: string, name: string): string {
  return `${namespace}\u0000${name}`;
}

/** Along the search path, as the server does it; temporary relations come first. */
export function findRelation(world: World, name: ObjectName): Relation | undefined {
  if (name.namespace !== null) return relationIn(world, name.namespace, name.name);
  let found = relationIn(world, "pg_temp", name.name);
  for (let at = 0; found === undefined && at < world.searchPath.length; at += 1)
    found = relationIn(world, world.searchPath[at] ?? "", name.name);
  return found;
}

function relationIn(world: World, namespace: string, name: string): Relation | undefined {
  const id = world.relationNames.get(keyOf(namespace, name));
  return id === undefined ? undefined : world.relations.get(id);
}

export function findType(world: World, name: ObjectName): TypeState | undefined {
  const namespaces = name.namespace === null ? world.searchPath : [name.namespace];
  for (const namespace of namespaces) {
    const id = world.typeNames.get(keyOf(namespace, name.name));
    if (id !== undefined) return world.types.get(id);
  }
  return undefined;
}

export function findFunctions(world: World, name: ObjectName): readonly FunctionState[] {
  const namespaces = name.namespace === null ? world.searchPath : [name.namespace];
  return namespaces.flatMap((namespace) => world.functions.get(keyOf(namespace, name.name)) ?? []);
}

/** `schema.table`, for people and for records. */
export function showRelation(relation: Pick<Relation, "namespace" | "name">): string {
  return `${relation.namespace}.${relation.name}`;
}

/** The relation itself and all below it: heirs and partitions, each once. */
export function withDescendants(world: World, relation: Relation): readonly Relation[] {
  const found = new Map<RelationId, Relation>();
  const visit = (one: Relation): void => {
    if (found.has(one.id)) return;
    found.set(one.id, one);
    for (const child of one.children) {
      const next = world.relations.get(child);
      if (next !== undefined) visit(next);
    }
  };
  visit(relation);
  return [...found.values()];
}
