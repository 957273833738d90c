import type { Finding } from "../finding.js";
import { applyEdits, type Fix, together } from "./fix.js";

export type FixedFinding = Finding & { readonly fix: Fix };

/** Files by the names that findings have for them, with what they are to say. */
export type Texts = ReadonlyMap<string, Uint8Array>;

export interface FixRounds {
  /** What the files say now that were changed. */
  readonly texts: Texts;
  readonly fixed: readonly FixedFinding[];
  /** Fixes after which their rule still spoke, or another spoke of something worse. They are not made. */
  readonly refused: readonly { readonly finding: FixedFinding; readonly because: string }[];
  /** What is found in the files as they are then. */
  readonly findings: readonly Finding[];
}

export interface FixRoundsInput {
  /** What is found in the files as they are. */
  readonly findings: readonly Finding[];
  readonly read: (file: string) => Uint8Array;
  /** Lints the files again, with other texts in the place of some. */
  readonly lint: (texts: Texts) => Promise<readonly Finding[]>;
}

const mostRounds = 12;

/**
 * Makes the fixes, round by round: all that do not stand in each other's way at once, and in a file where that went wrong one
 * by one. A fix counts only when its rule is silent afterwards and nothing that is an error has come instead.
 */
export async function fixInRounds({ findings: first, read, lint }: FixRoundsInput): Promise<FixRounds> {
  const texts = new Map<string, Uint8Array>();
  const fixed: FixedFinding[] = [];
  const refused = new Map<string, { readonly finding: FixedFinding; readonly because: string }>();
  const oneByOne = new Set<string>();
  let findings = first;
  for (let round = 0; round < mostRounds; round += 1) {
    const tried = new Map<string, { readonly text: Uint8Array; readonly taken: readonly FixedFinding[] }>();
    for (const [file, open] of byFile(findings, refused)) {
      const { taken, edits } = together(oneByOne.has(file) ? open.slice(0, 1) : open);
      const text = applyEdits(texts.get(file) ?? read(file), edits);
      if (text === null)
        for (const one of taken) refused.set(keyOf(one), { finding: one, because: "the file is no UTF-8" });
      else tried.set(file, { text, taken });
    }
    if (tried.size === 0) break;
    const after = await lint(
      new Map([...texts, ...[...tried].map(([file, { text }]) => [file, text] as const)]),
    );
    const settled = new Set<string>();
    for (const [file, { text, taken }] of tried) {
      const trouble = troubleOf(ofFile(findings, file), ofFile(after, file), taken);
      if (trouble === null) {
        texts.set(file, text);
        fixed.push(...taken);
        settled.add(file);
      } else if (taken.length > 1) oneByOne.add(file);
      else for (const one of taken) refused.set(keyOf(one), { finding: one, because: trouble });
    }
    findings = [
      ...findings.filter(({ file }) => tried.has(file) && !settled.has(file)),
      ...after.filter(({ file }) => !tried.has(file) || settled.has(file)),
    ];
  }
  return { texts, fixed, refused: [...refused.values()], findings };
}

const ofFile = (findings: readonly Finding[], file: string) => findings.filter((one) => one.file === file);

function byFile(
  findings: readonly Finding[],
  refused: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, readonly FixedFinding[]> {
  const files = new Map<string, FixedFinding[]>();
  const added = new Map<string, string>();
  for (const finding of findings) {
    const { fix, file, suppressed } = finding;
    if (fix === null || suppressed !== null || refused.has(keyOf(finding))) continue;
    // With the index of one file another may have nothing to add.
    const name = fix.adds?.name;
    if (name !== undefined && (added.get(name) ?? file) !== file) continue;
    if (name !== undefined) added.set(name, file);
    files.set(file, [...(files.get(file) ?? []), { ...finding, fix }]);
  }
  // A question stands above all that its statement becomes.
  const order = (one: Finding) => (one.precheck === null ? 1 : 0);
  for (const [file, all] of files) {
    const first = all.filter(({ fix }) => !fix.isLast);
    files.set(
      file,
      (first.length > 0 ? first : all).sort((a, b) => order(a) - order(b)),
    );
  }
  return files;
}

/** The same finding before and after a change that moves it. */
function keyOf({ file, direction, rule, object, message }: Finding): string {
  return JSON.stringify([file, direction, rule, object ?? message]);
}

function counted(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const one of findings) {
    if (one.suppressed === null) counts.set(keyOf(one), (counts.get(keyOf(one)) ?? 0) + 1);
  }
  return counts;
}

/** Why the fixes are not good; `null` when they are. */
function troubleOf(
  before: readonly Finding[],
  after: readonly Finding[],
  taken: readonly Finding[],
): string | null {
  const [had, has] = [counted(before), counted(after)];
  const stays = taken.find((one) => (has.get(keyOf(one)) ?? 0) >= (had.get(keyOf(one)) ?? 0));
  if (stays !== undefined) return `${stays.rule} would still be found`;
  const worse = after.find(
    (one) => one.severity === "error" && (has.get(keyOf(one)) ?? 0) > (had.get(keyOf(one)) ?? 0),
  );
  return worse === undefined ? null : `${worse.rule} would be found instead: ${worse.message}`;
}
