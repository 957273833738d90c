import type { Environment } from "../config/config.js";
import type { Webhooks } from "../config/webhook-config.js";
import { publicUrl } from "../error/redact.js";
import type { Listener } from "../observe/moment.js";
import { createStream, type Stream } from "../observe/stream.js";
import { Summary } from "../observe/summary.js";
import { type Failure, failureOf, type Report } from "../run/event.js";
import { thisRunner } from "../run/runner.js";
import { version } from "../run/tool-version.js";
import type { Context } from "./context.js";
import type { ExitCode } from "./options.js";

/** A run that others hear of. */
export interface Observation {
  /** What it is called, everywhere. */
  readonly run: string;
  readonly report: Report;
  readonly of: Stream["of"];
  /** What has been done so far. */
  readonly summary: Summary;
  /** Milliseconds after which it is asked who is in the way of a statement; `null` where nobody wants to know. */
  readonly slowLockMs: number | null;
}

/** How a run has ended that threw nothing. */
export interface Worked {
  readonly exit: ExitCode;
  /** It failed all the same. */
  readonly failure?: Failure;
}

/** Which run others are to hear of. */
export interface Observed {
  readonly command: string;
  /** Absent: the chosen one. */
  readonly environment?: Environment | null;
}

/** For logs and spans, where nobody has said what is slow. */
const slowLockMs = 1000;

/**
 * Does the work of a command that changes a database, and tells of it whoever wants to hear: the log, webhooks, OpenTelemetry.
 * None of these is loaded where nobody wants it. What they cannot pass on is a warning.
 */
export async function observed(
  context: Context,
  { command, environment: given }: Observed,
  work: (observation: Observation) => Promise<Worked>,
): Promise<ExitCode> {
  const config = await context.config();
  // That there is none is told by whoever needs it.
  const environment = given === undefined ? await context.environment().catch(() => null) : given;
  const summary = new Summary();
  const about = {
    run: context.run,
    command,
    environment: environment?.name ?? null,
    dialect: await context.dialectName().catch(() => null),
    database: environment === null ? null : publicUrl(environment.url),
    member: null,
  };
  const webhooks = webhooksOf(config.webhooks, environment);
  const outside = await outsideListeners(context, summary, webhooks, about);
  const stream = createStream(about, [summary, ...outside]);
  const { report, of } = stream;
  const slow = webhooks.called.filter(({ on }) => on.includes("slow-lock")).map((one) => one.slowLockMs);
  const observation: Observation = {
    ...{ run: about.run, report, of, summary },
    slowLockMs: outside.length === 0 ? null : Math.min(slowLockMs, ...slow),
  };
  const { username, hostname, gitCommit: commit, toolVersion } = thisRunner(config.root);
  const began = performance.now();
  const told = () => {
    const { revisions, cost } = summary;
    return { milliseconds: performance.now() - began, revisions, cost };
  };
  report({ kind: "run-started", username, hostname, commit, toolVersion });
  try {
    const { exit, failure } = await stream.around(() => work(observation));
    if (failure === undefined) report({ kind: "run-finished", ...told() });
    else report({ kind: "run-failed", ...told(), failure, part: null });
    return exit;
  } catch (error) {
    report({ kind: "run-failed", ...told(), failure: failureOf(error), part: summary.failedPart });
    if (context.log !== null) context.failureIsLogged();
    throw error;
  } finally {
    for (const problem of await stream.end()) context.out.warn(problem);
  }
}

function webhooksOf(all: Webhooks, environment: Environment | null): Webhooks {
  const own = environment?.webhooks ?? { called: [], unset: [] };
  return { called: [...all.called, ...own.called], unset: [...all.unset, ...own.unset] };
}

async function outsideListeners(
  context: Context,
  summary: Summary,
  webhooks: Webhooks,
  about: Stream["about"],
): Promise<readonly Listener[]> {
  const listeners: Listener[] = context.log === null ? [] : [context.log];
  const { redact } = context;
  if (webhooks.called.length + webhooks.unset.length > 0) {
    const { createWebhooks } = await import("../observe/webhooks.js");
    listeners.push(createWebhooks(webhooks, summary, redact));
  }
  const { hasTelemetry, loadApi } = await import("../observe/telemetry-api.js");
  const api = hasTelemetry() ? await loadApi((await context.config()).root) : null;
  if (api !== null) {
    const { createTelemetry } = await import("../observe/telemetry.js");
    const { variables } = context;
    listeners.push(createTelemetry(api, { about, version, redact, variables }));
  }
  return listeners;
}
