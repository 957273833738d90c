import { AludelError } from "../error/error.js";
import type { Generated, Identity } from "../schema/schema.js";
import type { NameInput, NotNullInput, SequenceInput, StorageInput } from "./column-input.js";
import { isSqlText, type SqlText } from "./sql-text.js";

/** PostgreSQL: the sequence behind an identity or serial column, where it is not what the engine makes. */
export interface OwnSequenceInput {
  readonly name?: NameInput;
  readonly type?: TypeBuilder;
  readonly unlogged?: boolean;
}

/** A type as it was asked for: by text that the dialect reads, or by the name of an object in the database. */
export type TypeSpec =
  | { readonly text: string; readonly dimensions: number }
  | { readonly name: NameInput; readonly dimensions: number };

/** What JSON can hold. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** What a builder has gathered. Absent properties were not asked for. */
export interface ColumnSpec {
  readonly type: TypeSpec;
  readonly nullable: boolean;
  readonly notNull?: NotNullInput;
  readonly default?: { readonly value: unknown } | { readonly sql: SqlText };
  readonly identity?: { readonly generation: Identity["generation"]; readonly sequence: SequenceInput };
  readonly generated?: { readonly as: SqlText; readonly storage: Generated["storage"] };
  readonly collation?: NameInput;
  readonly storage?: StorageInput;
  readonly ownSequence?: OwnSequenceInput;
  readonly inherited?: true;
  readonly comment?: string;
}

const mark: unique symbol = Symbol.for("aludel.column") as never;

/** A column type, where nothing more can be said: `op.alterColumn("a", "b", { type: t.text() })`. */
export interface TypeBuilder {
  readonly [mark]: ColumnSpec;
}

/**
 * A column under construction. Every method gives a new builder. A column is nullable and without a default until it
 * is said otherwise. `V` is what its default may be beside `` sql`…` ``.
 */
export interface ColumnBuilder<V = never> extends TypeBuilder {
  /** An array of the type; `dimensions` is 1 unless given. Its default is text as the engine writes arrays: `"{}"`. */
  array(dimensions?: number): ColumnBuilder<string>;
  /** Null is refused. A name for the constraint and more can be given on SQLite, and from PostgreSQL 18 on. */
  notNull(constraint?: NotNullInput): ColumnBuilder<V>;
  /** A plain value becomes a literal; an expression is written as `` sql`now()` ``. */
  default(value: V | SqlText): ColumnBuilder<V>;
  /** `GENERATED … AS IDENTITY`. */
  identity(generation?: Identity["generation"], sequence?: SequenceInput): ColumnBuilder<V>;
  /** `GENERATED ALWAYS AS (…)`; stored unless said otherwise. */
  generatedAs(expression: SqlText, options?: { readonly storage?: Generated["storage"] }): ColumnBuilder<V>;
  collate(collation: NameInput): ColumnBuilder<V>;
  /** PostgreSQL: how it is stored and sampled: `.storage({ compression: "lz4" })` (ALTER TABLE, SET STORAGE …). */
  storage(storage: StorageInput): ColumnBuilder<V>;
  /** PostgreSQL: the sequence behind an identity or serial column, where it is not what the engine makes. */
  ownSequence(sequence: OwnSequenceInput): ColumnBuilder<V>;
  /** PostgreSQL: it comes from a parent table, and has no declaration of its own. */
  inherited(): ColumnBuilder<V>;
  comment(text: string): ColumnBuilder<V>;
}

function invalid(message: string, remedy: string): AludelError {
  return new AludelError("revision-invalid", message, { remedy });
}

function build<V>(spec: ColumnSpec): ColumnBuilder<V> {
  const having = (more: Partial<ColumnSpec>): ColumnBuilder<V> => build<V>({ ...spec, ...more });
  return Object.freeze<ColumnBuilder<V>>({
    [mark]: spec,
    array: (dimensions = 1) => {
      if (!Number.isInteger(dimensions) || dimensions < 1) {
        throw invalid(`An array cannot have ${dimensions} dimensions`, "Give a whole number from 1.");
      }
      const type = { ...spec.type, dimensions: spec.type.dimensions + dimensions };
      return build<string>({ ...spec, type });
    },
    notNull: (constraint) =>
      having(constraint === undefined ? { nullable: false } : { nullable: false, notNull: constraint }),
    default: (value) => {
      if (value === undefined) {
        throw invalid("A column's default is undefined", "Give a value or sql`…`, or leave .default() out.");
      }
      return having({ default: isSqlText(value) ? { sql: value } : { value } });
    },
    identity: (generation = "by-default", sequence = {}) => {
      if (generation !== "always" && generation !== "by-default") {
        throw invalid(
          `An identity column is generated "always" or "by-default", not "${String(generation)}"`,
          'Write .identity("always") or .identity("by-default").',
        );
      }
      return having({ identity: { generation, sequence } });
    },
    generatedAs: (expression, options = {}) => {
      if (!isSqlText(expression)) {
        throw invalid("A generated column was given no SQL text", "Write .generatedAs(sql`price * amount`).");
      }
      return having({ generated: { as: expression, storage: options.storage ?? "stored" } });
    },
    collate: (collation) => having({ collation }),
    storage: (storage) => having({ storage }),
    ownSequence: (ownSequence) => having({ ownSequence }),
    inherited: () => having({ inherited: true }),
    comment: (text) => having({ comment: text }),
  });
}

