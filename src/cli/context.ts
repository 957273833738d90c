import { randomUUID } from "node:crypto";
import type { Config, Environment } from "../config/config.js";
import type { LoadedConfig } from "../config/load.js";
import type { Connection } from "../dialect/connection.js";
import type { Dialect, Scratch, ScratchOptions } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import { createRedactor } from "../error/redactor.js";
import type { createJsonLog, JsonLog } from "../observe/json-log.js";
import type { Redact } from "../observe/moment.js";
import type { Graph } from "../revision/graph/graph.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import type { DialectName } from "../schema/name.js";
import type { GlobalOptions } from "./options.js";
import { createOutput, type Output } from "./output.js";
import type { Asker, Question } from "./question.js";
import { canAsk, type Terminal } from "./terminal.js";

/**
 * What a command has to work with. Everything is made when it is first asked for, once: a command that needs no
 * database loads no driver, and one that needs no configuration looks for no file.
 */
export interface Context {
  /** The working directory. */
  readonly cwd: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly out: Output;
  readonly json: boolean;
  readonly verbose: boolean;
  /** `-x key=value`. */
  readonly arguments: Readonly<Record<string, string>>;
  /** What this run of the command is called: in logs, in spans, in the run log. */
  readonly run: string;
  /** `--log`; `null` without it. */
  readonly log: JsonLog | null;
  /** Takes the passwords of all known URLs, and what else is secret, out of a text that leaves this machine. */
  readonly redact: Redact;
  /** The log has what the command failed with. */
  failureIsLogged(): void;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** @throws AludelError `config-not-found`, `config-unloadable`, `config-invalid`. */
  config(): Promise<Config>;
  /** The chosen database; with `--url` no configuration is needed. @throws AludelError as `chooseEnvironment`. */
  environment(): Promise<Environment>;
  /** Somebody said which database is meant: it is neither the only one nor the default by accident. */
  isNamed(): Promise<boolean>;
  /** The engine: of the chosen environment, or of the configuration when none can be chosen. */
  dialect(): Promise<Dialect>;
  /** Its name, without its code. */
  dialectName(): Promise<DialectName>;
  /** The revisions of the configured folders, as their headers say. Runs none of them. */
  revisions(): Promise<readonly Revision[]>;
  /** These, checked and linked. */
  graph(): Promise<Graph>;
  /** Revisions that stand after the graph, in the order in which they run. */
  repeatables(): Promise<readonly Revision[]>;
  project(): Promise<Project>;
  /** The one connection of this command to the chosen environment; closed at its end, cancelled by a signal. */
  connect(options?: ConnectChoice): Promise<Connection>;
  /** Another connection to it; the caller closes it. */
  connectBeside(options?: ConnectChoice): Promise<Connection>;
  /** No password of this URL is printed from now on. */
  hide(url: string): void;
  /** The URLs whose passwords are not printed. */
  readonly hidden: readonly string[];
  /** Where databases may be made that are thrown away again. */
  scratchOptions(): Promise<ScratchOptions>;
  /** A new scratch database of the project's engine. The caller disposes of it. */
  openScratch(): Promise<Scratch>;
  /** Somebody is there to be asked. */
  readonly canAsk: boolean;
  /** @throws AludelError `question-unanswered` when nobody is there to ask. */
  ask(question: Question): Promise<string>;
  /** Closes what was opened. */
  close(): Promise<void>;
}

export interface ConnectChoice {
  readonly mustExist?: boolean;
  /** The database may say that it is another environment's. */
  readonly anyMarker?: boolean;
}

/** What a context has to know of the command that it is for. */
export interface Begun {
  readonly command: string;
  /** Makes the log of `--log`; `null` without it. */
  readonly createLog: typeof createJsonLog | null;
  readonly failureIsLogged: () => void;
}

const unnamed: Begun = { command: "", createLog: null, failureIsLogged: () => undefined };

