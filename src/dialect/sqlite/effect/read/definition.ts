import type {
  ColumnDefinition,
  ConstraintDefinition,
  Option,
  ReferentialAction,
  TypeUse,
} from "../../../../effect/syntax.js";
import type { Column, ColumnType, Constraint, ForeignKeyAction } from "../../../../schema/schema.js";
import { type ParsedTable, parseCreateTable } from "../../parse/create-table.js";
import { readExpression } from "./expression.js";
import type { Names } from "./names.js";

function typeOf(type: ColumnType): TypeUse {
  const modifiers = type.modifiers.map(Number).filter((one) => !Number.isNaN(one));
  return { name: type.name, namespace: null, builtIn: true, modifiers, dimensions: 0, serial: false };
}

const actions: Readonly<Record<ForeignKeyAction, ReferentialAction>> = {
  "no action": "no-action",
  restrict: "restrict",
  cascade: "cascade",
  "set null": "set-null",
  "set default": "set-default",
};

function constraintOf(one: Constraint, names: Names): readonly ConstraintDefinition[] {
  const parts = {
    name: one.name,
    notValid: false,
    enforced: true,
    deferrable: "deferral" in one && one.deferral !== "immediate",
    initiallyDeferred: "deferral" in one && one.deferral === "deferred",
    noInherit: false,
  };
  switch (one.kind) {
    case "check":
      return [{ ...parts, kind: "check", expression: readExpression(one.expression, names) }];
    case "primary-key":
    case "unique": {
      const rest = { include: [], nullsNotDistinct: false, withoutOverlaps: false, usingIndex: null };
      return [{ ...parts, ...rest, kind: one.kind, columns: one.columns }];
    }
    case "foreign-key":
      return [
        {
          ...parts,
          kind: "foreign-key",
          columns: one.columns,
          target: names.relation(one.references.table.name),
          targetColumns: one.references.columns,
          onUpdate: actions[one.onUpdate],
          onDelete: actions[one.onDelete],
          matchFull: one.match === "full",
        },
      ];
    case "exclude":
      return [];
  }
}

function columnOf(column: Column, table: ParsedTable, names: Names): ColumnDefinition {
  const isCounted = table.constraints.some(
    (one) => one.kind === "primary-key" && one.autoincrement && one.columns[0] === column.name,
  );
  const { generated } = column;
  return {
    name: column.name,
    type: typeOf(column.type),
    notNull: !column.nullable,
    notNullName: column.notNull?.name ?? null,
    default: column.default === null ? null : readExpression(column.default, names),
    // AUTOINCREMENT is what comes nearest to an identity.
    identity: isCounted ? { always: false, sequence: null } : null,
    generated:
      generated === null
        ? null
        : {
            expression: readExpression(generated.expression, names),
            stored: generated.storage === "stored",
          },
    collation: column.collation,
    storage: null,
    compression: null,
    constraints: [],
  };
}

export interface ReadTable {
  readonly name: string;
  readonly columns: readonly ColumnDefinition[];
  readonly constraints: readonly ConstraintDefinition[];
  readonly options: readonly Option[];
}

/** What CREATE TABLE says. @throws AludelError `schema-unreadable`, `sql-failed`. */
export function readTable(sql: string, names: Names): ReadTable {
  const table = parseCreateTable(sql);
  return {
    name: table.name,
    columns: table.columns.map((column) => columnOf(column, table, names)),
    constraints: table.constraints.flatMap((one) => constraintOf(one, names)),
    options: [
      ...(table.options.strict ? [{ name: "strict", value: null }] : []),
      ...(table.options.withoutRowid ? [{ name: "without rowid", value: null }] : []),
    ],
  };
}

/** The definition behind ADD COLUMN, with its constraints. @throws AludelError as `readTable`. */
export function readColumn(text: string, names: Names): ColumnDefinition | null {
  const { columns, constraints } = readTable(`CREATE TABLE t (${text})`, names);
  const [column] = columns;
  return column === undefined ? null : { ...column, constraints };
}
