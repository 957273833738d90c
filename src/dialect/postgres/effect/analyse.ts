import type { Act } from "../../../effect/act.js";
import { type Effect, existedBefore, joinEffects, noEffect, restrictEffect } from "../../../effect/effect.js";
import { readDirectives } from "../../../effect/section.js";
import type {
  Analyse,
  AnalysedStatement,
  AnalyseOptions,
  InnerStatement,
  SqlSource,
} from "../../../effect/statement.js";
import type { World } from "../../../effect/world.js";
import type { Op } from "../../../op/op.js";
import { loadParser, type Parser } from "../parser.js";
import { simplify } from "./cost/cost.js";
import { effectOf } from "./cost/cost-of.js";
import { runCode } from "./inner.js";
import { passOf } from "./pass.js";
import { type ReadStatement, readScript, readSingle } from "./read/script.js";
import { afterStatement, openSession, type Session } from "./session.js";
import { applyAct } from "./world/apply.js";
import { assume, madeName } from "./world/assume.js";
import { newDatabase } from "./world/change.js";

/** A statement as it was read, before anything is known of the world around it. */
interface Item extends ReadStatement {
  readonly source: number;
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly section: "up" | "down";
  readonly outside: boolean;
  readonly committed: boolean;
  readonly op: Op | null;
}

interface Source {
  readonly inTransaction: boolean;
  readonly items: readonly Item[];
}

function lineCounter(text: string): (offset: number) => number {
  let [line, last] = [1, 0];
  return (offset) => {
    if (offset < last) [line, last] = [1, 0];
    for (let at = text.indexOf("\n", last); at >= 0 && at < offset; at = text.indexOf("\n", last)) {
      line += 1;
      last = at + 1;
    }
    return line;
  };
}

function binary(text: string): ReadStatement {
  const isWide = /^\uFEFF?(?:[^\0]\0)+/.test(text.slice(0, 100));
  return {
    start: 0,
    end: text.length,
    sql: "",
    acts: [
      {
        kind: "not-analysed",
        why: "binary",
        reason: isWide ? "it is UTF-16, and SQL is read as UTF-8" : "it is not text",
        line: 1,
      },
    ],
  };
}

function readSource(parser: Parser, source: SqlSource, position: number, options: AnalyseOptions): Source {
  const given = source.statements;
  const runs = source.inTransaction ?? options.inTransaction;
  if (given !== undefined) {
    return {
      inTransaction: runs,
      items: given.map(({ sql, op, line, endLine, outside = false, committed = false }) => {
        const acts = readSingle(parser, sql);
        const place = { source: position, file: source.file, line, endLine, start: 0, end: sql.length };
        return { ...place, sql, acts, op, outside, committed, section: "up" };
      }),
    };
  }
  // A byte order mark is not SQL, and the positions of what follows must stay.
  const text = source.text.startsWith("\uFEFF") ? ` ${source.text.slice(1)}` : source.text;
  const directives = readDirectives(text);
  const lineOf = lineCounter(text);
  const read = text.includes("\0") ? [binary(text)] : readScript(parser, text);
  return {
    inTransaction: runs && !directives.withoutTransaction,
    items: read.map((one) => ({
      ...one,
      source: position,
      file: source.file,
      line: lineOf(one.start),
      endLine: lineOf(Math.max(one.start, one.end - 1)),
      section: directives.isDown(one.start) ? "down" : "up",
      outside: false,
      committed: false,
      op: null,
    })),
  };
}

/** What a statement does to the world, and what that costs. */
interface Step {
  readonly before: World;
  readonly after: World;
  readonly effect: Effect;
  /** Of each act, in the order in which they are carried out. */
  readonly effects: ReadonlyMap<Act, Effect>;
  readonly inner: readonly InnerStatement[];
}

interface Around {
  readonly parser: Parser;
  readonly options: AnalyseOptions;
  readonly later: ReadonlySet<string>;
}

