const identifier = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_][\w$]*)`;
const assignment = new RegExp(String.raw`\bNEW\s*\.\s*(${identifier})\s*:?=(?!=)\s*([^;]+);`, "gi");
const reference = new RegExp(String.raw`\bNEW\s*\.\s*(${identifier})`, "gi");
/** Another column as it is, in another type, or where this one has nothing. */
const copy = new RegExp(
  String.raw`^(?:coalesce\s*\(|cast\s*\(|NEW\s*\.\s*${identifier}|::\s*[\w ."\[\]()]+|\bas\s+[\w ."\[\]()]+|[\s,()])+$`,
  "i",
);

/**
 * The columns of which a trigger's function writes one into the other, as it is: two columns that stand for one while code of two
 * releases is running. What is computed (a search vector, the time of the change) is there to stay.
 */
export function copiesColumn(body: string): readonly [from: string, to: string] | null {
  const text = body.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, " ");
  for (const [, into = "", value = ""] of text.matchAll(assignment)) {
    if (!copy.test(value.trim())) continue;
    const to = unquoted(into);
    const from = [...value.matchAll(reference)]
      .map(([, name = ""]) => unquoted(name))
      .find((name) => name !== to);
    if (from !== undefined) return [from, to];
  }
  return null;
}

function unquoted(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
