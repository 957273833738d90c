import type { Connection } from "../../dialect/connection.js";
import { requireOwnProcess } from "../../run/own-process.js";
import type { Project } from "../../run/project.js";
import { mayBeUndone } from "./may-be-undone.js";
import type { Member } from "./members.js";
import { type SharedSessions, sharedSessions } from "./shared-sessions.js";

/** Another session on the same database; who opens it closes it. */
export type OpenBeside = () => Promise<Connection>;

/** The sessions of a fleet. */
export interface FleetSessions {
  /** Calls `use` with a session on one of them, which a signal cancels; that of a schema has a process of its own. */
  open<T>(member: Member, use: (connection: Connection, openBeside: OpenBeside) => Promise<T>): Promise<T>;
  /** Ends the sessions that are kept for the next one. */
  close(): Promise<void>;
}

/** How the databases of a fleet are reached. */
export interface Reached {
  connect(url: string): Promise<Connection>;
  /** The same, for the environment's own database, which has to be the right one. */
  connectIdentified(url: string): Promise<Connection>;
  /** Of the environment whose namespaces the members are. */
  url(): Promise<string>;
  readonly signal: AbortSignal;
}

/** Sessions on databases by themselves are opened for each; those on schemas of one database are shared where they can be. */
export function fleetSessions(project: Project, reached: Reached): FleetSessions {
  const requireOwn = askedOnce((connection, openBeside) =>
    requireOwnProcess(project.dialect, connection, openBeside),
  );
  /** A name leads where the session's setting does, which a pooler would give to somebody else. */
  const openOwn = async (url: string) => {
    const connection = await reached.connectIdentified(url);
    try {
      await requireOwn(connection, () => reached.connect(url));
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  };
  let sharing: Promise<SharedSessions | null> | null = null;
  const sharedOnce = () => {
    sharing ??= sharedOf(project, async (toShared) => openOwn(toShared(await reached.url())));
    return sharing;
  };
  return {
    async open({ url, namespace }, use) {
      const openBeside = () => reached.connect(url);
      const cancellable = (connection: Connection) =>
        cancelledBy(reached.signal, connection, () => use(connection, openBeside));
      if (namespace === null) return closing(await openBeside(), cancellable);
      const shared = await sharedOnce();
      return shared === null ? closing(await openOwn(url), cancellable) : shared.use(namespace, cancellable);
    },
    // Why there are none was told to who wanted one.
    close: async () => (await sharing?.catch(() => null))?.close(),
  };
}

/** `null` where sessions cannot be shared, or a revision might undo where their names lead: each schema has its own then. */
async function sharedOf(
  project: Project,
  open: (toShared: (url: string) => string) => Promise<Connection>,
): Promise<SharedSessions | null> {
  const { namespaces } = project.dialect;
  if (namespaces === undefined || (await mayBeUndone(project, namespaces))) return null;
  return sharedSessions(() => open(namespaces.sharedUrl), namespaces.enter);
}

async function closing<T>(connection: Connection, use: (connection: Connection) => Promise<T>): Promise<T> {
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

async function cancelledBy<T>(
  signal: AbortSignal,
  connection: Connection,
  use: () => Promise<T>,
): Promise<T> {
  const cancel = () => void connection.cancel().catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await use();
  } finally {
    signal.removeEventListener("abort", cancel);
  }
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