export function createContext(terminal: Terminal, globals: GlobalOptions, begun: Begun = unnamed): Context {
  const secrets: string[] = [];
  const words: string[] = [];
  const { json, colour, quiet, verbose } = globals;
  const run = randomUUID();
  const redact = createRedactor(
    () => secrets,
    () => words,
  );
  const log =
    begun.createLog?.({
      write: (text) => terminal.stderr.write(text),
      level: quiet ? "warn" : verbose ? "debug" : "info",
      redact,
      about: { run, command: begun.command },
    }) ?? null;
  const out = createOutput(terminal, {
    ...{ json, colour, quiet, secrets: () => secrets },
    log: log === null ? null : (level, text) => log.say(level, text),
  });
  let connection: Promise<Connection> | undefined;
  let asked: Promise<Asker> | undefined;

  const loaded = once(() => load(terminal, globals));
  const config = once(async () => {
    const { config } = await loaded();
    secrets.push(...Object.values(config.environments).map(({ url }) => url));
    if (config.scratch !== null) secrets.push(config.scratch);
    if (config.fleet?.source.kind === "urls") secrets.push(...config.fleet.source.urls);
    words.push(...secretWords(config));
    return config;
  });
  const environment = once(async () => {
    if (globals.url !== null) secrets.push(globals.url);
    return choose(globals, config, async () => (await loaded()).environment);
  });
  const dialectName = once(async () => {
    const { dialectNameOf } = await import("../config/environment.js");
    const name = (await loaded()).environment;
    return dialectNameOf(await config(), { url: globals.url, name });
  });
  const dialect = once(async () => {
    const { loadDialect } = await import("../dialect/registry.js");
    return loadDialect(await dialectName());
  });
  const read = once(async () => {
    const [{ readRevisions }, { apart }] = await Promise.all([
      import("../revision/read-folder.js"),
      import("../revision/repeatable.js"),
    ]);
    return apart(await readRevisions((await config()).revisionFolders));
  });
  const revisions = async () => (await read()).revisions;
  const graph = once(async () => {
    const { buildGraph } = await import("../revision/graph/graph.js");
    const all = await revisions();
    try {
      return buildGraph(all);
    } catch (error) {
      const { withLine } = await import("../check/validate/with-line.js");
      throw withLine(error);
    }
  });
  const repeatables = once(async () => {
    const found = (await read()).repeatables;
    if (found.length === 0) return found;
    const { orderRepeatables } = await import("../revision/repeatable.js");
    return orderRepeatables(found, await graph());
  });

  const scratchOptions = async (): Promise<ScratchOptions> => {
    const { scratch, root } = await config();
    const environmentUrl = await environment().then(
      ({ url }) => url,
      () => null,
    );
    return { url: scratch, environmentUrl, directory: root };
  };

  const asker = () => {
    asked ??= import("./question.js").then(({ createAsker }) => createAsker(terminal, out, json));
    return asked;
  };

  return {
    cwd: terminal.cwd,
    variables: terminal.variables,
    out,
    json,
    verbose,
    arguments: globals.arguments,
    run,
    log,
    redact,
    failureIsLogged: () => begun.failureIsLogged(),
    signal: terminal.signal,
    config,
    environment,
    isNamed: async () => globals.url !== null || (await loaded()).environment !== null,
    dialect,
    dialectName,
    revisions,
    graph,
    repeatables,
    project: once(async () => ({
      config: await config(),
      dialect: await dialect(),
      revisions: await revisions(),
      repeatables: await repeatables(),
      graph: await graph(),
      arguments: globals.arguments,
    })),
    connect: (options = {}) => {
      connection ??= open(terminal, globals, { environment, config }, options);
      return connection;
    },
    connectBeside: (options = {}) => open(terminal, globals, { environment, config }, options),
    hide: (url) => void secrets.push(url),
    hidden: secrets,
    scratchOptions,
    openScratch: async () => {
      const options = await scratchOptions();
      const opened = (await dialect()).openScratch(options);
      return options.url === null ? opened : opened.catch(blameScratch);
    },
    canAsk: canAsk(terminal, json),
    ask: async (question) => (await asker()).ask(question),
    close: async () => {
      out.status(null);
      if (asked !== undefined) (await asked).close();
      // A connection that never opened has been reported as such.
      await (await connection?.catch(() => undefined))?.close();
    },
  };
}

