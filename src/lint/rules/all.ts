// Written by `node scripts/rules.mjs` from the files of this folder.
import type { Rule } from "../rule.js";
import { rule as badTimeout } from "./bad-timeout.js";
import { rule as cachedPlan } from "./cached-plan.js";
import { rule as defaultChanged } from "./default-changed.js";
import { rule as dropCascade } from "./drop-cascade.js";
import { rule as dropColumn } from "./drop-column.js";
import { rule as dropColumnLosesKey } from "./drop-column-loses-key.js";
import { rule as dropConstraint } from "./drop-constraint.js";
import { rule as dropDatabase } from "./drop-database.js";
import { rule as dropIndex } from "./drop-index.js";
import { rule as dropNotNull } from "./drop-not-null.js";
import { rule as dropObject } from "./drop-object.js";
import { rule as dropSchema } from "./drop-schema.js";
import { rule as dropTable } from "./drop-table.js";
import { rule as enumValueRemoved } from "./enum-value-removed.js";
import { rule as extensionUpdate } from "./extension-update.js";
import { rule as indexNotConcurrent } from "./index-not-concurrent.js";
import { rule as misleadingIfNotExists } from "./misleading-if-not-exists.js";
import { rule as missingIdleTimeout } from "./missing-idle-timeout.js";
import { rule as missingLockTimeout } from "./missing-lock-timeout.js";
import { rule as missingStatementTimeout } from "./missing-statement-timeout.js";
import { rule as mixedTransactional } from "./mixed-transactional.js";
import { rule as nestedTransaction } from "./nested-transaction.js";
import { rule as notAnalysed } from "./not-analysed.js";
import { rule as notRerunnable } from "./not-rerunnable.js";
import { rule as recreateTable } from "./recreate-table.js";
import { rule as renameColumn } from "./rename-column.js";
import { rule as renameEnumValue } from "./rename-enum-value.js";
import { rule as renameSchema } from "./rename-schema.js";
import { rule as renameTable } from "./rename-table.js";
import { rule as replicaIdentity } from "./replica-identity.js";
import { rule as sessionLeak } from "./session-leak.js";
import { rule as setNotNull } from "./set-not-null.js";
import { rule as suppressionWithoutReason } from "./suppression-without-reason.js";
import { rule as syntaxError } from "./syntax-error.js";
import { rule as tagWithoutApprover } from "./tag-without-approver.js";
import { rule as tagWithoutReason } from "./tag-without-reason.js";
import { rule as tightenedConstraint } from "./tightened-constraint.js";
import { rule as truncate } from "./truncate.js";
import { rule as truncateCascade } from "./truncate-cascade.js";
import { rule as uncommittedTransaction } from "./uncommitted-transaction.js";
import { rule as unknownSuppression } from "./unknown-suppression.js";
import { rule as unknownTag } from "./unknown-tag.js";
import { rule as unusedSuppression } from "./unused-suppression.js";
import { rule as unusedTag } from "./unused-tag.js";

export const rules: readonly Rule[] = [
  badTimeout,
  cachedPlan,
  defaultChanged,
  dropCascade,
  dropColumn,
  dropColumnLosesKey,
  dropConstraint,
  dropDatabase,
  dropIndex,
  dropNotNull,
  dropObject,
  dropSchema,
  dropTable,
  enumValueRemoved,
  extensionUpdate,
  indexNotConcurrent,
  misleadingIfNotExists,
  missingIdleTimeout,
  missingLockTimeout,
  missingStatementTimeout,
  mixedTransactional,
  nestedTransaction,
  notAnalysed,
  notRerunnable,
  recreateTable,
  renameColumn,
  renameEnumValue,
  renameSchema,
  renameTable,
  replicaIdentity,
  sessionLeak,
  setNotNull,
  suppressionWithoutReason,
  syntaxError,
  tagWithoutApprover,
  tagWithoutReason,
  tightenedConstraint,
  truncate,
  truncateCascade,
  uncommittedTransaction,
  unknownSuppression,
  unknownTag,
  unusedSuppression,
  unusedTag,
];
