import { addressOf } from "../schema/address.js";
import type { Schema, Table } from "../schema/schema.js";
import type { Slot } from "../schema/slot.js";
import { findCandidates } from "./candidates.js";
import { changedColumns, changedDefined, changedTypes, standingOn } from "./closure.js";
import { clearDefaults, diffColumns } from "./column.js";
import { thoseThatComeBack } from "./comes-back.js";
import { diffComposites, findReplacedComposites } from "./composite.js";
import { diffConstraints, diffForeignKeys, dropLostReferences } from "./constraint.js";
import type { AskEngine, DiffOptions, DiffResult } from "./contract.js";
import { diffDefined, fatesOf, type OverRenamed, recreatedOf, restoreParts } from "./defined.js";
import { diffDomains, findReplacedDomains } from "./domain.js";
import { diffEnums } from "./enum.js";
import { diffExtensions } from "./extension.js";
import { detachMoved } from "./family/detach.js";
import { openHeirs } from "./family/heirs.js";
import { fixedKeys } from "./family/partition-fixed.js";
import { diffIndexes } from "./index.js";
import { foreseeLostKeys } from "./lost-keys.js";
import { madeAnew } from "./made-anew.js";
import { diffNamespaces } from "./namespace.js";
import { inOrder } from "./order.js";
import { definedOverRenamed } from "./over-renamed.js";
import { placeKey } from "./place.js";
import { diffPolicies } from "./policy.js";
import { findRebuilt } from "./rebuilt.js";
import { recompute } from "./recompute.js";
import { applyRenames, type Renamed, resolveDrop, resolveRename } from "./rename.js";
import { replaceTypes } from "./replace-types.js";
import { diffSequences } from "./sequence.js";
import { alignSerials, sayApart } from "./serial.js";
import { sortOps } from "./sort/sort.js";
import { createTables, diffTableProperties, dropTables, tablesInTheWay } from "./table.js";
import { takenNames } from "./taken-names.js";
import { changedViews, diffViews, goneViews } from "./view.js";
import { droppedTables, keptTables, newWork, type Work } from "./work.js";

export type {
  AskEngine,
  DiffOptions,
  DiffResult,
  Place,
  PlaceKind,
  Rename,
  RenameCandidate,
} from "./contract.js";
export { parseRename } from "./place.js";

function decide(from: Schema, to: Schema, options: Pick<DiffOptions, "renames" | "can">): Renamed {
  return applyRenames(
    from,
    (options.renames ?? []).map((rename) => resolveRename(from, to, rename, options.can?.defaultNamespace)),
  );
}

/** Tables whose columns a view or policy over them would keep from changing, in lower case. */
function changingTables(work: Work, renamed: Renamed): ReadonlySet<string> {
  const names = new Set(renamed.tables);
  for (const table of droppedTables(work).values()) names.add(table.name.toLowerCase());
  for (const key of work.touched.keys()) {
    const table = work.to.tables.get(key);
    if (table !== undefined) names.add(table.name.toLowerCase());
  }
  return names;
}

function diffTables(work: Work, renamed: Renamed & OverRenamed, fates: ReturnType<typeof fatesOf>): void {
  const taken = takenNames(work.from);
  const early = tablesInTheWay(work);
  const earlyKeys = new Set(early.keys());
  for (const { from, to } of keptTables(work)) diffColumns(work, from, to);
  const heirs = openHeirs(work, early);
  heirs.columns();
  if (work.replacedEnums.size > 0) {
    for (const [key, from] of work.from.tables) {
      if (!early.has(key)) clearDefaults(work, from, work.to.tables.get(key));
    }
  }
  const changed = changedViews(work, renamed.places);
  const standing = recompute(work, () =>
    standingOn(work, [
      ...changedColumns(work),
      ...changedTypes(work),
      ...changedDefined(work, recreatedOf(fates)),
      ...[...work.from.views].flatMap(([key, view]) =>
        changed.anew.has(key) ? [addressOf("view", view)] : [],
      ),
    ]),
  );
  const changing = changingTables(work, renamed);
  const gone = goneViews(work, changed.anew, standing.views, changing);
  const diffParts = (from: Table, to: Table, isTaken = taken) => {
    diffTableProperties(work, from, to);
    diffConstraints(work, from, to, isTaken);
    diffIndexes(work, from, to, isTaken);
    diffPolicies(work, from, to, changing, standing.parts, renamed);
  };
  for (const { from, to } of keptTables(work)) diffParts(from, to);
  foreseeLostKeys(work);
  for (const { from, to } of keptTables(work)) diffForeignKeys(work, from, to, earlyKeys);
  createTables(work);
  heirs.parts(taken, (from, to, isTaken) => {
    diffParts(from, to, isTaken);
    dropLostReferences(work, from, earlyKeys);
    diffForeignKeys(work, from, to, earlyKeys);
  });
  dropTables(work, early);
  diffSequences(work);
  diffViews(work, gone, changed.replaced, renamed.views, taken);
  diffDefined(work, fates, standing, gone, renamed);
  restoreParts(work, standing);
  replaceTypes(work);
}

