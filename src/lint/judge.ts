import type { Act } from "../effect/act.js";
import { existedBefore, noEffect, restrictEffect } from "../effect/effect.js";
import type { AnalysedStatement } from "../effect/statement.js";
import type { TypeUse } from "../effect/syntax.js";
import { findRelation, type Relation, type World } from "../effect/world.js";
import type { DialectName, ObjectName } from "../schema/name.js";
import type { RevisionContext, StatementContext, Unit } from "./context.js";
import type { RefusedBy } from "./engine.js";
import { subcommandText } from "./fix/subcommands.js";
import type { Rule, Say, Says } from "./rule.js";
import type { AskedRules, RuleSet } from "./rule-set.js";

/** A unit, and what has to be known besides. */
export interface Judged {
  readonly unit: Unit;
  readonly before: World;
  readonly after: World;
  /** The unit's run in the analysis (`AnalysedStatement.run`); `null` when it has no statements. */
  readonly run: number | null;
  /** For a way back: run and positions of the way up, where that has statements. */
  readonly up: { readonly run: number; readonly from: number; readonly to: number } | null;
}

/** What a rule has said. */
export interface Said {
  readonly rule: Rule;
  readonly say: Say;
  /** What of the statement it is about; `null` for all of it. */
  readonly act: Act | null;
  /** The statement of the unit; `null` when it is about the whole. */
  readonly statement: AnalysedStatement | null;
  /** Its place among the statements of the unit, from 0. */
  readonly number: number | null;
  /** A statement in the body of that one. */
  readonly inner: { readonly line: number; readonly sql: string } | null;
}

export interface JudgeOptions {
  readonly dialect: DialectName;
  readonly serverVersion: number;
  readonly refusedBy: RefusedBy;
}

/** What is said of a unit. */
export interface Verdict {
  readonly said: readonly Said[];
  /** Rules that have something to say unless a later unit sees to it: they are to be asked again at the end. */
  readonly pending: readonly Rule[];
}

/** Asks every rule about a unit. */
export function judge(judged: Judged, rules: RuleSet, options: JudgeOptions): Verdict {
  const said: Said[] = [];
  const { unit } = judged;
  const ways = rules[unit.direction];
  const around = aroundUnit(judged, options);
  for (const [number, statement] of unit.statements.entries()) {
    const context = contextOf(statement, around, false);
    askStatement(ways, context, statement.acts, (rule, say, act) =>
      said.push({ rule, say, act, statement, number, inner: null }),
    );
    for (const inner of statement.inner) {
      const { before, effect } = inner;
      const onExisting = restrictEffect(effect, before, (one) => existedBefore(one, statement.run));
      const stands: AnalysedStatement = {
        ...statement,
        ...inner,
        onExisting,
        after: statement.after,
        inner: [],
      };
      askStatement(ways, contextOf(stands, around, inner.conditional), inner.acts, (rule, say, act) =>
        said.push({ rule, say, act, statement, number, inner }),
      );
    }
  }
  const pending: Rule[] = [];
  const asked = new AskedRevision(judged, judged.after, options);
  for (const rule of ways.ofRevisions) {
    const ask = asked.says(rule);
    if (asked.usesEnd && ask.length > 0) pending.push(rule);
    else said.push(...ask);
  }
  return { said, pending };
}

/** Asks a rule about a whole unit, in view of how the history has ended. */
export function askRevision(rule: Rule, judged: Judged, end: World, options: JudgeOptions): readonly Said[] {
  return new AskedRevision(judged, end, options).says(rule);
}

/** What rules are shown of a whole unit; one for all of them, that takes note whether a rule has looked at the end. */
class AskedRevision {
  usesEnd = false;
  readonly #context: RevisionContext;

