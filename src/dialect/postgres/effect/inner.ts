import type { Act } from "../../../effect/act.js";
import { type Effect, existedBefore, joinEffects, noEffect, restrictEffect } from "../../../effect/effect.js";
import { isAtLeast } from "../../../effect/lock.js";
import type { Origin } from "../../../effect/replay.js";
import type { InnerStatement } from "../../../effect/statement.js";
import {
  type FunctionState,
  findFunctions,
  findRelation,
  type RelationId,
  type World,
} from "../../../effect/world.js";
import type { Parser } from "../parser.js";
import { evaluate } from "./catalogue-condition.js";
import { effectOf } from "./cost/cost-of.js";
import { type BodyStatement, readBody } from "./read/body.js";
import { applyAct } from "./world/apply.js";
import { assume } from "./world/assume.js";

/** What running code does: its statements, one after the other. */
export interface Run {
  readonly world: World;
  readonly effect: Effect;
  readonly inner: readonly InnerStatement[];
}

export interface Runner {
  readonly parser: Parser;
  readonly version: number;
  readonly utc: boolean;
  readonly origin: Origin;
  readonly later: ReadonlySet<string>;
}

// Code that calls code that calls code …
const deepest = 3;

function notAnalysed(reason: string): Effect {
  return { ...noEffect, analysed: false, reason };
}

/** What an act does that runs code: a DO block, CALL, a SELECT of a function that a statement made. */
export function runCode(act: Act, world: World, runner: Runner, line: number, depth = 0): Run | null {
  if (act.kind === "do-block") {
    return runBody({ language: act.language, body: act.body, definition: null }, world, runner, line, depth);
  }
  const names =
    act.kind === "call"
      ? [act.call.name]
      : act.kind === "select"
        ? act.query.calls.map(({ name }) => name)
        : [];
  let run: Run | null = null;
  for (const name of names) {
    const found = findFunctions(run?.world ?? world, name);
    if (found.length === 0 && act.kind === "call") {
      return {
        world,
        effect: notAnalysed(`it is not known what the procedure ${name.name} does`),
        inner: [],
      };
    }
    // Of functions that differ in their arguments it is not known which one is meant.
    for (const one of found.filter(({ volatility }) => volatility === "volatile")) {
      const next = runFunction(one, run?.world ?? world, runner, depth);
      run = run === null ? next : joined(run, next);
    }
  }
  return run;
}

function joined(a: Run, b: Run): Run {
  return { world: b.world, effect: joinEffects(a.effect, b.effect), inner: [...a.inner, ...b.inner] };
}

function runFunction(code: FunctionState, world: World, runner: Runner, depth: number): Run {
  if (depth >= deepest)
    return { world, effect: notAnalysed("functions call each other too deep"), inner: [] };
  if (code.body === null) return { world, effect: noEffect, inner: [] };
  return runBody({ ...code, body: code.body }, world, runner, 1, depth + 1);
}

interface Code {
  readonly language: string;
  readonly body: string;
  readonly definition: string | null;
}

function runBody(code: Code, world: World, runner: Runner, line: number, depth: number): Run {
  const statements = readBody(runner.parser, code.language, code.body, code.definition);
  if (statements === null) {
    return { world, effect: notAnalysed(`code in ${code.language} could not be read`), inner: [] };
  }
  const inner: InnerStatement[] = [];
  let effect = noEffect;
  let next = world;
  const answers: Answers = new Map();
  for (const statement of statements) {
    const state = whether(statement, next, runner, answers);
    if (state === "no") continue;
    next = assume(next, statement.acts, runner.later, runner.origin.run);
    const before = next;
    const effects: Effect[] = [];
    let own = noEffect;
    for (const act of statement.acts) {
      if (isThere(act, next, statement.caught)) {
        effects.push(noEffect);
        continue;
      }
      const single = effectOf(act, next, { ...runner, siblings: statement.acts });
      effects.push(existing(single, before, runner));
      own = joinEffects(own, single);
      const called = runCode(act, next, runner, line + statement.line - 1, depth);
      if (called !== null) {
        own = joinEffects(own, called.effect);
        next = called.world;
        inner.push(...called.inner);
      }
      if (act.kind === "commit" || act.kind === "rollback") own = { ...own, transaction: "forbidden" };
      next = applyAct(next, act, runner.origin);
    }
    own = withScans(own, existing(effect, next, runner), statement.acts);
    effect = joinEffects(effect, own);
    inner.push({
      sql: statement.sql,
      line: line + statement.line - 1,
      acts: statement.acts,
      effect: own,
      actEffects: effects,
      before,
      conditional: statement.conditional && state !== "yes",
    });
  }
  return { world: next, effect, inner };
}

function existing(effect: Effect, world: World, { origin }: Runner): Effect {
  return restrictEffect(effect, world, (relation) => existedBefore(relation, origin.run));
}

/** What the conditions were when the code came to them: what stands under one may change what it asks about. */
type Answers = Map<NonNullable<BodyStatement["under"][number]>, boolean | null>;

function answerOf(
  one: BodyStatement["under"][number],
  world: World,
  parser: Parser,
  answers: Answers,
): boolean | null {
  if (one === null) return null;
  const known = answers.get(one);
  if (known !== undefined) return known;
  const value = evaluate(parser, one.condition, world);
  answers.set(one, value);
  return value;
}

function whether(
  statement: BodyStatement,
  world: World,
  { parser }: Runner,
  answers: Answers,
): "yes" | "no" | "maybe" {
  let isCertain = true;
  for (const one of statement.under) {
    const value = answerOf(one, world, parser, answers);
    if (one !== null && value !== null && value !== one.holds) return "no";
    if (value === null) isCertain = false;
  }
  return isCertain ? "yes" : "maybe";
}

/** Where errors are caught, what is there already is not made again: `EXCEPTION WHEN duplicate_object THEN null`. */
function isThere(act: Act, world: World, caught: boolean): boolean {
  if (!caught) return false;
  if (act.kind === "add-constraint") {
    const table = findRelation(world, act.table);
    return act.constraint.name !== null && table?.constraints.has(act.constraint.name) === true;
  }
  if (act.kind === "add-column")
    return findRelation(world, act.table)?.columns.has(act.definition.name) === true;
  if (act.kind === "create-table" || act.kind === "create-sequence")
    return findRelation(world, act.name)?.known === true;
  return false;
}

/** A table that is gone through while the code holds a lock that keeps others from writing is a scan like any other. */
function withScans(own: Effect, held: Effect, acts: readonly Act[]): Effect {
  const isHolding = [...held.locks.values()].some((mode) => isAtLeast(mode, "SHARE"));
  const isWriting = acts.some(({ kind }) => kind === "update" || kind === "delete" || kind === "merge");
  if (!isHolding || !isWriting) return own;
  const scans = new Set<RelationId>([...own.scans, ...own.reads]);
  return { ...own, scans: [...scans] };
}
