import { setTimeout as pause } from "node:timers/promises";
import { isHttpUrl } from "../config/shape-parts.js";
import type { Webhook, WebhookEvent, Webhooks } from "../config/webhook-config.js";
import type { Listener, Moment, Redact } from "./moment.js";
import type { Summary } from "./summary.js";
import { type SlowLock, webhookBody } from "./webhook-body.js";
import { send } from "./webhook-send.js";

/** Milliseconds that a run waits at its end for webhooks that have not answered. */
const patienceMs = 5000;

/**
 * Tells webhooks of a run: beside the work, so that nobody waits for them, one message after the other to each. What cannot
 * be sent is a warning at the end.
 *
 * @param summary has heard what it is told of.
 */
export function createWebhooks({ called, unset }: Webhooks, summary: Summary, redact: Redact): Listener {
  const stop = new AbortController();
  const usable = called.filter(({ url }) => isHttpUrl(url));
  const lines = new Map(usable.map((webhook) => [webhook, Promise.resolve()]));
  const problems: string[] = [
    ...unset.map(({ place, variable }) => `${place} is not told: ${variable ?? "its URL"} is not set`),
    ...called
      .filter((one) => !usable.includes(one))
      .map(({ place }) => `${place} is not told: its URL is none`),
  ];
  const tell = (event: WebhookEvent, moment: Moment, slow: SlowLock | null, whom: readonly Webhook[]) => {
    const told = whom.filter(({ on }) => on.includes(event));
    if (told.length === 0) return;
    // What it is now: the summary goes on.
    const body = JSON.stringify(webhookBody({ event, moment, summary, slow }, redact));
    for (const webhook of told) {
      const sent = (lines.get(webhook) ?? Promise.resolve()).then(async () => {
        const problem = await send(webhook, body, stop.signal);
        if (problem !== null) problems.push(`${webhook.place} was not told of the ${event}: ${problem}`);
      });
      lines.set(webhook, sent);
    }
  };
  return {
    hear: createHearing(usable, tell),
    async end() {
      const ended = new AbortController();
      const all = Promise.all(lines.values()).then(() => ended.abort());
      await pause(patienceMs, undefined, { signal: ended.signal }).catch(() => undefined);
      stop.abort();
      await all;
      return problems.map(redact);
    },
  };
}

type Tell = (event: WebhookEvent, moment: Moment, slow: SlowLock | null, whom: readonly Webhook[]) => void;

/** What of a stream webhooks are told, and when. */
function createHearing(webhooks: readonly Webhook[], tell: Tell): Listener["hear"] {
  let begun = false;
  // Of one revision of one database each is told once.
  const slow = new Set<string>();
  const begin = (moment: Moment) => {
    if (begun) return;
    begun = true;
    tell("start", moment, null, webhooks);
  };
  const holder = new Map<string | null, string>();
  const gaveWayAfter = new Map<string | null, number>();
  const waits = (moment: Moment, lock: SlowLock, gaveWay = false) => {
    const key = ({ place }: Webhook) => JSON.stringify([place, moment.member, lock.revision]);
    const isSlow = ({ slowLockMs }: Webhook) => gaveWay || lock.milliseconds >= slowLockMs;
    const due = webhooks.filter((webhook) => isSlow(webhook) && !slow.has(key(webhook)));
    for (const webhook of due) slow.add(key(webhook));
    tell("slow-lock", moment, lock, due);
  };
  return (moment) => {
    const { event } = moment;
    switch (event.kind) {
      case "run-started":
        // A deploy looks and tries even where no revision is to run; others have then done nothing.
        if (moment.command === "deploy") begin(moment);
        return;
      case "planned":
        if (event.total > 0) begin(moment);
        return;
      case "run-finished":
        if (begun) tell("success", moment, null, webhooks);
        return;
      case "run-failed":
        tell("failure", moment, null, webhooks);
        return;
      case "lock-wait":
        holder.set(moment.member, event.holder);
        return;
      case "lock-taken": {
        const other = holder.get(moment.member);
        if (other === undefined) return;
        waits(moment, { revision: null, milliseconds: event.milliseconds, holders: [other] });
        return;
      }
      case "lock-waits": {
        const { milliseconds, revision, holders } = event;
        waits(moment, { revision: revision.id, milliseconds, holders });
        return;
      }
      case "lock-waited":
        // Who was in the way is told with that it is tried again.
        if (event.gaveWay) gaveWayAfter.set(moment.member, event.milliseconds);
        else waits(moment, { revision: event.revision.id, milliseconds: event.milliseconds, holders: [] });
        return;
      case "gave-way": {
        const { revision, holders } = event;
        const milliseconds = gaveWayAfter.get(moment.member) ?? 0;
        waits(moment, { revision: revision.id, milliseconds, holders }, true);
        return;
      }
      default:
        return;
    }
  };
}
