import { isAbsolute, join, resolve } from "node:path";
import { dialectOfUrl } from "../dialect/registry.js";
import { AludelError } from "../error/error.js";
import { suggest } from "../error/suggest.js";
import { type Pattern, readPattern } from "../filter/pattern.js";
import type { FilterRules } from "../filter/rules.js";
import { nameKey, type ObjectName } from "../schema/name.js";
import { ciOf } from "./ci-config.js";
import type { Config, Environment, UnsetVariable } from "./config.js";
import { settingsOf } from "./environment-settings.js";
import { fileNameMistake } from "./file-name-template.js";
import { fleetOf } from "./fleet-config.js";
import { type LintConfig, lintDefaults } from "./lint-config.js";
import {
  type ConfigShape,
  checkShape,
  ciKeys,
  configKeys,
  type FilterShape,
  filterKeys,
  type Issue,
  type LintShape,
  lintKeys,
  lintOverrideKeys,
  type TextShape,
} from "./shape.js";
import { environmentKeys } from "./shape-environment.js";
import { fleetKeys } from "./shape-fleet.js";

/** Where a configuration comes from, and where its values may come from. */
export interface ConfigOrigin {
  /** Absolute path of the configuration file. */
  readonly file: string;
  /** Its folder. */
  readonly root: string;
  /** Environment variables, those of the `.env` file included. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The `.env` file that was read, if any. */
  readonly dotenv: string | null;
}

/** One mistake in a configuration: where, what is there, what to write instead. */
interface Mistake {
  readonly path: string;
  readonly found: string;
  readonly remedy: string;
}

/**
 * What a configuration file exports → the complete configuration, frozen.
 *
 * @throws AludelError `config-invalid` with every mistake at once, `environment-variable-missing` for `scratch`.
 */
export function validateConfig(input: unknown, origin: ConfigOrigin): Config {
  const checked = checkShape(input);
  const mistakes =
    "issues" in checked ? mistakesOfShape(input, checked.issues) : mistakesInMeaning(checked.config);
  if ("issues" in checked || mistakes.length > 0) throw invalid(mistakes, origin);
  return deepFreeze(complete(checked.config, origin));
}

function complete(shape: ConfigShape, origin: ConfigOrigin): Config {
  const environments: Record<string, Environment> = {};
  const unsetEnvironments: Record<string, UnsetVariable> = {};
  for (const [name, one] of Object.entries(shape.environments ?? {})) {
    const value = urlOf(one.url, origin);
    if (typeof value === "string") environments[name] = { name, url: value, ...settingsOf(one) };
    else unsetEnvironments[name] = value;
  }
  return {
    root: origin.root,
    file: origin.file,
    schema: (shape.schema ?? []).map((pattern) => absolutePattern(origin.root, pattern)),
    source: shape.source ?? null,
    dialect: shape.dialect ?? null,
    filters: { include: filterRules(shape.include), exclude: filterRules(shape.exclude) },
    ...revisionFolders(shape.revisions ?? [], origin.root),
    environments,
    unsetEnvironments,
    defaultEnvironment: shape.defaultEnvironment ?? null,
    history: shape.history ?? "graph",
    fileName: shape.fileName ?? "{yyyy}{mm}{dd}{HH}{MM}{SS}_{slug}",
    versionTable: tableName(shape.versionTable, "aludel_version"),
    runLogTable: tableName(shape.runLogTable, "aludel_run_log"),
    seeds: resolve(origin.root, shape.seeds ?? "seeds"),
    seedTable: tableName(shape.seedTable, "aludel_seed"),
    backfillTable: tableName(shape.backfillTable, "aludel_backfill"),
    deployTable: tableName(shape.deployTable, "aludel_deploy"),
    receiptKey: receiptKeyOf(shape.receiptKey, origin),
    receiptMaxAgeMs: shape.receiptMaxAge ?? week,
    scratch: scratchUrl(shape.scratch, origin),
    postWrite: shape.postWrite ?? [],
    sum: shape.sum ?? false,
    lint: lintOf(shape.lint ?? {}, origin.root),
    ci: ciOf(shape.ci ?? {}, origin.root),
    fleet:
      shape.fleet === undefined ? null : fleetOf(shape.fleet, (url) => neededUrl(url, "fleet.urls", origin)),
  };
}

