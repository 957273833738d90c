/** Comments, names in quotes, and text: in quotes, with escapes, in dollars. The last may be cut off. */
const parts =
  /--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|\be'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)|(?:\b[bnx])?'(?:[^']|'')*(?:'|$)|(\$\w*\$)[\s\S]*?(?:\1|$)/gi;

const longest = 200;

/**
 * A statement as it may leave the machine: in one line, with `?` for text in it, as OpenTelemetry wants it
 * (https://opentelemetry.io/docs/specs/semconv/database/database-spans/#sanitization-of-dbquerytext), and cut off where it is long.
 */
export function showStatement(sql: string): string {
  const line = sql.replace(parts, plain).replace(/\s+/g, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}

function plain(part: string): string {
  if (part.startsWith('"')) return part;
  return part.startsWith("--") || part.startsWith("/*") ? " " : "?";
}
