import { hash } from "node:crypto";
import { blocks } from "../effect/lock.js";
import { showRelation } from "../effect/world.js";
import { analyseFiles, type HistoryEnd } from "./analyse-files.js";
import type { Engine } from "./engine.js";
import { type Finding, sortFindings } from "./finding.js";
import { type Found, foundOf, type LintedFile, type LintedUnit } from "./found.js";
import { judge } from "./judge.js";
import { type FileText, placeOfLines, rangeOf } from "./place.js";
import type { Prepared } from "./prepared.js";
import type { Rule } from "./rule.js";
import { ruleSet } from "./rule-set.js";
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
}

export interface LintResult {
  readonly findings: readonly Finding[];
  /** Of the files that were linted. */
  readonly statements: number;
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
  const { start } = options;
  let result: LintResult | null = null;
  const all: (readonly Finding[])[] = [];
  for (const serverVersion of options.serverVersions) {
    const settings = { serverVersion, inTransaction: options.inTransaction };
    const read = await analyseFiles(
      engine.analyse,
      files,
      start === undefined ? settings : { ...settings, start },
    );
    const found = read.files.flatMap((file) => lintFile(engine, file, serverVersion, options));
    all.push(found);
    const units = read.files.flatMap((file) => file.units);
    const statements = units.reduce((sum, { judged }) => sum + judged.unit.statements.length, 0);
    const sources = new Map(read.files.map(({ shown, source }) => [shown, source]));
    result = { findings: [], statements, sources, end: read.end };
  }
  if (result === null) throw new RangeError("lintFiles needs a version of the server");
  return { ...result, findings: mergeVersions(all) };
}

function lintFile(
  engine: Engine,
  file: LintedFile,
  serverVersion: number,
  options: LintOptions,
): readonly Finding[] {
  const { rules, severityOf, sizes, smallTableRows } = options;
  const severity = (rule: Rule) => severityOf(rule, file.shown) ?? rule.severity;
  const set = ruleSet(rules, {
    dialect: engine.name,
    serverVersion,
    isOn: (rule) => severity(rule) !== "off",
  });
  const said = file.units.flatMap((unit) => [
    ...judge(unit.judged, set, { dialect: engine.name, serverVersion }).map((one) =>
      foundOf(file, unit, one),
    ),
    ...failures(file, unit, rules),
  ]);
  const found = sizes === null ? said : forgiveSmall(said, sizes, smallTableRows);
  const seen = new Map<string, number>();
  return silence(file, found, rules).flatMap((one) => {
    const asked = severityOf(one.rule, file.shown);
    const level = asked ?? one.say.severity ?? one.rule.severity;
    if (level === "off" || severity(one.rule) === "off") return [];
    const draft = findingOf(file, one, level, serverVersion);
    // Two of the same in one file are told apart by their order.
    const count = seen.get(draft.fingerprint) ?? 0;
    seen.set(draft.fingerprint, count + 1);
    return [{ ...draft, fingerprint: hash("sha256", `${draft.fingerprint} ${count}`, "hex").slice(0, 32) }];
  });
}

/** What could not be made into SQL is named, as what could not be read is. */
function failures(file: LintedFile, unit: LintedUnit, rules: readonly Rule[]): readonly Found[] {
  const rule = rules.find(({ id }) => id === "not-analysed");
  if (rule === undefined) return [];
  return unit.failures.map(({ message, line }) => ({
    rule,
    say: { message },
    unit,
    statement: null,
    number: null,
    sql: null,
    place: placeOfLines(file.source, line, line),
    scope: null,
    suppressed: null,
  }));
}

function findingOf(
  file: LintedFile,
  { rule, say, unit, statement, number, sql, place, suppressed }: Found,
  severity: Finding["severity"],
  serverVersion: number,
): Finding {
  const revision = file.units[0]?.judged.unit.revision ?? null;
  const direction = unit?.judged.unit.direction ?? "upgrade";
  const object = say.object ?? null;
  return {
    rule: rule.id,
    title: rule.title,
    group: rule.group,
    severity,
    message: say.message,
    remedy: say.remedy ?? rule.remedy,
    instead: say.instead ?? [],
    object,
    file: file.shown,
    range: rangeOf(file.source, place),
    revision: revision?.id ?? null,
    direction,
    statement: number,
    sql,
    ...felt(statement),
    serverVersions: [serverVersion],
    fingerprint: [
      rule.id,
      file.shown,
      direction,
      object ?? say.message,
      sql?.replace(/\s+/g, " ") ?? "",
    ].join("\0"),
    suppressed,
  };
}

/** What others feel of a statement. */
function felt(statement: Found["statement"]): Pick<Finding, "locks" | "work"> {
  if (statement === null)
    return { locks: [], work: { rewrites: [], scans: [], indexBuilds: [], foreignKeyChecks: [] } };
  const { onExisting: effect, before } = statement;
  const names = (ids: Iterable<number>) =>
    [...ids].flatMap((id) => {
      const relation = before.relations.get(id);
      return relation === undefined ? [] : [showRelation(relation)];
    });
  const { rewrites, scans, indexBuilds, foreignKeyChecks } = effect;
  return {
    locks: [...effect.locks].flatMap(([id, mode]) =>
      names([id]).map((relation) => ({ relation, mode, blocks: blocks(mode) })),
    ),
    work: {
      rewrites: names(rewrites),
      scans: names(scans),
      indexBuilds: names(indexBuilds),
      foreignKeyChecks: names(foreignKeyChecks),
    },
  };
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
    merged.set(key, { ...(other ?? finding), serverVersions: versions });
  }
  // What is meant for one version is not unused because another does not need it.
  return sortFindings(
    [...merged.values()].filter(
      ({ rule, serverVersions }) => !rule.startsWith("unused-") || serverVersions.length === byVersion.length,
    ),
  );
}