function lintOf(shape: LintShape, root: string): LintConfig {
  const file = (path: string | undefined) => (path === undefined ? null : resolve(root, path));
  return {
    rules: shape.rules ?? lintDefaults.rules,
    overrides: shape.overrides ?? lintDefaults.overrides,
    serverVersions: shape.serverVersion ?? lintDefaults.serverVersions,
    failOn: shape.failOn ?? lintDefaults.failOn,
    downgrades: shape.downgrades ?? lintDefaults.downgrades,
    baseline: file(shape.baseline),
    stats: file(shape.stats),
    smallTableRows: shape.smallTableRows ?? lintDefaults.smallTableRows,
    obligationDays: shape.obligations?.days ?? lintDefaults.obligationDays,
  };
}

function revisionFolders(
  texts: readonly string[],
  root: string,
): Pick<Config, "revisions" | "revisionFolders"> {
  const folders = [...new Set(texts.map((text) => resolve(root, text)))];
  const [first = resolve(root, "revisions")] = folders;
  return { revisions: first, revisionFolders: folders.length === 0 ? [first] : folders };
}

function filterRules(shape: FilterShape | undefined): FilterRules {
  const read = (texts: readonly string[] | undefined, most: 1 | 2): readonly Pattern[] =>
    (texts ?? []).flatMap((text) => readPattern(text, most) ?? []);
  return { schemas: read(shape?.schemas, 1), tables: read(shape?.tables, 2), kinds: shape?.kinds ?? [] };
}

/** Patterns that cannot be read. */
function filterMistakes(path: string, shape: FilterShape | undefined): readonly Mistake[] {
  const wrong = (key: "schemas" | "tables", most: 1 | 2, remedy: string) =>
    (shape?.[key] ?? [])
      .filter((text) => readPattern(text, most) === null)
      .map((text) => ({ path: `${path}.${key}`, found: show(text), remedy }));
  const quotes = "put a name with dots in double quotes";
  return [
    ...wrong("schemas", 1, `write the name of one schema, "audit"; ${quotes}`),
    ...wrong("tables", 2, `write a table, "legacy_*", or schema and table, "audit.*"; ${quotes}`),
  ];
}

/** The URL, or the variable that would have had it. */
function urlOf(shape: TextShape, origin: ConfigOrigin): string | UnsetVariable {
  const { dotenv } = origin;
  if ("text" in shape) return shape.text ?? { variable: null, empty: false, dotenv };
  const value = origin.variables[shape.variable]?.trim();
  return value || shape.fallback || { variable: shape.variable, empty: value === "", dotenv };
}

const week = 7 * 24 * 3_600_000;

/** Only who signs or verifies needs it: that it is not there is told then. */
function receiptKeyOf(shape: ConfigShape["receiptKey"], origin: ConfigOrigin): string | null {
  const value = shape === undefined ? null : urlOf(shape, origin);
  return typeof value === "string" ? value : null;
}

/** A missing variable must not silently turn one scratch database into another kind. */
function scratchUrl(shape: ConfigShape["scratch"], origin: ConfigOrigin): string | null {
  if (!shape) return null;
  const value = urlOf(shape, origin);
  if (typeof value === "string") return value;
  if ("text" in shape || shape.fallback !== undefined) return null;
  throw notSet(shape.variable, "scratch", "leave the scratch database to the engine", origin);
}

