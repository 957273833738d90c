/**
 * What tests of applications import: `import { testDatabase } from "aludel/testing"`.
 *
 * @module
 */
export type { Code } from "./error/codes.js";
export { AludelError, type Where } from "./error/error.js";
export { expectNoDrift } from "./testing/expect-no-drift.js";
export { type MigrationTestsOptions, migrationTests } from "./testing/migration-tests.js";
export type { ProjectOptions } from "./testing/open-project.js";
export { type QueryClient, type QueryRecorder, recordQueries } from "./testing/record-queries.js";
export type { DeclareGroup, DeclareTest, Runner } from "./testing/runner.js";
export { type TestDatabase, testDatabase } from "./testing/test-database.js";
