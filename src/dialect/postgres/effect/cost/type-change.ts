import type { Act } from "../../../../effect/act.js";
import type { TypeUse } from "../../../../effect/syntax.js";
import { type Column, findType, type TypeId, type World } from "../../../../effect/world.js";
import { isConstrained } from "../world/find.js";

/** A type without the domains around it. */
interface Plain {
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly dimensions: number;
  /** Of an enum, a composite …; `null` for a built-in type and one that nobody saw made. */
  readonly id: TypeId | null;
  /** A domain around it refuses some values. */
  readonly constrained: boolean;
}

export interface TypeChange {
  /** Every row is written anew. */
  readonly rewrite: boolean;
  /** Another operator class or collation: the column's indexes are built anew even without a rewrite. */
  readonly reindex: boolean;
}

function plain(world: World, type: TypeUse, typeId: TypeId | null): Plain {
  const state = typeId === null ? undefined : world.types.get(typeId);
  if (state?.kind === "domain" && type.dimensions === 0) {
    const base = plain(world, state.base, state.baseId);
    return { ...base, constrained: isConstrained(world, state) };
  }
  return {
    name: type.name,
    modifiers: type.modifiers,
    dimensions: type.dimensions,
    id: typeId,
    constrained: false,
  };
}

function resolve(world: World, type: TypeUse): Plain {
  const id = type.builtIn
    ? null
    : (findType(world, { namespace: type.namespace, name: type.name })?.id ?? null);
  return plain(world, type, id);
}

function isSame(a: Plain, b: Plain): boolean {
  return a.name === b.name && a.dimensions === b.dimensions && a.id === b.id;
}

/** Types with the binary form of another, in the direction of the cast (`pg_cast` with castmethod `b`). */
const binary: ReadonlyMap<string, readonly string[]> = new Map([
  ["text", ["character varying", "citext"]],
  ["character varying", ["text", "citext"]],
  ["citext", ["text", "character varying"]],
  ["cidr", ["inet"]],
  ["bit", ["bit varying"]],
  ["bit varying", ["bit"]],
  ["xml", ["text", "character varying"]],
  ["integer", ["oid", "regclass", "regproc", "regtype", "regrole"]],
  ["oid", ["integer", "regclass", "regproc", "regtype", "regrole"]],
  ["regclass", ["oid", "integer"]],
]);

const texts = new Set(["text", "character varying"]);
const times = new Set([
  "timestamp without time zone",
  "timestamp with time zone",
  "time without time zone",
  "time with time zone",
  "interval",
]);
const mostDigits = 6;

/** Whether a value keeps its form when only the modifiers change. */
function keepsModifiers(name: string, from: readonly number[], to: readonly number[]): boolean {
  if (from.join() === to.join()) return true;
  const [before, after] = [from[0], to[0]];
  if (name === "character" || name === "bit") return false;
  if (times.has(name) || name.startsWith("interval fields"))
    return (after ?? mostDigits) >= (before ?? mostDigits);
  if (after === undefined) return true;
  if (before === undefined) return false;
  if (name === "numeric") return after >= before && (to[1] ?? 0) === (from[1] ?? 0);
  return (name === "character varying" || name === "bit varying") && after >= before;
}

/** Whether a value of one type is, bit for bit, the value of another. */
function keepsForm(from: Plain, to: Plain, version: number, utc: boolean): boolean {
  if (to.constrained) return false;
  if (isSame(from, to)) {
    // Elements that have to be cut or padded are gone through one by one.
    return to.dimensions > 0
      ? from.modifiers.join() === to.modifiers.join() || to.modifiers.length === 0
      : keepsModifiers(to.name, from.modifiers, to.modifiers);
  }
  if (from.dimensions !== to.dimensions || from.id !== null || to.id !== null) return false;
  const [a, b] = [from.name, to.name];
  if (a.startsWith("timestamp") && b.startsWith("timestamp")) {
    const isFiner = (to.modifiers[0] ?? mostDigits) >= (from.modifiers[0] ?? mostDigits);
    return version >= 12 && utc && isFiner && from.dimensions === 0;
  }
  if (binary.get(a)?.includes(b) !== true) return false;
  if (to.modifiers.length === 0) return true;
  // A text of any length has to be cut; one whose length was limited may be short enough already.
  return texts.has(a) && texts.has(b) && keepsModifiers(b, from.modifiers, to.modifiers);
}

/** Types whose values one operator class compares by default. */
function operatorFamily({ name, id, dimensions }: Plain): string {
  if (dimensions > 0) return "array";
  if (id !== null) return "user";
  if (texts.has(name)) return "text";
  if (name === "cidr") return "inet";
  return name;
}

/**
 * What ALTER COLUMN TYPE does (`ATColumnChangeRequiresRewrite`, `CheckIndexCompatible`). A column of which nobody knows
 * the type is taken to be written anew.
 */
export function typeChange(
  world: World,
  column: Column | undefined,
  act: Act<"alter-type">,
  conditions: { readonly version: number; readonly utc: boolean },
): TypeChange {
  if (column === undefined) return { rewrite: true, reindex: true };
  const { version, utc } = conditions;
  const from = plain(world, column.type, column.typeId);
  const to = resolve(world, act.type);
  const steps = castsOf(world, act, to);
  if (steps === null) return { rewrite: true, reindex: true };
  let value = from;
  for (const step of steps) {
    if (!keepsForm(value, step, version, utc)) return { rewrite: true, reindex: true };
    value = step;
  }
  const collation = (one: Column["collation"]) => (one === null || one.name === "default" ? "" : one.name);
  const isCollationNew = collation(column.collation) !== collation(act.collation);
  return { rewrite: false, reindex: isCollationNew || operatorFamily(from) !== operatorFamily(to) };
}

/** The types that a value goes through; `null` when USING makes another value of it. */
function castsOf(world: World, { using, column }: Act<"alter-type">, to: Plain): readonly Plain[] | null {
  if (using === null) return [to];
  if (using.column !== column) return null;
  const inner = using.castTo === undefined ? [] : [resolve(world, using.castTo)];
  return [...inner, to];
}
