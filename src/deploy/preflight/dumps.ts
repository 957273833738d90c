import { runningDumps } from "../backup/dumps.js";
import type { Answer, Preflight } from "./check.js";

/** Somebody dumps the database: what changes a table waits for it, and everybody else waits for that. */
export async function dumpsCheck({ project, connection }: Preflight): Promise<Answer> {
  if (project.dialect.activity === undefined) return { verdict: "skipped", told: "the engine does not tell" };
  const sessions = await runningDumps(connection);
  if (sessions.length === 0) return { verdict: "passed", told: "nobody is dumping the database" };
  return {
    verdict: "warning",
    told: "The database is being dumped",
    details: sessions,
    remedy: "The upgrade waits until it is done, for as long as --lock-timeout says.",
  };
}
