import { relative, sep } from "node:path";
import type { Differences } from "../../check/differences.js";
import type { Scratch } from "../../dialect/dialect.js";
import { describeOp } from "../../op/apply.js";
import type { Op } from "../../op/op.js";
import type { Project } from "../../run/project.js";
import type { Gate, GateFinding, Verdict } from "../check.js";
import { codeFindings } from "./code.js";
import { type Exception, type Exceptions, readExceptions } from "./exceptions.js";
import { findSpoken, namesIn } from "./place.js";
import { betweenSchemas, noSides, readSides, type Sides } from "./sides.js";

export interface GuardOptions {
  /** The project as the base has it; `null` where there was none. */
  readonly baseProject: Project | null;
  /** The folder that git's paths begin at. */
  readonly top: string;
  readonly openScratch: () => Promise<Scratch>;
  /** A date, `2026-11-22`. */
  readonly today: string;
  readonly exceptionDays: number;
}

/** The sides of the base and of the head, for other checks. */
export interface Guarded extends Verdict {
  readonly head: Sides;
  readonly base: Sides;
  /** What the models of the change do to those of the base. */
  readonly modelsChange: Differences;
}

/**
 * Does a change of the schema have its revision? The models and the revisions of base and head are read, and what is between
 * them now and was not before is found: the one was changed without the other. So is SQL in code that makes tables
 * behind the revisions' back.
 *
 * @throws AludelError where models or revisions of either side cannot be read.
 */
export async function guard(gate: Gate, options: GuardOptions): Promise<Guarded> {
  const { project } = gate;
  const { dialect } = project;
  const { openScratch, baseProject } = options;
  const head = await readSides(project, openScratch);
  const base = baseProject === null ? noSides(dialect) : await readSides(baseProject, openScratch);
  const modelsChange = await betweenSchemas(dialect, base.models, head.models, openScratch);
  const known = new Map<string, number>();
  for (const line of base.between.lines) known.set(line, (known.get(line) ?? 0) + 1);
  const isNew = (op: Op) => {
    const line = describeOp(op);
    const left = known.get(line) ?? 0;
    known.set(line, left - 1);
    return left <= 0;
  };
  const found = [
    ...head.between.ops.filter(isNew).map((op) => findingOf(op, gate, head, new Set(modelsChange.lines))),
    ...(await codeFindings(gate, head.files)),
  ];
  const exceptions = readExceptions([options.top, project.config.root], options.today, options.exceptionDays);
  const used = new Map<Exception, number>();
  const open = found.filter((finding) => {
    const exception = exceptions.valid.find((one) => excuses(one, finding, options.top));
    if (exception !== undefined) used.set(exception, (used.get(exception) ?? 0) + 1);
    return exception === undefined;
  });
  const before = base.between.lines.length;
  return {
    head,
    base,
    modelsChange,
    looked: [
      `${gate.added.length} new ${gate.added.length === 1 ? "revision" : "revisions"}`,
      `${modelsChange.ops.length} ${modelsChange.ops.length === 1 ? "change" : "changes"} of the models`,
      ...(before === 0 ? [] : [`${before} differences that were there before`]),
    ].join(", "),
    skipped: null,
    findings: [...open, ...exceptionFindings(exceptions, used)],
  };
}

/** What there is to be said of the exceptions themselves. */
function exceptionFindings(
  { bad, expired }: Exceptions,
  used: ReadonlyMap<Exception, number>,
): readonly GateFinding[] {
  return [
    ...bad.map((one) => ({
      ...plain("exception-invalid", "error", `The exception ${one.message}`),
      file: one.file,
      line: one.line,
      remedy: "Write path_glob|signal_regex|expires_yyyy-mm-dd|reason.",
    })),
    ...expired.map((one) => ({
      ...plain(
        "exception-expired",
        "warning",
        `The exception has not counted since ${one.expires}: ${one.reason}`,
      ),
      file: one.file,
      line: one.line,
      remedy: "Take it out of the file.",
    })),
    ...[...used].map(([one, count]) => ({
      ...plain(
        "exception-used",
        "info",
        `The exception lets ${count === 1 ? "a finding" : `${count} findings`} through until ${one.expires}: ${one.reason}`,
      ),
      file: one.file,
      line: one.line,
      remedy: "Mend what it is about before then.",
    })),
  ];
}

function plain(code: string, severity: GateFinding["severity"], message: string) {
  return { check: "guard", code, severity, message, revision: null } as const;
}

function findingOf(op: Op, gate: Gate, head: Sides, changedModels: ReadonlySet<string>): GateFinding {
  const line = describeOp(op);
  const names = namesIn(op);
  if (changedModels.has(line) || gate.added.length === 0) {
    const place = findSpoken(head.files, names) ?? findSpoken(head.files, names.slice(-1));
    return {
      ...plain("revision-missing", "error", `The models have changed, and no revision does it: ${line}`),
      remedy: 'Write the revision: aludel revision --autogenerate -m "…"',
      file: place?.file ?? head.files[0] ?? null,
      line: place?.line ?? null,
    };
  }
  const files = gate.added.map(({ file }) => file);
  const place = findSpoken(files, names);
  const revision = gate.added.find(({ file }) => file === place?.file) ?? gate.added.at(-1);
  return {
    ...plain(
      "models-missing",
      "error",
      `A revision does what the models do not say; to be as they are it would take: ${line}`,
    ),
    remedy: "Change the models, too, or take it out of the revision.",
    file: place?.file ?? revision?.file ?? null,
    line: place?.line ?? null,
    revision: revision?.id ?? null,
  };
}

function excuses({ matchesPath, signal }: Exception, finding: GateFinding, top: string): boolean {
  if (finding.file === null) return false;
  return matchesPath(relative(top, finding.file).split(sep).join("/")) && signal.test(finding.message);
}
