import { prepareSharedServer, stopSharedServer } from "./server.mjs";

/** Lets all test files share one PostgreSQL, which is started when the first of them asks for it. */
export default async function setup(): Promise<() => Promise<void>> {
  await prepareSharedServer();
  return stopSharedServer;
}
