import type { CreateSchemaStmt, ExplainStmt, Node, PublicationObjSpec } from "libpg-query";
import type { Act } from "../../../../effect/act.js";
import type { ObjectName } from "../../../../schema/name.js";
import { isTransactional } from "../../statement-effect.js";
import { readAlterTable } from "./alter-table.js";
import { readCreateTable, readCreateTableAs, readSelectInto } from "./create-table.js";
import {
  readCluster,
  readCopy,
  readDelete,
  readInsert,
  readLock,
  readMerge,
  readTruncate,
  readUpdate,
  readVacuum,
} from "./data.js";
import { readQuery } from "./expression.js";
import { readComment, readDrop, readGrant, readRename, readSetOwner, readSetSchema } from "./name.js";
import { definition, isOn, nodeName, qualified, rangeName, strings, valueText } from "./node.js";
import {
  readAlterEnum,
  readAlterSequence,
  readCreateIndex,
  readCreateSequence,
  readCreateStatistics,
  readCreateTrigger,
  readCreateView,
  readPolicy,
  readReindex,
} from "./object.js";
import { readDo, readSet, readSetConfig, readTransaction } from "./session.js";
import type { StatementText } from "./statement-text.js";
import {
  readAlterDomain,
  readAlterFunction,
  readComposite,
  readCreateDomain,
  readCreateFunction,
  readDefine,
} from "./type-object.js";

/** A statement of the parser's, by its name. */
type Kinds = Node extends infer N ? (N extends N ? keyof N : never) : never;
type Of<K extends Kinds> = Extract<Node, Readonly<Record<K, unknown>>>[K];
type Readers = { readonly [K in Kinds]?: (node: Of<K>, text: StatementText) => Act | readonly Act[] };

function readSelect(node: Node): readonly Act[] {
  const into = readSelectInto(node);
  if (into !== null) return [into];
  const query = readQuery(node, node);
  return [{ kind: "select", query }, ...readSetConfig(query)];
}

function publicationTables(nodes: readonly Node[] | undefined): readonly ObjectName[] {
  return (nodes ?? []).flatMap((one) => {
    const spec = "PublicationObjSpec" in one ? (one.PublicationObjSpec as PublicationObjSpec) : undefined;
    return spec?.pubtable?.relation === undefined ? [] : [rangeName(spec.pubtable.relation)];
  });
}

function readExplain(node: ExplainStmt, text: StatementText): readonly Act[] {
  const runs = isOn(node.options, "analyze");
  const inner = runs && node.query !== undefined ? readNode(node.query, text) : [];
  return [{ kind: "explain", runs }, ...inner];
}

function readCreateSchema(node: CreateSchemaStmt, text: StatementText): readonly Act[] {
  const name = node.schemaname ?? node.authrole?.rolename ?? "";
  const elements = (node.schemaElts ?? []).flatMap((element) => readNode(element, text));
  const schema: Act = { kind: "create-schema", name, ifNotExists: node.if_not_exists ?? false };
  return [schema, ...elements.map((act) => within(act, name))];
}

/** What CREATE SCHEMA makes is in it, unless it is qualified. */
function within(act: Act, namespace: string): Act {
  const into = (name: ObjectName): ObjectName => (name.namespace === null ? { ...name, namespace } : name);
  switch (act.kind) {
    case "create-table":
    case "create-view":
    case "create-sequence":
      return { ...act, name: into(act.name) };
    case "create-index":
    case "create-trigger":
      return { ...act, table: into(act.table) };
    default:
      return act;
  }
}

const publicationChanges: Readonly<Record<string, Act<"alter-publication">["change"]>> = {
  AP_AddObjects: "add",
  AP_DropObjects: "drop",
  AP_SetObjects: "set",
};

