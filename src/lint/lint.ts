import { hash } from "node:crypto";
import { lintDefaults } from "../config/lint-config.js";
import { analyseFiles, type HistoryEnd } from "./analyse-files.js";
import type { Engine } from "./engine.js";
import { withExpansion } from "./expand/remedy.js";
import { type Finding, sortFindings } from "./finding.js";
import { type Found, foundOf, type LintedFile, type LintedUnit } from "./found.js";
import { askRevision, type JudgeOptions, judge } from "./judge.js";
import { findingOf } from "./make-finding.js";
import { type Deadlines, dateText, type Obligation } from "./obligation/obligation.js";
import {
  candidatesOf,
  type FileObligations,
  misplacedFound,
  obligationsIn,
  overdueFound,
} from "./obligation/obligations.js";
import { phaseFound } from "./phase-found.js";
import { type FileText, placeOfLines } from "./place.js";
import type { Prepared } from "./prepared.js";
import type { Rule } from "./rule.js";
import { type RuleSet, ruleSet } from "./rule-set.js";
import type { SeverityOf } from "./settings.js";
import { silence } from "./silence.js";
import { forgiveSmall, type TableSizes } from "./stats.js";

export interface LintOptions {
  readonly rules: readonly Rule[];
  readonly severityOf: SeverityOf;
  /** Major versions; at least one. */
  readonly serverVersions: readonly number[];
  /** Of files that do not say it themselves. */
  readonly inTransaction: boolean;
  /** What there was before the first file; of the one version that is then asked about. */
  readonly start?: HistoryEnd;
  readonly sizes: TableSizes | null;
  readonly smallTableRows: number;
  /** When what revisions leave to be done is due; absent: today, with the configuration's own number of days. */
  readonly deadlines?: Deadlines;
}

export interface LintResult {
  readonly findings: readonly Finding[];
  /** Of the files that were linted. */
  readonly statements: number;
  /** What the linted files have left to be done. */
  readonly obligations: readonly Obligation[];
  /** The linted files, by the name they are shown under. */
  readonly sources: ReadonlyMap<string, FileText>;
  /** After the last file, on the last of the versions. */
  readonly end: HistoryEnd;
}

/**
 * All that the rules say about the linted ones of the files, which are one history. Of several versions of the server a
 * finding is told once. Never throws on bad SQL.
 */
export async function lintFiles(
  engine: Engine,
  files: readonly Prepared[],
  options: LintOptions,
): Promise<LintResult> {
  let result: LintResult | null = null;
  const all: (readonly Finding[])[] = [];
  for (const serverVersion of options.serverVersions) {
    const one = await lintFor(engine, files, serverVersion, options);
    all.push(one.findings);
    result = one;
  }
  if (result === null) throw new RangeError("lintFiles needs a version of the server");
  return { ...result, findings: mergeVersions(all) };
}

/** A file of which something is not known before the history has been read to its end. */
interface Waiting {
  readonly file: LintedFile;
  readonly left: FileObligations;
  readonly found: readonly Found[];
  readonly pending: readonly { readonly unit: LintedUnit; readonly rules: readonly Rule[] }[];
}

async function lintFor(
  engine: Engine,
  files: readonly Prepared[],
  serverVersion: number,
  options: LintOptions,
): Promise<LintResult> {
  const { start, inTransaction } = options;
  const asking = { dialect: engine.name, serverVersion, refusedBy: engine.refusedBy };
  const rulesOf = ruleSets(options, asking);
  const findings: Finding[] = [];
  const waiting: Waiting[] = [];
  const sources = new Map<string, FileText>();
  let statements = 0;
  const settings = { serverVersion, inTransaction };
  const reading = analyseFiles(
    engine.analyse,
    files,
    start === undefined ? settings : { ...settings, start },
  );
  // What was said of a file is kept, its statements and the worlds around them are not.
  let step = await reading.next();
  for (; step.done !== true; step = await reading.next()) {
    const file = step.value;
    sources.set(file.shown, file.source);
    const one = askFile(file, rulesOf(file.shown), asking, options.rules);
    if (one.pending.length + one.left.candidates.length > 0) waiting.push(one);
    else findings.push(...settle(file, one.found, serverVersion, options));
    for (const { judged } of file.units) statements += judged.unit.statements.length;
  }
  const end = step.value;
  const deadlines = options.deadlines ?? { today: dateText(new Date()), days: lintDefaults.obligationDays };
  const obligations: Obligation[] = [];
  for (const { file, found, pending, left } of waiting) {
    const open = obligationsIn(left.candidates, end.world, deadlines);
    obligations.push(...open.map(({ candidate: _, ...one }) => one));
    const late = pending.flatMap(({ unit, rules }) =>
      rules.flatMap((rule) =>
        askRevision(rule, unit.judged, end.world, asking).map((said) => foundOf(file, unit, said)),
      ),
    );
    findings.push(...settle(file, [...found, ...late, ...overdue(open, options)], serverVersion, options));
  }
  return {
    findings: engine.expands ? withExpansion(findings) : findings,
    statements,
    sources,
    obligations,
    end,
  };
}

