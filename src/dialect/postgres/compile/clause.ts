import { AludelError } from "../../../error/error.js";
import { type ObjectName, showName } from "../../../schema/name.js";
import type {
  Check,
  Column,
  Constraint,
  ConstraintIndex,
  Deferral,
  ForeignKey,
  Identity,
  Index,
  IndexKey,
  NotNull,
  PrimaryKey,
  SequenceOptions,
  Unique,
} from "../../../schema/schema.js";
import { quoteIdentifier, quoteList, quoteName, quoteString } from "../quote.js";
import { trimExpression } from "../token.js";
import { formatType } from "../types.js";
import { withoutOwnSequence } from "./own-sequence.js";

/**
 * A column as in CREATE TABLE: `"id" integer GENERATED ALWAYS AS IDENTITY NOT NULL`. What has no words there is not in
 * it (`storage.ts`, `own-sequence.ts`, `not-null.ts`).
 */
export function columnClause(table: ObjectName, given: Column): string {
  const column = withoutOwnSequence(table, given);
  const parts = [quoteIdentifier(column.name), formatType(column.type)];
  const compression = column.storage?.compression;
  if (compression !== undefined) parts.push(`COMPRESSION ${quoteIdentifier(compression)}`);
  if (column.collation !== null) parts.push(`COLLATE ${quoteName(column.collation)}`);
  if (column.default !== null) parts.push(`DEFAULT ${defaultExpression(column.default)}`);
  if (column.identity !== null) parts.push(identityClause(column.identity));
  if (column.generated !== null) {
    const { expression, storage } = column.generated;
    parts.push(`GENERATED ALWAYS AS (${trimExpression(expression)}) ${storage.toUpperCase()}`);
  }
  if (!column.nullable && column.notNull?.notValid !== true) parts.push(notNullClause(column.notNull));
  return parts.join(" ");
}

/**
 * The grammar takes only expressions without a bare top-level boolean or comparison operator as a default of CREATE
 * TABLE (`b_expr`), so that anything but a plain constant, name or call is put into parentheses.
 */
export function defaultExpression(expression: string): string {
  const text = expression.trim();
  return plainDefault.test(text) ? text : `(${text})`;
}

const castType = String.raw`(?:[\w."]+|character varying|double precision|time(?:stamp)? with(?:out)? time zone)`;
const plainDefault = new RegExp(
  String.raw`^(?:-?[\w.]+|'(?:[^']|'')*'(?:::${castType}(?:\(\d+\))?(?:\[\])*)?|[\w.]+\([^()]*\))$`,
);

/** NOT NULL, with its name where it has one of its own. */
function notNullClause(notNull: NotNull | undefined): string {
  const name = notNull?.name == null ? "" : `CONSTRAINT ${quoteIdentifier(notNull.name)} `;
  return `${name}NOT NULL${notNull?.noInherit ? " NO INHERIT" : ""}`;
}

export function identityClause(identity: Identity): string {
  const name = identity.own?.name;
  const options = [
    ...(name === undefined ? [] : [`SEQUENCE NAME ${quoteName(name)}`]),
    ...sequenceClauses(identity.sequence),
  ];
  const generation = identity.generation === "always" ? "ALWAYS" : "BY DEFAULT";
  return `GENERATED ${generation} AS IDENTITY${options.length === 0 ? "" : ` (${options.join(" ")})`}`;
}

/** Only the options that are not the engine's default. */
export function sequenceClauses(options: SequenceOptions): readonly string[] {
  const clauses: string[] = [];
  if (options.increment !== null) clauses.push(`INCREMENT BY ${wholeNumber(options.increment)}`);
  if (options.minimum !== null) clauses.push(`MINVALUE ${wholeNumber(options.minimum)}`);
  if (options.maximum !== null) clauses.push(`MAXVALUE ${wholeNumber(options.maximum)}`);
  if (options.start !== null) clauses.push(`START WITH ${wholeNumber(options.start)}`);
  if (options.cache !== null) clauses.push(`CACHE ${wholeNumber(options.cache)}`);
  if (options.cycle) clauses.push("CYCLE");
  return clauses;
}

