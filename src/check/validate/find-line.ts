import { readFileSync } from "node:fs";

/** The part of a revision file that a finding is about. */
export type Part = "id" | "revises" | "dependsOn" | "labels" | "upgrade" | "downgrade" | "created" | Comment;
/** A field of the comment at the top. */
type Comment = "Revision" | "Revises" | "Depends-On" | "Labels";

const sqlFields: Readonly<Record<Exclude<Part, "upgrade" | "downgrade">, string>> = {
  id: "Revision",
  revises: "Revises",
  dependsOn: "Depends-On",
  labels: "Labels",
  created: "Created",
  Revision: "Revision",
  Revises: "Revises",
  "Depends-On": "Depends-On",
  Labels: "Labels",
};

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

function fieldLine(text: string, field: string): number {
  const at = text.search(new RegExp(`^\\W*${field}:`, "im"));
  return at === -1 ? 1 : lineAt(text, text.indexOf(field.slice(0, 1), at));
}

/** The line of a property of the exported object, or of one name in its value. */
function propertyLine(text: string, property: string, name: string | undefined): number {
  const exported = Math.max(0, text.search(/\bdefineRevision\s*\(|\bexport\s+default\b|\bmodule\.exports\b/));
  const pattern = `(?:^|[{,])\\s*(?:async\\s+)?["']?\\b(${property})\\b["']?\\s*[:(]`;
  const found = new RegExp(pattern, "dm").exec(text.slice(exported));
  if (found === null) return lineAt(text, exported);
  const start = exported + (found.indices?.[1]?.[0] ?? found.index);
  if (name === undefined) return lineAt(text, start);
  const quoted = [`"${name}"`, `'${name}'`, `\`${name}\``].map((one) => text.indexOf(one, start));
  const at = Math.min(...quoted.filter((one) => one !== -1));
  return lineAt(text, Number.isFinite(at) ? at : start);
}

/** The line of a revision file on which something is said; 1 where that cannot be told. Findings are few: it reads the file. */
export function findLine(file: string, part: Part, name?: string): number {
  let text: string;
  try {
    text = readFileSync(file, "utf8").replaceAll("\r\n", "\n");
  } catch {
    return 1;
  }
  const isSql = file.endsWith(".sql");
  if (part === "upgrade" || part === "downgrade") {
    if (!isSql) return propertyLine(text, part, undefined);
    const at = text.search(new RegExp(`^[ \\t]*--[ \\t]*aludel:${part}\\b`, "m"));
    return at === -1 ? 1 : lineAt(text, at);
  }
  const isField = part === "created" || /^[A-Z]/.test(part);
  return isSql || isField ? fieldLine(text, sqlFields[part]) : propertyLine(text, part, name);
}
