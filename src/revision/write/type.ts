import { isDeepStrictEqual } from "node:util";
import { AludelError } from "../../error/error.js";
import { nameKey } from "../../schema/name.js";
import type { ColumnType } from "../../schema/schema.js";
import { columnSpec, type TypeBuilder, t } from "../column-builder.js";
import { toType } from "../directive/spelling.js";
import { objectName, string } from "./literal.js";
import { call, chain, type Node, text } from "./print.js";
import type { Admits, Writer } from "./writer.js";

type Builders = typeof t;
/** The methods of `t` that take nothing, or only numbers. */
type Method = Exclude<keyof Builders, "enum" | "type">;

const integers: Admits = { number: true, bigint: true };
const numbers: Admits = { number: true };
const decimals: Admits = { number: true, bigint: true, string: true };
const words: Admits = { string: true };
const anything: Admits = { string: true, number: true, bigint: true, boolean: true };

/** What the default of a column of each method may be without `` sql`…` ``: the `V` of its builder. */
const admitted: Readonly<Record<Method, Admits>> = {
  smallint: integers,
  integer: integers,
  bigint: integers,
  smallserial: integers,
  serial: integers,
  bigserial: integers,
  numeric: decimals,
  real: numbers,
  doublePrecision: numbers,
  money: { number: true, string: true },
  text: words,
  varchar: words,
  char: words,
  boolean: { boolean: true },
  uuid: words,
  json: { string: true, number: true, boolean: true },
  jsonb: { string: true, number: true, boolean: true },
  xml: words,
  bytea: {},
  blob: {},
  date: words,
  time: words,
  timetz: words,
  timestamp: words,
  timestamptz: words,
  interval: words,
  inet: words,
  cidr: words,
  macaddr: words,
  macaddr8: words,
  bit: words,
  varbit: words,
  tsvector: words,
  tsquery: words,
  point: words,
  line: words,
  lseg: words,
  box: words,
  path: words,
  polygon: words,
  circle: words,
  int4range: words,
  int8range: words,
  numrange: words,
  tsrange: words,
  tstzrange: words,
  daterange: words,
};

/** Names of types, in any spelling that a catalogue has, that are not also the name of the method. */
const spellings: Readonly<Record<string, Method>> = {
  "double precision": "doublePrecision",
  "character varying": "varchar",
  character: "char",
  "bit varying": "varbit",
  "time without time zone": "time",
  "time with time zone": "timetz",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
};

function methodOf(type: ColumnType): Method | null {
  if (type.namespace !== null) return null;
  const name = type.name.toLowerCase();
  if (Object.hasOwn(spellings, name)) return spellings[name] ?? null;
  return Object.hasOwn(admitted, name) ? (name as Method) : null;
}

interface Candidate {
  readonly builder: () => TypeBuilder;
  readonly node: Node;
  readonly admits: Admits;
}

function modifierNumbers(type: ColumnType): readonly number[] | null {
  return type.modifiers.every((modifier) => /^-?\d{1,9}$/.test(modifier)) ? type.modifiers.map(Number) : null;
}

function byMethod(type: ColumnType): readonly Candidate[] {
  const method = methodOf(type);
  const modifiers = modifierNumbers(type);
  if (method === null || modifiers === null) return [];
  const build = t[method] as (...modifiers: readonly number[]) => TypeBuilder;
  return [
    {
      builder: () => build(...modifiers),
      node: call(`t.${method}`, ...modifiers.map((one) => text(String(one)))),
      admits: admitted[method],
    },
  ];
}

function byText(type: string): Candidate {
  return { builder: () => t.type(type), node: call("t.type", string(type)), admits: anything };
}

function byName(type: ColumnType): readonly Candidate[] {
  if (type.modifiers.length > 0) return [];
  const { namespace, name } = type;
  const input = namespace === null ? name : { schema: namespace, name };
  return [{ builder: () => t.enum(input), node: call("t.enum", objectName(type)), admits: words }];
}

/** The ways to write a type without its dimensions, the most readable first. */
function candidates(writer: Writer, type: ColumnType): readonly Candidate[] {
  const modifiers = type.modifiers.length === 0 ? "" : `(${type.modifiers.join(",")})`;
  const isEnum = writer.enums.has(nameKey(type));
  return [
    ...byMethod(type),
    ...(isEnum ? byName(type) : []),
    ...(type.namespace === null && /^[a-z_][\w ]*$/i.test(type.name)
      ? [byText(`${type.name}${modifiers}`)]
      : []),
    byText(writer.dialect.formatType(type)),
    ...byName(type),
  ];
}

/** True when the builder, read back, is exactly the type. */
function readsBack(writer: Writer, { builder }: Candidate, type: ColumnType): boolean {
  try {
    const found = toType(writer.dialect, "t", columnSpec(builder()).type);
    return isDeepStrictEqual({ ...found }, { ...type });
  } catch {
    return false;
  }
}

/** A type as an expression of `t`, and what its default may be. */
export function typeNode(writer: Writer, type: ColumnType): { readonly node: Node; readonly admits: Admits } {
  writer.imports.add("t");
  const memory = JSON.stringify([type.namespace, type.name, type.modifiers, type.dimensions]);
  const known = writer.types.get(memory);
  if (known !== undefined) return known;
  const element = { ...type, dimensions: 0 };
  const found = candidates(writer, element).find((one) => readsBack(writer, one, element));
  if (found === undefined) {
    throw new AludelError("models-invalid", `The type ${writer.dialect.formatType(type)} cannot be written`, {
      remedy: "Write the revision by hand with t.type(…), and report this type as a bug.",
      where: { object: type.name },
    });
  }
  const { dimensions } = type;
  const written =
    dimensions === 0
      ? { node: found.node, admits: found.admits }
      : {
          node: chain(found.node, [call("array", ...(dimensions === 1 ? [] : [text(String(dimensions))]))]),
          admits: words,
        };
  writer.types.set(memory, written);
  return written;
}