  constructor(judged: Judged, end: World, options: JudgeOptions) {
    const { before, after, up } = judged;
    const note = () => {
      this.usesEnd = true;
      return end;
    };
    this.#context = {
      ...aroundUnit(judged, options),
      ...inWorld(judged, before),
      before,
      after,
      isEmptyUpgrade: up === null,
      get end() {
        return note();
      },
    };
  }

  says(rule: Rule): readonly Said[] {
    this.usesEnd = false;
    return list(rule.revision?.(this.#context)).map((say) => placed(rule, say, this.#context.unit));
  }
}

/** A line is that of a statement, where one begins there. */
function placed(rule: Rule, say: Say, { statements }: Unit): Said {
  const number = say.line === undefined ? -1 : statements.findIndex(({ line }) => line === say.line);
  const statement = statements[number];
  if (statement === undefined) return { rule, say, act: null, statement: null, number: null, inner: null };
  const { line: _, ...rest } = say;
  return { rule, say: rest, act: null, statement, number, inner: null };
}

function askStatement(
  rules: AskedRules,
  context: StatementContext,
  acts: readonly Act[],
  tell: (rule: Rule, say: Say, act: Act | null) => void,
): void {
  for (const act of acts) {
    for (const rule of rules.byAct.get(act.kind) ?? []) {
      // The map's key and the act's kind agree, which TypeScript cannot follow through the union.
      const ask = rule.on?.[act.kind] as ((act: Act, context: StatementContext) => Says) | undefined;
      for (const say of list(ask?.(act, context))) tell(rule, say, act);
    }
  }
  for (const rule of rules.ofStatements) {
    for (const say of list(rule.statement?.(context))) tell(rule, say, null);
  }
}

function list(says: Says): readonly Say[] {
  if (says === undefined) return [];
  return Array.isArray(says) ? (says as readonly Say[]) : [says as Say];
}

/** What does not change from one statement of a unit to the next. */
function aroundUnit({ unit, run, up }: Judged, { dialect, serverVersion, refusedBy }: JudgeOptions) {
  const isExisting = (relation: Relation) => existedBefore(relation, run ?? -1);
  return {
    dialect,
    serverVersion,
    unit,
    isExisting,
    refusedBy: (column: string, from: TypeUse, to: TypeUse) => refusedBy(column, from, to, serverVersion),
    wasThereBefore: (relation: Relation, column?: string) => {
      if (up === null) return isExisting(relation);
      if (relation.bornIn === up.run) return false;
      const bornAt = column === undefined ? null : (relation.columns.get(column)?.bornAt ?? null);
      return bornAt === null || bornAt < up.from || bornAt > up.to;
    },
  };
}

function inWorld({ run }: Pick<Judged, "run">, world: World) {
  // A dozen rules ask for the one table of a statement.
  let asked: ObjectName | undefined;
  let answer: Relation | undefined;
  return {
    existing: (name: ObjectName) => {
      if (name === asked) return answer;
      const found = findRelation(world, name);
      answer = found !== undefined && existedBefore(found, run ?? -1) ? found : undefined;
      asked = name;
      return answer;
    },
    relations: (ids: Iterable<number>) => [...ids].flatMap((id) => world.relations.get(id) ?? []),
  };
}

/** Written out, because there is one for each of thousands of statements. */
function contextOf(
  statement: AnalysedStatement,
  { dialect, serverVersion, unit, isExisting, refusedBy, wasThereBefore }: ReturnType<typeof aroundUnit>,
  conditional: boolean,
): StatementContext {
  const { sql, before, after, onExisting, transaction, acts, actEffects, run } = statement;
  const { existing, relations } = inWorld({ run }, before);
  return {
    dialect,
    serverVersion,
    unit,
    isExisting,
    existing,
    relations,
    refusedBy,
    wasThereBefore,
    statement,
    sql,
    before,
    after,
    effect: onExisting,
    effectOf: (act) => actEffects[acts.indexOf(act)] ?? noEffect,
    textOf: (act) => subcommandText(sql, act),
    transaction,
    conditional,
  };
}
