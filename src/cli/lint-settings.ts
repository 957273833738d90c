import { resolve } from "node:path";
import type { Config } from "../config/config.js";
import { type LintConfig, type LintSeverity, lintDefaults, lintSeverities } from "../config/lint-config.js";
import { assumedVersion, isVersionOf, showVersion } from "../config/server-version.js";
import { dialects } from "../dialect/registry.js";
import { AludelError } from "../error/error.js";
import { readBaseline, withBaseline } from "../lint/baseline.js";
import type { LintOptions, LintResult } from "../lint/lint.js";
import { dateText } from "../lint/obligation/obligation.js";
import type { Report } from "../lint/report/report.js";
import { rules } from "../lint/rules/all.js";
import { type SeverityOf, severities } from "../lint/settings.js";
import { readStats, sizesOf, type TableSizes } from "../lint/stats.js";
import { version } from "../run/tool-version.js";
import type { DialectName } from "../schema/name.js";
import type { Context } from "./context.js";
import { isLive, liveSizes } from "./live-stats.js";
import type { CommandOptions } from "./options.js";

/** What a linting is asked with: the configuration, and over it the command line. */
export interface LintSettings {
  readonly config: LintConfig;
  /** `null` where files are linted without a configuration. */
  readonly project: Config | null;
  readonly lint: Omit<LintOptions, "start" | "inTransaction">;
  readonly ignoreBaseline: boolean;
}

/** What `aludel lint` is asked with when nobody says anything. */
export const plainLint: CommandOptions["lint"] = {
  targets: [],
  since: null,
  all: false,
  files: null,
  after: [],
  explain: null,
  format: "text",
  output: null,
  serverVersions: [],
  rules: [],
  failOn: null,
  downgrades: true,
  transaction: true,
  baseline: null,
  writeBaseline: null,
  stats: null,
  writeStats: null,
  dialect: null,
  obligations: false,
  fix: false,
  expand: false,
  dryRun: false,
};

/** @throws AludelError `usage`, `config-invalid`. */
export async function lintSettings(context: Context, options: CommandOptions["lint"]): Promise<LintSettings> {
  const project = await configOf(context, options.files !== null);
  const config = merged(project?.lint ?? lintDefaults, options, context.cwd);
  const { serverVersions, smallTableRows, stats } = config;
  // Revisions are of the engine that they run on, whether the configuration names it or a URL does.
  const isOfRevisions = options.files === null && options.explain === null;
  const dialect = isOfRevisions ? await context.dialectName() : dialectAsked(options.dialect, project);
  const severityOf = severities(config, rules, project?.file ?? null);
  return {
    config,
    project,
    ignoreBaseline: options.writeBaseline !== null,
    lint: {
      rules,
      severityOf: options.obligations ? onlyOverdue(severityOf) : severityOf,
      serverVersions: versionsAsked(dialect, serverVersions, options.serverVersions.length > 0),
      sizes: await sizesAsked(context, options.stats, stats),
      smallTableRows,
      deadlines: { today: dateText(new Date()), days: config.obligationDays },
    },
  };
}

async function sizesAsked(
  context: Context,
  given: string | null,
  file: string | null,
): Promise<TableSizes | null> {
  if (given !== null && isLive(given)) return sizesOf(await liveSizes(context, given));
  return file === null ? null : readStats(file);
}

/** For `--obligations`: no rule but the one about them. */
function onlyOverdue(severityOf: SeverityOf): SeverityOf {
  return (rule, file) => (rule.id === "overdue-obligation" ? severityOf(rule, file) : "off");
}

/** @throws AludelError `usage`, `config-invalid` for a version of another engine. */
function versionsAsked(
  dialect: DialectName,
  versions: readonly number[],
  isGiven: boolean,
): readonly number[] {
  const wrong = versions.find((version) => !isVersionOf(dialect, version));
  if (wrong === undefined) return versions.length === 0 ? [assumedVersion[dialect]] : versions;
  const example = showVersion(assumedVersion[dialect]);
  throw new AludelError(
    isGiven ? "usage" : "config-invalid",
    `${showVersion(wrong)} is no version of ${dialect}`,
    { remedy: `Write one such as ${typeof example === "string" ? `"${example}"` : example}.` },
  );
}

/** The engine of what is linted. @throws AludelError `usage`. */
export function dialectAsked(asked: string | null, project: Config | null): DialectName {
  if (asked === null) return project?.dialect ?? "postgres";
  const known = (Object.keys(dialects) as DialectName[]).find((name) => name === asked);
  if (known !== undefined) return known;
  throw new AludelError("usage", `There is no engine "${asked}"`, {
    remedy: `They are ${Object.keys(dialects).join(", ")}.`,
  });
}

/** Files of SQL need no configuration, unless one was named. */
async function configOf(context: Context, mayLack: boolean): Promise<Config | null> {
  try {
    return await context.config();
  } catch (error) {
    if (mayLack && error instanceof AludelError && error.code === "config-not-found") return null;
    throw error;
  }
}

function merged(config: LintConfig, options: CommandOptions["lint"], cwd: string): LintConfig {
  const { serverVersions, failOn, baseline, stats, downgrades } = options;
  const given = Object.fromEntries(options.rules.map(severityGiven));
  const file = (path: string | null) => (path === null ? null : resolve(cwd, path));
  return {
    ...config,
    // What is said on the command line counts for every path.
    overrides:
      Object.keys(given).length === 0
        ? config.overrides
        : [...config.overrides, { files: ["**"], rules: given }],
    serverVersions: serverVersions.length === 0 ? config.serverVersions : serverVersions,
    failOn: failOn ?? config.failOn,
    downgrades: downgrades && config.downgrades,
    baseline: file(baseline) ?? config.baseline,
    stats: stats !== null && isLive(stats) ? null : (file(stats) ?? config.stats),
  };
}

function severityGiven(text: string): readonly [rule: string, severity: LintSeverity] {
  const [rule = "", severity = ""] = text.split("=");
  const known = lintSeverities.find((one) => one === severity);
  if (known !== undefined) return [rule, known];
  throw new AludelError("usage", `"${text}" gives a rule no severity`, {
    remedy: `Write --rule drop-column=off; the severities are ${lintSeverities.join(", ")}.`,
  });
}

/** What was found, as it is told. */
export function reportOf(result: Omit<LintResult, "end">, settings: LintSettings): Report {
  const { config, lint, ignoreBaseline } = settings;
  const { findings, statements, obligations, sources } = result;
  const known = config.baseline === null || ignoreBaseline ? null : readBaseline(config.baseline);
  return {
    findings: known === null ? findings : withBaseline(findings, known),
    sources,
    rules,
    statements,
    obligations,
    serverVersions: lint.serverVersions,
    failOn: config.failOn,
    version,
  };
}