/** The URL of a database that is not simply left out when its variable is not set. */
function neededUrl(shape: TextShape, object: string, origin: ConfigOrigin): readonly string[] {
  const value = urlOf(shape, origin);
  if (typeof value === "string") return [value];
  if ("text" in shape || shape.fallback !== undefined) return [];
  throw notSet(shape.variable, object, "leave the database out", origin);
}

function notSet(variable: string, object: string, otherwise: string, { file }: ConfigOrigin): AludelError {
  return new AludelError(
    "environment-variable-missing",
    `${variable} is not set, and \`${object}\` is taken from it`,
    {
      where: { file, object },
      data: { variable },
      remedy: `Set ${variable}, or write env("${variable}", null) to ${otherwise} where it is not set.`,
    },
  );
}

function tableName(shape: ConfigShape["versionTable"], name: string): ObjectName {
  if (shape === undefined) return { namespace: null, name };
  return { namespace: ("schema" in shape ? shape.schema : undefined) ?? null, name: shape.name };
}

/** Absolute, and with `/` between folders on every system, as globs want it; a leading `!` stays in front. */
function absolutePattern(root: string, pattern: string): string {
  if (pattern.startsWith("!")) return `!${absolutePattern(root, pattern.slice(1))}`;
  const path = isAbsolute(pattern) ? pattern : join(root, pattern);
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}

/** The mistakes of shape, and those in the meaning of the keys whose shape is right. */
function mistakesOfShape(input: unknown, issues: readonly Issue[]): readonly Mistake[] {
  const wrong = new Set(issues.map((issue) => String(issue.path?.[0]?.key)));
  // Which environments there are is not known then.
  if (wrong.has("environments")) wrong.add("defaultEnvironment");
  const right = Object.fromEntries(Object.entries(input ?? {}).filter(([key]) => !wrong.has(key)));
  const rest = checkShape(right);
  return [...issues.map(mistakeOfIssue), ...("config" in rest ? mistakesInMeaning(rest.config) : [])];
}

/** What is wrong although every value has the right shape. */
function mistakesInMeaning(shape: ConfigShape): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  for (const [name, { url }] of Object.entries(shape.environments ?? {})) {
    mistakes.push(...urlMistakes(`environments.${name}.url`, url));
  }
  if (shape.scratch) mistakes.push(...urlMistakes("scratch", shape.scratch));
  mistakes.push(...filterMistakes("include", shape.include), ...filterMistakes("exclude", shape.exclude));
  const names = Object.keys(shape.environments ?? {});
  const chosen = shape.defaultEnvironment;
  if (chosen !== undefined && !names.includes(chosen)) {
    const near = suggest(chosen, names);
    const known = names.length === 0 ? "there are none" : `they are ${names.join(", ")}`;
    mistakes.push({
      path: "defaultEnvironment",
      found: show(chosen),
      remedy: near === null ? `name one of the environments (${known})` : `did you mean "${near}"?`,
    });
  }
  mistakes.push(...requiredMistakes(shape));
  const template = shape.fileName === undefined ? null : fileNameMistake(shape.fileName);
  if (template !== null) mistakes.push({ path: "fileName", found: show(shape.fileName), remedy: template });
  mistakes.push(...tableMistakes(shape));
  return mistakes;
}

/** Environments that are required and not there. */
function requiredMistakes(shape: ConfigShape): readonly Mistake[] {
  const environments = Object.entries(shape.environments ?? {});
  return environments.flatMap(([name, { requires = [] }]) => {
    const others = environments.map(([other]) => other).filter((other) => other !== name);
    return requires
      .filter((wanted) => !others.includes(wanted))
      .map((wanted): Mistake => {
        const near = suggest(wanted, others);
        const known = others.length === 0 ? "there are none" : `they are ${others.join(", ")}`;
        return {
          path: `environments.${name}.requires`,
          found: show(wanted),
          remedy:
            near === null ? `name another one of the environments (${known})` : `did you mean "${near}"?`,
        };
      });
  });
}

