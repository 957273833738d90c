// Written by `node scripts/rules.mjs` from the files of this folder.
import type { Rule } from "../rule.js";
import { rule as addColumnCheck } from "./add-column-check.js";
import { rule as addColumnReferences } from "./add-column-references.js";
import { rule as addColumnRefused } from "./add-column-refused.js";
import { rule as addColumnWithKey } from "./add-column-with-key.js";
import { rule as addConstrainedDomainColumn } from "./add-constrained-domain-column.js";
import { rule as addExclusionConstraint } from "./add-exclusion-constraint.js";
import { rule as addIdentityColumn } from "./add-identity-column.js";
import { rule as addPrimaryKey } from "./add-primary-key.js";
import { rule as addRequiredColumn } from "./add-required-column.js";
import { rule as addStoredGeneratedColumn } from "./add-stored-generated-column.js";
import { rule as addUniqueConstraint } from "./add-unique-constraint.js";
import { rule as alterTableTooNew } from "./alter-table-too-new.js";
import { rule as attachPartition } from "./attach-partition.js";
import { rule as autovacuumOff } from "./autovacuum-off.js";
import { rule as badTimeout } from "./bad-timeout.js";
import { rule as cachedPlan } from "./cached-plan.js";
import { rule as charColumn } from "./char-column.js";
import { rule as checkWithoutNotValid } from "./check-without-not-valid.js";
import { rule as collationChange } from "./collation-change.js";
import { rule as columnPadding } from "./column-padding.js";
import { rule as concurrentIndexIfNotExists } from "./concurrent-index-if-not-exists.js";
import { rule as concurrentIndexOn14 } from "./concurrent-index-on-14.js";
import { rule as concurrentlyInTransaction } from "./concurrently-in-transaction.js";
import { rule as constrainedDomain } from "./constrained-domain.js";
import { rule as constraintOverExistingRows } from "./constraint-over-existing-rows.js";
import { rule as createPartitionOf } from "./create-partition-of.js";
import { rule as dataChangeNotRepeatable } from "./data-change-not-repeatable.js";
import { rule as dataInSchemaChange } from "./data-in-schema-change.js";
import { rule as defaultChanged } from "./default-changed.js";
import { rule as defaultPartitionScan } from "./default-partition-scan.js";
import { rule as deleteWithoutWhere } from "./delete-without-where.js";
import { rule as detachNotConcurrent } from "./detach-not-concurrent.js";
import { rule as disableTrigger } from "./disable-trigger.js";
import { rule as domainConstraint } from "./domain-constraint.js";
import { rule as doubleQuotedString } from "./double-quoted-string.js";
import { rule as downgradeWithoutReason } from "./downgrade-without-reason.js";
import { rule as dropCascade } from "./drop-cascade.js";
import { rule as dropColumn } from "./drop-column.js";
import { rule as dropColumnLosesKey } from "./drop-column-loses-key.js";
import { rule as dropColumnRefused } from "./drop-column-refused.js";
import { rule as dropConstraint } from "./drop-constraint.js";
import { rule as dropDatabase } from "./drop-database.js";
import { rule as dropIndex } from "./drop-index.js";
import { rule as dropIndexNotConcurrent } from "./drop-index-not-concurrent.js";
import { rule as dropNotNull } from "./drop-not-null.js";
import { rule as dropObject } from "./drop-object.js";
import { rule as dropSchema } from "./drop-schema.js";
import { rule as dropTable } from "./drop-table.js";
import { rule as duplicateColumn } from "./duplicate-column.js";
import { rule as dynamicSql } from "./dynamic-sql.js";
import { rule as emptyDowngrade } from "./empty-downgrade.js";
import { rule as emptyRevision } from "./empty-revision.js";
import { rule as enumType } from "./enum-type.js";
import { rule as enumValueOrder } from "./enum-value-order.js";
import { rule as enumValueRemoved } from "./enum-value-removed.js";
import { rule as enumValueUsedAtOnce } from "./enum-value-used-at-once.js";
import { rule as explicitLock } from "./explicit-lock.js";
import { rule as extensionUpdate } from "./extension-update.js";
import { rule as floatForMoney } from "./float-for-money.js";
import { rule as foreignKeyOnNewTable } from "./foreign-key-on-new-table.js";
import { rule as foreignKeyTypeMismatch } from "./foreign-key-type-mismatch.js";
import { rule as foreignKeyWithoutIndex } from "./foreign-key-without-index.js";
import { rule as foreignKeyWithoutNotValid } from "./foreign-key-without-not-valid.js";
import { rule as foreignKeyWithoutOnDelete } from "./foreign-key-without-on-delete.js";
import { rule as foreignKeysPragmaInTransaction } from "./foreign-keys-pragma-in-transaction.js";
import { rule as grantChange } from "./grant-change.js";
import { rule as identifierTooLong } from "./identifier-too-long.js";
import { rule as importsApplication } from "./imports-application.js";
import { rule as indexNotConcurrent } from "./index-not-concurrent.js";
import { rule as indexOnPartitionedTable } from "./index-on-partitioned-table.js";
import { rule as insertIntoGeneratedColumn } from "./insert-into-generated-column.js";
import { rule as insertWithoutColumns } from "./insert-without-columns.js";
import { rule as jsonColumn } from "./json-column.js";
import { rule as legacyAlterTableLeftOn } from "./legacy-alter-table-left-on.js";
import { rule as locksOtherTable } from "./locks-other-table.js";
import { rule as mergeAlterTable } from "./merge-alter-table.js";
import { rule as misleadingIfNotExists } from "./misleading-if-not-exists.js";
import { rule as missingIdleTimeout } from "./missing-idle-timeout.js";
import { rule as missingLockTimeout } from "./missing-lock-timeout.js";
import { rule as missingStatementTimeout } from "./missing-statement-timeout.js";
import { rule as mixedTransactional } from "./mixed-transactional.js";
import { rule as moneyType } from "./money-type.js";
import { rule as narrowingTypeChange } from "./narrowing-type-change.js";
import { rule as nestedTransaction } from "./nested-transaction.js";
import { rule as neverValidated } from "./never-validated.js";
import { rule as noPrimaryKey } from "./no-primary-key.js";
import { rule as notAnalysed } from "./not-analysed.js";
import { rule as notNullOverNulls } from "./not-null-over-nulls.js";
import { rule as notRerunnable } from "./not-rerunnable.js";
import { rule as onDeleteCascade } from "./on-delete-cascade.js";
import { rule as oneActionPerAlter } from "./one-action-per-alter.js";
import { rule as overdueObligation } from "./overdue-obligation.js";
import { rule as phaseContradicted } from "./phase-contradicted.js";
import { rule as primaryKeyOnNullable } from "./primary-key-on-nullable.js";
import { rule as quotedIdentifier } from "./quoted-identifier.js";
import { rule as rebuildChangesCollation } from "./rebuild-changes-collation.js";
import { rule as rebuildChangesValues } from "./rebuild-changes-values.js";
import { rule as rebuildCopiesNull } from "./rebuild-copies-null.js";
import { rule as rebuildDropsIndexes } from "./rebuild-drops-indexes.js";
import { rule as rebuildLocksDatabase } from "./rebuild-locks-database.js";
import { rule as rebuildLosesAutoincrement } from "./rebuild-loses-autoincrement.js";
import { rule as rebuildRenamesOldFirst } from "./rebuild-renames-old-first.js";
import { rule as rebuildRenumbersRows } from "./rebuild-renumbers-rows.js";
import { rule as rebuildUnderViewOrTrigger } from "./rebuild-under-view-or-trigger.js";
import { rule as rebuildWithForeignKeysOn } from "./rebuild-with-foreign-keys-on.js";
import { rule as rebuildWithoutForeignKeyCheck } from "./rebuild-without-foreign-key-check.js";
import { rule as rebuildWithoutRowid } from "./rebuild-without-rowid.js";
import { rule as recreateTable } from "./recreate-table.js";
import { rule as redundantIndex } from "./redundant-index.js";
import { rule as refreshNotConcurrent } from "./refresh-not-concurrent.js";
import { rule as reindexNotConcurrent } from "./reindex-not-concurrent.js";
import { rule as renameColumn } from "./rename-column.js";
import { rule as renameEnumValue } from "./rename-enum-value.js";
import { rule as renameIndexLock } from "./rename-index-lock.js";
import { rule as renameOverBrokenView } from "./rename-over-broken-view.js";
import { rule as renameSchema } from "./rename-schema.js";
import { rule as renameTable } from "./rename-table.js";
import { rule as replaceIndexDropFirst } from "./replace-index-drop-first.js";
import { rule as replacePrimaryKey } from "./replace-primary-key.js";
import { rule as replicaIdentity } from "./replica-identity.js";
import { rule as rowSecurityWeakened } from "./row-security-weakened.js";
import { rule as rowSecurityWithoutPolicy } from "./row-security-without-policy.js";
import { rule as securityDefinerSearchPath } from "./security-definer-search-path.js";
import { rule as serialColumn } from "./serial-column.js";
import { rule as sessionLeak } from "./session-leak.js";
import { rule as setAccessMethod } from "./set-access-method.js";
import { rule as setExpression } from "./set-expression.js";
import { rule as setLogged } from "./set-logged.js";
import { rule as setNotNull } from "./set-not-null.js";
import { rule as setTablespace } from "./set-tablespace.js";
import { rule as shareUpdateExclusive } from "./share-update-exclusive.js";
import { rule as smallKey } from "./small-key.js";
import { rule as suppressionWithoutReason } from "./suppression-without-reason.js";
import { rule as syntaxError } from "./syntax-error.js";
import { rule as tagWithoutApprover } from "./tag-without-approver.js";
import { rule as tagWithoutReason } from "./tag-without-reason.js";
import { rule as tightenedConstraint } from "./tightened-constraint.js";
import { rule as timestampRounded } from "./timestamp-rounded.js";
import { rule as timestampWithoutTimeZone } from "./timestamp-without-time-zone.js";
import { rule as triggerLock } from "./trigger-lock.js";
import { rule as truncate } from "./truncate.js";
import { rule as truncateCascade } from "./truncate-cascade.js";
import { rule as typeChangeOfUsedColumn } from "./type-change-of-used-column.js";
import { rule as typeChangeRewrite } from "./type-change-rewrite.js";
import { rule as typeChangeScan } from "./type-change-scan.js";
import { rule as typeChangeStatistics } from "./type-change-statistics.js";
import { rule as typeChangeTimeZone } from "./type-change-time-zone.js";
import { rule as uncommittedTransaction } from "./uncommitted-transaction.js";
import { rule as uniqueOverExistingRows } from "./unique-over-existing-rows.js";
import { rule as unknownSuppression } from "./unknown-suppression.js";
import { rule as unknownTag } from "./unknown-tag.js";
import { rule as unloggedTable } from "./unlogged-table.js";
import { rule as unnamedConcurrentIndex } from "./unnamed-concurrent-index.js";
import { rule as unnamedConstraint } from "./unnamed-constraint.js";
import { rule as unqualifiedName } from "./unqualified-name.js";
import { rule as unsupportedByServer } from "./unsupported-by-server.js";
import { rule as unusedSuppression } from "./unused-suppression.js";
import { rule as unusedTag } from "./unused-tag.js";
import { rule as updateWithoutWhere } from "./update-without-where.js";
import { rule as vacuumFull } from "./vacuum-full.js";
import { rule as vagueMessage } from "./vague-message.js";
import { rule as validateInSameTransaction } from "./validate-in-same-transaction.js";
import { rule as varcharColumn } from "./varchar-column.js";
import { rule as volatileDefault } from "./volatile-default.js";
import { rule as wideGrant } from "./wide-grant.js";
import { rule as wideIndex } from "./wide-index.js";
import { rule as wideLockWindow } from "./wide-lock-window.js";
import { rule as workWhileLocked } from "./work-while-locked.js";