/**
 * Every option, those of the engine's default too: for ALTER SEQUENCE and SET of an identity, which leave alone what
 * they are not told.
 */
export function allSequenceClauses(options: SequenceOptions, turns = false): readonly string[] {
  const rising = isRising(options);
  // With another type and another direction at once the engine takes the type's limits for NO MINVALUE and NO MAXVALUE.
  const minimum = options.minimum ?? (turns && rising ? "1" : null);
  const maximum = options.maximum ?? (turns && !rising ? "-1" : null);
  return [
    `INCREMENT BY ${wholeNumber(options.increment ?? "1")}`,
    minimum === null ? "NO MINVALUE" : `MINVALUE ${wholeNumber(minimum)}`,
    maximum === null ? "NO MAXVALUE" : `MAXVALUE ${wholeNumber(maximum)}`,
    `START WITH ${wholeNumber(startOf(options))}`,
    `CACHE ${wholeNumber(options.cache ?? "1")}`,
    options.cycle ? "CYCLE" : "NO CYCLE",
  ];
}

/** Where a sequence begins, said or not. */
export function startOf(options: SequenceOptions): string {
  return options.start ?? (isRising(options) ? (options.minimum ?? "1") : (options.maximum ?? "-1"));
}

export function isRising({ increment }: SequenceOptions): boolean {
  return !(increment ?? "1").trim().startsWith("-");
}

/** Numbers come as text and go into SQL bare: nothing else may pass. */
function wholeNumber(text: string): string {
  if (/^[+-]?\d+$/.test(text.trim())) return text.trim();
  throw new AludelError("models-invalid", `"${text}" is not a whole number`, {
    remedy: "Give the options of a sequence as whole numbers.",
  });
}

/** A constraint as in CREATE TABLE and ADD: `CONSTRAINT "t_pkey" PRIMARY KEY ("id")`. */
export function constraintClause(constraint: Constraint): string {
  const name = constraint.name === null ? "" : `CONSTRAINT ${quoteIdentifier(constraint.name)} `;
  return `${name}${constraintBody(constraint)}`;
}

/**
 * A key over an index that is there already, which the constraint takes over together with its name: `CONSTRAINT
 * "t_pkey" PRIMARY KEY USING INDEX "t_pkey"` (manual, ALTER TABLE).
 */
export function constraintUsingIndex(table: ObjectName, constraint: Constraint, index: string): string {
  if (constraint.kind !== "primary-key" && constraint.kind !== "unique") {
    throw new AludelError("op-impossible", "Only primary keys and unique constraints take over an index", {
      remedy: "Leave `usingIndex` out.",
      where: { object: showName(table) },
    });
  }
  const name = constraint.name === null ? "" : `CONSTRAINT ${quoteIdentifier(constraint.name)} `;
  const kind = constraint.kind === "unique" ? "UNIQUE" : "PRIMARY KEY";
  return `${name}${kind} USING INDEX ${quoteIdentifier(index)}${deferralClause(constraint.deferral)}`;
}

function constraintBody(constraint: Constraint): string {
  if ("onConflict" in constraint && constraint.onConflict !== undefined) {
    throw foreignFeature("ON CONFLICT clause of constraints", "ON CONFLICT of the INSERT");
  }
  switch (constraint.kind) {
    case "primary-key":
      if (constraint.autoincrement) throw foreignFeature("AUTOINCREMENT", "an identity column");
      return `PRIMARY KEY ${keyBody(constraint)}`;
    case "unique": {
      const nulls = constraint.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
      return `UNIQUE${nulls} ${keyBody(constraint)}`;
    }
    case "foreign-key":
      return foreignKeyBody(constraint);
    case "check": {
      const inherit = constraint.noInherit ? " NO INHERIT" : "";
      return `CHECK (${trimExpression(constraint.expression)})${inherit}${validityClause(constraint)}`;
    }
    case "exclude": {
      const elements = constraint.elements.map(
        ({ key, operator }) => `${keyClause(key, constraint.method)} WITH ${operatorText(operator)}`,
      );
      const where = constraint.where === null ? "" : ` WHERE (${trimExpression(constraint.where)})`;
      const include = includeClause(constraint.include ?? []);
      const head = `EXCLUDE USING ${quoteIdentifier(constraint.method)} (${elements.join(", ")})`;
      return `${head}${include}${indexClause(constraint.index)}${where}${deferralClause(constraint.deferral)}`;
    }
  }
}

