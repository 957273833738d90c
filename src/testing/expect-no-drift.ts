import { AssertionError } from "node:assert";
import { besideRepeatables } from "../check/beside-repeatables.js";
import { differences } from "../check/differences.js";
import { driftOf } from "../check/drift.js";
import { askConnection } from "../check/engine.js";
import { readModels } from "../check/read-models.js";
import { inspectLike } from "../check/sides.js";
import { withStandIns } from "../check/stand-ins.js";
import type { Connection } from "../dialect/connection.js";
import { closure } from "../revision/graph/closure.js";
import { bookkeepingOf, type Project } from "../run/project.js";
import { replay } from "../run/replay.js";
import { readVersions } from "../run/version-table.js";
import { reach } from "./behind.js";
import type { ProjectOptions, TestProject } from "./open-project.js";
import { type TestDatabase, testDatabase } from "./test-database.js";
import { told } from "./told.js";

/** What is not as it should be, line by line, and what to do about it, as a test runner shows it. */
export function failure(message: string, lines: readonly string[], remedy: string): AssertionError {
  const text = [message, ...lines.map((line) => `  - ${line}`), `→ ${remedy}`].join("\n");
  return new AssertionError({ message: text, operator: "aludel" });
}

/**
 * The test that models and database are the same, in one line: throws an `AssertionError` with every difference, and with
 * what to do about it. Without a database it makes one at head, which asks whether the models need a
 * revision; with one it also asks whether that database has all revisions, and nothing else.
 *
 * ```ts
 * test("the models are what the database is", () => expectNoDrift());
 * ```
 *
 * @param database what `testDatabase` gave, or the URL of a database, which is only read.
 * @throws AssertionError, and AludelError for what keeps it from looking.
 */
export async function expectNoDrift(
  database?: TestDatabase | string,
  options: ProjectOptions = {},
): Promise<void> {
  if (database === undefined) {
    const fresh = await testDatabase(options);
    try {
      return await expectNoDrift(fresh, options);
    } finally {
      await fresh.close();
    }
  }
  await told(async () => {
    const { project, connection } = await reach(database, options);
    try {
      const lines = await driftOf(project.project, connection, project.openScratch);
      if (lines.length > 0) throw await drifted(project, connection, lines);
    } finally {
      await connection.close();
    }
  });
}

async function drifted(
  tested: TestProject,
  connection: Connection,
  lines: readonly string[],
): Promise<AssertionError> {
  const { project } = tested;
  const rows = (await readVersions(connection, project.dialect, bookkeepingOf(project.config))) ?? [];
  const places = lines.length === 1 ? "one place" : `${lines.length} places`;
  const message = `The database is not what the models say, in ${places}. From the database to the models:`;
  return failure(message, lines, await remedyOf(tested, rows, connection));
}

async function remedyOf(
  tested: TestProject,
  rows: readonly string[],
  connection: Connection,
): Promise<string> {
  const { project } = tested;
  const applied = closure(
    project.graph,
    rows.filter((id) => project.graph.nodes.has(id)),
  );
  const missing = project.graph.order.filter(({ id }) => !applied.has(id)).map(({ id }) => id);
  if (missing.length > 0) {
    return `The database does not have all revisions (${missing.slice(0, 3).join(", ")}${missing.length > 3 ? " …" : ""}): aludel upgrade.`;
  }
  if (await isAsRevisionsSay(tested, connection)) {
    return 'The models need a revision: aludel revision --autogenerate -m "…"';
  }
  return "The database is not what its revisions made of it: something else has changed it. Undo that, or write a revision that does it.";
}

/** Whether the difference is in the models or in the database. */
async function isAsRevisionsSay(
  { project, openScratch }: TestProject,
  connection: Connection,
): Promise<boolean> {
  const own = await besideRepeatables(project);
  const heads = project.graph.finalHeads.map(({ id }) => id);
  const replayed = await replay(own, heads, standIns(own, openScratch));
  const found = await inspectLike(own, connection, replayed);
  const ask = askConnection(own.dialect, connection);
  return (await differences(own.dialect, found.schema, replayed, ask)).lines.length === 0;
}

function standIns(project: Project, openScratch: TestProject["openScratch"]): TestProject["openScratch"] {
  return async () => {
    const models = await readModels(project.config, project.dialect.name, openScratch);
    return withStandIns(project, models.standIns, openScratch)();
  };
}
