import { identifiersIn, writtenIn } from "../op/written-names.js";
import { showName } from "../schema/name.js";
import type { Defined, Schema } from "../schema/schema.js";

/** A trigger that nothing but a table is missing for which is left alone, or is not there. */
interface Waiting {
  readonly key: string;
  readonly trigger: Defined;
  /** The table, in lower case. */
  readonly table: string;
}

/**
 * Triggers of the models that `other` does not have, and that it can do nothing with: their bodies are about virtual tables, which
 * nothing here makes. Such a trigger can be created, and then every statement that fires it fails.
 */
export function waitingTriggers(models: Schema, other: Schema): readonly Waiting[] {
  const found: Waiting[] = [];
  let known: ReadonlySet<string> | null = null;
  for (const [key, trigger] of models.defined) {
    if (trigger.kind !== "trigger" || other.defined.has(key)) continue;
    known ??= knownTables(models, other);
    const table = missing(trigger, models, known);
    if (table !== undefined) found.push({ key, trigger, table });
  }
  return found;
}

function knownTables(models: Schema, other: Schema): ReadonlySet<string> {
  const names = [models, other].flatMap(({ tables, views }) => [...tables.values(), ...views.values()]);
  return new Set([...names.map(({ name }) => name.toLowerCase()), ...(other.leftAlone ?? [])]);
}

function missing({ definition }: Defined, models: Schema, known: ReadonlySet<string>): string | undefined {
  // Tables of the engine's own can be written to, too.
  const written = [...writtenIn(definition)].filter((name) => !name.startsWith("sqlite_"));
  const alone = [...(models.leftAlone ?? [])];
  const named = alone.length === 0 ? new Set<string>() : identifiersIn(definition);
  return [...written, ...alone.filter((name) => named.has(name))].find((name) => !known.has(name));
}

/** The models without the triggers that wait for a table. */
export function withoutWaiting(models: Schema, other: Schema): Schema {
  const waiting = waitingTriggers(models, other);
  if (waiting.length === 0) return models;
  const defined = new Map(models.defined);
  for (const { key } of waiting) defined.delete(key);
  return { ...models, defined };
}

/** What a person should know of them. */
export function warnOfWaiting(models: Schema, other: Schema): readonly string[] {
  return waitingTriggers(models, other).map(({ trigger, table }) => {
    const name = `${trigger.table === null ? "" : `${showName(trigger.table)}.`}${trigger.name}`;
    return (
      `Trigger ${name} is left out: it needs ${table}, which is a virtual table, or none of the models, and is left alone. ` +
      "Make the two with SQL of your own (op.execute) in a revision."
    );
  });
}
