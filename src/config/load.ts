import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { AludelError, messageOf } from "../error/error.js";
import type { Config } from "./config.js";
import type { ConfigArguments } from "./define.js";
import { applyDotenv } from "./dotenv.js";

export interface LoadConfigOptions {
  /** The configuration file, absolute; `findConfig` finds it. */
  readonly file: string;
  /** `--env`; without it the variable ALUDEL_ENV counts. */
  readonly environment: string | null;
  /** `-x key=value`. */
  readonly arguments: Readonly<Record<string, string>>;
  /** The process's environment. The variables of the `.env` file are added to it. */
  readonly variables: NodeJS.ProcessEnv;
}

/** The configuration, and the name of the environment that was asked for. */
export interface LoadedConfig {
  readonly config: Config;
  readonly environment: string | null;
}

/**
 * Reads and validates a configuration file: the `.env` file beside it first, because it may look at variables.
 * The variable ALUDEL_SCRATCH goes before the configured `scratch`.
 *
 * @throws AludelError `config-unloadable`, `config-invalid`, `file-unreadable`, `environment-variable-missing`.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  const { file, variables } = options;
  const root = dirname(file);
  const dotenv = await applyDotenv(root, variables);
  const environment = options.environment ?? (variables["ALUDEL_ENV"] || null);
  const exported = file.endsWith(".json") ? await readJson(file) : await readModule(file, root);
  const input = await called(exported, { env: environment, arguments: options.arguments }, file);
  const { validateConfig } = await import("./validate.js");
  const config = validateConfig(input, { file, root, variables, dotenv });
  const scratch = variables["ALUDEL_SCRATCH"] || config.scratch;
  return { config: { ...config, scratch }, environment };
}

async function readJson(file: string): Promise<unknown> {
  try {
    const value: unknown = JSON.parse((await readFile(file, "utf8")).replace(/^\uFEFF/, ""));
    if (typeof value !== "object" || value === null || !("$schema" in value)) return value;
    const { $schema: _editorHint, ...config } = value;
    return config;
  } catch (error) {
    throw unloadable(
      file,
      error,
      "Correct the file: it must be JSON without comments, or rename it to aludel.config.ts.",
    );
  }
}

async function readModule(file: string, root: string): Promise<unknown> {
  const { loadModule } = await import("../revision/module-loader.js");
  const loaded = await loadModule(file, { root, code: "config-unloadable", what: "The configuration" });
  if (typeof loaded === "function") return loaded;
  const { configKeys } = await import("./shape.js");
  return defaultExport(loaded, configKeys, file);
}

/** `export default`, or `module.exports`; once more through `default` where CommonJS was loaded as a module. */
function defaultExport(loaded: unknown, keys: readonly string[], file: string): unknown {
  if (isRecord(loaded) && "default" in loaded) {
    const exported = loaded["default"];
    const wrapped = isRecord(exported) && "__esModule" in exported && "default" in exported;
    return wrapped ? exported["default"] : exported;
  }
  if (isRecord(loaded) && Object.keys(loaded).some((key) => keys.includes(key))) return loaded;
  throw new AludelError("config-unloadable", "The configuration file exports nothing by default", {
    where: { file },
    remedy: "Write `export default defineConfig({ … })`.",
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object Object]"
  );
}

async function called(exported: unknown, given: ConfigArguments, file: string): Promise<unknown> {
  try {
    return await (typeof exported === "function" ? exported(given) : exported);
  } catch (error) {
    throw unloadable(file, error, "Correct the function that the configuration file exports.");
  }
}

function unloadable(file: string, error: unknown, remedy: string): AludelError {
  if (error instanceof AludelError) return error.at({ file });
  return new AludelError("config-unloadable", `The configuration could not be loaded: ${messageOf(error)}`, {
    where: { file },
    cause: error,
    remedy,
  });
}
