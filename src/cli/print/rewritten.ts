import { shortPath } from "../../error/format.js";
import type { Reshaped } from "../reshape.js";

/** What became of each file, a line for each. */
export function showRewritten({ rewritten }: Reshaped, directory: string): string {
  const name = (ids: readonly string[]) => (ids.length === 0 ? "<base>" : ids.join(", "));
  const lines = rewritten.map(({ move, before, after }) => {
    const what = [
      ...(move === null ? [] : [`revises ${name(move.to)} instead of ${name(move.from)}`]),
      ...(after.createdAt === null || after.createdAt.getTime() === before.createdAt?.getTime()
        ? []
        : [`is dated ${after.createdAt.toISOString().replace(".000Z", "Z")}`]),
    ];
    const renamed = after.file === before.file ? "" : `, was ${shortPath(before.file, directory)}`;
    return `${after.id} ${what.join(" and ")}: ${shortPath(after.file, directory)}${renamed}`;
  });
  return lines.join("\n");
}

/** The same for a machine. */
export function rewrittenData({ rewritten, proofs, asked }: Reshaped) {
  return {
    moved: rewritten.map(({ before, after }) => ({
      revision: after.id,
      from: before.revises,
      to: after.revises,
      file: after.file,
      ...(after.file === before.file ? {} : { was: before.file }),
      ...(after.createdAt === null ? {} : { createdAt: after.createdAt }),
    })),
    proofs,
    database: asked.database,
    reason: asked.database === null ? asked.reason : null,
  };
}
