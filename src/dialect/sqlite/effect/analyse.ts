import type { Act } from "../../../effect/act.js";
import { existedBefore, noEffect, restrictEffect } from "../../../effect/effect.js";
import { PersistentMap } from "../../../effect/persistent-map.js";
import { addRelation } from "../../../effect/replay.js";
import { readDirectives } from "../../../effect/section.js";
import type { Analyse, AnalysedStatement, SqlSource, Transaction } from "../../../effect/statement.js";
import { findRelation, type World } from "../../../effect/world.js";
import type { Op } from "../../../op/op.js";
import type { ObjectName } from "../../../schema/name.js";
import { foldName } from "../parse/tokenize.js";
import { namesOf } from "./read/names.js";
import { readScript } from "./read/script.js";
import { readStatement } from "./read/statement.js";
import { apply } from "./world/apply.js";
import { newDatabase, newRelation } from "./world/change.js";
import type { Dropped } from "./world/link.js";

interface Item {
  readonly sql: string;
  readonly line: number;
  readonly endLine: number;
  readonly start: number;
  readonly end: number;
  readonly outside: boolean;
  readonly committed: boolean;
  readonly op: Op | null;
  /** Why it cannot be read; `null` when it can. */
  readonly broken: string | null;
  readonly section: AnalysedStatement["section"];
}

function itemsOf(
  { text, statements, inTransaction: own }: SqlSource,
  assumed: boolean,
): { readonly items: readonly Item[]; readonly inTransaction: boolean } {
  const inTransaction = own ?? assumed;
  if (statements === undefined) {
    const { isDown, withoutTransaction } = readDirectives(text);
    const items = readScript(text).map((one): Item => {
      const section = isDown(one.start) ? "down" : "up";
      return { ...one, outside: false, committed: false, op: null, section };
    });
    return { items, inTransaction: inTransaction && !withoutTransaction };
  }
  const items = statements.map(
    ({ outside = false, committed = false, ...one }): Item => ({
      ...one,
      start: 0,
      end: one.sql.length,
      outside,
      committed,
      broken: null,
      section: "up",
    }),
  );
  return { items, inTransaction };
}

/** The relations that an act speaks of and that have to be there before it. */
function mentions(act: Act): readonly { readonly name: ObjectName; readonly optional: boolean }[] {
  const named = (names: readonly ObjectName[], optional = false) => names.map((name) => ({ name, optional }));
  if ("part" in act) return named([act.table]);
  switch (act.kind) {
    case "create-index":
    case "create-trigger":
      return named([act.table]);
    case "create-view":
    case "create-table-as":
    case "select":
      return named(act.query.reads);
    case "insert":
    case "update":
    case "delete":
      return named([act.table, ...act.query.reads]);
    case "create-table":
      return named(
        act.constraints.flatMap((one) =>
          one.kind === "foreign-key" && foldName(one.target.name) !== foldName(act.name.name)
            ? [one.target]
            : [],
        ),
        true,
      );
    case "rename":
      return named([act.name]);
    case "drop":
      return act.object === "table" || act.object === "view" ? named(act.names, act.ifExists) : [];
    default:
      return [];
  }
}

const isSystem = (name: string): boolean => /^(sqlite_|pragma_)/i.test(name);

/** What is in the whole replay, beside the world. */
interface Replay {
  readonly spellings: Map<string, string>;
  readonly dropped: Dropped;
}

/** With what the acts speak of: what nobody saw made was there before, unless it need not be. */
function assume(world: World, acts: readonly Act[], { spellings }: Replay): World {
  let next = world;
  for (const act of acts) {
    for (const { name, optional } of mentions(act)) {
      if (name.name === "" || isSystem(name.name) || findRelation(next, name) !== undefined) continue;
      if (optional && next.complete && next.relations.size > 0) continue;
      [next] = addRelation(next, newRelation(name, "table"), { known: false, columnsKnown: false });
      if (!optional) next = { ...next, complete: false };
      spellings.set(foldName(name.name), name.name);
    }
  }
  return next;
}

function madeName(act: Act): string | null {
  switch (act.kind) {
    case "create-table":
    case "create-table-as":
    case "create-view":
      return act.name.name;
    case "create-index":
      return act.name;
    case "rename":
      return act.member === null ? act.to : null;
    default:
      return null;
  }
}