function overdue(open: ReturnType<typeof obligationsIn>, { rules }: LintOptions): readonly Found[] {
  const rule = rules.find(({ id }) => id === "overdue-obligation");
  if (rule === undefined) return [];
  return open.filter(({ overdueDays }) => overdueDays !== null).map((one) => overdueFound(rule, one));
}

/** The rules that are on differ only between paths that somebody has configured. */
function ruleSets({ rules, severityOf }: LintOptions, asking: JudgeOptions): (file: string) => RuleSet {
  const sets = new Map<string, RuleSet>();
  return (file) => {
    const isOn = (rule: Rule) => (severityOf(rule, file) ?? rule.severity) !== "off";
    const key = rules.map((rule) => (isOn(rule) ? "1" : "0")).join("");
    const known = sets.get(key);
    if (known !== undefined) return known;
    const set = ruleSet(rules, { ...asking, isOn });
    sets.set(key, set);
    return set;
  };
}

function askFile(file: LintedFile, set: RuleSet, asking: JudgeOptions, rules: readonly Rule[]): Waiting {
  const found: Found[] = [];
  const pending: { unit: LintedUnit; rules: readonly Rule[] }[] = [];
  for (const unit of file.units) {
    const verdict = judge(unit.judged, set, asking);
    for (const said of verdict.said) found.push(foundOf(file, unit, said));
    found.push(...failures(file, unit, rules));
    if (verdict.pending.length > 0) pending.push({ unit, rules: verdict.pending });
  }
  const left = candidatesOf(file);
  found.push(...misplacedFound(left.misplaced, rules));
  return { file, found, pending, left };
}

/** What is left after sizes, comments and severities. */
function settle(
  file: LintedFile,
  said: readonly Found[],
  serverVersion: number,
  { rules, severityOf, sizes, smallTableRows }: LintOptions,
): readonly Finding[] {
  const found = sizes === null ? said : forgiveSmall(said, sizes, smallTableRows);
  const seen = new Map<string, number>();
  const levelOf = (one: Found) => {
    const asked = severityOf(one.rule, file.shown);
    return asked ?? (one.rule.severity === "off" ? "off" : (one.say.severity ?? one.rule.severity));
  };
  const all = [...found, ...phaseFound(file, found, rules, levelOf)];
  return silence(file, all, rules).flatMap((one) => {
    const level = levelOf(one);
    if (level === "off") return [];
    const draft = findingOf(file, one, level, serverVersion);
    // Two of the same in one file are told apart by their order.
    const count = seen.get(draft.fingerprint) ?? 0;
    seen.set(draft.fingerprint, count + 1);
    return [{ ...draft, fingerprint: hash("sha256", `${draft.fingerprint} ${count}`, "hex").slice(0, 32) }];
  });
}

/** What could not be made into SQL is named, as what could not be read is. */
function failures(file: LintedFile, unit: LintedUnit, rules: readonly Rule[]): readonly Found[] {
  return unit.failures.flatMap(({ message, line, rule: id }): readonly Found[] => {
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) return [];
    const place = placeOfLines(file.source, line, line);
    const unknown = { act: null, statement: null, number: null, sql: null, scope: null, suppressed: null };
    return [{ rule, say: { message }, unit, place, ...unknown }];
  });
}

/** The same finding of several versions is one; in the order in which they are told. */
export function mergeVersions(byVersion: readonly (readonly Finding[])[]): readonly Finding[] {
  const [only] = byVersion;
  if (byVersion.length === 1 && only !== undefined) return sortFindings(only);
  const merged = new Map<string, Finding>();
  for (const finding of byVersion.flat()) {
    const key = [finding.fingerprint, finding.range.startByte, finding.message].join(" ");
    const other = merged.get(key);
    const versions = [...(other?.serverVersions ?? []), ...finding.serverVersions];
    // What the oldest of the servers understands, the newer ones do, too.
    const oldest =
      other === undefined || finding.serverVersions.every((one) => one < Math.min(...other.serverVersions));
    const fix = oldest ? finding.fix : other.fix;
    merged.set(key, { ...(other ?? finding), fix, serverVersions: versions });
  }
  // What is meant for one version is not unused because another does not need it.
  return sortFindings(
    [...merged.values()].filter(
      ({ rule, serverVersions }) => !rule.startsWith("unused-") || serverVersions.length === byVersion.length,
    ),
  );
}
