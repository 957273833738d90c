import type { WebhookEvent } from "../config/webhook-config.js";
import { count, showDuration } from "../run/amounts.js";
import { cleaned } from "./cleaned.js";
import type { Moment, Redact } from "./moment.js";
import type { Summary } from "./summary.js";

/** A lock that somebody waits for. */
export interface SlowLock {
  readonly revision: string | null;
  readonly milliseconds: number;
  /** Who is in the way, a sentence each; empty where nobody knows. */
  readonly holders: readonly string[];
}

/** What a webhook is told. */
export interface Told {
  readonly event: WebhookEvent;
  readonly moment: Moment;
  readonly summary: Summary;
  readonly slow: SlowLock | null;
}

/** The body of a request, redacted. `text` is what Slack, Mattermost and the like show. */
export function webhookBody({ event, moment, summary, slow }: Told, redact: Redact): object {
  const { at, run, command, environment, dialect, database, member, event: heard } = moment;
  const { failure, backup, smoke, databases, deploy, receipt } = summary;
  const milliseconds = "milliseconds" in heard && slow === null ? Math.round(heard.milliseconds) : null;
  const { lockWaitMs, gaveWay, rowsChanged } = summary.cost;
  const data = {
    event,
    time: new Date(at).toISOString(),
    run,
    command,
    environment,
    engine: dialect,
    database: member ?? database,
    ...(event === "start" ? {} : { milliseconds }),
    planned: summary.planned,
    revisions: summary.ran,
    lockWaits: { milliseconds: Math.round(lockWaitMs), gaveWay },
    rowsChanged,
    backup,
    smoke,
    deploy,
    receipt,
    ...(databases === null ? {} : { databases }),
    ...(failure === null ? {} : { error: failure, part: heard.kind === "run-failed" ? heard.part : null }),
    ...(slow === null ? {} : { slowLock: { ...slow, milliseconds: Math.round(slow.milliseconds) } }),
  };
  const clean = cleaned(data, redact) as typeof data;
  return { text: forChat(redact(sentence({ event, moment, summary, slow }))), ...clean };
}

function sentence({ event, moment, summary, slow }: Told): string {
  const { command, environment, database, member, event: heard } = moment;
  const on = member ?? environment ?? database ?? "a database";
  const who = `aludel ${command} on ${on}`;
  switch (event) {
    case "start":
      return `${who} has started`;
    case "success": {
      const took = heard.kind === "run-finished" ? ` in ${showDuration(heard.milliseconds)}` : "";
      const names = summary.ran.map(({ revision, message }) => `${revision} ${message}`.trim());
      const which = names.length > 0 && names.length <= 5 ? `: ${names.join(", ")}` : "";
      return `${who} succeeded: ${count(summary.revisions, "revision")}${took}${which}`;
    }
    case "failure": {
      const part = heard.kind === "run-failed" && heard.part !== null ? ` in ${heard.part}` : "";
      return `${who} failed${part}: ${summary.failure?.message ?? "nobody knows why"}`;
    }
    case "slow-lock": {
      const waits = slow === null ? "" : ` for ${showDuration(slow.milliseconds)}`;
      const blockers = slow?.holders ?? [];
      const whose = blockers.length === 0 ? "" : `; in the way: ${blockers.join("; ")}`;
      return `${who} waits for a lock${waits}${whose}`;
    }
  }
}

/** What stands between < and > is a command there (https://docs.slack.dev/messaging/formatting-message-text#escaping). */
function forChat(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
