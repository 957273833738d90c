import type { TableAct } from "../../../../effect/act.js";
import { type LockMode, stronger } from "../../../../effect/lock.js";

/** Storage parameters that are read while the table is in use otherwise (`lockmode` in the server's reloptions.c). */
const exclusiveOptions: ReadonlySet<string> = new Set([
  "user_catalog_table",
  "security_barrier",
  "security_invoker",
  "check_option",
  "fastupdate",
  "gin_pending_list_limit",
  "buffering",
  "pages_per_range",
  "autosummarize",
]);

type Level<K extends TableAct["kind"]> =
  | LockMode
  | ((act: Extract<TableAct, { readonly kind: K }>, version: number) => LockMode);

const exclusive: LockMode = "ACCESS EXCLUSIVE";
const update: LockMode = "SHARE UPDATE EXCLUSIVE";

/** The lock that each subcommand of ALTER TABLE needs on the table (`AlterTableGetLockLevel`; manual, ALTER TABLE). */
export const lockLevels: { readonly [K in TableAct["kind"]]: Level<K> } = {
  "add-column": exclusive,
  "drop-column": exclusive,
  "set-default": exclusive,
  "drop-default": exclusive,
  "set-not-null": exclusive,
  "drop-not-null": exclusive,
  "alter-type": exclusive,
  "set-expression": exclusive,
  "drop-expression": exclusive,
  "add-identity": exclusive,
  "set-identity": exclusive,
  "drop-identity": exclusive,
  "set-statistics": update,
  "set-column-options": update,
  "set-storage": exclusive,
  "set-compression": exclusive,
  "add-constraint": ({ constraint }) =>
    constraint.kind === "foreign-key" ? "SHARE ROW EXCLUSIVE" : exclusive,
  "validate-constraint": update,
  "alter-constraint": exclusive,
  "drop-constraint": exclusive,
  "set-options": ({ options }) =>
    options.some(({ name }) => exclusiveOptions.has(name)) ? exclusive : update,
  "set-logged": exclusive,
  "set-tablespace": exclusive,
  "set-access-method": exclusive,
  "cluster-on": update,
  "replica-identity": exclusive,
  inherit: exclusive,
  "of-type": exclusive,
  "row-security": exclusive,
  "set-trigger": "SHARE ROW EXCLUSIVE",
  "set-rule": exclusive,
  "attach-partition": (_, version) => (version >= 12 ? update : exclusive),
  "detach-partition": ({ concurrently, finalize }) => (concurrently || finalize ? update : exclusive),
  "attach-index": "ACCESS SHARE",
  "set-table-owner": exclusive,
  "alter-table-other": exclusive,
};

export function lockLevel(act: TableAct, version: number): LockMode {
  const level = lockLevels[act.kind] as Level<TableAct["kind"]>;
  return typeof level === "function" ? level(act as never, version) : level;
}

/** One ALTER TABLE takes the strongest of its subcommands' locks, for all of them. */
export function statementLevel(acts: readonly TableAct[], version: number): LockMode {
  return acts.map((act) => lockLevel(act, version)).reduce(stronger, "ACCESS SHARE");
}
