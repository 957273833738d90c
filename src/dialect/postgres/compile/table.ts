import { applyOps } from "../../../op/apply.js";
import { sameData } from "../../../schema/equal.js";
import { isKey } from "../../../schema/key.js";
import { nameKey, type ObjectName } from "../../../schema/name.js";
import type { Column, Constraint, Table, TableOptions } from "../../../schema/schema.js";
import type { CompileContext, Dialect } from "../../dialect.js";
import { type Step, step } from "../../step.js";
import { normalize } from "../normalize.js";
import { quoteIdentifier, quoteName } from "../quote.js";
import {
  constraintClause,
  foreignFeature,
  parameterName,
  parametersClause,
  parameterText,
  requireVersion,
} from "./clause.js";
import { tableComments } from "./comment.js";
import { requireConstraintVersion } from "./constraint.js";
import type { Group } from "./contract.js";
import { newColumnNotNull, requireNotNullVersion } from "./not-null.js";
import { keepPersistence, ownSequenceStatements } from "./own-sequence.js";
import { attachment, columnLines, familyClause, isGiven } from "./partition.js";
import { newColumnStorage } from "./storage.js";

/** `compile` is the dialect's whole map, for the ops inside a batch. */
export function compileTable(
  compile: () => Dialect["compile"],
): Group<
  | "create-table"
  | "drop-table"
  | "rename-table"
  | "alter-table-options"
  | "set-row-security"
  | "batch-alter-table"
> {
  return {
    "create-table": (op, context) => {
      const table = normalize.table(op.table);
      requireOwnOptions(table.options);
      for (const column of table.columns) requireColumnVersion(table, column, context);
      for (const constraint of table.constraints) {
        requireConstraintVersion(table, constraint, context.serverVersion);
      }
      const later = addedLater(table);
      const sequences = table.columns.map((column) =>
        ownSequenceStatements(table, column, table.options.unlogged, context.serverVersion),
      );
      const statements = [
        ...sequences.flatMap(({ before }) => before),
        tableStatement(table, later, op.ifNotExists === true),
        ...sequences.flatMap(({ after }) => after),
        ...table.columns.flatMap((column) => newColumnNotNull(table, column)),
        ...table.columns.flatMap((column) =>
          newColumnStorage(table, column, `ALTER TABLE ${quoteName(table)}`),
        ),
        ...table.constraints
          .filter((constraint) => later.has(constraint) && !isGiven(table, constraint))
          .map((constraint) => `ALTER TABLE ${quoteName(table)} ADD ${constraintClause(constraint)}`),
        ...attachment(table),
        ...indexOptionClauses({}, table.options).map((clause) => `ALTER TABLE ${quoteName(table)} ${clause}`),
        ...(table.rowSecurity === "off" ? [] : [rowSecurityStatement(table, table.rowSecurity)]),
        ...tableComments(table),
      ];
      return statements.map((sql) => step(sql, op));
    },
    "drop-table": (op) => [step(`DROP TABLE ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)}`, op)],
    "rename-table": (op) => [
      step(
        `ALTER TABLE ${op.ifExists ? "IF EXISTS " : ""}${quoteName(op.name)} RENAME TO ${quoteIdentifier(op.to)}`,
        op,
      ),
    ],
    "alter-table-options": (op, context) => {
      requireOwnOptions(op.options);
      const view = context.before.views.get(nameKey(op.name));
      if (view !== undefined) {
        return indexOptionClauses(view.options ?? {}, op.options).map((clause) =>
          step(`ALTER MATERIALIZED VIEW ${quoteName(op.name)} ${clause}`, op),
        );
      }
      const before = context.before.tables.get(nameKey(op.name))?.options ?? null;
      if (op.options.method !== before?.method) {
        requireVersion(
          context.serverVersion,
          15,
          "Changing the access method",
          op.name,
          "Make the table anew.",
        );
      }
      const clauses = optionClauses(before, op.options);
      const sequences = clauses.some((one) => one.endsWith("LOGGED"))
        ? keepPersistence(op.name, op.options.unlogged, context)
        : [];
      return [...clauses.map((clause) => `ALTER TABLE ${quoteName(op.name)} ${clause}`), ...sequences].map(
        (statement) => step(statement, op),
      );
    },
    "set-row-security": (op) => [step(rowSecurityStatement(op.name, op.rowSecurity), op)],
    "batch-alter-table": (op, context) => {
      let { before } = context;
      return op.ops.flatMap((inner) => {
        const steps = compileAny(compile(), inner, { ...context, before });
        // Each op sees what those before it in the batch have done, where the table is known at all.
        if (before.tables.has(nameKey(op.name))) before = applyOps(before, [inner]);
        return steps;
      });
    },
  };
}

/** Compiles an op of any kind. */
export function compileAny<K extends keyof Dialect["compile"]>(
  compile: Dialect["compile"],
  op: { readonly kind: K } & Parameters<Dialect["compile"][K]>[0],
  context: CompileContext,
): readonly Step[] {
  const one = compile[op.kind] as (op: unknown, context: CompileContext) => readonly Step[];
  return one(op, context);
}

/** One line per column and constraint: people read it. */
function tableStatement(table: Table, later: ReadonlySet<Constraint>, ifNotExists: boolean): string {
  const lines = [
    ...columnLines(table),
    ...table.constraints.filter((one) => !later.has(one) && !isGiven(table, one)).map(constraintClause),
  ];
  const head = `CREATE ${table.options.unlogged ? "UNLOGGED " : ""}TABLE ${ifNotExists ? "IF NOT EXISTS " : ""}`;
  const body = lines.length === 0 ? "" : ` (\n  ${lines.join(",\n  ")}\n)`;
  const { parameters, tablespace, method } = table.options;
  const using = method === undefined ? "" : ` USING ${quoteIdentifier(method)}`;
  const space = tablespace === null ? "" : ` TABLESPACE ${quoteIdentifier(tablespace)}`;
  return `${head}${quoteName(table)}${familyClause(table, body)}${using}${parametersClause(parameters)}${space}`;
}

