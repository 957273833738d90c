import type { Act } from "../effect/act.js";
import { existedBefore, noEffect, restrictEffect } from "../effect/effect.js";
import type { AnalysedStatement } from "../effect/statement.js";
import { findRelation, type Relation, type World } from "../effect/world.js";
import type { DialectName, ObjectName } from "../schema/name.js";
import type { RevisionContext, StatementContext, Unit } from "./context.js";
import type { Rule, Say, Says } from "./rule.js";
import type { RuleSet } from "./rule-set.js";

/** A unit, and what has to be known besides. */
export interface Judged {
  readonly unit: Unit;
  readonly before: World;
  readonly after: World;
  readonly end: World;
  /** The unit's run in the analysis (`AnalysedStatement.run`); `null` when it has no statements. */
  readonly run: number | null;
  /** For a way back: run and positions of the way up, where that has statements. */
  readonly up: { readonly run: number; readonly from: number; readonly to: number } | null;
}

/** What a rule has said. */
export interface Said {
  readonly rule: Rule;
  readonly say: Say;
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
}

/** Asks every rule about a unit. */
export function judge(judged: Judged, rules: RuleSet, options: JudgeOptions): readonly Said[] {
  const said: Said[] = [];
  const { unit } = judged;
  for (const [number, statement] of unit.statements.entries()) {
    const context = contextOf(statement, judged, options, false);
    askStatement(rules, context, statement.acts, (rule, say) =>
      said.push({ rule, say, statement, number, inner: null }),
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
      askStatement(rules, contextOf(stands, judged, options, inner.conditional), inner.acts, (rule, say) =>
        said.push({ rule, say, statement, number, inner }),
      );
    }
  }
  const isEmptyUpgrade = judged.up === null;
  const whole: RevisionContext = { ...around(judged, options, judged.before), ...judged, isEmptyUpgrade };
  for (const rule of asked(rules.ofRevisions, unit)) {
    for (const say of list(rule.revision?.(whole))) {
      said.push({ rule, say, statement: null, number: null, inner: null });
    }
  }
  return said;
}

function askStatement(
  rules: RuleSet,
  context: StatementContext,
  acts: readonly Act[],
  tell: (rule: Rule, say: Say) => void,
): void {
  for (const act of acts) {
    for (const rule of asked(rules.byAct.get(act.kind) ?? [], context.unit)) {
      // The map's key and the act's kind agree, which TypeScript cannot follow through the union.
      const ask = rule.on?.[act.kind] as ((act: Act, context: StatementContext) => Says) | undefined;
      for (const say of list(ask?.(act, context))) tell(rule, say);
    }
  }
  for (const rule of asked(rules.ofStatements, context.unit)) {
    for (const say of list(rule.statement?.(context))) tell(rule, say);
  }
}

function asked(rules: readonly Rule[], { direction }: Unit): readonly Rule[] {
  return rules.filter(({ directions }) => directions === undefined || directions === direction);
}

function list(says: Says): readonly Say[] {
  if (says === undefined) return [];
  return Array.isArray(says) ? (says as readonly Say[]) : [says as Say];
}

function contextOf(
  statement: AnalysedStatement,
  judged: Judged,
  options: JudgeOptions,
  conditional: boolean,
): StatementContext {
  const { sql, before, after, onExisting, transaction, acts, actEffects } = statement;
  return {
    ...around(judged, options, before),
    statement,
    sql,
    before,
    after,
    effect: onExisting,
    effectOf: (act) => actEffects[acts.indexOf(act)] ?? noEffect,
    transaction,
    conditional,
  };
}

function around({ unit, run, up }: Judged, { dialect, serverVersion }: JudgeOptions, world: World) {
  const isExisting = (relation: Relation) => existedBefore(relation, run ?? -1);
  return {
    dialect,
    serverVersion,
    unit,
    isExisting,
    existing: (name: ObjectName) => {
      const found = findRelation(world, name);
      return found !== undefined && isExisting(found) ? found : undefined;
    },
    relations: (ids: Iterable<number>) => [...ids].flatMap((id) => world.relations.get(id) ?? []),
    wasThereBefore: (relation: Relation, column?: string) => {
      if (up === null) return isExisting(relation);
      if (relation.bornIn === up.run) return false;
      const bornAt = column === undefined ? null : (relation.columns.get(column)?.bornAt ?? null);
      return bornAt === null || bornAt < up.from || bornAt > up.to;
    },
  };
}
