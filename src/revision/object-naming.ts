import type { DefinedKind } from "../schema/schema.js";

/**
 * How the operations on a kind of object are called, and what they know one by: `single` is a name that lives in no
 * schema, `name` one that may, `arguments` a name with the types of arguments, `table` a name on a table.
 */
export interface ObjectNaming {
  readonly noun: string;
  readonly by: "single" | "name" | "arguments" | "table";
  /** True where an engine can put another definition in the place of one. */
  readonly replaceable: boolean;
}

/**
 * The kinds that have operations of their own: `createFunction`, `replaceFunction`, `dropFunction`. All others go by
 * `createObject`, `replaceObject` and `dropObject`.
 */
export const objectNamings = {
  function: { noun: "Function", by: "arguments", replaceable: true },
  procedure: { noun: "Procedure", by: "arguments", replaceable: true },
  aggregate: { noun: "Aggregate", by: "arguments", replaceable: true },
  trigger: { noun: "Trigger", by: "table", replaceable: true },
  rule: { noun: "Rule", by: "table", replaceable: true },
  "event-trigger": { noun: "EventTrigger", by: "single", replaceable: false },
  statistics: { noun: "Statistics", by: "name", replaceable: false },
  range: { noun: "RangeType", by: "name", replaceable: false },
} as const satisfies Partial<Record<DefinedKind, ObjectNaming>>;

/** A kind of object that has operations of its own. */
export type NamedObjectKind = keyof typeof objectNamings;

/** The naming of a kind; `null` for one without operations of its own. */
export function namingOf(kind: DefinedKind): ObjectNaming | null {
  return Object.hasOwn(objectNamings, kind) ? objectNamings[kind as NamedObjectKind] : null;
}

/** What an object of such a kind is under in a target of `setComment`: `eventTrigger`. */
export function targetKey({ noun }: ObjectNaming): string {
  return noun.charAt(0).toLowerCase() + noun.slice(1);
}
