import type { AlterTableCmd, AlterTableStmt, Node } from "libpg-query";
import type { Act, TableAct } from "../../../../effect/act.js";
import type { OnTable } from "../../../../effect/act-table.js";
import { readColumn, readIdentity } from "./column.js";
import { readConstraint } from "./constraint.js";
import { readExpression, readOptional } from "./expression.js";
import { optionsOf, qualified, rangeName, strings, typeNameOf, valueText } from "./node.js";
import { readBound } from "./partition.js";
import type { StatementText } from "./statement-text.js";
import { readType } from "./type.js";

const objects: Readonly<Record<string, OnTable["on"]>> = {
  OBJECT_TABLE: "table",
  OBJECT_INDEX: "index",
  OBJECT_VIEW: "view",
  OBJECT_MATVIEW: "materialized-view",
  OBJECT_SEQUENCE: "sequence",
  OBJECT_FOREIGN_TABLE: "foreign-table",
};

interface Context {
  readonly on: OnTable;
  readonly text: StatementText;
}

type Reader = (command: AlterTableCmd, context: Context) => TableAct | null;

/** A subcommand that names a column, or a constraint, and says no more. */
function column(
  kind: "drop-default" | "set-not-null" | "drop-not-null" | "set-identity" | "set-statistics",
): Reader {
  return ({ name = "" }, { on }) => ({ kind, ...on, column: name });
}

function trigger(state: Act<"set-trigger">["state"], which: "one" | "all" | "users" = "one"): Reader {
  return ({ name }, { on }) => ({
    kind: "set-trigger",
    ...on,
    trigger: which === "one" ? (name ?? null) : null,
    users: which === "users",
    state,
  });
}

function rowSecurity(change: Act<"row-security">["change"]): Reader {
  return (_, { on }) => ({ kind: "row-security", ...on, change });
}

function rule(enable: boolean): Reader {
  return ({ name = "" }, { on }) => ({ kind: "set-rule", ...on, rule: name, enable });
}

function logged(value: boolean): Reader {
  return (_, { on }) => ({ kind: "set-logged", ...on, logged: value });
}

function list(node: Node | undefined): readonly Node[] {
  return node !== undefined && "List" in node ? (node.List.items ?? []) : [];
}

function options(kind: "set-options" | "set-column-options", reset: boolean): Reader {
  return ({ name = "", def }, { on }) =>
    kind === "set-options"
      ? { kind, ...on, options: optionsOf(list(def)), reset }
      : { kind, ...on, column: name, options: optionsOf(list(def)), reset };
}

const readAlterType: Reader = ({ name = "", def }, { on, text }) => {
  if (def === undefined || !("ColumnDef" in def)) return null;
  const { typeName, raw_default: using, collClause } = def.ColumnDef;
  const collation = strings(collClause?.collname);
  return {
    kind: "alter-type",
    ...on,
    column: name,
    type: readType(typeName),
    using: readOptional(using, text),
    collation: collation.length === 0 ? null : qualified(collation),
  };
};

const readAlterConstraint: Reader = ({ def }, { on }) => {
  if (def === undefined || !("ATAlterConstraint" in def)) return null;
  const { conname = "", ...changes } = def.ATAlterConstraint;
  return {
    kind: "alter-constraint",
    ...on,
    constraint: conname,
    deferrable: changes.alterDeferrability ? (changes.deferrable ?? false) : null,
    enforced: changes.alterEnforceability ? (changes.is_enforced ?? false) : null,
    inherit: changes.alterInheritability ? !(changes.noinherit ?? false) : null,
  };
};

const readReplicaIdentity: Reader = ({ def }, { on }) => {
  if (def === undefined || !("ReplicaIdentityStmt" in def)) return null;
  const { identity_type: type, name = "" } = def.ReplicaIdentityStmt;
  const plain = { d: "default", f: "full", n: "nothing" } as const;
  const identity = type === "d" || type === "f" || type === "n" ? plain[type] : { index: name };
  return { kind: "replica-identity", ...on, identity };
};

