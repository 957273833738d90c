import type { Plan } from "../deploy/plan.js";
import type { Preflight, PreflightCheck } from "../deploy/preflight/check.js";
import type { Connection } from "../dialect/connection.js";
import type { Release } from "../revision/release.js";
import { onlyRead } from "../run/only-read.js";
import type { Context } from "./context.js";
import { allowedByVariable } from "./drift-allowed.js";
import { requiredOf } from "./required.js";

/** What may differ between a database and its revisions. */
export async function allowedDrift(context: Context) {
  const { ci } = await context.config();
  return [...ci.allowedDrift, ...allowedByVariable(context.variables)];
}

/** Looks at the chosen database through a session that can only read, as long as `use` takes. */
export async function looking<T>(
  context: Context,
  use: (connection: Connection, swapped: string | null) => Promise<T>,
): Promise<T> {
  const dialect = await context.dialect();
  // The session that works later is not there yet: a database in this process (PGlite) has only one.
  const connection = await context.connectBeside({ mustExist: true });
  try {
    return await use(connection, await onlyRead(dialect, connection, () => context.connectBeside()));
  } finally {
    await connection.close();
  }
}

/** The plan of a deploy, and what its preflight looks at. */
export async function preflightOf(
  context: Context,
  connection: Connection,
  given: {
    readonly plan: Plan;
    readonly swapped: string | null;
    readonly receipts: readonly string[];
    readonly confirmed: readonly Release[];
    readonly allowReads: boolean;
    /** The checks that are made. */
    readonly names: readonly PreflightCheck[];
  },
): Promise<Preflight> {
  const environment = await context.environment();
  return {
    project: await context.project(),
    environment,
    isNamed: await context.isNamed(),
    connection,
    plan: given.plan,
    swapped: given.swapped,
    allowedDrift: await allowedDrift(context),
    openScratch: context.openScratch,
    required: given.names.includes("requires")
      ? await requiredOf(context, environment.requires, given.receipts)
      : [],
    confirmed: given.confirmed,
    allowReads: given.allowReads,
    signal: context.signal,
  };
}
