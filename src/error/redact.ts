/** What stands in place of a secret. */
export const mask = "***";

// The scheme has an end, or a long word without one would be read anew from each of its characters.
const patterns: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@ — to the last @ of the word, because an unencoded password may have one inside.
  // An apostrophe needs no encoding there.
  [/([a-z][a-z0-9+.-]{0,31}:\/\/[^\s:/?#@"'`]*):[^\s"`]*@/gi, `$1:${mask}@`],
  // The same, percent-encoded: a URL that is a parameter of another URL.
  [/([a-z][a-z0-9+.-]{0,31}%3A%2F%2F(?:(?!%3A|%2F|%40)[^\s"'`])*%3A)[^\s"'`]*?%40/gi, `$1${mask}%40`],
  // password=… in a query string or a connection string, in quotes or not.
  [
    /((?:ssl)?pass(?:word|wd|phrase)|pwd|auth_?token|api_?key|secret)(\s*=\s*)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s&;,'"`]+)/gi,
    `$1$2${mask}`,
  ],
  [/((?:ssl)?password|auth_?token)(%3D)[^\s&;,'"`%]+/gi, `$1$2${mask}`],
  // "password": "…" in JSON and in what util.inspect prints.
  [
    /(["']?\b(?:(?:ssl)?pass(?:word|wd|phrase)|auth_?token)["']?\s*:\s*)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/gi,
    `$1"${mask}"`,
  ],
  // CREATE ROLE … PASSWORD '…'
  [/\b(password\s+)(?:e|n)?'(?:[^'\\]|\\.|'')*'/gi, `$1'${mask}'`],
];

/**
 * Removes passwords from a text for people: the last line of defence in front of everything that is printed to a
 * terminal or a log. It would rather take too much; SQL that will be run must not go through it, see `redactKnown`.
 */
export function redact(text: string): string {
  return patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/**
 * Removes the passwords of these URLs, where they stand as a URL has them (`:password@`, `password=…`), and leaves
 * every other character as it is: for output that is data, such as SQL of the user's own.
 */
export function redactKnown(text: string, urls: Iterable<string>): string {
  let result = text;
  for (const password of new Set([...urls].flatMap(passwordsOf))) {
    result = result
      .replaceAll(`:${password}@`, `:${mask}@`)
      .replaceAll(`password=${password}`, `password=${mask}`)
      .replaceAll(`authToken=${password}`, `authToken=${mask}`);
  }
  return result;
}

/** A URL that may be read by anybody: without password and options, which may hold one. */
export function publicUrl(url: string): string {
  const [address = ""] = url.split(/[?#]/);
  return redact(address.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/?#@]*):.*@/is, "$1@"));
}

/** The passwords that a URL carries, each as written, decoded and encoded. */
export function passwordsOf(url: string): readonly string[] {
  const written = [
    /^[a-z][a-z0-9+.-]*:\/\/[^:/?#@]*:(.*)@/is.exec(url)?.[1],
    ...[...url.matchAll(/[?&](?:ssl)?(?:password|authToken)=([^&#]*)/gi)].map((match) => match[1]),
  ].filter((password) => password !== undefined && password !== "") as string[];
  return written.flatMap((password) => [password, decoded(password), encodeURIComponent(decoded(password))]);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % is a password that was never encoded.
    return text;
  }
}
