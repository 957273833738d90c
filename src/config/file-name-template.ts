import { suggest } from "../error/suggest.js";

/** What a file name template may have in braces. */
export const placeholders = ["yyyy", "mm", "dd", "HH", "MM", "SS", "slug", "id"] as const;

/** What is wrong with a template, as the remedy; `null` when nothing is. */
export function fileNameMistake(template: string): string | null {
  const used = [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? "");
  const known: readonly string[] = placeholders;
  const unknown = used.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = suggest(unknown, known);
    return near === null
      ? `there is no {${unknown}}; there are ${known.map((name) => `{${name}}`).join(" ")}`
      : `there is no {${unknown}}; did you mean {${near}}?`;
  }
  if (/[{}]/.test(template.replace(/\{[^{}]*\}/g, ""))) return "close every { with a }";
  if (/[/\\:*?"<>|]/.test(template)) return 'a file name cannot have any of / \\ : * ? " < > | in it';
  if (!used.includes("slug") && !used.includes("id")) return "put {slug} or {id} in it, so that names differ";
  return null;
}
