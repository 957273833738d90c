import type { Act } from "../../../effect/act.js";
import { existedBefore, noEffect, restrictEffect } from "../../../effect/effect.js";
import { PersistentMap } from "../../../effect/persistent-map.js";
import { addRelation } from "../../../effect/replay.js";
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
}

function itemsOf({ text, statements }: SqlSource): readonly Item[] {
  if (statements === undefined)
    return readScript(text).map((one) => ({ ...one, outside: false, committed: false, op: null }));
  return statements.map(({ outside = false, committed = false, ...one }) => ({
    ...one,
    start: 0,
    end: one.sql.length,
    outside,
    committed,
    broken: null,
  }));
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

/** See `Analyse`. Of SQLite's locks there is nothing to say but that there is one writer. */
export const analyseSqlite: Analyse = async (sources, options) => {
  const { source: firstSource, position: offset } = options.from ?? { source: 0, position: 0 };
  const analysed: AnalysedStatement[] = [];
  let world = options.world ?? newDatabase;
  const replay: Replay = { spellings: new Map(), dropped: new Map() };
  for (const { name } of world.relations.values()) replay.spellings.set(foldName(name), name);
  for (const [index, source] of sources.entries()) {
    const run = firstSource + index;
    const items = itemsOf(source);
    const runs = source.inTransaction ?? options.inTransaction;
    const own = items.some(({ sql }) => /^\s*BEGIN\b/i.test(sql));
    const by = runs && !own ? "runner" : "none";
    let transaction: Transaction = { by, since: offset + analysed.length, held: PersistentMap.empty() };
    for (const item of items) {
      const position = offset + analysed.length;
      const { broken, outside, committed, ...place } = item;
      const acts: readonly Act[] =
        broken === null
          ? readStatement(item.sql, namesOf(world, replay.spellings))
          : [{ kind: "not-analysed", why: "syntax", reason: broken, line: item.line }];
      const before = assume(world, acts, replay);
      let after = before;
      for (const act of acts) {
        after = apply(after, act, { run, at: position }, replay.dropped);
        const made = madeName(act);
        if (made !== null) replay.spellings.set(foldName(made), made);
      }
      const effect = effectOf(acts, broken !== null);
      const around: Transaction = outside
        ? { by: "none", since: position, held: PersistentMap.empty() }
        : transaction;
      analysed.push({
        ...place,
        position,
        source: run,
        run,
        file: source.file,
        section: "up",
        acts,
        effect,
        onExisting: restrictEffect(effect, before, (relation) => existedBefore(relation, run)),
        actEffects: acts.map(() => noEffect),
        before,
        after,
        transaction: around,
        inner: [],
      });
      world = after;
      transaction =
        outside || committed
          ? { by, since: position + 1, held: PersistentMap.empty() }
          : afterActs(transaction, acts, position, by);
    }
  }
  return analysed;
};

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
