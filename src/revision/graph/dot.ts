import type { DrawnRevision, RevisionState } from "./draw.js";
import { links } from "./links.js";

const styles: Readonly<Record<RevisionState, string>> = {
  applied: ', style=filled, fillcolor="#d5f0d8"',
  pending: ", style=dashed",
  unknown: "",
};

/**
 * The graph in Graphviz' DOT language, older revisions at the bottom. `dependsOn` is a dashed edge; applied revisions
 * are filled. Edges to revisions that are not in the list are left out.
 */
export function dotGraph(
  revisions: readonly DrawnRevision[],
  state: (id: string) => RevisionState = () => "unknown",
): string {
  const lines = ["digraph revisions {", "  rankdir=BT;", "  node [shape=box, fontname=monospace];"];
  for (const revision of revisions) {
    const text = [revision.id, ...revision.labels.map((label) => `[${label}]`), revision.message ?? ""];
    const label = text
      .filter((part) => part !== "")
      .map(escapeLabel)
      .join("\\n");
    lines.push(`  "${escapeLabel(revision.id)}" [label="${label}"${styles[state(revision.id)]}];`);
  }
  for (const { above, below, kind } of links(revisions)) {
    const style = kind === "revises" ? "" : " [style=dashed]";
    lines.push(`  "${escapeLabel(below)}" -> "${escapeLabel(above)}"${style};`);
  }
  lines.push("}");
  return `${lines.join("\n")}\n`;
}

/** Within a quoted string of DOT, the quote and the backslash (which begins `\n`, `\N` and the like) are escaped. */
function escapeLabel(text: string): string {
  return text.replaceAll(/\s+/gu, " ").replaceAll(/["\\]/gu, "\\$&");
}
