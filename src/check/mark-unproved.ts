import { readFileSync, writeFileSync } from "node:fs";
import type { Proof } from "./proof.js";

/** Puts a note on top of a revision whose proof failed, so that nobody takes it for a good one. */
export function markUnproved(file: string, proof: Proof): void {
  const failed = proof.steps.find(({ result }) => result === "failed");
  const lines = [
    `NOT PROVED: "${failed?.part}" failed.`,
    ...(failed?.lines ?? []).slice(0, 5),
    `Mend it, run \`aludel verify ${proof.revision}\`, and delete this note.`,
  ];
  const sign = file.endsWith(".sql") ? "--" : "//";
  // One line each, whatever the database's message had in it: a line end would end the comment.
  const note = lines.map((line) => `${sign} ${line.replaceAll(/\s+/g, " ").slice(0, 160)}`).join("\n");
  writeFileSync(
    file,
    file.endsWith(".sql")
      ? withNoteBelowHeader(readFileSync(file, "utf8"), note)
      : `${note}\n${readFileSync(file, "utf8")}`,
  );
}

/** A SQL revision's header is its first comment, so that the note goes under it. */
function withNoteBelowHeader(text: string, note: string): string {
  const at = text.indexOf("-- aludel:upgrade");
  return at === -1 ? `${text}\n${note}\n` : `${text.slice(0, at)}${note}\n\n${text.slice(at)}`;
}
