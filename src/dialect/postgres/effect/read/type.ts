import type { Node, TypeName } from "libpg-query";
import type { TypeUse } from "../../../../effect/syntax.js";
import { isBuiltIn } from "../../types.js";
import { strings } from "./node.js";

/** The catalogue's names of types that SQL calls otherwise. */
const canonical: ReadonlyMap<string, string> = new Map([
  ["int2", "smallint"],
  ["int4", "integer"],
  ["int8", "bigint"],
  ["float4", "real"],
  ["float8", "double precision"],
  ["bool", "boolean"],
  ["varchar", "character varying"],
  ["bpchar", "character"],
  ["char", '"char"'],
  ["varbit", "bit varying"],
  ["timestamptz", "timestamp with time zone"],
  ["timestamp", "timestamp without time zone"],
  ["timetz", "time with time zone"],
  ["time", "time without time zone"],
]);

const serials: ReadonlyMap<string, string> = new Map([
  ["smallserial", "smallint"],
  ["serial2", "smallint"],
  ["serial", "integer"],
  ["serial4", "integer"],
  ["bigserial", "bigint"],
  ["serial8", "bigint"],
]);

export const unknownType: TypeUse = {
  name: "",
  namespace: null,
  builtIn: false,
  modifiers: [],
  dimensions: 0,
  serial: false,
};

export function builtInType(name: string): TypeUse {
  return { ...unknownType, name, builtIn: true };
}

function numbersOf(nodes: readonly Node[] | undefined): readonly number[] {
  return (nodes ?? []).flatMap((node) =>
    "A_Const" in node && node.A_Const.ival ? [node.A_Const.ival.ival ?? 0] : [],
  );
}

// What the parser puts before the precision of an interval that has no fields.
const allFields = 0x7fff;

export function readType(type: TypeName | undefined): TypeUse {
  if (type === undefined) return unknownType;
  const parts = strings(type.names);
  const bare = parts.at(-1) ?? "";
  const own = parts.length === 1 || parts[0] === "pg_catalog";
  const dimensions = type.arrayBounds?.length ?? 0;
  // Arrays have a type of their own in the catalogue, which somebody may name: _int4.
  const element = own && bare.startsWith("_") && canonicalName(bare.slice(1)) !== null ? bare.slice(1) : bare;
  const depth = element === bare ? dimensions : 1;
  const serial = parts.length === 1 ? serials.get(element) : undefined;
  const name = serial ?? (own ? canonicalName(element) : null);
  const numbers = numbersOf(type.typmods);
  if (name === null) {
    return {
      name: element,
      namespace: parts.length > 1 ? (parts.at(-2) ?? null) : null,
      builtIn: parts[0] === "pg_catalog",
      modifiers: numbers,
      dimensions: depth,
      serial: false,
    };
  }
  const modifiers = name === "interval" && numbers[0] === allFields ? numbers.slice(1) : numbers;
  const isInterval = name === "interval" && numbers.length > 0 && numbers[0] !== allFields;
  return {
    // INTERVAL DAY TO SECOND and the like: the fields are in a mask that nothing else has.
    name: isInterval ? `interval fields ${numbers[0]}` : name,
    namespace: null,
    builtIn: true,
    modifiers: isInterval ? numbers.slice(1) : modifiers,
    dimensions: depth,
    serial: serial !== undefined,
  };
}

function canonicalName(name: string): string | null {
  const known = canonical.get(name) ?? name;
  return isBuiltIn({ namespace: null, name: known }) ? known : null;
}