function inherit(remove: boolean): Reader {
  return ({ def }, { on }) =>
    def !== undefined && "RangeVar" in def
      ? { kind: "inherit", ...on, parent: rangeName(def.RangeVar), remove }
      : null;
}

const readAttach: Reader = ({ def }, { on }) => {
  if (def === undefined || !("PartitionCmd" in def)) return null;
  const { name, bound } = def.PartitionCmd;
  return on.on === "index"
    ? { kind: "attach-index", ...on, index: rangeName(name) }
    : { kind: "attach-partition", ...on, partition: rangeName(name), bound: readBound(bound) };
};

function detach(finalize: boolean): Reader {
  return ({ def }, { on }) => {
    if (def === undefined || !("PartitionCmd" in def)) return null;
    const { name, concurrent } = def.PartitionCmd;
    return {
      kind: "detach-partition",
      ...on,
      partition: rangeName(name),
      concurrently: concurrent ?? false,
      finalize,
    };
  };
}

const readers: Readonly<Record<string, Reader>> = {
  AT_AddColumn: ({ def, missing_ok }, { on, text }) =>
    def !== undefined && "ColumnDef" in def
      ? {
          kind: "add-column",
          ...on,
          definition: readColumn(def.ColumnDef, text),
          ifNotExists: missing_ok ?? false,
        }
      : null,
  AT_DropColumn: ({ name = "", missing_ok, behavior }, { on }) => ({
    kind: "drop-column",
    ...on,
    column: name,
    ifExists: missing_ok ?? false,
    cascade: behavior === "DROP_CASCADE",
  }),
  AT_ColumnDefault: ({ name = "", def }, { on, text }) =>
    def === undefined
      ? { kind: "drop-default", ...on, column: name }
      : { kind: "set-default", ...on, column: name, default: readExpression(def, text) },
  AT_SetNotNull: column("set-not-null"),
  AT_DropNotNull: column("drop-not-null"),
  AT_AlterColumnType: readAlterType,
  AT_SetExpression: ({ name = "", def }, { on, text }) =>
    def === undefined
      ? null
      : { kind: "set-expression", ...on, column: name, expression: readExpression(def, text) },
  AT_DropExpression: ({ name = "", missing_ok }, { on }) => ({
    kind: "drop-expression",
    ...on,
    column: name,
    ifExists: missing_ok ?? false,
  }),
  AT_AddIdentity: ({ name = "", def }, { on }) =>
    def !== undefined && "Constraint" in def
      ? { kind: "add-identity", ...on, column: name, identity: readIdentity(def.Constraint) }
      : null,
  AT_SetIdentity: column("set-identity"),
  AT_DropIdentity: ({ name = "", missing_ok }, { on }) => ({
    kind: "drop-identity",
    ...on,
    column: name,
    ifExists: missing_ok ?? false,
  }),
  AT_SetStatistics: column("set-statistics"),
  AT_SetOptions: options("set-column-options", false),
  AT_ResetOptions: options("set-column-options", true),
  AT_SetStorage: ({ name = "", def }, { on }) => ({
    kind: "set-storage",
    ...on,
    column: name,
    storage: valueText(def) ?? "default",
  }),
  AT_SetCompression: ({ name = "", def }, { on }) => ({
    kind: "set-compression",
    ...on,
    column: name,
    compression: valueText(def) ?? "default",
  }),
  AT_AddConstraint: ({ def }, { on, text }) => {
    const constraint = def !== undefined && "Constraint" in def ? readConstraint(def.Constraint, text) : null;
    return constraint === null ? null : { kind: "add-constraint", ...on, constraint };
  },
  AT_ValidateConstraint: ({ name = "" }, { on }) => ({
    kind: "validate-constraint",
    ...on,
    constraint: name,
  }),
  AT_AlterConstraint: readAlterConstraint,
  AT_DropConstraint: ({ name = "", missing_ok, behavior }, { on }) => ({
    kind: "drop-constraint",
    ...on,
    constraint: name,
    ifExists: missing_ok ?? false,
    cascade: behavior === "DROP_CASCADE",
  }),
  AT_SetRelOptions: options("set-options", false),
  AT_ResetRelOptions: options("set-options", true),
  AT_ReplaceRelOptions: options("set-options", false),
  AT_SetLogged: logged(true),
  AT_SetUnLogged: logged(false),
  AT_SetTableSpace: ({ name = "" }, { on }) => ({ kind: "set-tablespace", ...on, tablespace: name }),
  AT_SetAccessMethod: ({ name }, { on }) => ({ kind: "set-access-method", ...on, method: name ?? null }),
  AT_ClusterOn: ({ name }, { on }) => ({ kind: "cluster-on", ...on, index: name ?? null }),
  AT_DropCluster: (_, { on }) => ({ kind: "cluster-on", ...on, index: null }),
  AT_ReplicaIdentity: readReplicaIdentity,
  AT_AddInherit: inherit(false),
  AT_DropInherit: inherit(true),
  AT_AddOf: ({ def }, { on }) => ({
    kind: "of-type",
    ...on,
    type: def !== undefined && "TypeName" in def ? typeNameOf(def.TypeName) : null,
  }),
  AT_DropOf: (_, { on }) => ({ kind: "of-type", ...on, type: null }),
  AT_EnableRowSecurity: rowSecurity("enable"),
  AT_DisableRowSecurity: rowSecurity("disable"),
  AT_ForceRowSecurity: rowSecurity("force"),
  AT_NoForceRowSecurity: rowSecurity("no-force"),
  AT_EnableTrig: trigger("enable"),
  AT_EnableAlwaysTrig: trigger("enable-always"),
  AT_EnableReplicaTrig: trigger("enable-replica"),
  AT_DisableTrig: trigger("disable"),
  AT_EnableTrigAll: trigger("enable", "all"),
  AT_DisableTrigAll: trigger("disable", "all"),
  AT_EnableTrigUser: trigger("enable", "users"),
  AT_DisableTrigUser: trigger("disable", "users"),
  AT_EnableRule: rule(true),
  AT_EnableAlwaysRule: rule(true),
  AT_EnableReplicaRule: rule(true),
  AT_DisableRule: rule(false),
  AT_AttachPartition: readAttach,
  AT_DetachPartition: detach(false),
  AT_DetachPartitionFinalize: detach(true),
  AT_ChangeOwner: ({ newowner }, { on }) => ({
    kind: "set-table-owner",
    ...on,
    owner: newowner?.rolename ?? "CURRENT_USER",
  }),
};