/**
 * The ops that make `to` out of `from`, in an order in which they always run, and what a person or an engine has to
 * decide. Applied to `from` they give `to`, except for the order of columns, and for names that nobody chose.
 *
 * @throws AludelError `usage` for renames and drops that do not fit the schemas.
 */
export function diff(from: Schema, to: Schema, options: DiffOptions): DiffResult {
  const renamed = decide(from, to, options);
  const aligned = alignSerials(renamed.schema, to);
  const detached = detachMoved(aligned.from, aligned.to, options);
  const work = newWork(detached.schema, aligned.to, options);
  work.phases.detach.push(...detached.ops);
  work.phases.rename.push(...renamed.ops);
  diffNamespaces(work);
  diffExtensions(work);
  diffEnums(work);
  findReplacedDomains(work);
  findReplacedComposites(work);
  const fates = fatesOf(work);
  const over = definedOverRenamed(work.from, work.to, renamed.places, fates);
  for (const key of over) if (fates.has(key)) fates.set(key, "recreate");
  findRebuilt(work, fates);
  fixedKeys(work);
  diffDomains(work);
  diffComposites(work);
  diffTables(work, { ...renamed, over }, fates);
  sayApart(work, aligned);
  const drops = new Set(
    (options.drops ?? []).map((text) =>
      placeKey(renamed.forward(resolveDrop(from, to, text, options.can?.defaultNamespace))),
    ),
  );
  const ops = sortOps(inOrder(work.phases), new Set(work.phases.rename), work.from, work.to);
  const anew = options.can?.grants ? madeAnew(work.from, ops) : null;
  if (anew !== null) work.warnings.push(anew);
  return {
    ops,
    unclear: [...work.unclear],
    renameCandidates: findCandidates(work, drops, renamed.backward),
    warnings: work.warnings,
  };
}

/** The old schema with the renames of `options` behind it. @throws AludelError `usage` for renames that do not fit. */
export function withRenames(
  from: Schema,
  to: Schema,
  options: Pick<DiffOptions, "renames" | "sameExpression" | "can">,
): Schema {
  return decide(from, to, options).schema;
}

/** A diff whose texts an engine has compared. `undecided` are slots it could not be asked about, with the reason. */
export type DecidedDiff = DiffResult & { readonly undecided: ReadonlyMap<Slot, string> };

/**
 * A diff for which an engine is asked about the texts that `options.sameExpression` cannot decide. Slots that stay
 * undecided count as changed. With `ask` null there is no engine to ask.
 *
 * To know that nothing changes in one place can uncover another: a partition or heir gets what its parent gets, and is
 * looked at by itself where the parent gets nothing. Each slot is asked about once, so that this ends.
 */
export async function diffWithEngine(
  from: Schema,
  to: Schema,
  options: DiffOptions,
  ask: AskEngine | null,
): Promise<DecidedDiff> {
  let result = diff(from, to, options);
  const undecided = new Map<Slot, string>();
  if (ask === null || result.unclear.length === 0) return { ...result, undecided };
  const aligned = alignSerials(decide(from, to, options).schema, to);
  const asked = new Set<Slot>();
  let equivalent: ReadonlySet<Slot> = options.equivalent ?? new Set();
  for (;;) {
    const slots = result.unclear.filter((slot) => !asked.has(slot));
    if (slots.length === 0) return { ...result, undecided };
    for (const slot of slots) asked.add(slot);
    const answer = await ask(aligned.from, aligned.to, slots);
    for (const [slot, reason] of answer.undecided) undecided.set(slot, reason);
    const same = await thoseThatComeBack(ask, aligned.from, aligned.to, answer.same);
    if (same.size === 0) return { ...result, undecided };
    equivalent = new Set([...equivalent, ...same]);
    result = diff(from, to, { ...options, equivalent });
  }
}
