import { AludelError } from "../../error/error.js";
import type { ColumnType, Sequence } from "../../schema/schema.js";
import { quoteIdentifier } from "./quote.js";
import { type Token, tokenize } from "./token.js";

/**
 * Spellings that the grammar turns into another type (manual, table 8.1), and the catalogue's internal names.
 * The values are what `format_type` prints.
 */
const aliases: Readonly<Record<string, string>> = {
  int: "integer",
  int4: "integer",
  int2: "smallint",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  float: "double precision",
  bool: "boolean",
  decimal: "numeric",
  dec: "numeric",
  varchar: "character varying",
  "char varying": "character varying",
  "national character varying": "character varying",
  "national char varying": "character varying",
  "nchar varying": "character varying",
  char: "character",
  nchar: "character",
  "national character": "character",
  "national char": "character",
  varbit: "bit varying",
  timestamptz: "timestamp with time zone",
  timestamp: "timestamp without time zone",
  timetz: "time with time zone",
  time: "time without time zone",
  serial2: "smallserial",
  serial4: "serial",
  serial8: "bigserial",
};

/** Types of the engine's own that have one name only; they are printed bare. */
const plainTypes =
  `smallint integer bigint numeric real boolean character text bytea uuid json jsonb jsonpath xml date
  money inet cidr macaddr macaddr8 point line lseg box path polygon circle tsvector tsquery interval bit bpchar name oid
  int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange
  tstzmultirange datemultirange int2vector oidvector regclass regcollation regconfig regdictionary regnamespace regoper
  regoperator regproc regprocedure regrole regtype regdatabase pg_lsn pg_snapshot txid_snapshot xid xid8 cid tid
  refcursor aclitem smallserial serial bigserial`.split(/\s+/);

/** The words after the first in names of several; the modifiers stand after the first (`timestamp(3) with time zone`). */
const longTypes = [
  "double precision",
  "character varying",
  "bit varying",
  "timestamp with time zone",
  "timestamp without time zone",
  "time with time zone",
  "time without time zone",
];

const intervalFields =
  /^interval (year|month|day|hour|minute|second|year to month|day to (hour|minute|second)|hour to (minute|second)|minute to second)$/;

const builtIn: ReadonlySet<string> = new Set([...plainTypes, ...longTypes, '"char"', '"bit"']);

/** True for a type of the engine's own, by its canonical name. */
export function isBuiltIn(type: Pick<ColumnType, "namespace" | "name">): boolean {
  return type.namespace === null && (builtIn.has(type.name) || intervalFields.test(type.name));
}

/** Columns of these types make their values from a sequence of their own. */
const serialTypes: Readonly<Record<string, string>> = {
  smallserial: "smallint",
  serial: "integer",
  bigserial: "bigint",
};

export function isSerial(type: ColumnType): boolean {
  return type.namespace === null && type.dimensions === 0 && Object.hasOwn(serialTypes, type.name);
}

/** The integer type under a `serial` type; any other type as it is. */
export function underlyingType(type: ColumnType): ColumnType {
  return isSerial(type) ? { ...type, name: serialTypes[type.name] ?? type.name } : type;
}

/** The `serial` type of an integer type. */
export function serialOf(type: ColumnType): ColumnType {
  const name = Object.entries(serialTypes).find(([, integer]) => integer === type.name)?.[0];
  return name === undefined ? type : { ...type, name };
}

/**
 * Type text as a person or the catalogue writes it, taken apart and canonical: `int4[]`, `varchar(20)`,
 * `timestamp(3) with time zone`, `billing."Mood"`, `geometry(Point,4326)`.
 *
 * @throws AludelError `models-invalid` for text that is not a type.
 */
export function parseType(text: string): ColumnType {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const type = parseText(text);
  if (parsed.size < mostParsed) parsed.set(text, type);
  return type;
}

/** A schema has thousands of columns and a few dozen types. Texts with modifiers could be many, so there is an end. */
const parsed = new Map<string, ColumnType>();
const mostParsed = 5_000;

function parseText(text: string): ColumnType {
  const tokens = tokenize(text);
  if (tokens === null || tokens.length === 0) throw notType(text);
  const reader = new TypeReader(text, tokens);
  return normalizeType(reader.read());
}

class TypeReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  read(): ColumnType {
    const [namespace, first] = this.#name();
    const words = [first];
    const modifiers: string[] = [];
    if (namespace === null && !first.startsWith('"')) this.#words(words);
    if (this.#peek() === "(") modifiers.push(...this.#modifiers());
    if (namespace === null && !first.startsWith('"')) this.#words(words);
    if (words[0] === "interval" && this.#peek() === "(") modifiers.push(...this.#modifiers());
    const dimensions = this.#dimensions();
    if (this.#at < this.#tokens.length) throw notType(this.#text);
    const name = words.join(" ");
    if (
      words.length > 1 &&
      !Object.hasOwn(aliases, name) &&
      !builtIn.has(name) &&
      !intervalFields.test(name)
    ) {
      throw notType(this.#text);
    }
    return { namespace, name, modifiers, dimensions };
  }

  /** A quoted name that is bare the name of another type keeps its quotes: `"char"` is not `char`. */
  #name(): [namespace: string | null, name: string] {
    const first = this.#identifier();
    if (this.#peek() !== ".") {
      const quoted = first.kind === "quoted" && quotedNames.has(first.value);
      return [null, quoted ? first.text : first.value];
    }
    this.#at += 1;
    const second = this.#identifier();
    if (first.value !== "pg_catalog") return [first.value, second.value];
    // `pg_catalog.char` and `pg_catalog.bit` are the types of that name, not what the grammar makes of the bare word.
    if (second.value === "char" || second.value === "bit") return [null, `"${second.value}"`];
    return [null, second.value];
  }

  #identifier(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined || (token.kind !== "word" && token.kind !== "quoted")) throw notType(this.#text);
    this.#at += 1;
    return token;
  }

  #words(words: string[]): void {
    for (let token = this.#tokens[this.#at]; token?.kind === "word"; token = this.#tokens[this.#at]) {
      if (token.value === "array") return;
      words.push(token.value);
      this.#at += 1;
    }
  }

