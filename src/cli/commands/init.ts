import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { applyDotenv } from "../../config/dotenv.js";
import { configNames, findConfig } from "../../config/find.js";
import { findUrlVariable } from "../../config/url-variable.js";
import { dialectOfUrl, dialects } from "../../dialect/registry.js";
import { AludelError, messageOf } from "../../error/error.js";
import { shortPath } from "../../error/format.js";
import { suggest } from "../../error/suggest.js";
import type { DialectName } from "../../schema/name.js";
import { detectModels } from "../../source/detect-models.js";
import type { DetectedModels } from "../../source/detected-models.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { configText, type InitialConfig } from "../print/initial-config.js";

type Options = CommandOptions["init"];

/**
 * Finds out about the project, and writes a configuration and the folder of the revisions; or, for a project that has them,
 * what carries the checks into CI, git and scripts; or one after the other. Never overwrites.
 *
 * @throws AludelError `file-exists`, `file-unwritable`, `question-unanswered`, `usage`.
 */
export async function run(context: Context, options: Options): Promise<ExitCode> {
  const { out, cwd } = context;
  const generates = options.ci !== null || options.hooks || options.scripts;
  const begun = !generates || (await isNew(cwd, options)) ? await begin(context, options) : {};
  if (begun === null) return 1;
  let files = {};
  if (generates) {
    const { generate } = await import("../generate/generate.js");
    files = await generate(context, options);
  }
  out.data({ ...begun, ...files });
  return 0;
}

/**
 * Whether options that only add to a project are given for one that has no configuration yet.
 * @throws AludelError `usage` for options of a new configuration where there is one.
 */
async function isNew(cwd: string, options: Options): Promise<boolean> {
  const given = optionsOfNew(options);
  const there = (await readdir(cwd)).find((name) => configNames.includes(name));
  if (there === undefined) return given.length > 0 || (options.yes && (await findConfigOrNot(cwd)) === null);
  if (given.length === 0) return false;
  throw new AludelError("usage", `${given.join(", ")}: for a new configuration, and there is one`, {
    where: { file: join(cwd, there) },
    remedy: "Leave it out, and edit the file; --ci, --hooks and --scripts go by what the file says.",
  });
}

/** Those of the options that say what a new configuration is. */
function optionsOfNew(options: Options): readonly string[] {
  return [
    ...(options.schema.length > 0 ? ["--schema"] : []),
    ...(options.dialect === null ? [] : ["--dialect"]),
    ...(options.revisions === "revisions" ? [] : ["--revisions"]),
    ...(options.fromDatabase === null ? [] : ["--from-database"]),
    ...(options.schemaFile === null ? [] : ["--schema-file"]),
    ...(options.stamp ? ["--stamp"] : []),
    ...(options.otherTools ? ["--other-tools"] : []),
  ];
}

async function findConfigOrNot(cwd: string): Promise<string | null> {
  return findConfig(cwd, null).catch((error: unknown) => {
    if (error instanceof AludelError && error.code === "config-not-found") return null;
    throw error;
  });
}

/** What was written, for machines; `null` when somebody did not want it. */
async function begin(context: Context, options: Options): Promise<object | null> {
  const { cwd, out } = context;
  const folder = resolve(cwd, options.revisions);
  await refuseSecondConfig(cwd);
  await refuseBlockedFolder(folder);
  const dialect = options.dialect === null ? null : knownDialect(options.dialect);
  const detected = options.schema.length > 0 ? [] : await detectModels(cwd);
  const models = await chooseModels(context, detected, dialect);
  const variable = await findUrlVariable(cwd);
  const urlVariable = models?.urlVariable ?? variable?.name ?? "DATABASE_URL";
  const url = await databaseUrl(context, options, urlVariable);
  const schemaFile = url === null ? null : schemaFileOf(options, models);
  const config: InitialConfig = {
    schema: options.schema.length > 0 ? options.schema : schemaOf(models, schemaFile),
    dialect:
      (url === null ? null : dialectOfUrl(url)) ?? dialect ?? models?.dialect ?? variable?.dialect ?? null,
    revisions: options.revisions,
    urlVariable,
    url: url !== null && isPlainFile(url) ? url : null,
  };
  if (models !== null)
    out.talk(`found ${models.source} models: ${models.schema.join(", ")} (told by ${models.told})`);
  else if (options.schema.length === 0)
    out.talk(`found no models; the configuration names ${config.schema.join()}`);
  if (url !== null && dialect !== null && dialect !== config.dialect) throw otherDialect(dialect, config);
  if (variable?.name === config.urlVariable)
    out.talk(`the database's URL is in ${variable.name} (${variable.told})`);
  if (!options.yes && !(await confirmed(context, config))) {
    out.talk("nothing was written");
    return null;
  }
  const file = join(cwd, "aludel.config.ts");
  await writeNew(file, configText(config));
  await makeFolder(folder);
  out.talk(`wrote ${shortPath(file, cwd)} and ${shortPath(folder, cwd)}/`);
  if (url !== null) {
    const { beginWithDatabase } = await import("../begin-with-database.js");
    if (config.url === null) context.variables[urlVariable] = url;
    return beginWithDatabase(context, {
      configFile: file,
      schemaFile,
      stamp: options.stamp,
      otherTools: options.otherTools,
    });
  }
  out.talk(nextSteps(config, context.variables, variable?.told === ".env" ? variable.name : null));
  return { ...config, source: models?.source ?? null, config: file, revisions: folder };
}

