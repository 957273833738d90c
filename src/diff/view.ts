import { optionsOf } from "../op/index-options.js";
import { identifiersIn, relationsIn } from "../op/written-names.js";
import { addressOf } from "../schema/address.js";
import { sameData } from "../schema/equal.js";
import { nameKey, nameOf, type ObjectName, sameName } from "../schema/name.js";
import type { Schema, View } from "../schema/schema.js";
import { standingOn } from "./closure.js";
import { createIndex, diffIndexes } from "./index.js";
import { sortByDependencies } from "./order.js";
import { speaksOfOld } from "./over-renamed.js";
import type { RenamedView } from "./rename.js";
import type { DoneRename } from "./rename-dependencies.js";
import type { IsTaken } from "./taken-names.js";
import { commentDiffers, type Split, sameSplit, type Work } from "./work.js";

function split(view: View): Split {
  const { materialized, method, tablespace, parameters, columns } = view;
  return { rest: { materialized, method, tablespace, parameters, columns }, texts: [view.definition] };
}

function same(work: Work, from: View, to: View): boolean {
  return from === to || sameSplit(work, { object: to, part: "view", name: "" }, split(from), split(to));
}

/** Namespaces that have a name here, so that they are not the default one; in lower case. */
function namespacesOf(schema: Schema): ReadonlySet<string> {
  const objects = [...schema.tables.values(), ...schema.views.values()];
  const used = objects.map((object) => object.namespace).filter((namespace) => namespace !== null);
  return new Set([...schema.namespaces.keys(), ...used].map((namespace) => namespace.toLowerCase()));
}

/**
 * Sorts views so that each comes after those it stands on. Any name in a text may be a view, which also finds what
 * hides in functions and strange syntax; but where such guesses go round in a circle (a column called like a view),
 * what is surely read from has the last word.
 */
function sortViews(schema: Schema, views: ReadonlyMap<string, View>): readonly View[] {
  const namespaces = namespacesOf(schema);
  const byName = new Map<string, View[]>();
  for (const view of views.values()) {
    const name = view.name.toLowerCase();
    byName.set(name, [...(byName.get(name) ?? []), view]);
  }
  const mentioned = (view: View) =>
    [...identifiersIn(view.definition)]
      .flatMap((name) => byName.get(name) ?? [])
      .map(nameKey)
      .filter((key) => key !== nameKey(view));
  const read = (view: View) =>
    relationsIn(view.definition)
      .flatMap(({ namespace, name }) =>
        (byName.get(name) ?? []).filter((other) => {
          if (namespace === null || other.namespace?.toLowerCase() === namespace) return true;
          // The default namespace may be written out, and which it is nobody says; a known one is another.
          return other.namespace === null && !namespaces.has(namespace);
        }),
      )
      .map(nameKey)
      .filter((key) => key !== nameKey(view));
  const guessed = sortByDependencies(views, mentioned);
  return sortByDependencies(new Map(guessed.map((view) => [nameKey(view), view])), read);
}

/** Views that go or become other ones, by key; those that become them in their place apart. */
export interface ChangedViews {
  readonly anew: ReadonlySet<string>;
  readonly replaced: ReadonlySet<string>;
}

/** With `renames` none is replaced: on the way back its query would speak of names that come back only after it. */
export function changedViews(work: Work, renames: readonly DoneRename[]): ChangedViews {
  const anew = new Set<string>();
  const replaced = new Set<string>();
  for (const [key, from] of work.from.views) {
    const to = work.to.views.get(key);
    if (to === undefined) anew.add(key);
    else if (speaksOfOld(work.from, from, renames)) anew.add(key);
    else if (!same(work, from, to))
      (renames.length === 0 && canReplace(work, from, to) ? replaced : anew).add(key);
  }
  return { anew, replaced };
}

/**
 * A view takes the place of another that has its columns, in order, with or without more of them at the end (manual, CREATE VIEW).
 * The way back cannot take a column away in this way, so that with more columns nothing may stand on it. A materialised view that
 * stands on it has to be filled anew.
 */
function canReplace(work: Work, from: View, to: View): boolean {
  const [old, now] = [from.columnTypes, to.columnTypes];
  if (old === undefined || now === undefined || work.from.dependencies === undefined) return false;
  if (from.materialized || to.materialized || !old.every((column, place) => column === now[place]))
    return false;
  const standing = standingOn(work, [addressOf("view", from)]);
  if ([...standing.views].some((key) => work.from.views.get(key)?.materialized)) return false;
  if (now.length === old.length) return true;
  const owns = [...work.from.defined.values()].some(({ table }) => table !== null && sameName(table, from));
  return !owns && standing.views.size + standing.defined.size + standing.parts.size === 0;
}