/** What a configuration holds beside databases' passwords and that nobody is to read. */
function secretWords({ webhooks, environments, receiptKey }: Config): readonly string[] {
  const called = [webhooks, ...Object.values(environments).map((one) => one.webhooks)].flatMap(
    (one) => one.called,
  );
  return [
    ...(receiptKey === null ? [] : [receiptKey]),
    ...called.flatMap(({ url, headers }) => [url, pathOf(url), ...Object.values(headers)]),
  ];
}

/** What of a webhook's URL makes it a secret. */
function pathOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { pathname, search } = new URL(url);
  // A short one is no secret, and may be part of anything.
  return pathname.length + search.length < 16 ? "" : `${pathname}${search}`;
}

/** Which of the databases could not be reached is not to be guessed from its host. */
function blameScratch(thrown: unknown): never {
  if (!(thrown instanceof AludelError) || thrown.code === "scratch-unavailable") throw thrown;
  throw new AludelError("scratch-unavailable", `The scratch database cannot be used: ${thrown.message}`, {
    where: thrown.where,
    details: thrown.details,
    data: thrown.data,
    cause: thrown,
    remedy: `${thrown.remedy} Or set \`scratch\` in the configuration to another server or to "pglite:"; without it a server on this machine or PGlite is used.`,
  });
}

async function load(terminal: Terminal, globals: GlobalOptions): Promise<LoadedConfig> {
  const [{ findConfig }, { loadConfig }] = await Promise.all([
    import("../config/find.js"),
    import("../config/load.js"),
  ]);
  return loadConfig({
    file: await findConfig(terminal.cwd, globals.config),
    environment: globals.env,
    arguments: globals.arguments,
    variables: terminal.variables,
  });
}

async function choose(
  globals: GlobalOptions,
  config: () => Promise<Config>,
  asked: () => Promise<string | null>,
): Promise<Environment> {
  const { chooseEnvironment, environmentOfUrl } = await import("../config/environment.js");
  if (globals.url !== null && globals.env !== null) {
    throw new AludelError("usage", "--url and --env both choose a database", {
      remedy: "Leave one of them out.",
    });
  }
  if (globals.url === null) return chooseEnvironment(await config(), { url: null, name: await asked() });
  const known = await config().catch((error: unknown) => {
    if (error instanceof AludelError && error.code === "config-not-found" && globals.config === null)
      return null;
    throw error;
  });
  return known === null
    ? environmentOfUrl(globals.url)
    : chooseEnvironment(known, { url: globals.url, name: null });
}

/** Relative file URLs of the configuration start at its folder, those of `--url` at the working directory. */
async function open(
  terminal: Terminal,
  globals: GlobalOptions,
  { environment, config }: Pick<Context, "environment" | "config">,
  { anyMarker = false, ...options }: ConnectChoice,
): Promise<Connection> {
  const chosen = await environment();
  const { url } = chosen;
  const { dialectOfUrl, loadDialect } = await import("../dialect/registry.js");
  const dialect = await loadDialect(dialectOfUrl(url));
  const directory = globals.url === null ? (await config()).root : terminal.cwd;
  const connection = await dialect.connect(url, { directory, applicationName: "aludel", ...options });
  const cancel = () => void connection.cancel().catch(() => undefined);
  terminal.signal.addEventListener("abort", cancel, { once: true });
  try {
    await requireRight(
      dialect,
      connection,
      chosen,
      anyMarker || chosen.name === "--url" ? null : await config(),
    );
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** What is not in the configuration may be any database. @throws AludelError `wrong-database`. */
async function requireRight(
  dialect: Dialect,
  connection: Connection,
  chosen: Environment,
  config: Config | null,
): Promise<void> {
  if (Object.values(chosen.identity).some((part) => part !== null)) {
    const { requireIdentity } = await import("../run/identity.js");
    await requireIdentity(dialect, connection, chosen);
  }
  if (config === null || Object.keys(config.markers).length === 0) return;
  const { requireMarker } = await import("../run/marker.js");
  await requireMarker(dialect, connection, chosen, config);
}

/** The function, called at most once; a failure is remembered like a result. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
