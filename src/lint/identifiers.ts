// A loop over alternatives needs memory for every character of a text that nothing closes; one over a class does not. A
// doubled quote ends one string and begins another, which is the same here.
/** Strings, comments and dollar-quoted text, which have no names in them; then names in quotes, and bare words. */
const pattern =
  /--[^\n]*|\/\*[\s\S]*?\*\/|[eE]'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'|'[^']*'|(\$[A-Za-z_\u0080-\uffff]*[\w\u0080-\uffff]*\$)[\s\S]*?\1|"((?:[^"]*(?:""[^"]*)*))"|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)/g;

/** No name of the text is as long as that: most texts need no closer look. */
const hasLong = /[\w$]{64}|"[^"\n]{64}|[^\0-\x7f]/;

/** Long words of a statement that can be names, each once; what is longer than a line is none. A word of 21 characters has at most 63 bytes. */
export function identifiersOf(sql: string): readonly string[] {
  if (!hasLong.test(sql)) return [];
  const found = new Set<string>();
  for (const [, , quoted, word] of sql.matchAll(pattern)) {
    const name = quoted?.replaceAll('""', '"') ?? word;
    if (name !== undefined && name.length > 21 && name.length < 1_000) found.add(name);
  }
  return [...found];
}
