import type { BodyTest, SmokeCheck } from "../../config/smoke-config.js";
import { redact } from "../../error/redact.js";
import { shownUrl } from "./name.js";
import type { Seen } from "./seen.js";

/** So much of a body is read. */
const mostBytes = 1_000_000;

/** So much of one is shown. */
const shownCharacters = 200;

/** Fetches a URL, perhaps with user and password in it, and reads the answer. */
export async function fetchText(
  given: string,
  signal: AbortSignal,
): Promise<{ readonly response: Response; readonly text: string }> {
  const url = new URL(given);
  const { username, password } = url;
  url.username = "";
  url.password = "";
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const response = await fetch(url, {
    redirect: "manual",
    signal,
    headers: {
      "cache-control": "no-cache",
      "user-agent": "aludel-smoke",
      // `fetch` refuses a URL that has them in it.
      ...(login === ":" ? {} : { authorization: `Basic ${Buffer.from(login).toString("base64")}` }),
    },
  });
  return { response, text: await readBody(response) };
}

/** Looks what a URL answers. A redirect is an answer: what it leads to (a page to log in) was not asked for. */
export async function fetchOnce(
  { url, status, body }: Extract<SmokeCheck, { kind: "http" }>,
  signal: AbortSignal,
): Promise<Seen> {
  const { response, text: found } = await fetchText(url, signal);
  const answer = answerOf(response);
  if (response.status !== status) {
    return { passed: false, seen: `${answer}, expected ${status}${excerpt(found)}` };
  }
  if (body !== null && !matches(found, body)) {
    return { passed: false, seen: `${answer}, its body does not have ${shownTest(body)}${excerpt(found)}` };
  }
  return { passed: true, seen: answer };
}

function answerOf({ status, headers }: Response): string {
  const location = headers.get("location");
  if (location === null) return `status ${status}`;
  const shown = URL.canParse(location) ? shownUrl(location) : location.replace(/\?.*/s, "");
  return `status ${status} to ${shown}`;
}

async function readBody(response: Response): Promise<string> {
  if (response.body === null) return "";
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    parts.push(part);
    size += part.length;
    // Leaving the loop ends the answer.
    if (size >= mostBytes) break;
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

function matches(found: string, test: BodyTest): boolean {
  return test.kind === "text" ? found.includes(test.text) : new RegExp(test.source, test.flags).test(found);
}

function shownTest(test: BodyTest): string {
  return test.kind === "text" ? JSON.stringify(test.text) : `/${test.source}/${test.flags}`;
}

function excerpt(found: string): string {
  const line = redact(found.slice(0, shownCharacters * 2))
    .replace(/\s+/g, " ")
    .trim();
  if (line === "") return "";
  return `: ${line.length > shownCharacters ? `${line.slice(0, shownCharacters)}…` : line}`;
}