function stepOf(item: Item, world: World, run: number, position: number, around: Around): Step {
  const { parser, options, later } = around;
  const acts = inPasses(item.acts);
  const runner = {
    parser,
    version: options.serverVersion,
    utc: isUtc(world, options),
    origin: { run, at: position },
    later,
  };
  let before = assume(world, acts, later, run);
  let after = before;
  let effect = noEffect;
  const inner: InnerStatement[] = [];
  const effects = new Map<Act, Effect>();
  for (const act of acts) {
    const own = effectOf(act, after, { ...runner, siblings: acts });
    effects.set(act, own);
    effect = joinEffects(effect, own);
    const ran = runCode(act, after, runner, bodyLine(item, act));
    if (ran !== null) {
      effect = joinEffects(effect, ran.effect);
      inner.push(...ran.inner);
      before = withAssumed(before, ran.inner);
      after = ran.world;
    }
    after = applyAct(after, act, runner.origin);
  }
  return { before, after, effect: simplify(effect), effects, inner };
}

/** The line that the body of a DO block begins in. */
function bodyLine({ sql, line }: Item, act: Act): number {
  if (act.kind !== "do-block") return line;
  const at = sql.indexOf(act.body);
  return at < 0 ? line : line + (sql.slice(0, at).match(/\n/g)?.length ?? 0);
}

/** What code speaks of and nobody saw made was there before the statement, too. */
function withAssumed(world: World, inner: readonly InnerStatement[]): World {
  let next = world;
  for (const { before } of inner) {
    for (const relation of before.relations.values()) {
      if (relation.known || next.relations.has(relation.id)) continue;
      next = { ...next, relations: next.relations.with(relation.id, relation) };
    }
  }
  return next;
}

/** ALTER TABLE goes through its subcommands in an order of its own. */
function inPasses(acts: readonly Act[]): readonly Act[] {
  return acts.length < 2 ? acts : acts.toSorted((a, b) => passOf(a) - passOf(b));
}

function isUtc({ settings }: World, { timeZone }: AnalyseOptions): boolean {
  const zone = settings.get("timezone")?.value ?? timeZone ?? "UTC";
  return /^(?:etc\/)?(?:utc|gmt|uct|zulu|universal|greenwich)$|^[+-]?0+(?::?0+)?$/i.test(zone);
}

/** See `Analyse`. */
export const analysePostgres: Analyse = async (sources, options) => {
  const parser = await loadParser();
  const first = options.from?.source ?? 0;
  const read = sources.map((source, index) => readSource(parser, source, first + index, options));
  const later = new Set(
    read.flatMap(({ items }) => items.flatMap(({ acts }) => acts.flatMap((act) => madeName(act) ?? []))),
  );
  const around: Around = { parser, options, later };
  const analysed: AnalysedStatement[] = [];
  let world = options.world ?? newDatabase;
  for (const source of read) {
    world = analyseSection(source, "up", world, around, analysed);
    // Undoing is done in a run of its own, from which nothing goes on.
    if (source.items.some(({ section }) => section === "down"))
      analyseSection(source, "down", world, around, analysed);
  }
  return analysed;
};

function analyseSection(
  { inTransaction, items }: Source,
  section: "up" | "down",
  start: World,
  around: Around,
  into: AnalysedStatement[],
): World {
  const offset = around.options.from?.position ?? 0;
  const by = inTransaction ? "runner" : "none";
  let world = start;
  let session: Session = openSession(by, offset + into.length, world);
  for (const item of items) {
    if (item.section !== section) continue;
    const position = offset + into.length;
    const run = section === "up" ? item.source : item.source + 0.5;
    if (item.outside) session = openSession("none", position, world);
    const { before, after, effect, effects, inner } = stepOf(item, world, run, position, around);
    const existing = (one: Effect) => restrictEffect(one, before, (relation) => existedBefore(relation, run));
    const onExisting = existing(effect);
    const [only, second] = item.acts;
    into.push({
      source: item.source,
      file: item.file,
      line: item.line,
      endLine: item.endLine,
      start: item.start,
      end: item.end,
      sql: item.sql,
      section: item.section,
      op: item.op,
      position,
      run,
      acts: item.acts,
      effect,
      onExisting,
      actEffects:
        only !== undefined && second === undefined && effects.get(only) === effect
          ? [onExisting]
          : item.acts.map((act) => existing(effects.get(act) ?? noEffect)),
      before,
      after,
      transaction: session.transaction,
      inner,
    });
    [session, world] = afterStatement(session, after, item.acts, effect, position);
    if (item.outside || item.committed) session = openSession(by, position + 1, world);
  }
  return world;
}
