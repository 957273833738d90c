import { isAbsolute, join, resolve } from "node:path";
import { AludelError } from "../error/error.js";
import { type Pattern, readPattern } from "../filter/pattern.js";
import type { FilterRules } from "../filter/rules.js";
import type { ObjectName } from "../schema/name.js";
import { ciOf } from "./ci-config.js";
import type { Config, Environment, UnsetVariable } from "./config.js";
import { settingsOf } from "./environment-settings.js";
import { fleetOf } from "./fleet-config.js";
import { type LintConfig, lintDefaults } from "./lint-config.js";
import type { ConfigShape, FilterShape, LintShape, TextShape } from "./shape.js";
import { type TakenText, webhooksOf } from "./webhook-config.js";

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

/**
 * What a configuration file says, with what was left out.
 *
 * @throws AludelError `environment-variable-missing` for `scratch` and the databases of the fleet.
 */
export function complete(shape: ConfigShape, origin: ConfigOrigin): Config {
  const environments: Record<string, Environment> = {};
  const unsetEnvironments: Record<string, UnsetVariable> = {};
  const markers: Record<string, string> = {};
  const take = (text: TextShape) => takenText(text, origin);
  for (const [name, one] of Object.entries(shape.environments ?? {})) {
    const value = urlOf(one.url, origin);
    const webhooks = webhooksOf(one.webhooks ?? [], `environments.${name}.webhooks`, take);
    const settings = settingsOf(name, one, webhooks);
    const { marker } = settings.identity;
    if (marker !== null) markers[marker] ??= name;
    if (typeof value === "string") environments[name] = { name, url: value, ...settings };
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
    markers,
    defaultEnvironment: shape.defaultEnvironment ?? null,
    history: shape.history ?? "graph",
    fileName: shape.fileName ?? "{yyyy}{mm}{dd}{HH}{MM}{SS}_{slug}",
    versionTable: tableName(shape.versionTable, "aludel_version"),
    runLogTable: tableName(shape.runLogTable, "aludel_run_log"),
    seeds: resolve(origin.root, shape.seeds ?? "seeds"),
    seedTable: tableName(shape.seedTable, "aludel_seed"),
    backfillTable: tableName(shape.backfillTable, "aludel_backfill"),
    deployTable: tableName(shape.deployTable, "aludel_deploy"),
    stateTable: tableName(shape.stateTable, "aludel_state"),
    receiptKey: receiptKeyOf(shape.receiptKey, origin),
    receiptMaxAgeMs: shape.receiptMaxAge ?? week,
    scratch: scratchUrl(shape.scratch, origin),
    postWrite: shape.postWrite ?? [],
    sum: shape.sum ?? false,
    lint: lintOf(shape.lint ?? {}, origin.root),
    ci: ciOf(shape.ci ?? {}, origin.root),
    webhooks: webhooksOf(shape.webhooks ?? [], "webhooks", take),
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

/** The URL, or the variable that would have had it. */
function urlOf(shape: TextShape, origin: ConfigOrigin): string | UnsetVariable {
  const { dotenv } = origin;
  if ("text" in shape) return shape.text ?? { variable: null, empty: false, dotenv };
  const value = origin.variables[shape.variable]?.trim();
  return value || shape.fallback || { variable: shape.variable, empty: value === "", dotenv };
}

/** A value that is left out where its variable is not set. */
function takenText(shape: TextShape, origin: ConfigOrigin): TakenText {
  const value = urlOf(shape, origin);
  if (typeof value === "string") return { text: value };
  return { variable: value.variable, isMeant: "variable" in shape && shape.fallback !== undefined };
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

/** The table of this name, or the one that the configuration gives in its place. */
export function tableName(shape: ConfigShape["versionTable"], name: string): ObjectName {
  if (shape === undefined) return { namespace: null, name };
  return { namespace: ("schema" in shape ? shape.schema : undefined) ?? null, name: shape.name };
}

/** Absolute, and with `/` between folders on every system, as globs want it; a leading `!` stays in front. */
function absolutePattern(root: string, pattern: string): string {
  if (pattern.startsWith("!")) return `!${absolutePattern(root, pattern.slice(1))}`;
  const path = isAbsolute(pattern) ? pattern : join(root, pattern);
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}
