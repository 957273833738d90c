import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Code } from "../error/codes.js";
import { AludelError, messageOf } from "../error/error.js";
import type { Revision } from "./revision.js";

/**
 * The checksums of a folder's revisions, `aludel.sum`: a line for each in the order of their ids, and at the top a hash
 * over these lines. Since every new revision changes the first line, two branches that each add one conflict in git.
 */
export const sumName = "aludel.sum";

/** What a line of a sum says. */
export type Summed = Pick<Revision, "id" | "checksum">;

/** Something wrong with a sum, or between it and the revisions. */
export interface SumProblem {
  readonly code: Code;
  readonly message: string;
  readonly remedy: string;
  readonly where: { readonly file: string; readonly line: number; readonly revision?: string };
}

const rewrite = "aludel validate --fix-sum";
const prefix = "sha256:";

/** The path of a folder's sum. */
export const sumFileOf = (folder: string): string => join(folder, sumName);

/** The text of a sum. */
export function renderSum(revisions: readonly Summed[]): string {
  const lines = revisions
    .map(({ id, checksum }) => `${id} ${prefix}${checksum}`)
    .sort()
    .map((line) => `${line}\n`);
  return [`sum ${prefix}${wholeOf(lines)}\n`, ...lines].join("");
}

const wholeOf = (lines: readonly string[]): string => hash("sha256", lines.join(""), "hex");

interface SumLine extends Summed {
  readonly line: number;
}

/** What a sum says, or why it cannot be trusted. */
export type Sum =
  | { readonly state: "absent" }
  | { readonly state: "broken"; readonly problem: SumProblem }
  | { readonly state: "read"; readonly lines: ReadonlyMap<string, SumLine> };

/** Reads the sum of a folder. @throws AludelError `file-unreadable`. */
export function readSum(folder: string): Sum {
  const file = sumFileOf(folder);
  try {
    return parseSum(file, readFileSync(file, "utf8"));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return { state: "absent" };
    throw new AludelError("file-unreadable", `${sumName} could not be read: ${messageOf(thrown)}`, {
      remedy: "Check that it is a file and that you may read it.",
      where: { file },
      cause: thrown,
    });
  }
}

/** The same from a text, for a sum that is not in the working tree. */
export function parseSum(file: string, text: string): Sum {
  const broken = (code: Code, line: number, message: string, remedy: string): Sum => ({
    state: "broken",
    problem: { code, message, remedy, where: { file, line } },
  });
  const texts = text.replaceAll("\r\n", "\n").replace(/\n*$/, "").split("\n");
  const marker = texts.findIndex((line) => /^(?:<{7}|\|{7}|={7}|>{7})(?: |$)/.test(line));
  if (marker !== -1) {
    const message = `${sumName} has a conflict: two branches changed the revisions`;
    return broken(
      "sum-unreadable",
      marker + 1,
      message,
      `See what each did with \`aludel conflicts\`; when the revisions are as they should be, run \`${rewrite}\`.`,
    );
  }
  const lines = new Map<string, SumLine>();
  for (const [at, line] of texts.entries()) {
    const [, id = "", checksum = ""] = /^(\S+) sha256:([0-9a-f]{64})$/.exec(line) ?? [];
    if (id === "" || (at === 0 && id !== "sum"))
      return broken(
        "sum-unreadable",
        at + 1,
        `Line ${at + 1} of ${sumName} is none that Aludel writes`,
        `Restore the file from version control, or write it anew with \`${rewrite}\`.`,
      );
    if (at > 0) lines.set(id, { id, checksum, line: at + 1 });
  }
  const whole = wholeOf(texts.slice(1).map((line) => `${line}\n`));
  if (texts[0] !== `sum ${prefix}${whole}`)
    return broken(
      "sum-mismatch",
      1,
      `The first line of ${sumName} is not the hash of the others: the file was changed by hand, or merged`,
      `When the revisions are as they should be, run \`${rewrite}\`.`,
    );
  return { state: "read", lines };
}

/** The revisions of each folder. Folders that are given have an entry even when they have no revision. */
export function byFolder<R extends Pick<Revision, "file">>(
  folders: readonly string[],
  revisions: readonly R[],
): ReadonlyMap<string, readonly R[]> {
  const found = new Map<string, R[]>(folders.map((folder) => [folder, []]));
  for (const revision of revisions) {
    const folder = dirname(revision.file);
    const list = found.get(folder);
    if (list === undefined) found.set(folder, [revision]);
    else list.push(revision);
  }
  return found;
}

/** Everything in which the sum of a folder and its revisions differ. */
export function sumProblems(folder: string, revisions: readonly Revision[]): readonly SumProblem[] {
  const file = sumFileOf(folder);
  const sum = readSum(folder);
  if (sum.state === "broken") return [sum.problem];
  if (sum.state === "absent") {
    if (revisions.length === 0) return [];
    const remedy = `Restore it from version control, or write it with \`${rewrite}\`.`;
    const message = `The configuration says sum: true, and there is no ${sumName}`;
    return [{ code: "sum-missing", message, remedy, where: { file, line: 1 } }];
  }
  const there = new Set(revisions.map(({ id }) => id));
  return [
    ...revisions.flatMap((revision) => differenceOf(file, sum.lines.get(revision.id), revision)),
    ...[...sum.lines.values()]
      .filter(({ id }) => !there.has(id))
      .map(({ id, line }): SumProblem => {
        const message = `${sumName} has the revision ${id}, and no file does`;
        const remedy = `Bring its file back, or run \`${rewrite}\` if it was to go.`;
        return { code: "sum-mismatch", message, remedy, where: { file, line, revision: id } };
      }),
  ];
}

function differenceOf(
  file: string,
  line: SumLine | undefined,
  { id, checksum, file: revisionFile }: Revision,
): readonly SumProblem[] {
  if (line === undefined) {
    const message = `The revision ${id} (${basename(revisionFile)}) is not in ${sumName}`;
    const remedy = `If it belongs there, run \`${rewrite}\`.`;
    return [{ code: "sum-mismatch", message, remedy, where: { file, line: 1, revision: id } }];
  }
  if (line.checksum === checksum) return [];
  return [
    {
      code: "sum-mismatch",
      message: `The revision ${id} (${basename(revisionFile)}) is not what it was when ${sumName} was written`,
      remedy: `Put the file back, or run \`${rewrite}\` if the change is right and no database has the revision yet.`,
      where: { file, line: line.line, revision: id },
    },
  ];
}
