import type { Act } from "../effect/act.js";
import type { TypeUse } from "../effect/syntax.js";
import { type Column, findRelation, type World } from "../effect/world.js";

/** As people write it: `character varying(20)`, `integer[]`. */
export function showType(type: TypeUse): string {
  const own = type.namespace === null ? type.name : `${type.namespace}.${type.name}`;
  const modifiers = type.modifiers.length === 0 ? "" : `(${type.modifiers.join(",")})`;
  return `${own}${modifiers}${"[]".repeat(type.dimensions)}`;
}

/** The column as it was; `undefined` when nobody saw it made. */
export function columnBefore(act: Act<"alter-type">, world: World): Column | undefined {
  return findRelation(world, act.table)?.columns.get(act.column);
}

/** `from integer to bigint`, or `to bigint` where the old type is not known. */
export function showChange(act: Act<"alter-type">, world: World): string {
  const column = columnBefore(act, world);
  const to = `to ${showType(act.type)}`;
  return column === undefined ? to : `from ${showType(column.type)} ${to}`;
}

const instants = ["timestamp without time zone", "timestamp with time zone"];

/** From one kind of timestamp to the other, by the time zone of the session. */
export function changesTimeZone(act: Act<"alter-type">, world: World): boolean {
  const from = columnBefore(act, world)?.type;
  if (from === undefined || from.dimensions > 0 || act.type.dimensions > 0 || act.using !== null)
    return false;
  return from.name !== act.type.name && instants.includes(from.name) && instants.includes(act.type.name);
}