  #modifiers(): string[] {
    const open = this.#tokens[this.#at];
    const parts: string[] = [];
    let from = (open?.start ?? 0) + 1;
    for (this.#at += 1; this.#at < this.#tokens.length; this.#at += 1) {
      const token = this.#tokens[this.#at];
      if (token === undefined || token.text === "(") break;
      if (token.text !== "," && token.text !== ")") continue;
      parts.push(this.#text.slice(from, token.start).trim());
      from = token.start + 1;
      if (token.text === ",") continue;
      this.#at += 1;
      if (parts.some((part) => part === "")) break;
      return parts;
    }
    throw notType(this.#text);
  }

  #dimensions(): number {
    let count = 0;
    if (this.#tokens[this.#at]?.value === "array") {
      this.#at += 1;
      count = 1;
      if (this.#peek() !== "[") return count;
      count = 0;
    }
    while (this.#peek() === "[") {
      this.#at += 1;
      if (this.#tokens[this.#at]?.kind === "number") this.#at += 1;
      if (this.#peek() !== "]") throw notType(this.#text);
      this.#at += 1;
      count += 1;
    }
    return count;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at]?.text;
  }
}

/** Names that without their quotes are what the grammar makes of them, and not the type of that name. */
const quotedNames: ReadonlySet<string> = new Set([
  ..."char bit int integer smallint bigint real float boolean decimal dec nchar character".split(" "),
  ..."smallserial serial bigserial serial2 serial4 serial8".split(" "),
  ...longTypes,
]);

function notType(text: string): AludelError {
  return new AludelError("models-invalid", `"${text}" is not a type that PostgreSQL could have`, {
    remedy: "Write the type as in CREATE TABLE, for example varchar(255), numeric(10,2) or integer[].",
    where: { object: text },
  });
}

/** A type with its canonical name and modifiers: what `format_type` prints for it. Idempotent. */
export function normalizeType(type: ColumnType): ColumnType {
  const known = normal.get(type);
  if (known !== undefined) return known;
  const result = toNormal(type);
  normal.set(type, result);
  normal.set(result, result);
  return result;
}

/** Types are shared by columns and brought to their normal form again at every stop on their way. */
const normal = new WeakMap<ColumnType, ColumnType>();

function toNormal(type: ColumnType): ColumnType {
  if (type.namespace === "pg_catalog") return normalizeType({ ...type, namespace: null });
  if (type.namespace !== null) return type;
  if (type.name === "float") return { ...type, ...floatType(type) };
  const known = Object.hasOwn(aliases, type.name) || isBuiltIn(type);
  if (!known) return type;
  const sized = type.name === "bpchar" && type.modifiers.length > 0;
  const name = sized ? "character" : canonicalName(type.name);
  return { ...type, name, modifiers: normalizeModifiers(name, type.modifiers) };
}

/** `float(n)`: up to 24 binary digits are a `real` (manual 8.1.3). */
function floatType(type: ColumnType): Pick<ColumnType, "name" | "modifiers"> {
  const digits = type.modifiers[0];
  return { name: digits !== undefined && Number(digits) <= 24 ? "real" : "double precision", modifiers: [] };
}

function canonicalName(name: string): string {
  return (Object.hasOwn(aliases, name) ? aliases[name] : undefined) ?? name;
}

function normalizeModifiers(name: string, modifiers: readonly string[]): readonly string[] {
  const trimmed = modifiers.map((modifier) => modifier.trim());
  if (name === "numeric" && trimmed.length === 1) return [...trimmed, "0"];
  if ((name === "character" || name === "bit") && trimmed.length === 0) return ["1"];
  return trimmed;
}

/**
 * SQL text of a type: the inverse of `parseType`. Built-in types are bare, others are quoted.
 */
export function formatType(type: ColumnType): string {
  return `${formatName(type)}${"[]".repeat(type.dimensions)}`;
}

function formatName(type: ColumnType): string {
  const modifiers = type.modifiers.length === 0 ? "" : `(${type.modifiers.join(",")})`;
  if (!isBuiltIn(type)) {
    const name =
      type.name.startsWith('"') && type.name.endsWith('"') ? type.name : quoteIdentifier(type.name);
    return `${type.namespace === null ? "" : `${quoteIdentifier(type.namespace)}.`}${name}${modifiers}`;
  }
  if (/^time(stamp)? /.test(type.name)) return type.name.replace(" ", `${modifiers} `);
  return `${type.name}${modifiers}`;
}

/** Smallest and greatest value of the integer types, for the defaults of sequences (CREATE SEQUENCE in the manual). */
const integerRanges: Readonly<Record<string, readonly [minimum: string, maximum: string]>> = {
  smallint: ["-32768", "32767"],
  integer: ["-2147483648", "2147483647"],
  bigint: ["-9223372036854775808", "9223372036854775807"],
};

export function integerRange(type: ColumnType): readonly [minimum: string, maximum: string] | null {
  return integerRanges[underlyingType(type).name] ?? null;
}

/** The type of a sequence that does not say. */
export const sequenceType: Sequence["type"] = {
  namespace: null,
  name: "bigint",
  modifiers: [],
  dimensions: 0,
};
