import type { Plan } from "../deploy/plan.js";
import type { Preflight } from "../deploy/preflight/check.js";
import type { Connection } from "../dialect/connection.js";
import type { Context } from "./context.js";
import { allowedByVariable } from "./drift-allowed.js";
import { requiredOf } from "./required.js";

/** Milliseconds that a question to the database may take. */
const patienceMs = 15_000;

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
  const direct = await context.connect({ mustExist: true });
  const swapped = (await dialect.swapsSessions?.(direct, context.connectBeside)) ?? null;
  const connection = await context.connectBeside();
  try {
    // Behind a pooler that swaps sessions, another user of the server would find one that can only read.
    if (swapped === null) await connection.run(dialect.readOnlySession(patienceMs));
    return await use(connection, swapped);
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
    required: await requiredOf(context, environment.requires, given.receipts),
  };
}
