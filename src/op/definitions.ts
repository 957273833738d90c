import { batchDefinitions } from "./batch.js";
import { columnDefinitions } from "./column.js";
import { commentDefinitions } from "./comment.js";
import { compositeDefinitions } from "./composite.js";
import { constraintDefinitions } from "./constraint.js";
import { dataDefinitions } from "./data.js";
import { definedDefinitions } from "./defined.js";
import { domainDefinitions } from "./domain.js";
import { enumDefinitions } from "./enum.js";
import { extensionDefinitions } from "./extension.js";
import { indexDefinitions } from "./index.js";
import { namespaceDefinitions } from "./namespace.js";
import type { OpDefinitions } from "./op.js";
import { partitionDefinitions } from "./partition.js";
import { policyDefinitions } from "./policy.js";
import { sequenceDefinitions } from "./sequence.js";
import { setNamespaceDefinitions } from "./set-namespace.js";
import { tableDefinitions } from "./table.js";
import { viewDefinitions } from "./view.js";

/** What every kind of op means. Total: a kind without a definition does not build. */
export const definitions: OpDefinitions = {
  ...namespaceDefinitions,
  ...setNamespaceDefinitions,
  ...extensionDefinitions,
  ...enumDefinitions,
  ...domainDefinitions,
  ...compositeDefinitions,
  ...definedDefinitions,
  ...sequenceDefinitions,
  ...tableDefinitions,
  ...batchDefinitions,
  ...partitionDefinitions,
  ...columnDefinitions,
  ...constraintDefinitions,
  ...indexDefinitions,
  ...viewDefinitions,
  ...policyDefinitions,
  ...commentDefinitions,
  ...dataDefinitions,
};
