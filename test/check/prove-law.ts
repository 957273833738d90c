import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diffOptions } from "../../src/check/differences.js";
import { askConnection } from "../../src/check/engine.js";
import { findChange } from "../../src/check/find-change.js";
import type { Proof } from "../../src/check/proof.js";
import { prove } from "../../src/check/prove.js";
import type { Connection } from "../../src/dialect/connection.js";
import type { Scratch } from "../../src/dialect/dialect.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { diff } from "../../src/diff/diff.js";
import { describeOp } from "../../src/op/apply.js";
import { emptySchema } from "../../src/schema/build.js";
import type { Schema } from "../../src/schema/schema.js";
import { type Engine, onEmpty } from "../scenario/engine.js";
import { projectOf, type Run, write } from "../scenario/project.js";

/** A throw-away database of the engine, as a proof wants it. */
async function openScratch(engine: Engine, root: string): Promise<Scratch> {
  const database = await engine.create(root);
  return { connection: await database.open(), description: engine.name, dispose: () => database.drop() };
}

/** The proof of the revision that leads from one schema to the other. */
export async function proofOf(engine: Engine, first: Schema, second: Schema): Promise<Proof> {
  const dialect = await loadDialect(engine.dialect);
  const from = dialect.normalize.schema(first);
  const to = dialect.normalize.schema(second);
  const root = mkdtempSync(join(tmpdir(), "aludel-proof-"));
  const run: Run = { dialect, root };
  try {
    return await onEmpty(engine, root, async (connection) => {
      const create = await changeOf(run, connection, emptySchema(dialect.name), from);
      const base = await write(run, create, "00000000000a", []);
      const change = await changeOf(run, connection, from, to);
      const next = await write(run, change, "00000000000b", [base.id]);
      const wanted = { schema: to, unsaid: [] };
      const proof = await prove(projectOf(run, [base, next]), next, wanted, () => openScratch(engine, root));
      const ops = change.upgrade.map(describeOp);
      return {
        ...proof,
        steps: proof.holds
          ? proof.steps
          : [...proof.steps, { part: "history", result: "failed", lines: ops }],
      };
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function changeOf(run: Run, connection: Connection, from: Schema, to: Schema) {
  const drops = diff(from, to, diffOptions(run.dialect)).renameCandidates.map((candidate) => candidate.from);
  const options = { inline: false, renames: [], drops: [...new Set(drops)] };
  return findChange(run, from, { schema: to, unsaid: [] }, options, askConnection(run.dialect, connection));
}