export const rules: readonly Rule[] = [
  addColumnCheck,
  addColumnReferences,
  addColumnRefused,
  addColumnWithKey,
  addConstrainedDomainColumn,
  addExclusionConstraint,
  addIdentityColumn,
  addPrimaryKey,
  addRequiredColumn,
  addStoredGeneratedColumn,
  addUniqueConstraint,
  alterTableTooNew,
  attachPartition,
  autovacuumOff,
  badTimeout,
  cachedPlan,
  charColumn,
  checkWithoutNotValid,
  collationChange,
  columnPadding,
  concurrentIndexIfNotExists,
  concurrentIndexOn14,
  concurrentlyInTransaction,
  constrainedDomain,
  constraintOverExistingRows,
  createPartitionOf,
  dataChangeNotRepeatable,
  dataInSchemaChange,
  defaultChanged,
  defaultPartitionScan,
  deleteWithoutWhere,
  detachNotConcurrent,
  disableTrigger,
  domainConstraint,
  doubleQuotedString,
  downgradeWithoutReason,
  dropCascade,
  dropColumn,
  dropColumnLosesKey,
  dropColumnRefused,
  dropConstraint,
  dropDatabase,
  dropIndex,
  dropIndexNotConcurrent,
  dropNotNull,
  dropObject,
  dropSchema,
  dropTable,
  duplicateColumn,
  dynamicSql,
  emptyDowngrade,
  emptyRevision,
  enumType,
  enumValueOrder,
  enumValueRemoved,
  enumValueUsedAtOnce,
  explicitLock,
  extensionUpdate,
  floatForMoney,
  foreignKeyOnNewTable,
  foreignKeyTypeMismatch,
  foreignKeyWithoutIndex,
  foreignKeyWithoutNotValid,
  foreignKeyWithoutOnDelete,
  foreignKeysPragmaInTransaction,
  grantChange,
  identifierTooLong,
  importsApplication,
  indexNotConcurrent,
  indexOnPartitionedTable,
  insertIntoGeneratedColumn,
  insertWithoutColumns,
  jsonColumn,
  legacyAlterTableLeftOn,
  locksOtherTable,
  mergeAlterTable,
  misleadingIfNotExists,
  missingIdleTimeout,
  missingLockTimeout,
  missingStatementTimeout,
  mixedTransactional,
  moneyType,
  narrowingTypeChange,
  nestedTransaction,
  neverValidated,
  noPrimaryKey,
  notAnalysed,
  notNullOverNulls,
  notRerunnable,
  onDeleteCascade,
  oneActionPerAlter,
  overdueObligation,
  phaseContradicted,
  primaryKeyOnNullable,
  quotedIdentifier,
  rebuildChangesCollation,
  rebuildChangesValues,
  rebuildCopiesNull,
  rebuildDropsIndexes,
  rebuildLocksDatabase,
  rebuildLosesAutoincrement,
  rebuildRenamesOldFirst,
  rebuildRenumbersRows,
  rebuildUnderViewOrTrigger,
  rebuildWithForeignKeysOn,
  rebuildWithoutForeignKeyCheck,
  rebuildWithoutRowid,
  recreateTable,
  redundantIndex,
  refreshNotConcurrent,
  reindexNotConcurrent,
  renameColumn,
  renameEnumValue,
  renameIndexLock,
  renameOverBrokenView,
  renameSchema,
  renameTable,
  replaceIndexDropFirst,
  replacePrimaryKey,
  replicaIdentity,
  rowSecurityWeakened,
  rowSecurityWithoutPolicy,
  securityDefinerSearchPath,
  serialColumn,
  sessionLeak,
  setAccessMethod,
  setExpression,
  setLogged,
  setNotNull,
  setTablespace,
  shareUpdateExclusive,
  smallKey,
  suppressionWithoutReason,
  syntaxError,
  tagWithoutApprover,
  tagWithoutReason,
  tightenedConstraint,
  timestampRounded,
  timestampWithoutTimeZone,
  triggerLock,
  truncate,
  truncateCascade,
  typeChangeOfUsedColumn,
  typeChangeRewrite,
  typeChangeScan,
  typeChangeStatistics,
  typeChangeTimeZone,
  uncommittedTransaction,
  uniqueOverExistingRows,
  unknownSuppression,
  unknownTag,
  unloggedTable,
  unnamedConcurrentIndex,
  unnamedConstraint,
  unqualifiedName,
  unsupportedByServer,
  unusedSuppression,
  unusedTag,
  updateWithoutWhere,
  vacuumFull,
  vagueMessage,
  validateInSameTransaction,
  varcharColumn,
  volatileDefault,
  wideGrant,
  wideIndex,
  wideLockWindow,
  workWhileLocked,
];
