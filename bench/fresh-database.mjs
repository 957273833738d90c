// A contender that gets a new database for every run; the one of the run before is dropped.
import { createTestDatabase } from "../test/server/server.mjs";

/**
 * @param {string} name
 * @param {(url: string) => string[]} commandOf
 * @param {{ cwd?: string, prepare?: (url: string) => void | Promise<void> }} options `prepare` fills it; that is not timed.
 */
export function onFreshDatabase(name, commandOf, { cwd, prepare } = {}) {
  let database;
  const contender = {
    name,
    command: [],
    cwd,
    drop: async () => {
      await database?.drop();
      database = undefined;
    },
    before: async () => {
      await contender.drop();
      database = await createTestDatabase();
      await prepare?.(database.url);
      contender.command = commandOf(database.url);
    },
  };
  return contender;
}
