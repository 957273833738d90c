import type { DialectName } from "./name.js";
import type {
  Column,
  ColumnType,
  ConstraintBase,
  Index,
  IndexKey,
  Schema,
  SchemaDraft,
  SequenceOptions,
  Table,
  TableOptions,
} from "./schema.js";

/** A schema with nothing in it. */
export function emptySchema(dialect: DialectName): Schema {
  return draftSchema(dialect);
}

/** An empty schema that its owner may fill. */
export function draftSchema(dialect: DialectName): SchemaDraft {
  return {
    dialect,
    namespaces: new Map(),
    extensions: new Map(),
    enums: new Map(),
    sequences: new Map(),
    tables: new Map(),
    views: new Map(),
    domains: new Map(),
    composites: new Map(),
    defined: new Map(),
  };
}

/** A copy that its owner may change. The objects are shared (they are immutable), the maps are not. */
export function copySchema(schema: Schema): SchemaDraft {
  return {
    dialect: schema.dialect,
    namespaces: new Map(schema.namespaces),
    extensions: new Map(schema.extensions),
    enums: new Map(schema.enums),
    sequences: new Map(schema.sequences),
    tables: new Map(schema.tables),
    views: new Map(schema.views),
    domains: new Map(schema.domains),
    composites: new Map(schema.composites),
    defined: new Map(schema.defined),
    ...(schema.home === undefined ? {} : { home: schema.home }),
    ...(schema.dependencies === undefined ? {} : { dependencies: schema.dependencies }),
    ...(schema.leftAlone === undefined ? {} : { leftAlone: schema.leftAlone }),
  };
}

/** True when the schema has no object of any kind. */
export function isEmptySchema(schema: Schema): boolean {
  return (
    schema.namespaces.size +
      schema.extensions.size +
      schema.enums.size +
      schema.sequences.size +
      schema.tables.size +
      schema.views.size +
      schema.domains.size +
      schema.composites.size +
      schema.defined.size ===
    0
  );
}

export const defaultTableOptions: TableOptions = Object.freeze({
  unlogged: false,
  tablespace: null,
  parameters: Object.freeze({}),
  strict: false,
  withoutRowid: false,
});

export const defaultSequenceOptions: SequenceOptions = Object.freeze({
  start: null,
  increment: null,
  minimum: null,
  maximum: null,
  cache: null,
  cycle: false,
});

/** A column type from its name; modifiers and dimensions where it has them. */
export function columnType(
  name: string,
  modifiers: readonly string[] = [],
  dimensions = 0,
  namespace: string | null = null,
): ColumnType {
  return { namespace, name, modifiers, dimensions };
}

/** A nullable column without a default, or with what `properties` say. */
export function column(name: string, type: ColumnType, properties: Partial<Column> = {}): Column {
  return {
    name,
    type,
    nullable: true,
    default: null,
    identity: null,
    generated: null,
    collation: null,
    comment: null,
    ...properties,
  };
}

/** The part that every constraint has. `null` leaves the name to the engine's default. */
export function constraintBase(name: string | null): ConstraintBase {
  return { name, implicitName: name === null, comment: null };
}

/** An empty table, or one with what `properties` say. */
export function table(name: string, properties: Partial<Table> = {}): Table {
  return {
    namespace: null,
    name,
    columns: [],
    constraints: [],
    indexes: [],
    policies: [],
    rowSecurity: "off",
    options: defaultTableOptions,
    comment: null,
    ...properties,
  };
}

/** One index key on a column or an expression, ascending unless `properties` say otherwise. */
export function indexKey(
  on: { readonly column: string } | { readonly expression: string },
  properties: Partial<IndexKey> = {},
): IndexKey {
  const order = properties.order ?? "asc";
  return {
    column: "column" in on ? on.column : null,
    expression: "expression" in on ? on.expression : null,
    order,
    nulls: order === "asc" ? "last" : "first",
    collation: null,
    operatorClass: null,
    ...properties,
  };
}

/** A plain btree index on the given keys, or with what `properties` say. */
export function index(name: string, keys: readonly IndexKey[], properties: Partial<Index> = {}): Index {
  return {
    name,
    unique: false,
    method: "btree",
    keys,
    include: [],
    where: null,
    nullsNotDistinct: false,
    parameters: {},
    comment: null,
    concurrently: false,
    ...properties,
  };
}
