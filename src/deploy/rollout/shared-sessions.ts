import type { Connection } from "../../dialect/connection.js";

/** Sessions of one database that are led from one of its namespaces to the next, as many as are in use at once. */
export interface SharedSessions {
  /** Calls `use` with a session that nobody else has meanwhile, as good as new and led to this namespace. */
  use<T>(namespace: string, use: (connection: Connection) => Promise<T>): Promise<T>;
  /** Ends those that are in nobody's use. */
  close(): Promise<void>;
}

/** A server's process remembers every table that it has met: after so many namespaces it makes room. */
const namespacesEach = 50;

/**
 * Opening a session costs the server more than a small revision does, and a new one has all of the catalogue before it: one that
 * nothing went wrong in is used again.
 */
export function sharedSessions(
  open: () => Promise<Connection>,
  enter: (connection: Connection, namespace: string) => Promise<void>,
): SharedSessions {
  const idle: { readonly connection: Connection; readonly used: number }[] = [];
  const entered = async (namespace: string) => {
    for (let found = idle.pop(); found !== undefined; found = idle.pop()) {
      try {
        await enter(found.connection, namespace);
        return { connection: found.connection, used: found.used + 1 };
      } catch {
        // It was lost while nobody used it, or is in a state that it cannot be brought back from: a new one says why, if it must.
        await found.connection.close();
      }
    }
    const connection = await open();
    try {
      await enter(connection, namespace);
    } catch (error) {
      await connection.close();
      throw error;
    }
    return { connection, used: 1 };
  };
  return {
    async use(namespace, use) {
      const { connection, used } = await entered(namespace);
      let isFit = false;
      try {
        const result = await use(connection);
        isFit = used < namespacesEach;
        return result;
      } finally {
        if (isFit) idle.push({ connection, used });
        else await connection.close();
      }
    },
    async close() {
      await Promise.all(idle.splice(0).map(({ connection }) => connection.close()));
    },
  };
}