/**
 * Views that are dropped, for good or for a while: those that changed, and those that stand on what changes. Where the
 * engine does not say what stands on what, names in their texts do: of `changing`, and of such views.
 */
export function goneViews(
  work: Work,
  changed: ReadonlySet<string>,
  standing: ReadonlySet<string>,
  changing: ReadonlySet<string>,
): ReadonlySet<string> {
  const gone = new Set([...changed, ...standing]);
  if (work.from.dependencies !== undefined) return gone;
  const names = new Set(changing);
  const lose = (key: string, view: ObjectName) => {
    gone.add(key);
    names.add(view.name.toLowerCase());
  };
  for (const [key, view] of work.from.views) if (gone.has(key)) lose(key, view);
  if (names.size === 0) return gone;
  const texts = new Map([...work.from.views].map(([key, view]) => [key, identifiersIn(view.definition)]));
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const [key, view] of work.from.views) {
      if (gone.has(key)) continue;
      if ([...(texts.get(key) ?? [])].some((name) => names.has(name))) lose(key, view);
    }
  }
  return gone;
}

/**
 * Views. No engine changes what a view selects in every case, so most changed ones are dropped and made again, and with
 * them all that stand on them, and on tables whose columns change: `gone`. Of the others some are `replaced` in place.
 * `renames` are of views by their new names; one that is made again anyway is not renamed.
 */
export function diffViews(
  work: Work,
  gone: ReadonlySet<string>,
  replaced: ReadonlySet<string>,
  renames: ReadonlyMap<string, RenamedView>,
  taken: IsTaken,
): void {
  const { phases } = work;
  const drops = new Map([...work.from.views].filter(([key]) => gone.has(key)));
  for (const view of [...sortViews(work.from, drops)].reverse()) {
    const name = renames.get(nameKey(view))?.name ?? nameOf(view);
    phases.dropViews.push({ kind: "drop-view", name, materialized: view.materialized });
  }
  for (const [key, rename] of renames) if (!gone.has(key)) phases.rename.push(...rename.steps);
  const creates = new Map([...work.to.views].filter(([key]) => gone.has(key) || !work.from.views.has(key)));
  for (const view of sortViews(work.to, creates)) {
    // Its options name indexes, which are made after it.
    const { options, outline: _, columnTypes: __, ...bare } = view;
    phases.createViews.push({ kind: "create-view", view: { ...bare, indexes: [] } });
    for (const index of view.indexes) phases.createViews.push(createIndex(view, index, true));
    if (options === undefined) continue;
    const op = { kind: "alter-table-options", name: nameOf(view), options: optionsOf(view) } as const;
    phases.createViews.push(op);
  }
  for (const [key, to] of work.to.views) {
    const from = work.from.views.get(key);
    if (from === undefined || gone.has(key)) continue;
    if (replaced.has(key)) replaceView(work, from, to);
    diffIndexes(work, from, to, taken);
    diffViewColumns(work, from, to);
    if (commentDiffers(work, from, to)) {
      const target = { on: "view", name: nameOf(to) } as const;
      phases.comments.push({ kind: "set-comment", target, comment: to.comment });
    }
  }
}

/** Comments and what its columns have beyond the query stay what they are. */
function replaceView(work: Work, from: View, to: View): void {
  const { options: _, outline: __, columnTypes: now, columnProperties: ___, ...bare } = to;
  const view: View = { ...bare, indexes: [], comment: null };
  const sameColumns = now?.length === from.columnTypes?.length;
  work.phases.createViews.push({
    ...{ kind: "create-view", view, orReplace: true },
    ...(sameColumns && { sameColumns }),
  });
}

/** What the columns of a view that stays have beyond its query. */
function diffViewColumns(work: Work, from: View, to: View): void {
  const [old, now] = [from.columnProperties ?? {}, to.columnProperties ?? {}];
  for (const column of new Set([...Object.keys(old), ...Object.keys(now)])) {
    if (sameData(old[column], now[column])) continue;
    const { materialized } = to;
    const properties = now[column] ?? null;
    work.phases.createTriggers.push({
      ...{ kind: "alter-view-column", name: nameOf(to), materialized, column, properties },
    });
  }
}

/** True when two views select the same: one may be the other under another name. */
export function sameQuery(work: Work, a: View, b: View): boolean {
  const [left, right] = [split(a), split(b)];
  return sameData(left.rest, right.rest) && work.options.sameExpression(a.definition, b.definition);
}
