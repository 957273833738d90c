import { adoptUnsaid } from "../../check/adopt.js";
import { besideRepeatables } from "../../check/beside-repeatables.js";
import { type Differences, differences } from "../../check/differences.js";
import { lazyScratch } from "../../check/engine.js";
import { readModels } from "../../check/read-models.js";
import { againstOwn, readSide, type Side } from "../../check/sides.js";
import { withStandIns } from "../../check/stand-ins.js";
import type { Dialect, Scratch } from "../../dialect/dialect.js";
import { AludelError } from "../../error/error.js";
import type { Project } from "../../run/project.js";
import { emptySchema } from "../../schema/build.js";
import type { Schema } from "../../schema/schema.js";

/** What a project says of its schema, twice. */
export interface Sides {
  /** What its revisions lead to. */
  readonly revisions: Schema;
  readonly models: Schema;
  /** What leads from the one to the other. */
  readonly between: Differences;
  /** Files of the models, absolute. */
  readonly files: readonly string[];
}

type OpenScratch = () => Promise<Scratch>;

const heads: Side = { kind: "revision", target: "heads" };

/** Reads both, and what is between them. @throws AludelError as `check` does. */
export async function readSides(given: Project, openScratch: OpenScratch): Promise<Sides> {
  const project = await besideRepeatables(given);
  const models = await readModels(project.config, project.dialect.name, openScratch);
  const access = {
    openScratch: withStandIns(project, models.standIns, openScratch),
    connect: () => Promise.reject(new AludelError("usage", "No database is asked", { remedy: "" })),
  };
  const read = await readSide(project, { kind: "revision", target: "heads" }, access);
  const { schema } = againstOwn(project, heads, read, { kind: "models" }, models.schema);
  const wanted = adoptUnsaid(models.schema, schema, models.unsaid);
  const between = await betweenSchemas(project.dialect, schema, wanted, openScratch);
  return { revisions: schema, models: models.schema, between, files: models.files };
}

/** A project that is not there yet says nothing. */
export function noSides(dialect: Dialect): Sides {
  const schema = emptySchema(dialect.name);
  return {
    revisions: schema,
    models: schema,
    between: { ops: [], lines: [], undecided: new Map() },
    files: [],
  };
}

/** What leads from one schema to another; the engine is asked where only it knows. */
export async function betweenSchemas(
  dialect: Dialect,
  from: Schema,
  to: Schema,
  openScratch: OpenScratch,
): Promise<Differences> {
  const scratch = lazyScratch(dialect, openScratch);
  try {
    return await differences(dialect, from, to, scratch.ask);
  } finally {
    await scratch.dispose();
  }
}
