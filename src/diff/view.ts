import { identifiersIn } from "../op/expression.js";
import type { Op } from "../op/op.js";
import { sameData } from "../schema/equal.js";
import { nameKey, nameOf, type ObjectName } from "../schema/name.js";
import type { View } from "../schema/schema.js";
import { createIndex, diffIndexes } from "./index.js";
import { sortByDependencies } from "./order.js";
import { commentDiffers, type Split, sameSplit, type Work } from "./work.js";

function split(view: View): Split {
  const { materialized, method, tablespace, parameters, columns } = view;
  return { rest: { materialized, method, tablespace, parameters, columns }, texts: [view.definition] };
}

function same(work: Work, from: View, to: View): boolean {
  return from === to || sameSplit(work, { object: to, part: "view", name: "" }, split(from), split(to));
}

/** Which views of a schema stand on which others, by the names in their texts. */
function dependencies(views: ReadonlyMap<string, View>): (view: View) => readonly string[] {
  const byName = new Map<string, string[]>();
  for (const [key, view] of views) {
    const name = view.name.toLowerCase();
    byName.set(name, [...(byName.get(name) ?? []), key]);
  }
  return (view) =>
    [...identifiersIn(view.definition)]
      .flatMap((name) => byName.get(name) ?? [])
      .filter((key) => key !== nameKey(view));
}

/** Views that are dropped and made again: those that changed, those over `changing`, and those over such views. */
function recreated(work: Work, changing: ReadonlySet<string>): ReadonlySet<string> {
  const gone = new Set<string>();
  const names = new Set(changing);
  const lose = (key: string, view: ObjectName) => {
    gone.add(key);
    names.add(view.name.toLowerCase());
  };
  for (const [key, from] of work.from.views) {
    const to = work.to.views.get(key);
    if (to === undefined || !same(work, from, to)) lose(key, from);
  }
  if (names.size === 0) return gone;
  const texts = new Map([...work.from.views].map(([key, view]) => [key, identifiersIn(view.definition)]));
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const [key, view] of work.from.views) {
      if (gone.has(key)) continue;
      if (![...(texts.get(key) ?? [])].every((name) => !names.has(name))) lose(key, view);
    }
  }
  return gone;
}

/**
 * Views. No engine changes what a view selects in every case, so a changed one is dropped and made again, and with
 * it all that stand on it, and on tables whose columns change (`changing`, names in lower case).
 * `oldNames` and `renames` are of views that are to be renamed; one that is made again anyway is not.
 */
export function diffViews(
  work: Work,
  changing: ReadonlySet<string>,
  renames: ReadonlyMap<string, Op<"rename-view">>,
  taken: ReadonlySet<string>,
): void {
  const { phases } = work;
  const gone = recreated(work, changing);
  const drops = new Map([...work.from.views].filter(([key]) => gone.has(key)));
  for (const view of [...sortByDependencies(drops, dependencies(drops))].reverse()) {
    const name = renames.get(nameKey(view))?.name ?? nameOf(view);
    phases.dropViews.push({ kind: "drop-view", name, materialized: view.materialized });
  }
  for (const [key, rename] of renames) if (!gone.has(key)) phases.rename.push(rename);
  const creates = new Map([...work.to.views].filter(([key]) => gone.has(key) || !work.from.views.has(key)));
  for (const view of sortByDependencies(creates, dependencies(creates))) {
    phases.createViews.push({ kind: "create-view", view: { ...view, indexes: [] } });
    for (const index of view.indexes) phases.createViews.push(createIndex(view, index, true));
  }
  for (const [key, to] of work.to.views) {
    const from = work.from.views.get(key);
    if (from === undefined || gone.has(key)) continue;
    diffIndexes(work, from, to, taken);
    if (commentDiffers(work, from, to)) {
      const target = { on: "view", name: nameOf(to) } as const;
      phases.comments.push({ kind: "set-comment", target, comment: to.comment });
    }
  }
}

/** True when two views select the same: one may be the other under another name. */
export function sameQuery(work: Work, a: View, b: View): boolean {
  const [left, right] = [split(a), split(b)];
  return sameData(left.rest, right.rest) && work.options.sameExpression(a.definition, b.definition);
}
