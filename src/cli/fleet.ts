import type { Environment } from "../config/config.js";
import type { FleetConfig } from "../config/fleet-config.js";
import { type FleetSessions, fleetSessions } from "../deploy/rollout/fleet-sessions.js";
import { type Member, membersOf } from "../deploy/rollout/members.js";
import type { Connection } from "../dialect/connection.js";
import { AludelError } from "../error/error.js";
import { requireIdentity } from "../run/identity.js";
import type { Project } from "../run/project.js";
import type { Context } from "./context.js";

/** Many databases that have the same revisions, and how they are reached. */
export interface Fleet extends FleetSessions {
  readonly project: Project;
  readonly settings: FleetConfig;
  /** That schemas and queries are of, or that somebody named; `null` where the databases are of none. */
  readonly environment: Environment | null;
  /** It is their environment, and not only the one whose settings are taken. */
  readonly isMeant: boolean;
  readonly members: readonly Member[];
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
  const sessions = fleetSessions(project, {
    connect,
    connectIdentified: identified,
    url: async () => (await chosen).url,
    signal: context.signal,
  });
  return { project, settings, environment, isMeant, members, ...sessions };
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
