/**
 * What is used of Drizzle's objects, as structure: one description for the releases 0.36 to 0.45 and 1.0. Properties
 * that only some releases have are optional. Values enter these types in `collect.ts` and `library.ts` alone.
 */
export interface SqlText {
  toQuery(configuration: QueryConfiguration): { readonly sql: string };
}

/** How Drizzle is told to spell the chunks of an `` sql`…` ``. */
export interface QueryConfiguration {
  readonly casing: { getColumnCasing(column: ColumnModel): string };
  escapeName(name: string): string;
  escapeParam(position: number, value: unknown): string;
  escapeString(text: string): string;
  /** `indexes` makes Drizzle write columns without their table. */
  readonly invokeSource?: "indexes";
  readonly paramStartIndex: { value: number };
  /** 1.0: what is done to a value of a column before it becomes a parameter. */
  readonly codecs: {
    codecsOf(encoder: unknown): {
      readonly normalizeParam: (value: unknown, dimensions?: number) => unknown;
    };
  };
}

export interface SequenceConfiguration {
  readonly startWith?: number | string | bigint;
  readonly increment?: number | string | bigint;
  readonly minValue?: number | string | bigint;
  readonly maxValue?: number | string | bigint;
  readonly cache?: number | string | bigint;
  readonly cycle?: boolean;
}

export interface ColumnModel {
  readonly name: string;
  /** The name is the key in the models, because none was given. */
  readonly keyAsName?: boolean;
  readonly notNull: boolean;
  readonly primary: boolean;
  readonly default: unknown;
  readonly isUnique: boolean;
  readonly uniqueName?: string | undefined;
  readonly uniqueType?: string | undefined;
  readonly table: TableModel;
  readonly generated?: { readonly as: unknown; readonly mode?: "stored" | "virtual" } | undefined;
  readonly generatedIdentity?:
    | {
        readonly type: "always" | "byDefault";
        readonly sequenceName?: string;
        readonly sequenceOptions?: SequenceConfiguration;
      }
    | undefined;
  readonly enum?: EnumModel;
  /** 0.x: the elements of an array. */
  readonly baseColumn?: ColumnModel;
  /** 1.0: how often `.array()` was called; 0.x: the length of a vector. */
  readonly dimensions?: number;
  readonly autoIncrement?: boolean;
  getSQLType(): string;
  mapToDriverValue(value: unknown): unknown;
}

export interface EnumModel {
  readonly enumName: string;
  readonly enumValues: readonly string[];
  readonly schema?: string | undefined;
}

export interface SequenceModel {
  readonly seqName: string | undefined;
  readonly seqOptions?: SequenceConfiguration | undefined;
  readonly schema?: string | undefined;
}

export interface NamespaceModel {
  readonly schemaName: string;
}

export interface PolicyModel {
  readonly name: string;
  readonly as?: string;
  readonly for?: string;
  readonly to?: RoleModel | readonly RoleModel[];
  readonly using?: unknown;
  readonly withCheck?: unknown;
  readonly _linkedTable?: TableModel;
}

export type RoleModel = string | { readonly name: string };

export interface TableModel {
  readonly [symbol: symbol]: unknown;
}

/** A key of an index as PostgreSQL's builder leaves it; a plain column where SQLite's does. */
export interface IndexColumnModel {
  readonly name?: string;
  readonly keyAsName?: boolean;
  readonly indexConfig?: {
    readonly order?: "asc" | "desc";
    readonly nulls?: "first" | "last";
    readonly opClass?: string;
  };
}

export interface IndexModel {
  readonly config: {
    readonly name?: string | undefined;
    readonly columns: readonly unknown[];
    readonly unique: boolean;
    readonly method?: string;
    readonly concurrently?: boolean;
    readonly with?: Readonly<Record<string, unknown>>;
    readonly where?: unknown;
  };
}

export interface ForeignKeyModel {
  readonly reference: () => {
    readonly name?: string | undefined;
    readonly columns: readonly ColumnModel[];
    readonly foreignTable: TableModel;
    readonly foreignColumns: readonly ColumnModel[];
  };
  readonly onDelete?: string | undefined;
  readonly onUpdate?: string | undefined;
}

export interface PrimaryKeyModel {
  readonly columns: readonly ColumnModel[];
  readonly name?: string | undefined;
}

export interface UniqueModel {
  readonly columns: readonly ColumnModel[];
  readonly name?: string | undefined;
  /** 1.0 only. */
  readonly isNameExplicit?: boolean;
  readonly nullsNotDistinct?: boolean;
}

export interface CheckModel {
  readonly name: string;
  readonly value: unknown;
}

/** What `getTableConfig` gives. */
export interface TableConfiguration {
  readonly name: string;
  readonly schema?: string | undefined;
  readonly columns: readonly ColumnModel[];
  readonly indexes: readonly IndexModel[];
  readonly foreignKeys: readonly ForeignKeyModel[];
  readonly primaryKeys: readonly PrimaryKeyModel[];
  readonly uniqueConstraints: readonly UniqueModel[];
  readonly checks?: readonly CheckModel[];
  readonly policies?: readonly PolicyModel[];
  readonly enableRLS?: boolean;
}

/** What `getViewConfig` and `getMaterializedViewConfig` give. */
export interface ViewConfiguration {
  readonly name: string;
  readonly schema?: string | undefined;
  readonly query?: unknown;
  readonly isExisting: boolean;
  readonly with?: Readonly<Record<string, unknown>> | undefined;
  readonly using?: string | undefined;
  readonly tablespace?: string | undefined;
  readonly withNoData?: boolean | undefined;
}
