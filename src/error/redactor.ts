import { mask, passwordsOf, redact } from "./redact.js";

/** A shorter password could be any word. */
const shortest = 4;

/**
 * Makes what takes secrets out of texts that leave for other machines (logs, spans, webhooks): all that `redact` finds, and the
 * passwords of these URLs and these words wherever they stand, as they are, decoded or percent-encoded. Of data that has to
 * stay as it is it would take too much.
 *
 * @param urls may grow, and so may `words`: what is asked for is that of the moment.
 */
export function createRedactor(
  urls: () => readonly string[],
  words: () => readonly string[],
): (text: string) => string {
  let known = { count: -1, pattern: null as RegExp | null };
  const patternNow = () => {
    const [all, others] = [urls(), words()];
    const count = all.length + others.length;
    if (count !== known.count) {
      const secrets = [...all.flatMap(secretOfUrl), ...others.flatMap(formsOf)];
      known = { count, pattern: patternOf(secrets) };
    }
    return known.pattern;
  };
  return (text) => {
    const pattern = patternNow();
    return redact(pattern === null ? text : text.replace(pattern, mask));
  };
}

/** A password that is also the name of the user, the host or the database is no secret, and these are to be read. */
function secretOfUrl(url: string): readonly string[] {
  const passwords = passwordsOf(url);
  const rest = passwords.reduce(
    (text, password) => text.replaceAll(`:${password}@`, "@"),
    url.split("?")[0] ?? "",
  );
  return passwords.filter((password) => !rest.includes(password)).flatMap(formsOf);
}

function formsOf(secret: string): readonly string[] {
  if (secret.length < shortest) return [];
  const once = encodeURIComponent(secret);
  return [secret, once, encodeURIComponent(once)];
}

/** The longest first: one may be the beginning of another. */
function patternOf(secrets: readonly string[]): RegExp | null {
  const sorted = [...new Set(secrets)].sort((a, b) => b.length - a.length);
  if (sorted.length === 0) return null;
  const escaped = sorted.map((secret) => secret.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  // The digits of %2f may be written large or small.
  return new RegExp(escaped.join("|"), "gi");
}
