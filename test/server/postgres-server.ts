/**
 * A real PostgreSQL for tests: `const database = await createTestDatabase()` gives an empty database in tens of
 * milliseconds. Written in JavaScript so that the demo and the benchmarks run it under any Node.
 */
export {
  createTestDatabase,
  type ServerAddress,
  sharedServer,
  startServer,
  stopSharedServer,
  type TestDatabase,
  type TestServer,
} from "./server.mjs";
