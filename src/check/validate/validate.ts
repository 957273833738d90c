import type { HistoryPolicy } from "../../config/choices.js";
import { AludelError } from "../../error/error.js";
import { fileNamesBy } from "../../revision/file-name.js";
import { graphProblems } from "../../revision/graph/graph.js";
import type { Problem } from "../../revision/graph/problem.js";
import { type FileReading, readFiles } from "../../revision/read-files.js";
import { apart, type KnownNames, repeatableProblems } from "../../revision/repeatable.js";
import type { Revision } from "../../revision/revision.js";
import { byFolder, type SumProblem, sumProblems } from "../../revision/sum.js";
import { chainFindings } from "./chain-findings.js";
import { fileFindings } from "./file-findings.js";
import { findLine } from "./find-line.js";
import { type Finding, sortFindings } from "./finding.js";
import { lineFindings } from "./line-findings.js";

export interface ValidateOptions {
  /** Absolute paths of the folders of the revisions. */
  readonly folders: readonly string[];
  /** Template of file names. */
  readonly fileName: string;
  /** Whether the folders have an `aludel.sum`. */
  readonly sum: boolean;
  /** Whether the revisions may branch and merge. */
  readonly history: HistoryPolicy;
}

export interface Validation {
  /** The files that could be read. */
  readonly revisions: readonly Revision[];
  readonly files: number;
  readonly findings: readonly Finding[];
}

/**
 * Everything that is wrong with the revisions of a project, in the order of their files: files that are no revisions,
 * ids, edges and circles of the graph, names of files, dates, ways that are missing, and checksums. Nothing is run;
 * time grows with the number of files.
 *
 * @throws AludelError `file-unreadable` for a folder that cannot be listed.
 */
export function validate(options: ValidateOptions): Validation {
  const readings = readFiles(options.folders);
  const { revisions, repeatables } = apart(readings.flatMap(({ revision }) => revision ?? []));
  const nameOf = fileNamesBy(options.fileName);
  const findings = [
    ...readings.flatMap((reading) => fileFindings(reading, nameOf)),
    ...[
      ...graphProblems(revisions),
      ...(repeatables.length === 0 ? [] : repeatableProblems(repeatables, namesOf(revisions))),
    ].map((problem) => graphFinding(problem, readings)),
    ...chainFindings(revisions),
    ...(options.history === "linear" ? lineFindings(revisions) : []),
    ...(options.sum ? sumFindings(options.folders, readings) : []),
  ];
  return {
    revisions: [...revisions, ...repeatables],
    files: readings.length,
    findings: sortFindings(findings),
  };
}

/** As far as there are names, whatever else is wrong with the graph. */
function namesOf(revisions: readonly Revision[]): KnownNames {
  const nodes = revisions.map((revision) => [revision.id, { revision }] as const);
  const labels = revisions.flatMap((revision) =>
    revision.labels.map((label) => [label, { revision }] as const),
  );
  return { nodes: new Map(nodes), labels: new Map(labels) };
}

function graphFinding(problem: Problem, readings: readonly FileReading[]): Finding {
  const { code, message, remedy, where, property, name } = problem;
  const file = where.file ?? readings[0]?.file ?? "";
  const line = property === undefined ? 1 : findLine(file, property, name);
  return { code, severity: "error", message, remedy, file, line, revision: where.revision ?? null };
}

function sumFindings(folders: readonly string[], readings: readonly FileReading[]): readonly Finding[] {
  const { revisions } = apart(readings.flatMap(({ revision }) => revision ?? []));
  const unread = new Set(readings.filter(({ revision }) => revision === null).map(({ folder }) => folder));
  return [...byFolder(folders, revisions)].flatMap(([folder, own]) => {
    const there = new Set(own.map(({ id }) => id));
    // A file that could not be read is a finding already, and may be the one that a line is about.
    const isCertain = ({ where: { revision } }: SumProblem) =>
      !unread.has(folder) || revision === undefined || there.has(revision);
    return problemsOf(folder, own)
      .filter(isCertain)
      .map(({ code, message, remedy, where: { file, line, revision = null } }): Finding => {
        return { code, severity: "error", message, remedy, file, line, revision };
      });
  });
}

function problemsOf(folder: string, revisions: readonly Revision[]): readonly SumProblem[] {
  try {
    return sumProblems(folder, revisions);
  } catch (thrown) {
    if (!(thrown instanceof AludelError)) throw thrown;
    const { code, message, remedy, where } = thrown;
    return [{ code, message, remedy, where: { file: where.file ?? folder, line: 1 } }];
  }
}
