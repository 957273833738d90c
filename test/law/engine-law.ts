import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { diffOptions } from "../../src/check/differences.js";
import { askConnection } from "../../src/check/engine.js";
import { type Change, findChange } from "../../src/check/find-change.js";
import type { Connection } from "../../src/dialect/connection.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { diff } from "../../src/diff/diff.js";
import { describeOp } from "../../src/op/apply.js";
import { migrate } from "../../src/run/migrate.js";
import type { Project } from "../../src/run/project.js";
import { emptySchema } from "../../src/schema/build.js";
import type { Schema } from "../../src/schema/schema.js";
import { type Engine, onEmpty } from "../scenario/engine.js";
import { migration, projectOf, type Run, same, write } from "../scenario/project.js";
import { keptRows } from "../scenario/rows.js";
import { deleteRows, insertRows } from "./insert-rows.js";

/** `npm run fuzz` asks for more. */
const numRuns = Number(process.env["FUZZ_RUNS"] ?? 25);

const seed = process.env["FUZZ_SEED"];

/**
 * `FUZZ_SEED` shows a failure again. To make it small takes minutes on an engine, and is done only when `FUZZ_SHRINK`
 * asks for it.
 */
export const parameters = {
  numRuns,
  endOnFailure: process.env["FUZZ_SHRINK"] === undefined,
  ...(seed === undefined ? {} : { seed: Number(seed) }),
};

/**
 * What must hold of any two schemas: a revision makes the first out of nothing, the next one leads to the second, rows
 * of tables that stay are there afterwards, and the ways down lead back to the first and to nothing.
 */
export async function leadsThereAndBack(engine: Engine, first: Schema, second: Schema): Promise<void> {
  const dialect = await loadDialect(engine.dialect);
  const from = dialect.normalize.schema(first);
  const to = dialect.normalize.schema(second);
  const root = mkdtempSync(join(tmpdir(), "aludel-law-"));
  const run: Run = { dialect, root };
  try {
    await onEmpty(engine, root, async (connection) => {
      const create = await changeOf(run, connection, emptySchema(dialect.name), from);
      const base = await write(run, create, "00000000000a", []);
      await carryOut(projectOf(run, [base]), connection, "upgrade", "head", create);
      await same(run, connection, { schema: from, unsaid: [] }, "made from nothing");
      const change = await changeOf(run, connection, from, to);
      const next = await write(run, change, "00000000000b", [base.id]);
      const project = projectOf(run, [base, next]);
      await insertRows(dialect, connection, from, to);
      const kept = await keptRows(dialect, connection, from, to);
      await carryOut(project, connection, "upgrade", "head", change);
      await same(run, connection, { schema: to, unsaid: [] }, "after the upgrade");
      expect(await kept.now(connection), "rows after the upgrade").toEqual(kept.rows);
      if (typeof change.downgrade === "string") return;
      // A key or NOT NULL whose values are lost has nothing to give to the rows that are there.
      if (change.loses.length > 0) await deleteRows(dialect, connection, from, to);
      await carryOut(project, connection, "downgrade", base.id, change);
      await same(run, connection, { schema: from, unsaid: [] }, "after the downgrade");
      if (change.loses.length === 0) {
        expect(await kept.now(connection), "rows after the downgrade").toEqual(kept.rows);
      }
      await carryOut(project, connection, "downgrade", "base", create);
      await same(run, connection, { schema: emptySchema(dialect.name), unsaid: [] }, "back to nothing");
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The change as autogenerate finds it; whatever may be a rename is a drop. */
function changeOf(run: Run, connection: Connection, from: Schema, to: Schema): Promise<Change> {
  const drops = diff(from, to, diffOptions(run.dialect)).renameCandidates.map((candidate) => candidate.from);
  const options = { renames: [], drops: [...new Set(drops)], inline: false };
  return findChange(run, from, { schema: to, unsaid: [] }, options, askConnection(run.dialect, connection));
}

/** Runs to a target; a failure tells the whole change. */
async function carryOut(
  project: Project,
  connection: Connection,
  command: "upgrade" | "downgrade",
  target: string,
  change: Change,
): Promise<void> {
  try {
    await migrate(project, connection, migration(command, target));
  } catch (error) {
    const ops = change.upgrade.map(describeOp).join("; ");
    const statement = (error as { where?: { statement?: string } }).where?.statement;
    throw new Error(`${error instanceof Error ? error.message : error}\n${statement}\nin: ${ops}`, {
      cause: error,
    });
  }
}