/** What follows the name of a key: columns, INCLUDE, the index's parameters, deferral. */
function keyBody(key: PrimaryKey | Unique): string {
  const columns = key.columns.map(quoteIdentifier).join(", ");
  return [
    `(${columns}${key.withoutOverlaps ? " WITHOUT OVERLAPS" : ""})`,
    includeClause(key.include),
    indexClause(key.index),
    deferralClause(key.deferral),
  ].join("");
}

function indexClause(index: ConstraintIndex | undefined): string {
  const space = index?.tablespace;
  const tablespace = space === undefined ? "" : ` USING INDEX TABLESPACE ${quoteIdentifier(space)}`;
  return `${parametersClause(index?.parameters ?? {})}${tablespace}`;
}

/** What is not enforced is not validated either, and says only the first. */
function validityClause({ enforced, validated }: ForeignKey | Check): string {
  if (enforced === false) return " NOT ENFORCED";
  return validated ? "" : " NOT VALID";
}

function foreignKeyBody(key: ForeignKey): string {
  const list = (columns: readonly string[]) => (key.period ? periodList(columns) : quoteList(columns));
  const columns = key.references.columns.length === 0 ? "" : ` ${list(key.references.columns)}`;
  const some = key.setColumns === undefined ? "" : ` ${quoteList(key.setColumns)}`;
  const parts = [
    `FOREIGN KEY ${list(key.columns)} REFERENCES ${quoteName(key.references.table)}${columns}`,
    key.match === "full" ? " MATCH FULL" : "",
    key.onUpdate === "no action" ? "" : ` ON UPDATE ${key.onUpdate.toUpperCase()}`,
    key.onDelete === "no action" ? "" : ` ON DELETE ${key.onDelete.toUpperCase()}${some}`,
    deferralClause(key.deferral),
    validityClause(key),
  ];
  return parts.join("");
}

/** `("a", PERIOD "during")` */
function periodList(columns: readonly string[]): string {
  const names = columns.map(quoteIdentifier);
  return `(${[...names.slice(0, -1), `PERIOD ${names.at(-1) ?? ""}`].join(", ")})`;
}

function includeClause(include: readonly string[]): string {
  return include.length === 0 ? "" : ` INCLUDE ${quoteList(include)}`;
}

function deferralClause(deferral: Deferral): string {
  if (deferral === "immediate") return "";
  return deferral === "deferred" ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
}