/** The transaction after a statement. */
function afterActs(
  now: Transaction,
  acts: readonly Act[],
  position: number,
  by: "runner" | "none",
): Transaction {
  let next = now;
  for (const act of acts) {
    if (act.kind === "begin" && next.by === "none") next = { ...next, by: "script", since: position };
    if (act.kind === "savepoint" && act.change === "define" && next.by === "none")
      next = { ...next, by: "script", since: position };
    if (act.kind === "commit" || act.kind === "rollback")
      next = { ...next, by: next.by === "runner" ? by : "none", since: position + 1 };
  }
  return next;
}

/** One way of a source, on its way through the world. */
interface Walk {
  readonly file: string;
  readonly source: number;
  readonly section: Item["section"];
  readonly by: "runner" | "none";
  /** Where the statements' positions go on from. */
  readonly from: number;
}

/** See `Analyse`. Of SQLite's locks there is nothing to say but that there is one writer. */
export const analyseSqlite: Analyse = async (sources, options) => {
  const { source: firstSource, position: offset } = options.from ?? { source: 0, position: 0 };
  const analysed: AnalysedStatement[] = [];
  let world = options.world ?? newDatabase;
  const replay: Replay = { spellings: new Map(), dropped: new Map() };
  for (const { name } of world.relations.values()) replay.spellings.set(foldName(name), name);
  for (const [index, source] of sources.entries()) {
    const { items, inTransaction } = itemsOf(source, options.inTransaction);
    const of = (section: Item["section"]) => items.filter((one) => one.section === section);
    const walk = (section: Item["section"]): Walk => {
      const own = of(section).some(({ sql }) => /^\s*BEGIN\b/i.test(sql));
      const by = inTransaction && !own ? "runner" : "none";
      return { file: source.file, source: firstSource + index, section, by, from: offset + analysed.length };
    };
    const up = analyseItems(of("up"), world, walk("up"), replay);
    analysed.push(...up);
    world = up.at(-1)?.after ?? world;
    // The next source goes on from where the way up has led to.
    const aside = { spellings: new Map(replay.spellings), dropped: new Map(replay.dropped) };
    analysed.push(...analyseItems(of("down"), world, walk("down"), aside));
  }
  return analysed;
};

function analyseItems(
  items: readonly Item[],
  start: World,
  { file, source, section, by, from }: Walk,
  replay: Replay,
): readonly AnalysedStatement[] {
  const run = section === "up" ? source : source + 0.5;
  let world = start;
  let transaction: Transaction = { by, since: from, held: PersistentMap.empty() };
  return items.map((item, at) => {
    const position = from + at;
    const { broken, outside, committed, ...place } = item;
    const acts = actsOf(item, world, replay);
    const before = assume(world, acts, replay);
    world = before;
    for (const act of acts) {
      world = apply(world, act, { run, at: position }, replay.dropped);
      const made = madeName(act);
      if (made !== null) replay.spellings.set(foldName(made), made);
    }
    const effect = effectOf(acts, broken !== null);
    const around: Transaction = outside
      ? { by: "none", since: position, held: PersistentMap.empty() }
      : transaction;
    transaction =
      outside || committed
        ? { by, since: position + 1, held: PersistentMap.empty() }
        : afterActs(transaction, acts, position, by);
    return {
      ...place,
      position,
      source,
      run,
      file,
      section,
      acts,
      effect,
      onExisting: restrictEffect(effect, before, (relation) => existedBefore(relation, run)),
      actEffects: acts.map(() => noEffect),
      before,
      after: world,
      transaction: around,
      inner: [],
    };
  });
}

function actsOf({ sql, broken, line }: Item, world: World, { spellings }: Replay): readonly Act[] {
  if (broken !== null) return [{ kind: "not-analysed", why: "syntax", reason: broken, line }];
  return readStatement(sql, namesOf(world, spellings));
}

function effectOf(acts: readonly Act[], isBroken: boolean): typeof noEffect {
  const unread = acts.find((act) => act.kind === "not-analysed");
  const isOutside = acts.some((act) => act.kind === "other" && !act.transaction);
  return {
    ...noEffect,
    transaction: isOutside ? "forbidden" : "any",
    analysed: unread === undefined && !isBroken,
    reason: unread?.reason ?? null,
  };
}
