import type { Contradiction } from "../schema/contradiction.js";
import type { DialectName, ObjectName } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";

/** What models can be written with. */
export const sourceNames = ["drizzle", "sql"] as const;
export type SourceName = (typeof sourceNames)[number];

/** What a source has no words for. It is then left as it is in the database, never dropped. */
export type Unsaid =
  | "comment"
  | "extension"
  | "exclude"
  | "collation"
  /** INCLUDE columns of indexes, primary keys and uniques. */
  | "include"
  /** DEFERRABLE and INITIALLY DEFERRED. */
  | "deferral"
  /** MATCH FULL. */
  | "match"
  /** NOT VALID, NO INHERIT, NOT ENFORCED. */
  | "validity"
  /** SET NULL and SET DEFAULT of some columns of a foreign key. */
  | "set-columns"
  /** WITHOUT OVERLAPS and PERIOD. */
  | "temporal"
  /** Storage strategy, compression, statistics target and attribute options of columns. */
  | "column-storage"
  /** Tablespace, statistics and parameters of operator classes of indexes; all of the index under a key. */
  | "index-storage"
  /** UNLOGGED of sequences. */
  | "sequence-logging"
  /** Of the sequence behind an identity or `serial` column: its type and UNLOGGED. */
  | "own-sequence"
  /** Clustering and replica identity of materialised views, and what columns of views have beyond the query. */
  | "view-options"
  /** UNLOGGED, tablespace, access method, storage parameters, clustering and replica identity of tables. */
  | "table-options"
  /** STRICT and WITHOUT ROWID. */
  | "row-storage"
  | "index-parameters"
  /** Indexes of materialised views. */
  | "view-index"
  /** OWNED BY of sequences. */
  | "sequence-owner"
  /** FORCE ROW LEVEL SECURITY. */
  | "forced-row-security"
  /** NULLS NOT DISTINCT of indexes. */
  | "index-nulls"
  | "domain"
  /** Composite types. */
  | "composite"
  /** Functions, triggers and every other object that is known by its statement. */
  | "defined"
  /** Namespaces with no table, enum, sequence or view in them: they are there for functions, which no model has. */
  | "empty-namespace";

export interface ReadOptions {
  /** The project's folder: relative paths start here, and the user's packages are resolved from here. */
  readonly root: string;
  /** Absolute paths of the models' files, at least one. */
  readonly files: readonly string[];
  /** The engine that the configuration or the URL named; `null` lets the models decide. */
  readonly dialect: DialectName | null;
  /**
   * Drizzle before 1.0: how columns without a name of their own are named after their keys. When absent, the
   * project's `drizzle.config.*` is asked.
   */
  readonly casing?: "snake_case" | "camelCase";
  /** Opens a scratch database; for sources that must load SQL to read it. */
  readonly openScratch: () => Promise<import("../dialect/dialect.js").Scratch>;
  /** Told of what stands twice in the models and differs, so that reading goes on; else reading fails there. */
  readonly contradict?: (found: Contradiction) => void;
}

/** A place in a file. */
export interface SourcePlace {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Models → schema. The result is normalised by the dialect. */
export interface Source {
  readonly name: SourceName;
  /** What these models cannot say. */
  readonly unsaid: readonly Unsaid[];
  /** True when these files look like this source's (by their ending and imports; nothing is run). */
  recognizes(files: readonly string[]): Promise<boolean>;
  /**
   * @throws AludelError `models-empty` with the list of files, `models-unloadable`, or `models-unreadable` naming
   * table and column; all findings at once in `details`.
   */
  read(options: ReadOptions): Promise<Schema>;
  /** A plain index as it stands in these models, for messages: text to be put there by hand. */
  indexText(
    files: readonly string[],
    table: ObjectName,
    index: { readonly name: string; readonly columns: readonly string[] },
  ): Promise<string>;
  /**
   * Where an object or its part is written down, every place that may be it; for messages. Absent for sources whose
   * reading says the place itself.
   */
  locate?(
    files: readonly string[],
    what: readonly Contradiction[],
  ): Promise<readonly (readonly SourcePlace[])[]>;
}
