import { realpathSync } from "node:fs";
import { type BaseComparison, compareWithBase } from "../check/conflicts/base.js";
import type { AllowedDrift } from "../config/ci-config.js";
import type { Scratch } from "../dialect/dialect.js";
import { git } from "../revision/git-revisions.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import { type Base, findBase } from "./base.js";
import { type LazyBase, lazyBase } from "./base-side.js";
import { type CheckName, type CheckResult, checkNames, type Gate, holds, type Verdict } from "./check.js";
import { drift } from "./checks/drift.js";
import { heads, revisionCount, unchanged, valid } from "./checks/history.js";
import { compat } from "./compat/compat.js";
import type { Queries } from "./compat/query.js";
import { guard } from "./guard/guard.js";
import { type SmokeOptions, smoke } from "./smoke/smoke.js";

export interface GateOptions {
  /** A branch or commit; `null` for what the current branch will be merged into. */
  readonly base: string | null;
  readonly checks: ReadonlySet<CheckName>;
  /** Beginnings of ids of revisions that may be other than on the base. */
  readonly allowEdit: readonly string[];
  readonly smoke: Omit<SmokeOptions, "allowEdited">;
  readonly allowedDrift: readonly AllowedDrift[];
  /** Reads queries of the deployed code that are in no file of the base. */
  readonly recorded: readonly (() => Promise<Queries>)[];
  readonly openScratch: () => Promise<Scratch>;
  /** Lints revisions; the linter is configured elsewhere. */
  readonly lint: (added: readonly Revision[]) => Promise<Verdict>;
  /** Is told of each check when it begins and when it has ended. */
  readonly progress: (running: readonly CheckName[]) => void;
  readonly signal: AbortSignal;
}

export interface GateResult {
  readonly base: Base;
  /** In the order of `checkNames`. */
  readonly checks: readonly CheckResult[];
}

/**
 * Holds the working tree against a base by every check that is asked for, those that run revisions beside each other. A check
 * that gives no answer is `broken`, and the others go on.
 *
 * @throws AludelError `git-failed` where there is no base; as `compareWithBase`.
 */
export async function runGate(project: Project, options: GateOptions): Promise<GateResult> {
  const base = await findBase(project.config.root, options.base);
  const all = [...project.revisions, ...project.repeatables];
  const beside = await compareWithBase(project.config, project.revisions, base.reference);
  const gate: Gate = { project, base, added: addedOf(project, beside, all), signal: options.signal };
  const running = new Set<CheckName>();
  const tell = () => options.progress(checkNames.filter((name) => running.has(name)));
  const run = async (check: CheckName, ask: () => Verdict | Promise<Verdict>): Promise<CheckResult> => {
    running.add(check);
    tell();
    const started = performance.now();
    const result = await settled(check, ask);
    running.delete(check);
    tell();
    return { ...result, milliseconds: performance.now() - started };
  };
  const side = lazyBase(project, base);
  const asked = asking(gate, beside, side, options);
  const wanted = checkNames.filter((name) => options.checks.has(name));
  try {
    return { base, checks: await Promise.all(wanted.map((name) => run(name, asked[name]))) };
  } finally {
    await side.dispose();
  }
}

/** Parents first. */
function addedOf({ graph, repeatables }: Project, { newHere }: BaseComparison, all: readonly Revision[]) {
  const added = new Set(newHere.map(({ id }) => id));
  const byId = new Map(all.map((revision) => [revision.id, revision]));
  const inGraph = graph.order.flatMap(({ id }) => (added.has(id) ? (byId.get(id) ?? []) : []));
  return [...inGraph, ...repeatables.filter(({ id }) => added.has(id))];
}

async function settled(
  check: CheckName,
  ask: () => Verdict | Promise<Verdict>,
): Promise<Omit<CheckResult, "milliseconds">> {
  try {
    const verdict = await ask();
    const status = verdict.skipped !== null ? "skipped" : holds(verdict) ? "passed" : "failed";
    return { check, ...verdict, status, error: null };
  } catch (error) {
    return { check, looked: "", skipped: null, findings: [], status: "broken", error };
  }
}

type Asked = Readonly<Record<CheckName, () => Verdict | Promise<Verdict>>>;

function asking(gate: Gate, beside: BaseComparison, side: LazyBase, options: GateOptions): Asked {
  const { openScratch } = options;
  const noModels: Verdict = {
    looked: "no models",
    skipped: "the configuration names no models",
    findings: [],
  };
  const hasModels = gate.project.config.schema.length > 0;
  let guarding: ReturnType<typeof guardOf> | undefined;
  const guarded = () => {
    guarding ??= guardOf(gate, side, openScratch);
    return guarding;
  };
  return {
    heads: () => heads(gate, beside),
    validate: () => valid(gate),
    unchanged: () => unchanged(gate, beside, options.allowEdit),
    guard: () => (hasModels ? guarded() : noModels),
    "pr-count": async () => {
      const needsModels = gate.project.config.ci.revisions === "exactly-one" && hasModels;
      return revisionCount(gate, needsModels ? (await guarded()).modelsChange.ops.length : null);
    },
    lint: () => options.lint(gate.added),
    smoke: () => smoke(gate, openScratch, { ...options.smoke, allowEdited: options.allowEdit.length > 0 }),
    drift: () => (hasModels ? drift(gate, openScratch, options.allowedDrift) : noModels),
    compat: () => compat(gate, { openScratch, base: side.open, recorded: options.recorded }),
  };
}

async function guardOf(gate: Gate, side: LazyBase, openScratch: () => Promise<Scratch>) {
  const { root, ci } = gate.project.config;
  return guard(gate, {
    baseProject: (await side.open()).project,
    top: realpathSync((await git(root, ["rev-parse", "--show-toplevel"])).trim()),
    openScratch,
    today: new Date().toISOString().slice(0, 10),
    exceptionDays: ci.exceptionDays,
  });
}
