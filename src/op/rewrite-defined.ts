import { definedKey } from "../schema/address.js";
import { type ObjectName, sameName } from "../schema/name.js";
import type { Defined, Schema, SchemaDraft } from "../schema/schema.js";
import { moveObject, renameObject, renameTriggerColumn } from "./expression/object.js";
import type { Op } from "./op.js";
import { isRoutine } from "./routine.js";
import { changeTypesAndBody } from "./routine-header.js";

/** Triggers, rules and the like of a table or view. */
export function definedOf(schema: Schema, owner: ObjectName): readonly Defined[] {
  if (schema.defined.size === 0) return [];
  return [...schema.defined.values()].filter((one) => one.table !== null && sameName(one.table, owner));
}

/** Takes away what vanishes with a table or view. */
export function removeDefinedOf(draft: SchemaDraft, owner: ObjectName): void {
  for (const object of definedOf(draft, owner)) draft.defined.delete(definedKey(object));
}

/** The ops that make again what vanished with a table or view. */
export function createDefinedOps(objects: readonly Defined[]): readonly Op[] {
  return objects.map((object) => ({ kind: "create-defined", object }));
}

/**
 * What the engine makes of the objects that name a table, view or type after it was renamed: their statements, arguments and
 * owners follow. The bodies of functions are strings, which no engine looks into.
 */
export function renameInDefined(draft: SchemaDraft, name: ObjectName, to: string): void {
  const now = { namespace: name.namespace, name: to };
  followInDefined(draft, name, now, (text) => renameObject(text, name, to));
}

/** The same after it went to another namespace. */
export function moveInDefined(draft: SchemaDraft, name: ObjectName, to: ObjectName): void {
  followInDefined(draft, name, to, (text) => moveObject(text, name, to));
}

function followInDefined(
  draft: SchemaDraft,
  name: ObjectName,
  now: ObjectName,
  follow: (text: string) => string,
): void {
  for (const [key, object] of [...draft.defined]) {
    const owned = object.table !== null && sameName(object.table, name);
    const after: Defined = {
      ...object,
      table: owned ? now : object.table,
      signature: follow(object.signature),
      definition: isRoutine(object.kind)
        ? changeTypesAndBody(object.definition, follow)
        : follow(object.definition),
      settings: object.settings.map(follow),
    };
    if (definedKey(after) === key && after.definition === object.definition) continue;
    draft.defined.delete(key);
    draft.defined.set(definedKey(after), after);
  }
}

/** What the engine makes of the triggers of a table after one of its columns was renamed. */
export function renameColumnInDefined(
  draft: SchemaDraft,
  table: ObjectName,
  column: string,
  to: string,
): void {
  for (const object of definedOf(draft, table)) {
    const definition = renameTriggerColumn(object.definition, column, to);
    if (definition !== object.definition) draft.defined.set(definedKey(object), { ...object, definition });
  }
}
