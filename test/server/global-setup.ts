import { accessSync, constants, statfsSync } from "node:fs";
import { prepareSharedServer, stopSharedServer } from "./server.mjs";

/** A file system in memory: making and removing files, which is most of what the tests ask of a server, costs next to nothing. */
const memory = "/dev/shm";

/** Bytes: the databases of a run of all tests, some times over. */
const enough = 8 * 2 ** 30;

function hasRoomInMemory(): boolean {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= enough;
  } catch {
    return false;
  }
}

/** Lets all test files share one PostgreSQL, which is started when the first of them asks for it. */
export default async function setup(): Promise<() => Promise<void>> {
  if (hasRoomInMemory()) process.env["ALUDEL_TEST_DATA"] ??= memory;
  await prepareSharedServer();
  return stopSharedServer;
}