/** The database to begin with; `null` when none was asked for. */
async function databaseUrl(
  { cwd, variables }: Context,
  { fromDatabase, schemaFile, stamp, otherTools }: CommandOptions["init"],
  variable: string,
): Promise<string | null> {
  if (fromDatabase === null) {
    const flag = stamp
      ? "--stamp"
      : otherTools
        ? "--other-tools"
        : schemaFile !== null
          ? "--schema-file"
          : null;
    if (flag === null) return null;
    throw new AludelError("usage", `${flag} belongs to --from-database`, {
      remedy: "Add --from-database with the URL of the database to begin with.",
    });
  }
  if (fromDatabase !== true) return fromDatabase;
  await applyDotenv(cwd, variables);
  const url = variables[variable];
  if (url) return url;
  throw new AludelError(
    "environment-variable-missing",
    `${variable} is not set, and --from-database has no URL`,
    {
      data: { variable },
      remedy: `Write the URL after --from-database, or set ${variable} in the environment or in .env.`,
    },
  );
}

/** Where the database's schema goes as SQL: it stands for the models where there are none. */
function schemaFileOf(options: CommandOptions["init"], models: DetectedModels | null): string | null {
  if (options.schemaFile !== null) return options.schemaFile;
  return models === null && options.schema.length === 0 ? "schema.sql" : null;
}

function schemaOf(models: DetectedModels | null, schemaFile: string | null): readonly string[] {
  if (schemaFile !== null) return [schemaFile.startsWith(".") ? schemaFile : `./${schemaFile}`];
  return models?.schema ?? ["./src/schema.ts"];
}

/** A file beside the project: its URL is no secret, and the same for everybody. */
function isPlainFile(url: string): boolean {
  return /^[a-z]+:(?!\/\/)[^?@]+$/i.test(url);
}

function otherDialect(dialect: DialectName, config: InitialConfig): AludelError {
  return new AludelError("dialect-mismatch", `--dialect ${dialect}, but the database is ${config.dialect}`, {
    remedy: "Leave --dialect out: the URL says which engine it is.",
  });
}

async function refuseSecondConfig(folder: string): Promise<void> {
  const entries = await readdir(folder);
  const name = configNames.find((name) => entries.includes(name));
  if (name !== undefined) throw exists(join(folder, name), "This project has a configuration already");
}

async function refuseBlockedFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found === null || found.isDirectory()) return;
  throw exists(folder, "A file is where the folder of the revisions would be");
}

function exists(file: string, message: string): AludelError {
  return new AludelError("file-exists", message, {
    where: { file },
    remedy: "Nothing is ever overwritten: edit the file, or move it away and run `aludel init` again.",
  });
}

function knownDialect(name: string): DialectName {
  const names = Object.keys(dialects) as DialectName[];
  const known = names.find((one) => one === name);
  if (known !== undefined) return known;
  const near = suggest(name, names);
  throw new AludelError("usage", `--dialect ${name} is not an engine that Aludel speaks`, {
    remedy: near === null ? `There are ${names.join(" and ")}.` : `Did you mean ${near}?`,
  });
}

/** The models to configure, asked for where there are some for several engines. */
async function chooseModels(
  context: Context,
  detected: readonly DetectedModels[],
  dialect: DialectName | null,
): Promise<DetectedModels | null> {
  const fitting = detected.filter(
    (models) => dialect === null || models.dialect === null || models.dialect === dialect,
  );
  if (fitting.length < 2) return fitting[0] ?? null;
  const choices = fitting.flatMap((models) => models.dialect ?? []);
  const answer = await context.ask({
    text: "There are models for several engines. Which ones is this configuration for?",
    choices,
    default: null,
    flag: `--dialect ${choices.join("|")}`,
  });
  return fitting.find((models) => models.dialect === answer) ?? null;
}

async function confirmed(context: Context, config: InitialConfig): Promise<boolean> {
  context.out.talk(`\n${configText(config)}`);
  const answer = await context.ask({
    text: "Write this to aludel.config.ts?",
    choices: ["yes", "no"],
    default: "yes",
    flag: "--yes",
  });
  return answer === "yes";
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw exists(file, "A file is in the way");
    throw unwritable(file, error);
  }
}

/** Makes the folder; a new or empty one gets a file, so that git keeps it. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) await writeFile(join(folder, ".gitkeep"), "", { flag: "wx" });
  } catch (error) {
    throw unwritable(folder, error);
  }
}

function unwritable(file: string, error: unknown): AludelError {
  return new AludelError("file-unwritable", `It could not be written: ${messageOf(error)}`, {
    where: { file },
    cause: error,
    remedy: "Make the folder writable for this user.",
  });
}

function nextSteps(config: InitialConfig, variables: NodeJS.ProcessEnv, inDotenv: string | null): string {
  const known = Boolean(variables[config.urlVariable]) || inDotenv === config.urlVariable;
  const steps = [
    ...(known ? [] : [`set ${config.urlVariable}, in the environment or in .env`]),
    'aludel revision --autogenerate -m "first"',
    "aludel upgrade            (a new database)",
    "aludel stamp head         (instead, if the database has these tables already)",
  ];
  return `next:\n${steps.map((step) => `  ${step}`).join("\n")}`;
}
