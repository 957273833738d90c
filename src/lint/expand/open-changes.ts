import type { LongChange } from "../../dialect/expansion.js";
import type { Finding } from "../finding.js";

/** The changes of a file that take several deploys. */
export interface LongFile {
  readonly file: string;
  readonly changes: readonly LongChange[];
  /** The revision does nothing else. */
  readonly isAll: boolean;
}

/** Files with findings whose remedy takes several deploys. */
export function longFiles(findings: readonly Finding[]): readonly LongFile[] {
  const files = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.long === null || finding.suppressed !== null) continue;
    files.set(finding.file, [...(files.get(finding.file) ?? []), finding]);
  }
  return [...files].map(([file, all]) => {
    // The same change is found once for each rule that has something to say of it.
    const changes = new Map(
      all.flatMap(({ long }) => (long === null ? [] : [[JSON.stringify(long.change), long]])),
    );
    const [first] = changes.values();
    return {
      file,
      changes: [...changes.values()].map(({ change }) => change),
      isAll: first?.actsOfUnit === [...changes.values()].reduce((sum, { acts }) => sum + acts, 0),
    };
  });
}
