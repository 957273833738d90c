import { setTimeout as pause } from "node:timers/promises";
import type { Webhook } from "../config/webhook-config.js";

/** Milliseconds between one try and the next. */
const pausesMs = [300, 1000];

/**
 * Sends a body, and tries again where that may help.
 *
 * @returns why it did not arrive; `null` when it did. Never rejects.
 */
export async function send(
  { url, headers, timeoutMs }: Webhook,
  body: string,
  signal: AbortSignal,
): Promise<string | null> {
  for (let tries = 0; ; tries += 1) {
    const { problem, isFinal } = await sendOnce(
      url,
      headers,
      body,
      AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    );
    if (problem === null) return null;
    const wait = pausesMs[tries];
    if (isFinal || wait === undefined || signal.aborted) return problem;
    await pause(wait, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return problem;
  }
}

interface Tried {
  readonly problem: string | null;
  /** Another try would end alike. */
  readonly isFinal: boolean;
}

async function sendOnce(
  url: string,
  headers: Webhook["headers"],
  body: string,
  signal: AbortSignal,
): Promise<Tried> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "aludel", ...headers },
      body,
      // What is sent along is for this host alone.
      redirect: "manual",
      signal,
    });
    await response.body?.cancel();
    if (response.ok) return { problem: null, isFinal: true };
    const isBusy = response.status >= 500 || response.status === 429 || response.status === 408;
    return { problem: `it answered ${response.status}`, isFinal: !isBusy };
  } catch (error) {
    return { problem: signal.aborted ? "it did not answer in time" : reasonOf(error), isFinal: false };
  }
}

/** `fetch` says no more than that it failed; the cause has a code. Neither the URL nor a header is told. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  return code === undefined ? "it could not be asked" : `it could not be reached (${code})`;
}
