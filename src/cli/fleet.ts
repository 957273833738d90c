import type { Environment } from "../config/config.js";
import type { FleetConfig } from "../config/fleet-config.js";
import { type Member, membersOf } from "../deploy/rollout/members.js";
import type { Connection } from "../dialect/connection.js";
import { AludelError } from "../error/error.js";
import { requireIdentity } from "../run/identity.js";
import { requireOwnProcess } from "../run/own-process.js";
import type { Project } from "../run/project.js";
import type { Context } from "./context.js";

/** Another session on the same database; who opens it closes it. */
type OpenBeside = () => Promise<Connection>;

/** Many databases that have the same revisions, and how they are reached. */
export interface Fleet {
  readonly project: Project;
  readonly settings: FleetConfig;
  /** That schemas and queries are of, or that somebody named; `null` where the databases are of none. */
  readonly environment: Environment | null;
  /** It is their environment, and not only the one whose settings are taken. */
  readonly isMeant: boolean;
  readonly members: readonly Member[];
  /** Calls `use` with a session on one of them, which a signal cancels; that of a schema has a process of its own. */
  open<T>(member: Member, use: (connection: Connection, openBeside: OpenBeside) => Promise<T>): Promise<T>;
}

/**
 * The fleet of the configuration.
 *
 * @throws AludelError `fleet-unreadable` where there is none, and `wrong-database` where its environment is another one.
 */
export async function readFleet(context: Context): Promise<Fleet> {
  const project = await context.project();
  const { fleet: settings, root } = project.config;
  if (settings === null) {
    throw new AludelError("fleet-unreadable", "The configuration has no fleet", {
      where: { file: project.config.file },
      remedy:
        'Say which databases are in it: fleet: { files: "tenants/*.db" }, or urls, schemas, query, command.',
    });
  }
  const isMeant = settings.environment !== null || isWithin(settings) || (await context.isNamed());
  const chosen = environmentOf(context, settings);
  const environment = await (isMeant ? chosen : chosen.catch(noneChosen));
  const connect = (url: string) =>
    project.dialect.connect(url, { directory: root, applicationName: "aludel", mustExist: true });
  const identified = async (url: string) => {
    const connection = await connect(url);
    if (environment !== null) await identify(project, connection, environment);
    return connection;
  };
  const members = await membersOf(settings, {
    root,
    dialect: project.dialect,
    url: async () => (await chosen).url,
    connect: async () => identified((await chosen).url),
  });
  for (const { url } of members) context.hide(url);
  const requireOwn = askedOnce((connection, openBeside) =>
    requireOwnProcess(project.dialect, connection, openBeside),
  );
  const open: Fleet["open"] = async ({ url, isSchema }, use) => {
    const connection = await (isSchema ? identified(url) : connect(url));
    const openBeside = () => connect(url);
    const cancel = () => void connection.cancel().catch(() => undefined);
    context.signal.addEventListener("abort", cancel, { once: true });
    try {
      // A name leads where the session's setting does, which a pooler would give to somebody else.
      if (isSchema) await requireOwn(connection, openBeside);
      return await use(connection, openBeside);
    } finally {
      context.signal.removeEventListener("abort", cancel);
      await connection.close();
    }
  };
  return { project, settings, environment, isMeant, members, open };
}

const isWithin = ({ source }: FleetConfig) => source.kind === "schemas" || source.kind === "query";

async function environmentOf(context: Context, { environment: name }: FleetConfig): Promise<Environment> {
  if (name === null) return context.environment();
  const { chooseEnvironment } = await import("../config/environment.js");
  return chooseEnvironment(await context.config(), { url: null, name });
}

function noneChosen(error: unknown): null {
  if (error instanceof AludelError) return null;
  throw error;
}

/** Puts a question once for all that are behind one address; one that was not answered is put again. */
function askedOnce(ask: (connection: Connection, openBeside: OpenBeside) => Promise<void>): typeof ask {
  let asked: Promise<void> | null = null;
  return (connection, openBeside) => {
    asked ??= ask(connection, openBeside).catch((error: unknown) => {
      asked = null;
      throw error;
    });
    return asked;
  };
}

async function identify(
  { dialect }: Project,
  connection: Connection,
  environment: Environment,
): Promise<void> {
  try {
    await requireIdentity(dialect, connection, environment);
  } catch (error) {
    await connection.close();
    throw error;
  }
}
