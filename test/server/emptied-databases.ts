import type { Connection } from "../../src/dialect/connection.js";
import { withKeptPlans } from "../../src/dialect/postgres/kept-plans.js";
import { quoteString } from "../../src/dialect/postgres/quote.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { createTestDatabase, sharedServer } from "./postgres-server.js";

/** Owns all that is made in the databases, so that one statement takes it away again. */
const owner = "aludel_tests";

async function prepareOwner(): Promise<void> {
  const { url, password } = await sharedServer();
  const dialect = await loadDialect("postgres");
  const connection = await dialect.connect(url, { directory: process.cwd() });
  try {
    // Two files that run side by side may both find none.
    await connection.run(
      `DO $$ BEGIN CREATE ROLE "${owner}" SUPERUSER LOGIN PASSWORD ${quoteString(password)};
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    );
  } finally {
    await connection.close();
  }
}

/** What an empty database has: as many objects of each kind, and its one namespace as it was made. */
const fingerprint = `SELECT concat_ws(' ', ${[
  ..."pg_class pg_type pg_proc pg_extension pg_collation pg_cast pg_operator pg_opclass pg_ts_config pg_language"
    .concat(" pg_am pg_opfamily pg_amop pg_transform pg_ts_parser pg_ts_template pg_ts_dict pg_conversion")
    .concat(
      " pg_event_trigger pg_publication pg_default_acl pg_largeobject_metadata pg_foreign_server pg_foreign_data_wrapper",
    )
    .split(" ")
    .map((catalogue) => `(SELECT count(*) FROM ${catalogue})`),
  "(SELECT string_agg(concat_ws(' ', nspname, nspowner, nspacl, obj_description(oid)), ', ' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ 'temp')",
  "(SELECT count(*) FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))",
  "(SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database())",
].join(", ")}) AS empty`;

export interface EmptiedDatabase {
  readonly url: string;
  /** Open, and with the plans that it has kept. */
  readonly connection: Connection;
  drop(): Promise<void>;
}

let prepared: Promise<void> | null = null;

async function create(): Promise<EmptiedDatabase & { readonly empty: unknown }> {
  prepared ??= prepareOwner();
  await prepared;
  const { url, drop } = await createTestDatabase();
  const address = new URL(url);
  address.username = owner;
  const connection = await open(address.href);
  return { url: address.href, connection, drop, empty: await emptiness(connection) };
}

/** As in a scratch database. */
async function open(url: string): Promise<Connection> {
  const dialect = await loadDialect("postgres");
  return withKeptPlans(await dialect.connect(url, { directory: process.cwd() }));
}

async function emptiness(connection: Connection): Promise<unknown> {
  return (await connection.query(fingerprint))[0]?.["empty"];
}

const reset = `ROLLBACK;
RESET ALL;
RESET SESSION AUTHORIZATION;
DISCARD TEMP;
CLOSE ALL;
DROP OWNED BY CURRENT_USER CASCADE`;

/**
 * Databases that were used and emptied: a new one costs the server as much as a whole small test, for it plans all
 * questions to the catalogue anew.
 */
export class EmptiedDatabases {
  readonly #free: Awaited<ReturnType<typeof create>>[] = [];
  readonly #taken = new Map<Connection, Awaited<ReturnType<typeof create>>>();

  async take(): Promise<EmptiedDatabase> {
    const database = this.#free.pop() ?? (await create());
    this.#taken.set(database.connection, database);
    return database;
  }

  /** Takes a database back, if nothing is left in it; else it is dropped. */
  async give({ connection }: EmptiedDatabase): Promise<void> {
    const taken = this.#taken.get(connection);
    if (taken === undefined) return;
    this.#taken.delete(connection);
    const database = await living(taken);
    if (await wasEmptied(database)) this.#free.push(database);
    else await dropped(database);
  }

  async close(): Promise<void> {
    for (const database of this.#free.splice(0)) await dropped(database);
  }
}

/** With another session, where a test has ended the one that it had. */
async function living(database: Awaited<ReturnType<typeof create>>): Promise<typeof database> {
  try {
    await database.connection.run("ROLLBACK");
    return database;
  } catch {
    await database.connection.close();
    return { ...database, connection: await open(database.url) };
  }
}

async function wasEmptied({ connection, empty }: Awaited<ReturnType<typeof create>>): Promise<boolean> {
  try {
    for (const statement of reset.split(";\n")) await connection.run(statement);
    return (await emptiness(connection)) === empty;
  } catch {
    return false;
  }
}

async function dropped({ connection, drop }: EmptiedDatabase): Promise<void> {
  await connection.close();
  await drop();
}
