import type { ObjectName } from "../../../schema/name.js";
import type { Defined, Schema } from "../../../schema/schema.js";
import { mentionsName } from "../expression.js";
import { foldName } from "../parse/tokenize.js";

function isOf(trigger: Defined, owner: ObjectName): boolean {
  return trigger.table !== null && foldName(trigger.table.name) === foldName(owner.name);
}

/** The triggers of a table or view, which dropping it takes along. */
export function triggersOf(schema: Schema, owner: ObjectName): readonly Defined[] {
  return [...schema.defined.values()].filter((one) => one.kind === "trigger" && isOf(one, owner));
}

/** Tables and views whose triggers have the name of another one in them. */
export function ownersOfTriggersOver(schema: Schema, name: ObjectName): readonly ObjectName[] {
  const owners = new Map<string, ObjectName>();
  for (const trigger of schema.defined.values()) {
    const { table } = trigger;
    if (trigger.kind !== "trigger" || table === null || isOf(trigger, name)) continue;
    if (mentionsName(trigger.definition, name.name)) owners.set(foldName(table.name), table);
  }
  return [...owners.values()];
}
