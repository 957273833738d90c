import { dirname } from "node:path";
import { chooseEnvironment, dialectNameOf } from "../config/environment.js";
import { findConfig } from "../config/find.js";
import { loadConfig } from "../config/load.js";
import type { Scratch } from "../dialect/dialect.js";
import { loadDialect, loadTestDialect } from "../dialect/registry.js";
import type { TestDatabases, TestTemplate } from "../dialect/test-databases.js";
import type { Project } from "../run/project.js";
import { readProject } from "../run/read-project.js";
import { templateOf } from "./template.js";

/** Which project is tested, and where its test databases are made. */
export interface ProjectOptions {
  /** The configuration file; default: `aludel.config.*` in the working directory or above it. */
  readonly config?: string | undefined;
  /** The environment whose server is used; default: that of the configuration, or ALUDEL_ENV. */
  readonly env?: string | undefined;
  /**
   * Where the databases are made, instead of `scratch` of the configuration or the environment's server: `postgres://…` of a
   * server on which databases may be made and dropped, `pglite:`, or `sqlite:`. They get names of their own; the
   * database in the URL is left alone.
   */
  readonly url?: string | undefined;
  /** As `-x key=value` of the command line. */
  readonly arguments?: Readonly<Record<string, string>> | undefined;
}

/** A project, with the place of its test databases. */
export interface TestProject {
  readonly project: Project;
  readonly template: TestTemplate;
  readonly databases: TestDatabases;
  readonly openScratch: () => Promise<Scratch>;
}

const opened = new Map<string, Promise<TestProject>>();

/** Opens the project, once in a process for the same options. @throws AludelError as any command does. */
export function openProject(options: ProjectOptions): Promise<TestProject> {
  const { config = null, env = null, url = null } = options;
  const given = Object.entries(options.arguments ?? {}).sort();
  const key = JSON.stringify([process.cwd(), config, env, url, given]);
  const known = opened.get(key) ?? open(options);
  opened.set(key, known);
  // What was wrong may have been put right when somebody asks again, in a watching test runner.
  known.catch(() => opened.delete(key));
  return known;
}

async function open({ config = "", env, url, arguments: given = {} }: ProjectOptions): Promise<TestProject> {
  const file = await findConfig(process.cwd(), config === "" ? null : config);
  const variables = { ...process.env };
  const loaded = await loadConfig({ file, environment: env ?? null, arguments: given, variables });
  const choice = { url: url ?? null, name: loaded.environment };
  const dialect = await loadDialect(dialectNameOf(loaded.config, choice));
  const project = await readProject(loaded.config, dialect, given);
  const options = {
    url: url ?? loaded.config.scratch,
    environmentUrl: environmentUrl(project, loaded.environment),
    directory: dirname(file),
  };
  const tests = await loadTestDialect(dialect.name);
  return {
    project,
    template: templateOf(project),
    databases: await tests.open(options),
    openScratch: () => dialect.openScratch(options),
  };
}

/** Nobody has to have an environment for tests. */
function environmentUrl({ config }: Project, name: string | null): string | null {
  try {
    return chooseEnvironment(config, { url: null, name }).url;
  } catch (thrown) {
    if (name !== null) throw thrown;
    return null;
  }
}
