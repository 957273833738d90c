import type { Act } from "../../../effect/act.js";
import type { Effect } from "../../../effect/effect.js";
import { stronger } from "../../../effect/lock.js";
import { PersistentMap } from "../../../effect/persistent-map.js";
import type { Transaction } from "../../../effect/statement.js";
import type { World } from "../../../effect/world.js";
import { endTransaction } from "./world/apply.js";

/** Transactions as they open and end, with the world that a rollback goes back to. */
export interface Session {
  readonly transaction: Transaction;
  readonly start: World;
  readonly savepoints: ReadonlyMap<string, World>;
}

export function openSession(by: Transaction["by"], since: number, world: World): Session {
  return { transaction: { by, since, held: PersistentMap.empty() }, start: world, savepoints: new Map() };
}

/** The session and the world behind a statement. */
export function afterStatement(
  session: Session,
  world: World,
  acts: readonly Act[],
  effect: Effect,
  position: number,
): readonly [Session, World] {
  let next = session.transaction.by === "none" ? session : holding(session, effect, position);
  let now = world;
  if (session.transaction.by === "none" && !acts.some(({ kind }) => kind === "begin"))
    now = endTransaction(now);
  for (const act of acts) [next, now] = afterAct(next, now, act, position);
  return [next, now];
}

function holding(session: Session, effect: Effect, position: number): Session {
  const start = session.transaction.held;
  let held = start;
  for (const [id, mode] of effect.locks) {
    const before = held.get(id);
    if (before !== undefined && stronger(before.mode, mode) === before.mode) continue;
    held = held.with(id, { mode, by: before?.by ?? position });
  }
  if (held === start) return session;
  return { ...session, transaction: { ...session.transaction, held } };
}

/** Another world that goes on counting where this one ended. */
function backTo(world: World, before: World): World {
  return { ...before, nextId: world.nextId };
}

function afterAct(session: Session, world: World, act: Act, position: number): readonly [Session, World] {
  const { by } = session.transaction;
  switch (act.kind) {
    case "begin":
      return by === "none" ? [openSession("script", position, world), world] : [session, world];
    case "commit":
    case "rollback": {
      if (by === "none") return [session, world];
      const kept = act.kind === "commit" ? world : backTo(world, session.start);
      const ended = endTransaction(kept);
      return [openSession(act.chain ? "script" : "none", position, ended), ended];
    }
    case "prepared-transaction":
      return act.change === "prepare"
        ? [openSession("none", position, world), endTransaction(world)]
        : [session, world];
    case "savepoint": {
      if (act.change === "define") {
        return [{ ...session, savepoints: new Map(session.savepoints).set(act.name, world) }, world];
      }
      const saved = session.savepoints.get(act.name);
      return [session, act.change === "rollback" && saved !== undefined ? backTo(world, saved) : world];
    }
    default:
      return [session, world];
  }
}
