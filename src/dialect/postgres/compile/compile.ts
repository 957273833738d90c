import type { Dialect } from "../../dialect.js";
import { compileColumn } from "./column.js";
import { compileComment } from "./comment.js";
import { compileComposite } from "./composite.js";
import { compileConstraint } from "./constraint.js";
import { compileData } from "./data.js";
import { compileDefined } from "./defined.js";
import { compileDomain } from "./domain.js";
import { compileEnum } from "./enum.js";
import { compileIndex } from "./index.js";
import { compileNamespace } from "./namespace.js";
import { compilePartition } from "./partition.js";
import { compilePolicy } from "./policy.js";
import { compileSequence } from "./sequence.js";
import { compileTable } from "./table.js";
import { compileView } from "./view.js";

/** SQL of every op, for PostgreSQL 14 and later. */
export const compile: Dialect["compile"] = {
  ...compileNamespace,
  ...compileEnum,
  ...compileDomain,
  ...compileComposite,
  ...compileDefined,
  ...compileSequence,
  ...compileTable(() => compile),
  ...compilePartition,
  ...compileColumn,
  ...compileConstraint,
  ...compileIndex,
  ...compileView,
  ...compilePolicy,
  ...compileComment,
  ...compileData,
};

/**
 * These ask what was there: an alter-column for the default in its way, an identity for the tables under its own, a `serial`
 * for whether its table is logged, a comment for what kind of view it is on, rows for the types of their columns. An enum that
 * is made anew looks at everything that may stand on it, as the engine has it.
 */
export const needsSchema: Dialect["needsSchema"] = {
  "create-namespace": false,
  "drop-namespace": false,
  "set-namespace": false,
  "create-extension": false,
  "drop-extension": false,
  "alter-extension": false,
  "create-enum": false,
  "drop-enum": false,
  "rename-enum": false,
  "add-enum-value": false,
  "rename-enum-value": false,
  "replace-enum-values": "inspected",
  "create-domain": false,
  "drop-domain": false,
  "rename-domain": false,
  "alter-domain": "replayed",
  "create-composite": false,
  "drop-composite": false,
  "rename-composite": false,
  "alter-composite": "replayed",
  "create-defined": false,
  "drop-defined": false,
  "replace-defined": false,
  "attach-partition": false,
  "detach-partition": "replayed",
  "set-inheritance": "replayed",
  "attach-index": false,
  "alter-view-column": "replayed",
  "create-sequence": false,
  "drop-sequence": false,
  "rename-sequence": false,
  "alter-sequence": "replayed",
  "create-table": false,
  "drop-table": false,
  "rename-table": false,
  "alter-table-options": "replayed",
  "set-row-security": false,
  "batch-alter-table": "replayed",
  "add-column": ({ column }) => (column.identity === null && column.own === undefined ? false : "replayed"),
  "drop-column": false,
  "rename-column": false,
  "alter-column": "replayed",
  "add-constraint": false,
  "drop-constraint": false,
  "rename-constraint": false,
  "validate-constraint": false,
  "create-index": false,
  "drop-index": false,
  "rename-index": false,
  "create-view": false,
  "drop-view": false,
  "rename-view": false,
  "create-policy": false,
  "drop-policy": false,
  "set-comment": "replayed",
  execute: false,
  assert: false,
  backfill: false,
  "bulk-insert": "replayed",
};
