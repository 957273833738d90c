import type { Op } from "../../op/op.js";
import { table as buildTable } from "../../schema/build.js";
import type { ObjectName } from "../../schema/name.js";
import type { Column, Constraint, Table, TableOptions } from "../../schema/schema.js";
import type { ColumnBuilder } from "../column-builder.js";
import type {
  CreateTableOptions,
  NameInput,
  ReplicaIdentityInput,
  TableOptionsInput,
} from "../operations.js";
import { checkName, checkOptions, checkWord, flag, toName, toPairs } from "./check-input.js";
import { toColumn } from "./column.js";
import { toCheck, toExclude, toForeignKey, toPrimaryKey, toUnique } from "./constraint-record.js";
import { toParents, toPartition, toPartitioning } from "./partition.js";
import type { Spelling } from "./spelling.js";
import { toParameters } from "./storage.js";

const optionNames = [
  "unlogged",
  "tablespace",
  "parameters",
  "strict",
  "withoutRowid",
  "using",
  "replicaIdentity",
  "clusterOn",
] as const;
const createNames = [
  "primaryKey",
  "foreignKeys",
  "uniques",
  "checks",
  "excludes",
  "unnamed",
  "comment",
  "rowSecurity",
  "partitionBy",
  "partitionOf",
  "inherits",
  "ofType",
  "ifNotExists",
  ...optionNames,
];

type Columns = Readonly<Record<string, ColumnBuilder>> | readonly (readonly [string, ColumnBuilder])[];

function toOptions(directive: string, input: TableOptionsInput): TableOptions {
  return {
    unlogged: input.unlogged ?? false,
    tablespace: input.tablespace ?? null,
    parameters: toParameters(directive, input.parameters),
    strict: input.strict ?? false,
    withoutRowid: input.withoutRowid ?? false,
    ...(input.using === undefined ? {} : { method: checkName(directive, "access method", input.using) }),
    ...toPhysicalOrder(directive, input),
  };
}

/** What a table or materialised view is replicated and clustered by. */
export function toPhysicalOrder(
  directive: string,
  { replicaIdentity, clusterOn }: Pick<TableOptionsInput, "replicaIdentity" | "clusterOn">,
): Pick<TableOptions, "replicaIdentity" | "clusterOn"> {
  return {
    ...(replicaIdentity === undefined ? {} : { replicaIdentity: toIdentity(directive, replicaIdentity) }),
    ...(clusterOn === undefined ? {} : { clusterOn: checkName(directive, "index", clusterOn) }),
  };
}

function toIdentity(
  directive: string,
  identity: ReplicaIdentityInput,
): NonNullable<TableOptions["replicaIdentity"]> {
  if (typeof identity === "string") {
    return { by: checkWord(directive, "replicaIdentity", identity, ["full", "nothing"]) };
  }
  checkOptions(`${directive}, replicaIdentity`, identity ?? undefined, ["index"]);
  return { by: "index", index: checkName(directive, "index", identity?.index) };
}

/** Of what the table is a part, and what parts it has. */
function toKinship(
  spelling: Spelling,
  directive: string,
  { partitionBy, partitionOf, inherits, ofType }: CreateTableOptions,
): Pick<Table, "partitioning" | "partition" | "inherits" | "ofType"> {
  return {
    ...(partitionBy === undefined ? {} : { partitioning: toPartitioning(spelling, directive, partitionBy) }),
    ...(partitionOf === undefined
      ? {}
      : { partition: toPartition(spelling, directive, `${directive}, partitionOf`, partitionOf) }),
    ...(inherits === undefined ? {} : { inherits: toParents(directive, inherits) }),
    ...(ofType === undefined ? {} : { ofType: toName(directive, "type", ofType) }),
  };
}

function toColumns(spelling: Spelling, columns: Columns): readonly Column[] {
  const directive = "createTable";
  return toPairs<ColumnBuilder>(directive, "column", columns, "{ id: t.bigint().notNull() }").map(
    ([name, builder]) => toColumn(spelling, directive, name, builder),
  );
}