/** ALTER TABLE, and ALTER INDEX, VIEW, SEQUENCE … with subcommands: an act each. */
export function readAlterTable(node: AlterTableStmt, text: StatementText): readonly Act[] {
  const commands = (node.cmds ?? []).flatMap((one) => ("AlterTableCmd" in one ? [one.AlterTableCmd] : []));
  if (node.objtype === "OBJECT_TYPE") return commands.map((command) => alterComposite(node, command));
  return commands.map((command, part): Act => {
    const on: OnTable = {
      table: rangeName(node.relation),
      only: node.relation?.inh !== true,
      ifTableExists: node.missing_ok ?? false,
      on: objects[node.objtype ?? ""] ?? "table",
      part,
      parts: commands.length,
    };
    const subtype = command.subtype ?? "";
    const subcommand = subtype
      .replace(/^AT_/, "")
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
      .toLowerCase();
    return readers[subtype]?.(command, { on, text }) ?? { kind: "alter-table-other", ...on, subcommand };
  });
}

function alterComposite(node: AlterTableStmt, { subtype, name, def, behavior }: AlterTableCmd): Act {
  const column = def !== undefined && "ColumnDef" in def ? def.ColumnDef : undefined;
  const change = subtype === "AT_AddColumn" ? "add" : subtype === "AT_DropColumn" ? "drop" : "type";
  return {
    kind: "alter-composite",
    name: rangeName(node.relation),
    attribute: name ?? column?.colname ?? "",
    change,
    type: column === undefined ? null : readType(column.typeName),
    cascade: behavior === "DROP_CASCADE",
  };
}