/** Tables of Aludel's own that have one name. */
function tableMistakes(shape: ConfigShape): readonly Mistake[] {
  const tables = [
    ["versionTable", tableName(shape.versionTable, "aludel_version")],
    ["runLogTable", tableName(shape.runLogTable, "aludel_run_log")],
    ["seedTable", tableName(shape.seedTable, "aludel_seed")],
    ["backfillTable", tableName(shape.backfillTable, "aludel_backfill")],
    ["deployTable", tableName(shape.deployTable, "aludel_deploy")],
  ] as const;
  return tables.flatMap(([path, table], at) => {
    const same = tables.slice(0, at).find(([, one]) => nameKey(one) === nameKey(table));
    if (same === undefined) return [];
    return [{ path, found: `the name of ${same[0]}`, remedy: "give the two tables different names" }];
  });
}

/** Only of a URL that stands in the file itself: one from a variable is looked at when it is used. */
function urlMistakes(path: string, shape: TextShape): readonly Mistake[] {
  if (!("text" in shape) || shape.text === null) return [];
  if (/\$\{\w*\}?/.test(shape.text)) {
    return [
      {
        path,
        found: "a URL with a variable inside",
        remedy:
          'take the whole URL from one variable, "$DATABASE_URL"; in TypeScript, backticks put a value into a text',
      },
    ];
  }
  try {
    dialectOfUrl(shape.text);
    return [];
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    return [{ path, found: `a URL that cannot be used (${error.message})`, remedy: error.remedy }];
  }
}

const keysUnder: Readonly<Record<string, readonly string[]>> = {
  ...environmentKeys,
  include: filterKeys,
  exclude: filterKeys,
  lint: lintKeys,
  ci: ciKeys,
  fleet: fleetKeys,
  "lint.overrides": lintOverrideKeys,
  "lint.obligations": ["days"],
  "ci.allowedDrift": ["match", "reason"],
  "ci.allowedBreaks": ["match", "reason"],
};

function mistakeOfIssue(issue: Issue): Mistake {
  const path = (issue.path ?? []).map((item) => String(item.key));
  if (issue.type !== "never") {
    return { path: path.join("."), found: show(issue.input, isSecret(path)), remedy: issue.message };
  }
  const key = path.at(-1) ?? "";
  // The name of an environment, and the place in a list, are not among the keys.
  const above = path
    .slice(0, -1)
    .filter((part, at) => !/^\d+$/.test(part) && !(at === 1 && path[0] === "environments"));
  const siblings =
    path.length === 1
      ? configKeys
      : (keysUnder[above.join(".")] ?? keysUnder[path[0] ?? ""] ?? ["variable", "fallback"]);
  const near = suggest(key, siblings);
  return {
    path: path.join("."),
    found: "a key that the configuration does not have",
    remedy: near === null ? `take it out; there are ${siblings.join(", ")}` : `did you mean "${near}"?`,
  };
}

function isSecret(path: readonly string[]): boolean {
  return path[0] === "environments" || path[0] === "scratch";
}

/** A value as it is shown in a report; of one that may hold a password only the kind. */
function show(value: unknown, secret = false): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  if (typeof value === "string") return secret ? "a text" : `"${value}"`;
  return secret ? `a ${typeof value}` : `the ${typeof value} ${String(value)}`;
}

function invalid(mistakes: readonly Mistake[], origin: ConfigOrigin): AludelError {
  const count = mistakes.length === 1 ? "a mistake" : `${mistakes.length} mistakes`;
  return new AludelError("config-invalid", `The configuration has ${count}`, {
    where: { file: origin.file },
    details: mistakes.map(
      ({ path, found, remedy }) => `${path === "" ? "the whole" : path}: found ${found}; ${remedy}`,
    ),
    data: { mistakes },
    remedy: "Correct this in the file; every key is described by its type, see `ConfigInput`.",
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
