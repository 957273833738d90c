import * as v from "valibot";
import { duration, isHttpUrl, listOf, text, url } from "./shape-parts.js";

/** What a webhook can be told of. */
export const webhookEvents = ["start", "success", "failure", "slow-lock"] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Somebody who is told of runs over HTTP. */
export interface Webhook {
  /** Where it stands in the configuration: what it is called in messages, because the URL may be a secret. */
  readonly place: string;
  /** May be a secret; never printed. */
  readonly url: string;
  readonly on: readonly WebhookEvent[];
  /** With their values, which may be secrets; never printed. */
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds that one try may take. */
  readonly timeoutMs: number;
  /** Milliseconds of waiting for a lock that are slow. */
  readonly slowLockMs: number;
}

/** A webhook that nobody can call: the variable that is not set. */
export interface UnsetWebhook {
  readonly place: string;
  readonly variable: string | null;
}

export interface Webhooks {
  readonly called: readonly Webhook[];
  readonly unset: readonly UnsetWebhook[];
}

export const noWebhooks: Webhooks = { called: [], unset: [] };

const defaultTimeoutMs = 5000;
const defaultSlowLockMs = 2000;

const urlRemedy = 'write env("WEBHOOK_URL"), or a URL, "https://hooks.example.com/aludel"';
const onRemedy = `write ${webhookEvents.map((one) => `"${one}"`).join(", ")}, or a list of them`;
const headerRemedy = 'write { authorization: env("WEBHOOK_TOKEN") }: headers by their names';

const webhookObject = v.objectWithRest(
  {
    url: v.pipe(
      url(urlRemedy),
      v.check((given) => !("text" in given) || given.text === null || isHttpUrl(given.text), urlRemedy),
    ),
    on: v.optional(v.pipe(listOf(onRemedy), v.array(v.picklist(webhookEvents, onRemedy), onRemedy))),
    headers: v.optional(v.record(text(headerRemedy), url(headerRemedy), headerRemedy)),
    timeout: v.optional(duration),
    slowLock: v.optional(duration),
  },
  v.never(),
);

/** `webhooks` of the configuration and of an environment. */
export const webhooks = v.array(webhookObject, "write a list of { url, on, headers, timeout, slowLock }");

export type WebhooksShape = v.InferOutput<typeof webhooks>;

/** The keys of a webhook, for "did you mean". */
export const webhookKeys: readonly string[] = Object.keys(webhookObject.entries);

/** A text, or the variable that it would have come from; `isMeant`: somebody has said that it need not be set. */
export type TakenText =
  | { readonly text: string }
  | { readonly variable: string | null; readonly isMeant: boolean };

/** The webhooks as they were written, with what was left out. One whose URL or header is not known is not called. */
export function webhooksOf(
  shape: WebhooksShape,
  path: string,
  take: (text: WebhooksShape[number]["url"]) => TakenText,
): Webhooks {
  const called: Webhook[] = [];
  const unset: UnsetWebhook[] = [];
  for (const [at, one] of shape.entries()) {
    const place = `${path}[${at}]`;
    const address = take(one.url);
    const taken = Object.entries(one.headers ?? {}).map(([name, value]) => [name, take(value)] as const);
    const missing = [address, ...taken.map(([, value]) => value)].find((value) => !("text" in value));
    if (missing !== undefined && !("text" in missing)) {
      if (!missing.isMeant) unset.push({ place, variable: missing.variable });
      continue;
    }
    const textOf = (value: TakenText) => ("text" in value ? value.text : "");
    called.push({
      place,
      url: textOf(address),
      on: one.on ?? webhookEvents,
      headers: Object.fromEntries(taken.map(([name, value]) => [name, textOf(value)])),
      timeoutMs: one.timeout ?? defaultTimeoutMs,
      slowLockMs: one.slowLock ?? defaultSlowLockMs,
    });
  }
  return { called, unset };
}