const readers: Readers = {
  CreateStmt: readCreateTable,
  CreateForeignTableStmt: ({ base }, text) => readCreateTable(base ?? {}, text, true),
  CreateTableAsStmt: readCreateTableAs,
  AlterTableStmt: readAlterTable,
  IndexStmt: readCreateIndex,
  ReindexStmt: readReindex,
  ViewStmt: readCreateView,
  RefreshMatViewStmt: ({ relation, concurrent, skipData }) => ({
    kind: "refresh-view",
    name: rangeName(relation),
    concurrently: concurrent ?? false,
    withData: skipData !== true,
  }),
  CreateSeqStmt: readCreateSequence,
  AlterSeqStmt: readAlterSequence,
  CreateStatsStmt: readCreateStatistics,
  CreateTrigStmt: readCreateTrigger,
  RuleStmt: ({ rulename = "", relation, replace }) => ({
    kind: "create-rule",
    name: rulename,
    table: rangeName(relation),
    replace: replace ?? false,
  }),
  CreatePolicyStmt: (node, text) => readPolicy("create-policy", node, text),
  AlterPolicyStmt: (node, text) => readPolicy("alter-policy", node, text),
  DropStmt: readDrop,
  RenameStmt: readRename,
  AlterObjectSchemaStmt: readSetSchema,
  AlterOwnerStmt: readSetOwner,
  CommentStmt: readComment,
  GrantStmt: readGrant,
  AlterDefaultPrivilegesStmt: ({ action }) => ({
    kind: "default-privileges",
    revoke: action?.is_grant !== true,
  }),
  CreateSchemaStmt: readCreateSchema,
  CreateEnumStmt: ({ typeName, vals }) => ({
    kind: "create-enum",
    name: qualified(strings(typeName)),
    values: strings(vals),
  }),
  AlterEnumStmt: readAlterEnum,
  CompositeTypeStmt: readComposite,
  CreateRangeStmt: ({ typeName }) => ({
    kind: "create-type",
    name: qualified(strings(typeName)),
    form: "range",
    attributes: [],
  }),
  DefineStmt: readDefine,
  CreateDomainStmt: readCreateDomain,
  AlterDomainStmt: readAlterDomain,
  CreateFunctionStmt: readCreateFunction,
  AlterFunctionStmt: readAlterFunction,
  CreateExtensionStmt: ({ extname = "", if_not_exists, options }) => ({
    kind: "create-extension",
    name: extname,
    ifNotExists: if_not_exists ?? false,
    schema: valueText(definition(options, "schema")?.arg),
  }),
  AlterExtensionStmt: ({ extname = "" }) => ({ kind: "alter-extension", name: extname, change: "update" }),
  AlterExtensionContentsStmt: ({ extname = "" }) => ({
    kind: "alter-extension",
    name: extname,
    change: "contents",
  }),
  CreatePublicationStmt: ({ pubname = "", pubobjects, for_all_tables }) => ({
    kind: "create-publication",
    name: pubname,
    tables: publicationTables(pubobjects),
    all: for_all_tables ?? false,
  }),
  AlterPublicationStmt: ({ pubname = "", pubobjects, action }) => ({
    kind: "alter-publication",
    name: pubname,
    change: pubobjects === undefined ? "options" : (publicationChanges[action ?? ""] ?? "add"),
    tables: publicationTables(pubobjects),
  }),
  CreatedbStmt: ({ dbname = "" }) => ({ kind: "create-database", name: dbname }),
  DropdbStmt: ({ dbname = "", missing_ok }) => ({
    kind: "drop-database",
    name: dbname,
    ifExists: missing_ok ?? false,
  }),
  CreateRoleStmt: () => ({ kind: "role", change: "create" }),
  AlterRoleStmt: () => ({ kind: "role", change: "alter" }),
  GrantRoleStmt: ({ is_grant }) => ({ kind: "role", change: is_grant ? "grant" : "revoke" }),
  InsertStmt: readInsert,
  UpdateStmt: readUpdate,
  DeleteStmt: readDelete,
  MergeStmt: readMerge,
  CopyStmt: readCopy,
  TruncateStmt: readTruncate,
  LockStmt: readLock,
  VacuumStmt: readVacuum,
  ClusterStmt: readCluster,
  ExplainStmt: readExplain,
  TransactionStmt: readTransaction,
  VariableSetStmt: readSet,
  ConstraintsSetStmt: ({ deferred, constraints }) => ({
    kind: "set-constraints",
    deferred: deferred ?? false,
    names: (constraints ?? []).map(nodeName),
  }),
  DiscardStmt: ({ target }) => ({ kind: "discard", all: target === "DISCARD_ALL" }),
  DoStmt: readDo,
  CallStmt: ({ funccall }) => {
    const name = qualified(strings(funccall?.funcname));
    return {
      kind: "call",
      procedure: name,
      call: { name, arguments: funccall?.args?.length ?? 0, texts: (funccall?.args ?? []).map(valueText) },
    };
  },
};

/** Statements that lock no relation: of roles, databases, foreign servers, casts, text search … */
const harmless: ReadonlySet<string> = new Set(
  `AccessPriv AlterCollationStmt AlterDatabaseSetStmt AlterDatabaseStmt AlterEventTrigStmt AlterFdwStmt
  AlterForeignServerStmt AlterOpFamilyStmt AlterOperatorStmt AlterRoleSetStmt AlterStatsStmt AlterSubscriptionStmt
  AlterSystemStmt AlterTSConfigurationStmt AlterTSDictionaryStmt AlterTableSpaceOptionsStmt AlterTypeStmt
  AlterUserMappingStmt AlterDatabaseRefreshCollStmt CheckPointStmt ClosePortalStmt CreateAmStmt CreateCastStmt
  CreateConversionStmt CreateEventTrigStmt CreateFdwStmt CreateForeignServerStmt CreateOpClassStmt
  CreateOpFamilyStmt CreatePLangStmt CreateSubscriptionStmt CreateTableSpaceStmt CreateTransformStmt
  CreateUserMappingStmt DeallocateStmt DropRoleStmt DropSubscriptionStmt DropTableSpaceStmt DropUserMappingStmt
  FetchStmt ListenStmt LoadStmt NotifyStmt UnlistenStmt VariableShowStmt SecLabelStmt`.split(/\s+/),
);

function command(kind: string): string {
  return kind
    .replace(/Stmt$/, "")
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();
}

function has<K extends Kinds>(node: Node, kind: K): node is Extract<Node, Readonly<Record<K, unknown>>> {
  return kind in node;
}

function readWith<K extends Kinds>(kind: K, node: Node, text: StatementText): readonly Act[] | null {
  const reader = readers[kind];
  if (reader === undefined || !has(node, kind)) return null;
  const read = reader((node as Readonly<Record<K, Of<K>>>)[kind], text);
  return Array.isArray(read) ? read : [read as Act];
}

/** The acts of a parsed statement. Total: what has no reader is said not to be analysed. */
export function readNode(node: Node, text: StatementText): readonly Act[] {
  if ("SelectStmt" in node) return readSelect(node);
  const [kind = ""] = Object.keys(node);
  const read = readWith(kind as Kinds, node, text);
  if (read !== null) return read;
  if (harmless.has(kind)) {
    return [{ kind: "other", command: command(kind), options: [], transaction: isTransactional(node) }];
  }
  return [
    {
      kind: "not-analysed",
      why: "unknown-statement",
      reason: `${command(kind)} is not in the catalogue of effects`,
      line: null,
    },
  ];
}
