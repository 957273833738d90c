import type { SmokeCheck } from "../../config/smoke-config.js";
import type { Connection } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import { AludelError, messageOf } from "../../error/error.js";
import { redact } from "../../error/redact.js";
import { runCommandLine } from "../command-line.js";
import { ask } from "./ask-database.js";
import { fetchOnce } from "./fetch-once.js";
import { checkName } from "./name.js";
import type { Seen } from "./seen.js";

/** What the checks of an environment need. */
export interface SmokeSettings {
  readonly checks: readonly SmokeCheck[];
  readonly dialect: Pick<Dialect, "begin" | "splitScript" | "waiting">;
  /** The folder that commands run in. */
  readonly root: string;
  /** What commands are started with. */
  readonly variables: NodeJS.ProcessEnv;
}

export interface CheckResult extends Seen {
  readonly name: string;
  readonly kind: SmokeCheck["kind"];
  readonly milliseconds: number;
}

/** Plain data, for records. */
export interface SmokeResult {
  /** Every check passed. Of no checks that says nothing: look at `checks`. */
  readonly passed: boolean;
  readonly checks: readonly CheckResult[];
  readonly milliseconds: number;
}

/**
 * Asks all checks, one after the other, those after a failed one, too. What queries and statements write is rolled back.
 *
 * @param report is called with each result as it comes.
 * @throws AludelError `interrupted`, `connection-lost`.
 */
export async function runSmoke(
  settings: SmokeSettings,
  connection: Connection,
  signal: AbortSignal,
  report: (result: CheckResult) => void = () => undefined,
): Promise<SmokeResult> {
  const started = performance.now();
  const checks: CheckResult[] = [];
  for (const check of settings.checks) {
    const result = await runCheck(settings, check, connection, signal);
    checks.push(result);
    report(result);
  }
  return {
    passed: checks.every(({ passed }) => passed),
    checks,
    milliseconds: Math.round(performance.now() - started),
  };
}

async function runCheck(
  settings: SmokeSettings,
  check: SmokeCheck,
  connection: Connection,
  signal: AbortSignal,
): Promise<CheckResult> {
  if (signal.aborted) throw interrupted();
  const started = performance.now();
  const timeout = AbortSignal.timeout(check.withinMs);
  const either = AbortSignal.any([signal, timeout]);
  const { passed, seen } = await seenBy(settings, check, connection, either).catch((error: unknown) => {
    if (error instanceof AludelError && error.code === "connection-lost") throw error;
    return { passed: false, seen: reasonOf(error) };
  });
  if (signal.aborted) throw interrupted();
  const milliseconds = Math.round(performance.now() - started);
  const isLate = milliseconds > check.withinMs;
  const told =
    passed && isLate
      ? `${seen}, later than ${check.withinMs} ms`
      : !passed && timeout.aborted
        ? `no answer within ${check.withinMs} ms`
        : seen;
  return {
    name: checkName(check),
    kind: check.kind,
    passed: passed && !isLate,
    seen: redact(told),
    milliseconds,
  };
}

function seenBy(
  { dialect, root, variables }: SmokeSettings,
  check: SmokeCheck,
  connection: Connection,
  signal: AbortSignal,
): Promise<Seen> {
  switch (check.kind) {
    case "http":
      return fetchOnce(check, signal);
    case "query":
    case "write":
      return ask(dialect, connection, check);
    case "command":
      return runCommandLine(check.command, { directory: root, variables, signal }).then(({ code, said }) => ({
        passed: code === 0,
        seen: [code === null ? "it was stopped" : `exit ${code}`, ...(code === 0 ? [] : said)].join("; "),
      }));
  }
}

/** `fetch` says no more than that it failed; why is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error) || !(error.cause instanceof Error)) return messageOf(error);
  const { cause } = error;
  return cause.message === ""
    ? String((cause as NodeJS.ErrnoException).code ?? messageOf(error))
    : cause.message;
}

function interrupted(): AludelError {
  return new AludelError("interrupted", "The smoke checks were interrupted", {
    remedy: "Run the same command again: they leave nothing behind.",
  });
}
