import { deploy, partTimer } from "../../deploy/deploy.js";
import { smokeMissing } from "../../deploy/due.js";
import { beforeContract } from "../../deploy/phase.js";
import type { Plan } from "../../deploy/plan.js";
import {
  type Checked,
  contractChecks,
  type PreflightCheck,
  preflightChecks,
} from "../../deploy/preflight/check.js";
import { requirePassed, runPreflight } from "../../deploy/preflight/preflight.js";
import { requireKey } from "../../deploy/receipt.js";
import type { Connection } from "../../dialect/connection.js";
import { AludelError } from "../../error/error.js";
import type { Revision } from "../../revision/revision.js";
import type { Report } from "../../run/event.js";
import { requireMeant } from "../approval.js";
import type { Context } from "../context.js";
import { looking, preflightOf } from "../deploy-preflight.js";
import { DeployRun } from "../deploy-run.js";
import { type Observation, observed } from "../observed.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { checkText, partText } from "../print/deploy.js";
import { planData, planText } from "../print/plan.js";
import { count } from "../print/progress.js";
import { readPlan } from "../read-plan.js";

type Options = CommandOptions["deploy"];

interface Chosen {
  readonly plan: Plan;
  /** Empty where nothing may run. */
  readonly targets: readonly string[];
}

/** `aludel deploy [target…]`: preflight, backup, upgrade, verify, smoke, record. */
export async function run(context: Context, options: Options): Promise<ExitCode> {
  await requireWatchable(context, options);
  // Before anything is done: a receipt that cannot be signed afterwards is nobody's.
  if (options.writeReceipt !== null) requireKey((await context.config()).receiptKey);
  if (options.dryRun || options.only === "preflight") return tell(context, options);
  return observed(context, { command: "deploy" }, async (observation) => {
    await deployAndTell(context, options, observation);
    return { exit: 0 };
  });
}

/** What would be done, and whether it may be. */
async function tell(context: Context, options: Options): Promise<ExitCode> {
  const { plan, checks } = await look(context, options, preflightChecks);
  context.out.data({
    environment: plan.environment,
    database: plan.target,
    dryRun: options.dryRun,
    ...(options.dryRun ? { plan: planData(plan) } : {}),
    checks,
  });
  return checks.some(({ verdict }) => verdict === "failed") ? 1 : 0;
}

async function deployAndTell(context: Context, options: Options, observation: Observation): Promise<void> {
  const { only } = options;
  const { plan, targets, checks } = await lookFirst(context, options, observation.report);
  if (only === null || only === "upgrade") await requireMeant(context, plan, { ...options, targets });
  const at = new DeployRun(context, { ...options, targets }, plan, observation);
  const made = await deploy(await at.parts(), only, observation.report);
  if (only === null || only === "upgrade") await at.after();
  context.out.data({
    environment: plan.environment,
    database: plan.target,
    token: plan.token,
    checks,
    ...at.data(),
    ...made,
  });
}

interface Looked extends Chosen {
  readonly checks: readonly Checked[];
}

/** The plan and, where it is not left out, the preflight. */
async function lookFirst(context: Context, options: Options, report: Report): Promise<Looked> {
  if (options.only !== null) {
    // A part that runs revisions never runs a contract that is not to run.
    const looked = await look(context, options, options.only === "upgrade" ? contractChecks : []);
    requirePassed(looked.checks, looked);
    return looked;
  }
  const timed = partTimer(report);
  timed.begin("preflight");
  try {
    const looked = await look(context, options, preflightChecks);
    requirePassed(looked.checks, looked);
    timed.end(true);
    return looked;
  } catch (error) {
    timed.end(false);
    throw error;
  }
}

function look(context: Context, options: Options, names: readonly PreflightCheck[]): Promise<Looked> {
  return looking(context, async (connection, swapped) => {
    const { plan, targets } = await planOf(context, connection, options);
    for (const one of contradicted(plan)) context.out.warn(one);
    if (options.dryRun) context.out.text(`${planText(plan, context.out.style)}\n`);
    const given = { plan, swapped, options, names };
    const checks = names.length > 0 ? await preflight(context, connection, given) : [];
    return { plan, targets, checks };
  });
}

/** @throws AludelError `smoke-missing` and `usage` for a watch that nothing could be seen by. */
async function requireWatchable(context: Context, { watchMs, only }: Options): Promise<void> {
  if (watchMs === null) return;
  if (only !== null) {
    throw new AludelError("usage", "--watch comes after the upgrade, and belongs to a whole deploy", {
      remedy: "Leave --only out, or --watch.",
    });
  }
  const { name, smoke } = await context.environment();
  if (smoke.length === 0) throw smokeMissing(name);
}

/** Revisions that say of themselves that they take nothing away, and do. */
function contradicted({ revisions }: Plan): readonly string[] {
  return revisions.flatMap(({ revision, others }) =>
    others
      .filter(({ rule }) => rule === "phase-contradicted")
      .map(({ message, rule }) => `${revision.id}: ${message} (${rule})`),
  );
}

async function preflight(
  context: Context,
  connection: Connection,
  given: {
    readonly plan: Plan;
    readonly swapped: string | null;
    readonly options: Options;
    readonly names: readonly PreflightCheck[];
  },
): Promise<readonly Checked[]> {
  const { plan, swapped, options, names } = given;
  const { receipts, confirmed, allowReads } = options;
  context.out.text(partText(context.out, "preflight", `${plan.environment}, ${plan.target}`));
  const at = await preflightOf(context, connection, {
    ...{ plan, swapped, receipts, confirmed, allowReads, names },
  });
  return runPreflight(at, (checked) => context.out.text(checkText(context.out, checked)), names);
}

/** Ids of those that no other one stands on: who names them means all. */
function uppermost(revisions: readonly Revision[]): readonly string[] {
  const below = new Set(revisions.flatMap(({ revises, dependsOn }) => [...revises, ...dependsOn]));
  return revisions.map(({ id }) => id).filter((id) => !below.has(id));
}

/** What runs; with a phase only what comes before the first contract. */
async function planOf(context: Context, connection: Connection, options: Options): Promise<Chosen> {
  const plan = await readPlan(context, connection, options.targets);
  if (options.phase === null) return { plan, targets: options.targets };
  const chosen = beforeContract(plan.revisions);
  const next = plan.revisions[chosen.length]?.revision;
  if (next === undefined) return { plan, targets: options.targets };
  const waiting = count(plan.revisions.length - chosen.length, "revision");
  context.out.talk(`stops before ${next.id} ${next.message}, a contract; ${waiting} to come`);
  const targets = uppermost(chosen.map(({ revision }) => revision));
  return targets.length === 0
    ? { plan: { ...plan, revisions: [], reads: [] }, targets }
    : { plan: await readPlan(context, connection, targets), targets };
}