/** What CREATE TABLE would not make as it is told. */
function addedLater({ constraints, partitioning }: Table): ReadonlySet<Constraint> {
  const later = new Set(constraints.filter(isUnchecked));
  const indexes = new Set<string>();
  // The primary key is the one that the others are merged into, wherever it stands.
  const primaryFirst = [...constraints].sort(
    (a, b) => Number(b.kind === "primary-key") - Number(a.kind === "primary-key"),
  );
  let follow = false;
  for (const constraint of primaryFirst) {
    const key = indexOfConstraint(constraint);
    if (key === null) continue;
    // Those behind it follow in a partitioned table: partitions give names to what they have of them in the order in which they are made.
    if (indexes.has(key)) {
      later.add(constraint);
      follow = partitioning !== undefined;
    } else if (follow) later.add(constraint);
    indexes.add(key);
  }
  return later;
}

/** Constraints with equal indexes become one in CREATE TABLE, without a word ("transformIndexConstraints"). */
function indexOfConstraint(constraint: Constraint): string | null {
  if (constraint.kind === "primary-key" || constraint.kind === "unique") {
    const { columns, include, deferral } = constraint;
    const nullsNotDistinct = constraint.kind === "unique" && constraint.nullsNotDistinct;
    return JSON.stringify([
      columns,
      include,
      deferral,
      nullsNotDistinct,
      constraint.withoutOverlaps === true,
    ]);
  }
  if (constraint.kind !== "exclude") return null;
  const { method, elements, where, deferral, include } = constraint;
  return JSON.stringify([method, elements, where, deferral, include]);
}

/** CREATE TABLE takes NOT VALID and ignores it, so that such a constraint is added afterwards. */
function isUnchecked(constraint: Constraint): boolean {
  if (isKey(constraint)) return false;
  return !constraint.validated && constraint.enforced !== false;
}

function rowSecurityStatement(table: ObjectName, rowSecurity: Table["rowSecurity"]): string {
  const enable = `${rowSecurity === "off" ? "DISABLE" : "ENABLE"} ROW LEVEL SECURITY`;
  const force = `${rowSecurity === "forced" ? "" : "NO "}FORCE ROW LEVEL SECURITY`;
  return `ALTER TABLE ${quoteName(table)} ${enable}, ${force}`;
}

/** Only what changes; everything that is said where it is not known how it was. */
function optionClauses(before: TableOptions | null, after: TableOptions): readonly string[] {
  const clauses: string[] = [];
  if (before === null || before.unlogged !== after.unlogged) {
    clauses.push(`SET ${after.unlogged ? "UNLOGGED" : "LOGGED"}`);
  }
  if (before === null ? after.tablespace !== null : before.tablespace !== after.tablespace) {
    clauses.push(`SET TABLESPACE ${quoteIdentifier(after.tablespace ?? "pg_default")}`);
  }
  const set = Object.entries(after.parameters).filter(([name, value]) => before?.parameters[name] !== value);
  if (set.length > 0) clauses.push(`SET (${set.map(parameterText).join(", ")})`);
  const gone = Object.keys(before?.parameters ?? {}).filter((name) => !Object.hasOwn(after.parameters, name));
  if (gone.length > 0) clauses.push(`RESET (${gone.map(parameterName).join(", ")})`);
  if (before?.method !== after.method) {
    clauses.push(`SET ACCESS METHOD ${quoteIdentifier(after.method ?? "heap")}`);
  }
  clauses.push(...indexOptionClauses(before ?? {}, after));
  return clauses;
}

/** What names an index, or takes the place of one. */
function indexOptionClauses(
  before: Pick<TableOptions, "replicaIdentity" | "clusterOn">,
  after: Pick<TableOptions, "replicaIdentity" | "clusterOn">,
): readonly string[] {
  const { replicaIdentity: identity, clusterOn } = after;
  const clauses: string[] = [];
  if (!sameData(before.replicaIdentity, identity)) {
    const by =
      identity?.by === "index"
        ? `USING INDEX ${quoteIdentifier(identity.index)}`
        : identity?.by.toUpperCase();
    clauses.push(`REPLICA IDENTITY ${by ?? "DEFAULT"}`);
  }
  if (before.clusterOn !== clusterOn) {
    clauses.push(
      clusterOn === undefined ? "SET WITHOUT CLUSTER" : `CLUSTER ON ${quoteIdentifier(clusterOn)}`,
    );
  }
  return clauses;
}

function requireOwnOptions(options: TableOptions): void {
  if (options.strict) throw foreignFeature("STRICT tables", "checks");
  if (options.withoutRowid) throw foreignFeature("WITHOUT ROWID tables", "a primary key");
}

export function requireColumnVersion(table: ObjectName, column: Column, context: CompileContext): void {
  requireNotNullVersion(table, column.name, column.notNull, context.serverVersion);
  if (column.generated?.storage !== "virtual") return;
  const object = { namespace: table.namespace, name: `${table.name}.${column.name}` };
  const remedy = "Make the generated column stored, or upgrade the server.";
  requireVersion(context.serverVersion, 18, "A virtual generated column", object, remedy);
}
