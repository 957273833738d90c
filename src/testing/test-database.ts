import type { MadeDatabase } from "../dialect/test-databases.js";
import { AludelError } from "../error/error.js";
import type { DialectName } from "../schema/name.js";
import { putBehind } from "./behind.js";
import { openProject, type ProjectOptions } from "./open-project.js";
import { told } from "./told.js";

/**
 * A database of its own for a test, at head. Connect to it with the driver that the application has; end these connections
 * before `close`.
 */
export interface TestDatabase<Client = unknown> extends AsyncDisposable {
  readonly dialect: DialectName;
  /** `aludel_test_…` */
  readonly name: string;
  /** `postgres://…` with its password, or `file:///…` of SQLite. @throws AludelError for PGlite, which has none. */
  readonly url: string;
  /** Absolute path of a SQLite database. @throws AludelError for other databases. */
  readonly file: string;
  /** The open PGlite. @throws AludelError for databases outside of this process. */
  readonly client: Client;
  /** Removes the database, whoever is connected to it. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Gives a test a fresh database at head. The first call brings a template up with the project's revisions; it is used again
 * until these change, in other processes and later runs too, and every call gets a copy of it. What is not
 * closed because a process was killed is removed when the next one asks for a database.
 *
 * ```ts
 * await using database = await testDatabase();
 * ```
 *
 * @typeParam Client `PGlite` where that is what is asked for: `testDatabase<PGlite>({ url: "pglite:" })`.
 * @throws AludelError for what a command would end with, too: `config-not-found`, `connection-failed`, `scratch-unavailable`
 * (there is no place where databases may be made), `upgrade-failed` …
 */
export async function testDatabase<Client = unknown>(
  options: ProjectOptions = {},
): Promise<TestDatabase<Client>> {
  const { project, made } = await told(async () => {
    const project = await openProject(options);
    return { project, made: await project.databases.create(project.template, { keep: false }) };
  });
  const { name, url, file, client } = made;
  const given = <T>(value: T | null, property: string): T => {
    if (value !== null) return value;
    throw hasNone(property, made, project.databases.place);
  };
  const database: TestDatabase<Client> = {
    dialect: project.project.dialect.name,
    name,
    get url() {
      return given(url, "url");
    },
    get file() {
      return given(file, "file");
    },
    get client() {
      return given(client as Client | null, "client");
    },
    close: () => made.close(),
    [Symbol.asyncDispose]: () => made.close(),
  };
  putBehind(database, { project, made });
  return database;
}

function hasNone(property: string, { url, file, client }: MadeDatabase, place: string): AludelError {
  const has = Object.entries({ file, url, client }).flatMap(([name, value]) =>
    (value ?? null) ? [name] : [],
  );
  return new AludelError(
    "test-database-kind",
    `This test database has no \`${property}\`: it is made in ${place}`,
    {
      remedy: `Use ${has.map((name) => `\`${name}\``).join(" or ")}, or say where test databases are to be made: testDatabase({ url: "postgres://…" }), "pglite:" or "sqlite:", or \`scratch\` in the configuration.`,
    },
  );
}
