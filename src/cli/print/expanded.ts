import { shownPath } from "../../lint/sql-files.js";
import type { Context } from "../context.js";
import type { Expanded } from "../lint-expand.js";
import type { CommandOptions } from "../options.js";

/** Says which revisions are in the place of one, and which stay. */
export function tellExpanded(
  { cwd, out }: Context,
  { dryRun }: CommandOptions["lint"],
  expanded: readonly Expanded[],
): void {
  for (const { file, chain, because, keepsRows, isReordered } of expanded) {
    if (because !== null) {
      out.text(`${file}: not expanded: ${because}`);
      continue;
    }
    const order = isReordered ? " but for the order of columns" : "";
    const proved = `same schema${order}${keepsRows ? ", rows kept up and down" : ""}: proved`;
    out.text(`${dryRun ? "would expand" : "expanded"} ${file} (${proved})`);
    for (const link of chain) {
      out.text(`  ${shownPath(cwd, link.file)}`);
      if (dryRun) out.text(`\n${link.text}`);
    }
  }
}

/** The same for programs. */
export function expandedData({ cwd }: Pick<Context, "cwd">, expanded: readonly Expanded[]): object {
  return {
    expanded: expanded.map(({ file, chain, because }) => ({
      file,
      because,
      revisions: chain.map((link) => ({ id: link.id, file: shownPath(cwd, link.file), text: link.text })),
    })),
  };
}
