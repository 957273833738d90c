import type { Op } from "../op/op.js";

/**
 * The phases of a diff, in the order in which their ops run.
 *
 * What is in the way goes first: views, policies, foreign keys, indexes and constraints that vanish or whose columns
 * change. Then what others need is made: types, sequences, tables, columns. Then constraints, with the foreign keys
 * after every key they may point at. Views see the tables as they will be. What is no longer needed goes last, so
 * that data can still be moved out of it by ops put in between.
 */
export const phaseNames = [
  "dropViews",
  "dropPoliciesOverRenamed",
  "dropDefinedOverRenamed",
  "createNamespaces",
  "rename",
  "dropTriggers",
  "createExtensions",
  "dropPolicies",
  "detach",
  "dropForeignKeys",
  "detachSequences",
  "dropIndexes",
  "dropConstraints",
  "dropTablesInTheWay",
  "renameParts",
  "clearDefaults",
  "holdColumns",
  "dropHeldTypes",
  "enums",
  "types",
  "sequences",
  "createDefined",
  "createTables",
  "dropColumnsInTheWay",
  "addColumns",
  "dropRecreatedColumns",
  "alterColumns",
  "replaceTypes",
  "restoreDefaults",
  "addColumnsOfRows",
  "addGeneratedColumns",
  "tableOptions",
  "ownSequences",
  "dropColumns",
  "addConstraints",
  "attach",
  "createIndexes",
  "addForeignKeys",
  "createViews",
  "createPolicies",
  "createTriggers",
  "comments",
  "createLast",
  "dropTables",
  "dropDefined",
  "dropSequences",
  "dropTypes",
  "dropEnums",
  "dropExtensions",
  "dropNamespaces",
] as const;

export type Phases = Readonly<Record<(typeof phaseNames)[number], Op[]>>;

export function emptyPhases(): Phases {
  return Object.fromEntries(phaseNames.map((name) => [name, []])) as unknown as Phases;
}

/** All ops in the order of their phases. */
export function inOrder(phases: Phases): readonly Op[] {
  return phaseNames.flatMap((name) => phases[name]);
}

/**
 * Sorts so that everything comes after what it depends on; otherwise the given order is kept. Where dependencies go
 * round in a circle, one in the circle comes before something it depends on.
 */
export function sortByDependencies<T>(
  items: ReadonlyMap<string, T>,
  dependencies: (item: T) => Iterable<string>,
): readonly T[] {
  const sorted: T[] = [];
  const seen = new Set<string>();
  for (const start of items.keys()) {
    // Not recursive: a chain of dependencies may be longer than the stack is deep.
    const stack: { readonly item: T; readonly rest: Iterator<string> }[] = [];
    const enter = (key: string) => {
      const item = items.get(key);
      if (item === undefined || seen.has(key)) return;
      seen.add(key);
      stack.push({ item, rest: dependencies(item)[Symbol.iterator]() });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.next();
      if (next.done) {
        stack.pop();
        sorted.push(top.item);
      } else enter(next.value);
    }
  }
  return sorted;
}
