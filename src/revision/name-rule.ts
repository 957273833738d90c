import { isKeyword } from "./graph/target.js";

/** What a name in the graph is. What may be either, as in `dependsOn`, goes by the rule of labels, which is wider. */
export type NameKind = "id" | "label";

/** As many characters as the version table keeps of an id, and about as many as a file system of a name. */
const longest = 255;

/** What nearly every name is made of: no need to look further. */
const plain = /^\w+$/;
const rules: Readonly<Record<NameKind, { readonly odd: RegExp; readonly ends: RegExp }>> = {
  id: { odd: /[^\p{L}\p{M}\p{N}_.]/u, ends: /^\.|\.$/ },
  label: { odd: /[^\p{L}\p{M}\p{N}_.-]/u, ends: /^[.-]|[.-]$/ },
};

/** What to do about a name that is refused. */
export const nameRemedy: Readonly<Record<NameKind, string>> = {
  id: "Use letters, digits, underscores and inner dots in revision ids.",
  label: "Use letters, digits, underscores, inner dots and inner hyphens in labels.",
};

/**
 * Why this cannot be the id of a revision or a branch label, to be read after the name: `has the character "@"`; `null`
 * when it can be. The signs of targets and ranges (`@ : + ,`), of paths and of quoting are left out, and the words that
 * targets and the headers of SQL revisions use for something else.
 */
export function nameMistake(kind: NameKind, name: string): string | null {
  const { odd, ends } = rules[kind];
  if (name === "") return "is empty";
  if (!plain.test(name)) {
    const character = odd.exec(name)?.[0];
    if (character !== undefined) return `has the character ${JSON.stringify(character)}`;
    const end = ends.exec(name)?.[0];
    if (end !== undefined) return `begins or ends with ${JSON.stringify(end)}`;
  }
  if (name.length > longest && [...name].length > longest) return `is longer than ${longest} characters`;
  if (isKeyword(name)) return "is a word that targets use";
  return name === "none" ? "means no revision in the header of a SQL revision" : null;
}
