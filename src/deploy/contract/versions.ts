import { messageOf } from "../../error/error.js";
import { redact } from "../../error/redact.js";
import type { Release } from "../../revision/release.js";
import { fetchText } from "../smoke/fetch-once.js";
import { shownUrl } from "../smoke/name.js";

/** What URLs say of the versions that are running. */
export interface Reported {
  readonly versions: readonly (Release & { readonly from: string })[];
  /** Of those that said nothing, a sentence each without its full stop; safe to print. */
  readonly failures: readonly string[];
}

const withinMs = 5_000;

/** Asks all URLs. One that does not answer is no version. */
export async function reportedVersions(urls: readonly string[], signal: AbortSignal): Promise<Reported> {
  const answers = await Promise.all(urls.map((url) => ask(url, signal)));
  return {
    versions: answers.flatMap((one) => (typeof one === "string" ? [] : one)),
    failures: answers.flatMap((one) => (typeof one === "string" ? [one] : [])),
  };
}

async function ask(url: string, signal: AbortSignal): Promise<Reported["versions"] | string> {
  const from = shownUrl(url);
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
    const { response, text } = await fetchText(url, within);
    if (response.status !== 200) return `${from} answers with status ${response.status}`;
    const versions = versionsIn(JSON.parse(text));
    if (versions === null) return `${from} does not answer with versions as { "app": "1.42.0" }`;
    return versions.map((one) => ({ ...one, from }));
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = error instanceof SyntaxError ? "its answer is no JSON" : messageOf(cause);
    return redact(`${from} could not be asked: ${why}`);
  }
}

/** `{ app: "1.42.0" }`, `{ app: ["1.42.0", "1.41.9"] }`, or a list of such objects, one an instance. */
export function versionsIn(answer: unknown): readonly Release[] | null {
  if (Array.isArray(answer)) {
    const each = answer.map(versionsIn);
    return each.includes(null) ? null : each.flatMap((one) => one ?? []);
  }
  if (typeof answer !== "object" || answer === null) return null;
  const found: Release[] = [];
  for (const [application, given] of Object.entries(answer)) {
    for (const version of [given].flat() as readonly unknown[]) {
      if (typeof version !== "string" && typeof version !== "number") return null;
      found.push({ application, version: String(version) });
    }
  }
  return found;
}
