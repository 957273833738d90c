/**
 * True for paths that one of the patterns matches, and none that begins with `!`. `*` is part of a name, `**` any
 * folders, `?` one character, `{a,b}` one of several; a pattern without `/` is the name of a file in any folder, and one
 * of a folder is everything in it.
 */
export function globPattern(patterns: readonly string[]): (path: string) => boolean {
  const wanted = patterns.filter((one) => !one.startsWith("!")).map(expression);
  const unwanted = patterns.filter((one) => one.startsWith("!")).map((one) => expression(one.slice(1)));
  return (path) => wanted.some((one) => one.test(path)) && !unwanted.some((one) => one.test(path));
}

function expression(pattern: string): RegExp {
  const trimmed = pattern.replace(/^\.\//, "").replace(/\/+$/, "");
  let source = trimmed.includes("/") ? "" : "(?:.*/)?";
  let depth = 0;
  for (let at = 0; at < trimmed.length; at += 1) {
    const character = trimmed[at] ?? "";
    if (trimmed.startsWith("**/", at)) {
      source += "(?:.*/)?";
      at += 2;
    } else if (trimmed.startsWith("**", at)) {
      source += ".*";
      at += 1;
    } else if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "{") {
      depth += 1;
      source += "(?:";
    } else if (character === "}" && depth > 0) {
      depth -= 1;
      source += ")";
    } else if (character === "," && depth > 0) source += "|";
    else source += character.replace(/[.+^${}()|[\]\\]/, "\\$&");
  }
  return new RegExp(`^${source}${")".repeat(depth)}(?:/.*)?$`);
}
