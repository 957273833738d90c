import type { ConflictResolution } from "../schema/schema.js";
import type { SqlText } from "./sql-text.js";

/** A table's name, or with its namespace: `"persons"`, `{ schema: "billing", name: "invoices" }`. */
export type NameInput = string | { readonly schema?: string; readonly name: string };

/** A default or other value: a plain value becomes a literal, an expression is written with `` sql`now()` ``. */
export type ValueInput = string | number | bigint | boolean | null | SqlText;

/** PostgreSQL: how a column is stored and sampled (ALTER TABLE, SET STORAGE and what stands beside it). */
export interface StorageInput {
  /** `"plain"`, `"external"`, `"extended"` or `"main"`. */
  readonly strategy?: string;
  /** `"pglz"` or `"lz4"`. */
  readonly compression?: string;
  /** Statistics target. */
  readonly statistics?: number;
  /** `n_distinct`, `n_distinct_inherited`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** `start`, `increment`… as numbers, or as text beyond 2^53. */
export interface SequenceInput {
  readonly start?: number | bigint | string;
  readonly increment?: number | bigint | string;
  readonly minimum?: number | bigint | string;
  readonly maximum?: number | bigint | string;
  readonly cache?: number | bigint | string;
  readonly cycle?: boolean;
}

/** What a column's NOT NULL says beyond itself. Its name and more exist on SQLite, and from PostgreSQL 18 on. */
export interface NotNullInput {
  readonly name?: string;
  /** SQLite. */
  readonly onConflict?: ConflictResolution;
  /** PostgreSQL 18: the tables that inherit from this one need not have it. */
  readonly noInherit?: boolean;
  /** PostgreSQL 18: old rows are not checked until `op.validateConstraint`. */
  readonly notValid?: boolean;
}
