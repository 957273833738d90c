/**
 * What revisions and the configuration import: `import { defineRevision, sql, t } from "aludel"`.
 *
 * @module
 */
export {
  type BackupInput,
  type ConfigInput,
  defineConfig,
  type EnvironmentInput,
  env,
  type FilterInput,
  type SmokeCheckInput,
  type WebhookInput,
} from "./config/define.js";
export type { Code } from "./error/codes.js";
export { AludelError, type Where } from "./error/error.js";
export type { BulkValue } from "./op/op.js";
export { type ColumnBuilder, type JsonValue, type TypeBuilder, t } from "./revision/column-builder.js";
export { defineRevision } from "./revision/define-revision.js";
export type {
  AlterColumnInput,
  AttributesInput,
  CheckInput,
  ConstraintIndexInput,
  ConstraintInput,
  CreateIndexOptions,
  CreateTableOptions,
  DefineOptions,
  DomainCheckInput,
  DomainInput,
  ExcludeInput,
  ForeignKeyInput,
  IndexKeyInput,
  NameInput,
  NotNullInput,
  ObjectInput,
  Operations,
  OwnSequenceInput,
  PartitionByInput,
  PartitionOfInput,
  PolicyInput,
  PrimaryKeyInput,
  RenamesInput,
  RepeatableDefinition,
  ReplaceOptions,
  ReplicaIdentityInput,
  RevisionDefinition,
  RoutineInput,
  SequenceInput,
  StorageInput,
  TableOperations,
  TableOptionsInput,
  UniqueInput,
  UsingIndexInput,
  ValueInput,
  ViewColumnInput,
  ViewInput,
} from "./revision/operations.js";
export { type SqlText, type SqlValue, sql } from "./revision/sql-text.js";
export {
  defineSeed,
  type SeedFunction,
  type SeedOperations,
  type UpsertOptions,
} from "./seed/define-seed.js";
