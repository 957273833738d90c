import { selectionOf } from "../config/environment.js";
import { phaseOf } from "../deploy/phase.js";
import { isRestOf, type Plan, planToken } from "../deploy/plan.js";
import type { Connection } from "../dialect/connection.js";
import { AludelError } from "../error/error.js";
import { isSquashed } from "../run/kept.js";
import type { MigrateOptions } from "../run/migrate.js";
import { requireConsent } from "./consent.js";
import type { Context } from "./context.js";
import { readPlan } from "./read-plan.js";

/** What a person has said about an upgrade. */
export interface Approval {
  /** The word of a plan. */
  readonly approve: string | null;
  /** The protected environment that is meant. */
  readonly confirm: string | null;
}

/**
 * Lets an upgrade go on: on a protected environment one that destroys something only if a person says so, and one that
 * was approved only as it was approved. What it gives looks again under the lock, when nobody else can move the database.
 *
 * @throws AludelError `environment-protected`, `approval-required`, `plan-changed`.
 */
export async function requireApproval(
  context: Context,
  options: Approval & { readonly targets: readonly string[] },
): Promise<MigrateOptions["check"]> {
  const connection = await context.connect();
  const plan = await readPlan(context, connection, options.targets);
  if ((await context.environment()).protected) await requireContracts(context, connection, plan);
  await requireMeant(context, plan, options);
  return options.approve === null ? undefined : staysAsPlanned(context, connection, plan);
}

/** @throws AludelError `contract-unconfirmed`, `backfill-incomplete`, as a deploy would. */
async function requireContracts(context: Context, connection: Connection, plan: Plan): Promise<void> {
  if (!plan.revisions.some((one) => phaseOf(one) === "contract")) return;
  const [{ preflightOf }, { runPreflight, requirePassed }] = await Promise.all([
    import("./deploy-preflight.js"),
    import("../deploy/preflight/preflight.js"),
  ]);
  const names = ["contract", "backfills"] as const;
  const at = await preflightOf(context, connection, {
    ...{ plan, swapped: null, receipts: [], confirmed: [], allowReads: false, names },
  });
  requirePassed(await runPreflight(at, () => undefined, names), at);
}

/** @throws AludelError `environment-protected`, `plan-changed`. */
export async function requireMeant(
  context: Context,
  plan: Plan,
  { approve, confirm, targets }: Approval & { readonly targets: readonly string[] },
): Promise<void> {
  if (approve === null) {
    await requireToken(context, plan);
    const config = await context.config();
    const destroyed = plan.revisions.flatMap(({ destroys }) => destroys.map(({ message }) => message));
    const squashed = plan.revisions.map(({ revision }) => revision.id).filter((id) => isSquashed(config, id));
    const contracts = (await context.environment()).contract === "ask" ? askedFor(plan) : [];
    const what = [
      ...(destroyed.length > 0 ? [`destroy what is there (${destroyed.join("; ")})`] : []),
      ...(squashed.length > 0 ? [`run what others were squashed into (${squashed.join(", ")})`] : []),
      ...(contracts.length > 0 ? [`take away what deployed code may use (${contracts.join("; ")})`] : []),
    ];
    const isAsked = contracts.length > 0;
    if (what.length > 0) await requireConsent(context, what.join(", and "), confirm, { isAsked });
  } else if (approve !== plan.token && !(await isLeft(context, plan, targets, approve)))
    throw changed(plan.environment, approve);
}

async function isLeft(
  context: Context,
  plan: Plan,
  targets: readonly string[],
  approved: string,
): Promise<boolean> {
  const { isLeftOfApproved } = await import("../deploy/left-of-approved.js");
  const project = await context.project();
  const identity = await project.dialect.identify(await context.connect());
  return isLeftOfApproved(project, identity, plan, targets, approved);
}

async function requireToken(context: Context, plan: Plan): Promise<void> {
  const { approve, name } = await context.environment();
  if (!approve || plan.revisions.length === 0) return;
  throw new AludelError("approval-required", `What runs on ${name} has to be approved`, {
    data: { environment: name },
    remedy: `Nothing was changed. Read \`aludel plan ${selectionOf(name)}\`, and give the token that it ends with: --approve TOKEN.`,
  });
}

/** Contracts that destroy nothing and wait for nothing: who runs one has to know that no code needs any more what goes. */
function askedFor({ revisions, rows }: Plan): readonly string[] {
  if (rows.length === 0) return [];
  return revisions
    .filter((one) => phaseOf(one) === "contract" && one.revision.waitsFor === undefined)
    .filter(({ destroys }) => destroys.length === 0)
    .map(({ revision, breaks }) => breaks[0]?.message ?? `${revision.id} is a contract`);
}

/** Looks under the lock whether what is about to run is what the plan says, or what is left of it. */
export async function staysAsPlanned(
  context: Context,
  connection: Connection,
  plan: Plan,
): Promise<NonNullable<MigrateOptions["check"]>> {
  const { dialect } = await context.project();
  const identity = await dialect.identify(connection);
  const isSameDatabase = planToken(identity, plan.rows, plan.revisions) === plan.token;
  return (rows, steps) => {
    if (planToken(identity, rows, steps) === plan.token) return;
    if (!isSameDatabase || !isRestOf(plan, rows, steps)) throw changed(plan.environment, plan.token);
  };
}

function changed(environment: string, approve: string): AludelError {
  return new AludelError(
    "plan-changed",
    `What would run on ${environment} now is not what was planned as ${approve}`,
    {
      data: { environment, approved: approve },
      remedy: `Nothing was changed. The database, a revision, or the target is another one than in the plan: read \`aludel plan ${selectionOf(environment)}\` again.`,
    },
  );
}