/** An operator goes into SQL bare: `&&`, or `OPERATOR(extensions.=)`. */
function operatorText(operator: string): string {
  const text = operator.trim();
  if (/^[-+*/<>=~!@#%^&|?`]+$/.test(text)) return text;
  if (/^OPERATOR\s*\((?:[\w$]+|"(?:[^"]|"")+")\s*\.\s*[-+*/<>=~!@#%^&|?`]+\)$/i.test(text)) return text;
  throw new AludelError("models-invalid", `"${operator}" is not an operator`, {
    remedy: "Write it as in CREATE TABLE, for example && or OPERATOR(extensions.=).",
  });
}

/** CREATE INDEX, without a semicolon. */
export function indexStatement(
  table: string,
  index: Index,
  options: { readonly concurrently: boolean; readonly ifNotExists: boolean },
): string {
  const head = [
    "CREATE",
    index.unique ? " UNIQUE" : "",
    " INDEX",
    options.concurrently ? " CONCURRENTLY" : "",
    options.ifNotExists ? " IF NOT EXISTS" : "",
  ];
  const method = index.method === "btree" ? "" : ` USING ${quoteIdentifier(index.method)}`;
  const keys = index.keys.map((key) => keyClause(key, index.method)).join(", ");
  const tail = [
    includeClause(index.include),
    index.nullsNotDistinct ? " NULLS NOT DISTINCT" : "",
    parametersClause(index.parameters),
    index.tablespace === undefined ? "" : ` TABLESPACE ${quoteIdentifier(index.tablespace)}`,
    index.where === null ? "" : ` WHERE ${trimExpression(index.where)}`,
  ];
  return `${head.join("")} ${quoteIdentifier(index.name)} ON ${table}${method} (${keys})${tail.join("")}`;
}

/** One key of an index: column or expression, collation, operator class, order. */
export function keyClause(key: IndexKey, method: string): string {
  const parts = [
    key.column === null ? `(${trimExpression(key.expression ?? "")})` : quoteIdentifier(key.column),
  ];
  if (key.collation !== null) parts.push(`COLLATE ${quoteName(key.collation)}`);
  if (key.operatorClass === null && key.operatorClassParameters !== undefined) throw namelessClass(key);
  if (key.operatorClass !== null)
    parts.push(operatorClassText(key.operatorClass, key.operatorClassParameters));
  if (method === "btree") {
    if (key.order === "desc") parts.push("DESC");
    const usual = key.order === "asc" ? "last" : "first";
    if (key.nulls !== usual) parts.push(`NULLS ${key.nulls.toUpperCase()}`);
  }
  return parts.join(" ");
}

function namelessClass(key: IndexKey): AludelError {
  const shown = key.column ?? key.expression ?? "";
  return new AludelError(
    "models-invalid",
    `The key ${shown} has parameters of an operator class without a name`,
    {
      remedy: "Give the operator class too, be it the default one.",
    },
  );
}

/** `text_pattern_ops`, `extensions.gin_trgm_ops`, `gist_trgm_ops(siglen='32')`: names quoted where needed. */
function operatorClassText(operatorClass: string, given: IndexKey["operatorClassParameters"] = {}): string {
  const parameters = Object.entries(given).map(
    ([option, text]) => `${quoteIdentifier(option)} = ${quoteString(text)}`,
  );
  const list = parameters.length === 0 ? "" : ` (${parameters.join(", ")})`;
  const name = String.raw`[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")+"`;
  const value = String.raw`(?:${name})\s*=\s*(?:'(?:[^']|'')*'|[\w.+-]+)`;
  const whole = new RegExp(
    `^(?:${name})(?:\\.(?:${name}))?(?:\\s*\\(${value}(?:\\s*,\\s*${value})*\\))?$`,
    "u",
  );
  if (whole.test(operatorClass)) return `${operatorClass}${list}`;
  throw new AludelError("models-invalid", `"${operatorClass}" is not an operator class`, {
    remedy: "Write it as in CREATE INDEX, for example text_pattern_ops or extensions.gin_trgm_ops.",
  });
}

/** ` WITH (fillfactor = 70)`, or nothing. */
export function parametersClause(parameters: Readonly<Record<string, string>>): string {
  const entries = Object.entries(parameters);
  return entries.length === 0 ? "" : ` WITH (${entries.map(parameterText).join(", ")})`;
}

export function parameterText([name, value]: readonly [string, string]): string {
  return `${parameterName(name)} = ${/^[a-z0-9_.-]+$/i.test(value) ? bareValue(value) : quoteString(value)}`;
}

/** A value that is a reserved word (`on`, `true`) is taken by the grammar; others are safer as a string. */
function bareValue(value: string): string {
  return /^(?:-?\d+(?:\.\d+)?|on|off|true|false|local|cascaded|auto)$/i.test(value)
    ? value
    : quoteString(value);
}

/** `toast.autovacuum_enabled` is a name in a space of its own. */
export function parameterName(name: string): string {
  return name.split(".").map(quoteIdentifier).join(".");
}

/** What another engine has and this one has not. */
export function foreignFeature(feature: string, instead: string): AludelError {
  return new AludelError("op-unsupported", `PostgreSQL has no ${feature}`, {
    remedy: `Use ${instead} instead, or take it out for PostgreSQL.`,
  });
}

/** @throws AludelError `op-unsupported` when the server is known to be older. An unknown server is taken as new. */
export function requireVersion(
  serverVersion: number | null,
  major: number,
  what: string,
  object: { readonly namespace: string | null; readonly name: string },
  remedy: string,
): void {
  if (serverVersion === null || serverVersion >= major * 10_000) return;
  throw new AludelError("op-unsupported", `${what} needs PostgreSQL ${major} or later`, {
    remedy,
    where: { object: showName(object) },
  });
}
