import type { Connection } from "../dialect/connection.js";
import type { MadeDatabase } from "../dialect/test-databases.js";
import { AludelError } from "../error/error.js";
import { openProject, type ProjectOptions, type TestProject } from "./open-project.js";

/** What is behind a test database, for what else is done with it. */
interface Behind {
  readonly project: TestProject;
  readonly made: MadeDatabase;
}

const behind = new WeakMap<object, Behind>();

/** Remembers what is behind a database that a test was given. */
export function putBehind(database: object, what: Behind): void {
  behind.set(database, what);
}

/** An open session on a database. */
export interface Reached {
  readonly project: TestProject;
  readonly connection: Connection;
}

/** Opens a session on a test database, or on the one of a URL; the caller closes it. */
export async function reach(database: object | string, options: ProjectOptions): Promise<Reached> {
  if (typeof database === "string") {
    const project = await openProject(options);
    const { dialect, config } = project.project;
    const connection = await dialect.connect(database, {
      directory: config.root,
      applicationName: "aludel testing",
      mustExist: true,
    });
    return { project, connection };
  }
  const found = behind.get(database);
  if (found !== undefined) return { project: found.project, connection: await found.made.connect() };
  throw new AludelError("usage", "expectNoDrift was given something that is no database", {
    remedy: "Give it what testDatabase() gave you, or the URL of a database.",
  });
}
