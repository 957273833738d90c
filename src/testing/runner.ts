import { AludelError } from "../error/error.js";

/** Declares a test: what vitest, jest and node:test have in common. The number is milliseconds until it has failed. */
export type DeclareTest = (name: string, run: () => Promise<void>, timeoutMs?: number) => unknown;
/** Declares a group of tests. */
export type DeclareGroup = (name: string, declare: () => void) => unknown;

/** The functions of a test runner. */
export interface Runner {
  readonly describe: DeclareGroup;
  readonly test: DeclareTest;
}

/** Those that were given, those that are there without an import, or those of Node. @throws AludelError `test-runner-unknown`. */
export function findRunner(given: Partial<Runner>): Runner {
  const globals = globalThis as { readonly describe?: DeclareGroup; readonly test?: DeclareTest };
  const describe = given.describe ?? globals.describe;
  const test = given.test ?? globals.test;
  if (describe !== undefined && test !== undefined) return { describe, test };
  if (given.test !== undefined) return { describe: (_name, declare) => declare(), test: given.test };
  // Tests of Node that are declared inside another runner would be run by nobody.
  const { VITEST, JEST_WORKER_ID } = process.env;
  if (VITEST === undefined && JEST_WORKER_ID === undefined) return nodeRunner();
  const name = VITEST === undefined ? "@jest/globals" : "vitest";
  throw new AludelError(
    "test-runner-unknown",
    `The functions of ${VITEST === undefined ? "jest" : "vitest"} are not there without an import`,
    {
      remedy: `Give them: import { describe, test } from "${name}"; migrationTests({ describe, test }).`,
    },
  );
}

function nodeRunner(): Runner {
  const node = process.getBuiltinModule("node:test");
  return {
    describe: (name, declare) => node.describe(name, declare),
    test: (name, run, timeout) => node.test(name, timeout === undefined ? {} : { timeout }, run),
  };
}
