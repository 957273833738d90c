import type { Connection } from "../dialect/connection.js";
import type { Dialect, Scratch } from "../dialect/dialect.js";
import type { Ask } from "./ask.js";

/** Asks over a connection that is open anyway. */
export function askConnection(dialect: Dialect, connection: Connection): Ask {
  return (a, b, slots) => dialect.equivalent(connection, a, b, slots);
}

/**
 * Asks over a connection to an empty database, where nothing is that the expressions speak of: what they need is made for
 * as long as it takes.
 */
export function askEmpty(dialect: Dialect, connection: Connection): Ask {
  const { version } = connection.server;
  return (a, b, slots) =>
    dialect.equivalent(connection, a, b, slots, async () => {
      const { expressionSupport } = await import("./expression-support.js");
      return expressionSupport(dialect, a, b, version);
    });
}

/**
 * A scratch database that is opened at the first need and closed by `dispose`. Several users share it one after
 * the other only where they leave no trace (`ask`); whoever changes it opens one of its own with `open`.
 */
export interface LazyScratch {
  readonly open: () => Promise<Scratch>;
  readonly ask: Ask;
  dispose(): Promise<void>;
}

/** See `LazyScratch`. */
export function lazyScratch(dialect: Dialect, open: () => Promise<Scratch>): LazyScratch {
  let shared: Promise<Scratch> | null = null;
  return {
    open,
    ask: async (a, b, slots) => {
      shared ??= open();
      return askEmpty(dialect, (await shared).connection)(a, b, slots);
    },
    dispose: async () => {
      const opened = await shared?.catch(() => null);
      await opened?.dispose();
      shared = null;
    },
  };
}
