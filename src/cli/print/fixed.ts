import type { FixedFinding, FixRounds } from "../../lint/fix/rounds.js";
import type { Context } from "../context.js";
import type { CommandOptions } from "../options.js";
import type { FixProof } from "../prove-fixed.js";

type Options = CommandOptions["lint"];

/** What is rewritten, file by file, and what it is proved by. */
export interface FixedFile {
  readonly file: string;
  readonly text: Uint8Array;
  readonly fixes: readonly FixedFinding[];
  /** `null` for a file that is no revision: what came before it is not ours to run. */
  readonly proof: FixProof | null;
  /** What is left to be done by hand. */
  readonly notes: readonly string[];
  /** As `diff -u` shows it. */
  readonly diff: string;
}

interface Told {
  readonly rounds: FixRounds;
  readonly files: readonly FixedFile[];
}

/** Says what was rewritten, by what it is proved, and what could not be. */
export function tellFixed({ out }: Context, { dryRun }: Options, { rounds, files }: Told): void {
  for (const { file, fixes, proof, notes, diff } of files) {
    if (proof?.result === "failed") {
      const lines = [
        `${file}: left as it is, because its rewriting failed the proof`,
        ...indented(proof.lines),
      ];
      out.text([...lines, ""].join("\n"));
      continue;
    }
    const titles = fixes.map(
      ({ rule, object, fix }) => `${rule}${object === null ? "" : ` ${object}`}: ${fix.title}`,
    );
    const same = fixes.some(({ fix }) => fix.adds !== undefined)
      ? "same schema but for the index"
      : "same schema";
    const proved = proof === null ? "" : proof.result === "proved" ? ` (${same}: proved)` : " (not proved)";
    const verb = dryRun ? "would fix" : "fixed";
    out.text([`${verb} ${file}${proved}`, ...indented([...new Set(titles)])].join("\n"));
    if (proof?.result === "not proved") out.text(indented(proof.lines).join("\n"));
    if (notes.length > 0) out.text(notes.map((note) => `  → ${note}`).join("\n"));
    out.text(dryRun ? `${diff}\n` : "");
  }
  for (const { finding, because } of rounds.refused)
    out.text(`${finding.file}:${finding.range.line}: ${finding.rule} is not fixed: ${because}`);
}

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

/** The same for programs. */
export function fixedData({ rounds, files }: Told, { dryRun }: Options): object {
  return {
    dryRun,
    fixed: files.map(({ file, fixes, proof, notes, diff }) => ({
      file,
      written: !dryRun && proof?.result !== "failed",
      proof: proof?.result ?? null,
      why: proof?.lines ?? [],
      fixes: fixes.map(({ rule, object, fix }) => ({ rule, object, title: fix.title })),
      notes,
      diff,
    })),
    refused: rounds.refused.map(({ finding: { file, rule, object }, because }) => ({
      file,
      rule,
      object,
      because,
    })),
  };
}