/** What a builder has gathered. @throws AludelError `revision-invalid` when it is not one. */
export function columnSpec(builder: TypeBuilder): ColumnSpec {
  if (typeof builder !== "object" || builder === null || !(mark in builder)) {
    throw invalid(
      "A column's definition was expected",
      'Build it with t: t.text(), t.varchar(255).notNull(), t.type("geometry(Point,4326)").',
    );
  }
  return builder[mark];
}

const byText = <V>(text: string) => build<V>({ type: { text, dimensions: 0 }, nullable: true });

/** `name(first,second)`, or the name alone when nothing is given. Modifiers must be whole numbers. */
function modified(name: string, ...modifiers: readonly (number | undefined)[]): string {
  const given = modifiers.filter((modifier) => modifier !== undefined);
  for (const modifier of given) {
    if (!Number.isInteger(modifier)) {
      throw invalid(`The type ${name} cannot have the modifier ${modifier}`, "Give a whole number.");
    }
  }
  return given.length === 0 ? name : `${name}(${given.join(",")})`;
}

/**
 * Column types: `t.integer()`, `t.varchar(255).notNull().default("")`. A column is nullable until `.notNull()`.
 * The names are those of the PostgreSQL manual, chapter 8; the dialect in use makes them canonical. What is not here is
 * written with `t.type("…")`.
 */
export const t = {
  smallint: () => byText<number | bigint>("smallint"),
  integer: () => byText<number | bigint>("integer"),
  bigint: () => byText<number | bigint>("bigint"),
  /** An integer with a sequence of its own. Prefer `.identity()`. */
  smallserial: () => byText<number | bigint>("smallserial"),
  serial: () => byText<number | bigint>("serial"),
  bigserial: () => byText<number | bigint>("bigserial"),
  /** Strings keep digits that a number would lose. */
  numeric: (precision?: number, scale?: number) =>
    byText<number | bigint | string>(modified("numeric", precision, scale)),
  real: () => byText<number>("real"),
  doublePrecision: () => byText<number>("double precision"),
  money: () => byText<number | string>("money"),

  text: () => byText<string>("text"),
  varchar: (length?: number) => byText<string>(modified("varchar", length)),
  char: (length?: number) => byText<string>(modified("char", length)),
  boolean: () => byText<boolean>("boolean"),
  uuid: () => byText<string>("uuid"),
  json: () => byText<JsonValue>("json"),
  jsonb: () => byText<JsonValue>("jsonb"),
  xml: () => byText<string>("xml"),
  bytea: () => byText<Uint8Array>("bytea"),
  blob: () => byText<Uint8Array>("blob"),

  date: () => byText<string>("date"),
  time: (precision?: number) => byText<string>(modified("time", precision)),
  timetz: (precision?: number) => byText<string>(modified("timetz", precision)),
  timestamp: (precision?: number) => byText<string>(modified("timestamp", precision)),
  timestamptz: (precision?: number) => byText<string>(modified("timestamptz", precision)),
  interval: () => byText<string>("interval"),

  inet: () => byText<string>("inet"),
  cidr: () => byText<string>("cidr"),
  macaddr: () => byText<string>("macaddr"),
  macaddr8: () => byText<string>("macaddr8"),
  bit: (length?: number) => byText<string>(modified("bit", length)),
  varbit: (length?: number) => byText<string>(modified("varbit", length)),
  tsvector: () => byText<string>("tsvector"),
  tsquery: () => byText<string>("tsquery"),
  point: () => byText<string>("point"),
  line: () => byText<string>("line"),
  lseg: () => byText<string>("lseg"),
  box: () => byText<string>("box"),
  path: () => byText<string>("path"),
  polygon: () => byText<string>("polygon"),
  circle: () => byText<string>("circle"),
  int4range: () => byText<string>("int4range"),
  int8range: () => byText<string>("int8range"),
  numrange: () => byText<string>("numrange"),
  tsrange: () => byText<string>("tsrange"),
  tstzrange: () => byText<string>("tstzrange"),
  daterange: () => byText<string>("daterange"),

  /** A type of the database's own, by name: an enum, a domain. `t.enum({ schema: "billing", name: "mood" })`. */
  enum: (name: NameInput) => build<string>({ type: { name, dimensions: 0 }, nullable: true }),
  /**
   * Any type, as SQL writes it: `t.type("geometry(Point,4326)")`. The empty text is SQLite's column without a type;
   * engines that have none say so.
   */
  type: (text: string) => {
    if (typeof text !== "string") {
      throw invalid("t.type was given no type", 'Write the type as SQL does: t.type("citext").');
    }
    return byText<unknown>(text);
  },
} as const;
