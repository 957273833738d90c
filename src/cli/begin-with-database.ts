import { rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Baseline, findBaseline } from "../check/baseline.js";
import { schemaScript } from "../check/schema-script.js";
import { unwritten } from "../check/unwritten.js";
import type { Connection } from "../dialect/connection.js";
import { AludelError } from "../error/error.js";
import { shortPath } from "../error/format.js";
import type { Project } from "../run/project.js";
import type { Context } from "./context.js";
import { baselineAnswer, writeBaseline } from "./write-baseline.js";

export interface BeginOptions {
  /** The configuration that was just written. */
  readonly configFile: string;
  /** Where the schema is written as SQL, relative to the working directory; `null` for nowhere. */
  readonly schemaFile: string | null;
  readonly stamp: boolean;
  /** Write down what other tools keep, too. */
  readonly otherTools: boolean;
}

/**
 * Writes what a database has as the first revision of a new project, and as SQL that stands for the models where there
 * are none. Where the database cannot be read, the configuration is taken back, so that the command can be repeated.
 */
export async function beginWithDatabase(context: Context, options: BeginOptions): Promise<object> {
  const { out, cwd } = context;
  const { project, connection, baseline } = await read(context, options).catch(async (error: unknown) => {
    await rm(options.configFile, { force: true });
    out.talk(`took ${shortPath(options.configFile, cwd)} back: the command can be given again`);
    throw error;
  });
  if (options.schemaFile !== null) {
    const file = resolve(cwd, options.schemaFile);
    await writeSchema(file, project, connection, baseline);
    out.talk(`wrote ${shortPath(file, cwd)}, the schema of ${connection.target} as SQL`);
  }
  const revision = await writeBaseline(context, project, connection, baseline, {
    target: {
      message: "baseline",
      revises: [],
      dependsOn: [],
      labels: [],
      id: null,
      renames: [],
      drops: [],
      inline: true,
      format: "typescript",
    },
    verify: true,
    rows: true,
    stamp: options.stamp,
  });
  if (options.schemaFile === null) await tellModels(context, project, baseline);
  return { config: options.configFile, ...baselineAnswer(revision, baseline, options.stamp) };
}

async function read(context: Context, { otherTools }: BeginOptions) {
  const project = await context.project();
  const connection = await context.connect({ mustExist: true });
  return {
    project,
    connection,
    baseline: await findBaseline(project, connection, otherTools ? "keep" : "ignore"),
  };
}

async function writeSchema(
  file: string,
  project: Project,
  connection: Connection,
  baseline: Baseline,
): Promise<void> {
  const script = await schemaScript(project.dialect, baseline.schema, connection.server.version);
  const text = `-- The schema as it should be. Change it, then: aludel revision --autogenerate -m "…"\n\n${script}`;
  try {
    await writeFile(file, text, { flag: "wx" });
  } catch (error) {
    throw unwritten(file, error, {
      exists: "Nothing is ever overwritten: name another file with --schema-file.",
      unwritable: "Make the folder writable for this user.",
    });
  }
}

/** Models that were there before may not be what the database is. */
async function tellModels(context: Context, project: Project, baseline: Baseline): Promise<void> {
  const [{ readModels }, { differences }, { adoptUnsaid }, { lazyScratch }] = await Promise.all([
    import("../check/read-models.js"),
    import("../check/differences.js"),
    import("../check/adopt.js"),
    import("../check/engine.js"),
  ]);
  const scratch = lazyScratch(project.dialect, context.openScratch);
  try {
    const models = await readModels(project.config, project.dialect.name, context.openScratch);
    const wanted = adoptUnsaid(models.schema, baseline.schema, models.unsaid);
    const { lines } = await differences(project.dialect, baseline.schema, wanted, scratch.ask);
    context.out.talk(
      lines.length === 0
        ? "The models are what the database is."
        : `The models are not what the database is, in ${lines.length} places: aludel diff heads models`,
    );
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    context.out.warn(
      `The models could not be held against the database: ${error.message}\n  ${error.remedy}`,
    );
  } finally {
    await scratch.dispose();
  }
}
