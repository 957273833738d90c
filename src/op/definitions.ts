import { batchDefinitions } from "./batch.js";
import { columnDefinitions } from "./column.js";
import { commentDefinitions } from "./comment.js";
import { constraintDefinitions } from "./constraint.js";
import { dataDefinitions } from "./data.js";
import { enumDefinitions } from "./enum.js";
import { extensionDefinitions } from "./extension.js";
import { indexDefinitions } from "./index.js";
import { namespaceDefinitions } from "./namespace.js";
import type { OpDefinitions } from "./op.js";
import { policyDefinitions } from "./policy.js";
import { sequenceDefinitions } from "./sequence.js";
import { tableDefinitions } from "./table.js";
import { viewDefinitions } from "./view.js";

/** What every kind of op means. Total: a kind without a definition does not build. */
export const definitions: OpDefinitions = {
  ...namespaceDefinitions,
  ...extensionDefinitions,
  ...enumDefinitions,
  ...sequenceDefinitions,
  ...tableDefinitions,
  ...batchDefinitions,
  ...columnDefinitions,
  ...constraintDefinitions,
  ...indexDefinitions,
  ...viewDefinitions,
  ...policyDefinitions,
  ...commentDefinitions,
  ...dataDefinitions,
};
