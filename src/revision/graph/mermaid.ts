import type { DrawnRevision, RevisionState } from "./draw.js";
import { links } from "./links.js";

/**
 * The graph as a Mermaid flowchart, older revisions at the bottom. `dependsOn` is a dashed edge; applied and pending
 * revisions have classes of those names. Edges to revisions that are not in the list are left out.
 */
export function mermaidGraph(
  revisions: readonly DrawnRevision[],
  state: (id: string) => RevisionState = () => "unknown",
): string {
  // Names of our own for the nodes: Mermaid gives words such as `end` a meaning.
  const names = new Map(revisions.map((revision, index) => [revision.id, `r${index}`]));
  const lines = ["flowchart BT"];
  for (const revision of revisions) {
    const known = state(revision.id);
    const text = [revision.id, ...revision.labels.map((label) => `[${label}]`), revision.message ?? ""];
    const shown = text.filter((part) => part !== "").map(escapeLabel);
    lines.push(
      `  ${names.get(revision.id)}["${shown.join("<br/>")}"]${known === "unknown" ? "" : `:::${known}`}`,
    );
  }
  for (const { above, below, kind } of links(revisions)) {
    lines.push(`  ${names.get(below)} ${kind === "revises" ? "-->" : "-.->"} ${names.get(above)}`);
  }
  lines.push(
    "  classDef applied fill:#d5f0d8,stroke:#2e7d32,color:#000",
    "  classDef pending stroke-dasharray:4 3",
  );
  return `${lines.join("\n")}\n`;
}

/** Entity codes for all that could end the text or be taken for markup (Mermaid: "Entity codes to escape characters"). */
function escapeLabel(text: string): string {
  return text
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/[#&<>"'`\\[\]{}()|*_~:;%@]/gu, (character) => `#${character.codePointAt(0)};`);
}