function toConstraints(spelling: Spelling, options: CreateTableOptions): readonly Constraint[] {
  const directive = "createTable";
  const { primaryKey, unnamed = {} } = options;
  checkOptions(`${directive}, unnamed`, unnamed, ["foreignKeys", "uniques", "checks"]);
  const named = <I, C>(
    inputs: Readonly<Record<string, I>> | undefined,
    make: (name: string, input: I) => C,
  ) => Object.entries(inputs ?? {}).map(([name, input]) => make(name, input));
  const nameOfKey = primaryKey !== undefined && "name" in primaryKey ? (primaryKey.name ?? null) : null;
  return [
    ...(primaryKey === undefined ? [] : [toPrimaryKey(directive, nameOfKey, primaryKey)]),
    ...named(options.uniques, (name, input) => toUnique(directive, name, input)),
    ...(unnamed.uniques ?? []).map((input) => toUnique(directive, null, input)),
    ...named(options.foreignKeys, (name, input) => toForeignKey(directive, name, input)),
    ...(unnamed.foreignKeys ?? []).map((input) => toForeignKey(directive, null, input)),
    ...named(options.checks, (name, input) => toCheck(spelling, directive, name, input)),
    ...(unnamed.checks ?? []).map((input) => toCheck(spelling, directive, null, input)),
    ...named(options.excludes, (name, input) => toExclude(spelling, directive, name, input)),
  ];
}

/**
 * The table normalised, with the constraints marked whose names the engine would have given anyway: those are names
 * that nobody chose.
 */
function normalizeTable(spelling: Spelling, table: Table): Table {
  const unnamed = spelling.normalize.table({
    ...table,
    constraints: table.constraints.map((constraint) => ({ ...constraint, name: null, implicitName: true })),
  });
  return spelling.normalize.table({
    ...table,
    constraints: table.constraints.map((constraint, at) => ({
      ...constraint,
      implicitName: constraint.name === null || constraint.name === unnamed.constraints[at]?.name,
    })),
  });
}

function createTable(
  spelling: Spelling,
  input: NameInput,
  columns: Columns,
  options: CreateTableOptions = {},
): readonly Op<"create-table">[] {
  const directive = "createTable";
  checkOptions(directive, options, createNames);
  const name = toName(directive, "table", input);
  const table = buildTable(name.name, {
    ...name,
    columns: toColumns(spelling, columns),
    constraints: toConstraints(spelling, options),
    rowSecurity: checkWord(directive, "rowSecurity", options.rowSecurity ?? "off", [
      "off",
      "enabled",
      "forced",
    ]),
    options: toOptions(directive, options),
    comment: options.comment ?? null,
    ...toKinship(spelling, directive, options),
  });
  return [
    {
      kind: "create-table",
      table: normalizeTable(spelling, table),
      ...flag("ifNotExists", options.ifNotExists),
    },
  ];
}

/** Directives on tables as a whole. */
export function tableDirectives(spelling: Spelling) {
  const at = (directive: string, name: NameInput): ObjectName => toName(directive, "table", name);
  return {
    createTable: (name: NameInput, columns: Columns, options?: CreateTableOptions) =>
      createTable(spelling, name, columns, options),
    dropTable(name: NameInput, options?: { readonly ifExists?: boolean }): readonly Op<"drop-table">[] {
      checkOptions("dropTable", options, ["ifExists"]);
      return [{ kind: "drop-table", name: at("dropTable", name), ...flag("ifExists", options?.ifExists) }];
    },
    renameTable(
      name: NameInput,
      to: string,
      options?: { readonly ifExists?: boolean },
    ): readonly Op<"rename-table">[] {
      checkOptions("renameTable", options, ["ifExists"]);
      const renamed = checkName("renameTable", "new table", to);
      return [
        {
          kind: "rename-table",
          name: at("renameTable", name),
          to: renamed,
          ...flag("ifExists", options?.ifExists),
        },
      ];
    },
    alterTableOptions(name: NameInput, options: TableOptionsInput): readonly Op<"alter-table-options">[] {
      checkOptions("alterTableOptions", options, optionNames);
      return [
        {
          kind: "alter-table-options",
          name: at("alterTableOptions", name),
          options: toOptions("alterTableOptions", options),
        },
      ];
    },
    setRowSecurity: (
      name: NameInput,
      rowSecurity: "off" | "enabled" | "forced",
    ): readonly Op<"set-row-security">[] => [
      {
        kind: "set-row-security",
        name: at("setRowSecurity", name),
        rowSecurity: checkWord("setRowSecurity", "row security", rowSecurity, ["off", "enabled", "forced"]),
      },
    ],
  };
}
