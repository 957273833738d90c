import { dialectOfUrl } from "../dialect/registry.js";
import { AludelError } from "../error/error.js";
import { suggest } from "../error/suggest.js";
import type { DialectName } from "../schema/name.js";
import type { Config, Environment, UnsetVariable } from "./config.js";
import { environmentDefaults } from "./environment-settings.js";

/** What was asked for, beside the configuration. */
export interface EnvironmentChoice {
  /** `--url`. */
  readonly url: string | null;
  /** `--env`, or the variable ALUDEL_ENV. */
  readonly name: string | null;
}

/** The options that choose an environment again: `--env production`. */
export function selectionOf(name: string): string {
  return name === "--url" ? "--url <the same URL>" : `--env ${name}`;
}

/** An environment that is only a URL, as `--url` gives it. @throws AludelError `url-invalid`. */
export function environmentOfUrl(url: string): Environment {
  return checked({ name: "--url", url, ...environmentDefaults });
}

/**
 * The database to work with: the URL that was asked for, the environment that was asked for, the configured default,
 * or the only one there is.
 *
 * @throws AludelError `environment-unknown`, `environment-variable-missing`, `url-invalid`, or `dialect-mismatch`
 * when the URL belongs to another engine than the configuration names.
 */
export function chooseEnvironment(config: Config, choice: EnvironmentChoice): Environment {
  // A URL that is copied from an environment leads to the same database, with all that is to be minded there.
  const configured = Object.values(config.environments).find(({ url }) => url === choice.url);
  const environment =
    choice.url === null ? named(config, choice.name) : (configured ?? environmentOfUrl(choice.url));
  const dialect = dialectOfUrl(environment.url);
  if (config.dialect !== null && dialect !== config.dialect) {
    throw new AludelError(
      "dialect-mismatch",
      `${show(environment.name)} is for ${dialect}, but the configuration says dialect "${config.dialect}"`,
      {
        where: { file: config.file },
        remedy:
          "Correct the URL, choose another environment with --env, or correct `dialect` in the configuration.",
      },
    );
  }
  return environment;
}

/**
 * The engine of the environment that would be chosen, or when nobody asked for one that of the configuration, or of its
 * scratch databases.
 *
 * @throws AludelError as `chooseEnvironment`, when the configuration names no engine either.
 */
export function dialectNameOf(config: Config, choice: EnvironmentChoice): DialectName {
  try {
    return dialectOfUrl(chooseEnvironment(config, choice).url);
  } catch (error) {
    const offline = error instanceof AludelError && /^environment-/.test(error.code);
    const isOpen = offline && choice.url === null && choice.name === null;
    if (isOpen && config.dialect !== null) return config.dialect;
    // A scratch database is one of the same engine.
    if (isOpen && config.scratch !== null) return dialectOfUrl(config.scratch);
    throw error;
  }
}

function named(config: Config, asked: string | null): Environment {
  const names = [...Object.keys(config.environments), ...Object.keys(config.unsetEnvironments)];
  const name = asked ?? config.defaultEnvironment ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) throw undecided(config, names);
  const environment = Object.hasOwn(config.environments, name) ? config.environments[name] : undefined;
  if (environment !== undefined) return checked(environment, config.file);
  const unset = Object.hasOwn(config.unsetEnvironments, name) ? config.unsetEnvironments[name] : undefined;
  throw unset === undefined ? unknown(config, name, names) : missing(config, name, unset);
}

function checked(environment: Environment, file?: string): Environment {
  try {
    dialectOfUrl(environment.url);
    return environment;
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    throw error.at({ ...(file !== undefined && { file }), object: show(environment.name) });
  }
}

function show(name: string): string {
  return name === "--url" ? "The URL of --url" : `Environment "${name}"`;
}

function undecided(config: Config, names: readonly string[]): AludelError {
  return new AludelError(
    "environment-unknown",
    names.length === 0
      ? "The configuration has no environments, so there is no database to work with"
      : `The configuration has ${names.length} environments and none was chosen`,
    {
      where: { file: config.file },
      data: { environments: names },
      remedy:
        names.length === 0
          ? 'Add one: environments: { development: { url: env("DATABASE_URL") } }, or give a URL with --url.'
          : `Choose one with --env ${names.join("|")} or the variable ALUDEL_ENV, or set defaultEnvironment.`,
    },
  );
}

function unknown(config: Config, name: string, names: readonly string[]): AludelError {
  const near = suggest(name, names);
  return new AludelError("environment-unknown", `There is no environment "${name}" in the configuration`, {
    where: { file: config.file },
    data: { environments: names },
    remedy:
      near === null
        ? `The configuration has ${names.length === 0 ? "none" : names.join(", ")}: choose one of them, or add this one.`
        : `Did you mean "${near}"? The configuration has ${names.join(", ")}.`,
  });
}

function missing(config: Config, name: string, unset: UnsetVariable): AludelError {
  const where = { file: config.file, object: `environments.${name}.url` };
  if (unset.variable === null) {
    return new AludelError("environment-variable-missing", `The URL of environment "${name}" is undefined`, {
      where,
      remedy: `Set the environment variable that it comes from. If the configuration said env("NAME") instead of process.env.NAME, this error would name it.`,
    });
  }
  const lookedAt =
    unset.dotenv === null
      ? "looked for it in this process's environment; there is no .env file beside the configuration"
      : `looked for it in this process's environment and in ${unset.dotenv}`;
  return new AludelError(
    "environment-variable-missing",
    unset.empty
      ? `${unset.variable} is set to nothing, and environment "${name}" takes its URL from it`
      : `${unset.variable} is not set, and environment "${name}" takes its URL from it`,
    {
      where,
      details: [lookedAt],
      data: { variable: unset.variable, environment: name },
      remedy: `Set ${unset.variable}, in the environment or in a .env file beside the configuration, or give a URL with --url.`,
    },
  );
}
