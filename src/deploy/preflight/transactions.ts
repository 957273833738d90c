import type { Answer, Preflight } from "./check.js";

/** Nobody has had a transaction open for long: what waits for it makes everybody else wait. */
export async function transactionsCheck({ project, connection, environment }: Preflight): Promise<Answer> {
  const { longTransactionMs } = environment.preflight;
  const activity = await project.dialect.activity?.(connection, longTransactionMs);
  if (activity === undefined) return { verdict: "skipped", told: "the engine does not tell" };
  const { openTransactions } = activity;
  const long = `${longTransactionMs / 1000} s`;
  if (openTransactions.length === 0) {
    return { verdict: "passed", told: `no transaction has been open for more than ${long}` };
  }
  return {
    verdict: "failed",
    told: `A transaction has been open for more than ${long}`,
    details: openTransactions,
    remedy: `Wait until it has ended, or end it; \`environments.${environment.name}.preflight.longTransaction\` says how long one may be open.`,
  };
}
