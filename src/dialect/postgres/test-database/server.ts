import { AludelError } from "../../../error/error.js";
import type { Connection, ConnectOptions } from "../../connection.js";
import { thisInstance } from "../../owner.js";
import type { CreateOptions, MadeDatabase, TestDatabases, TestTemplate } from "../../test-databases.js";
import { mayCreateQuery, mayNotCreate, openBeside, showHosts } from "../database-admin.js";
import { quoteIdentifier, quoteString } from "../quote.js";
import { openServerSession } from "../server-session.js";
import type { PostgresTarget } from "../url.js";
import { dropDatabases, findDatabases, lockClass, lockNumber, showFound, sweepServer } from "./catalogue.js";
import {
  commentOf,
  nextKeptName,
  nextSpareName,
  nextTestName,
  parseTestName,
  templateName,
} from "./names.js";
import { withDatabase } from "./with-database.js";

/** How many copies are kept ready: who takes one has it at once, and the next is made while that one is used. */
const spares = 1;

/** A server, and the one session that makes and drops databases on it. */
export interface Place {
  readonly target: PostgresTarget;
  readonly url: string;
  readonly options: ConnectOptions;
  /** Calls `work` with the session, which keeps the process alive only meanwhile. */
  readonly use: <T>(work: (admin: Connection) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
}

/** The session is opened when it is first needed, and again when it was lost. */
export function placeOf(target: PostgresTarget, url: string, options: ConnectOptions): Place {
  let opened: Promise<Connection> | undefined;
  let working = 0;
  const open = async () => {
    const admin = await openBeside(target, options);
    // Says that this process is there, perhaps in several sessions: who looks for leftovers spares what is its own.
    await admin.query("SELECT pg_catalog.pg_advisory_lock_shared($1, $2)", [
      lockClass.owner,
      lockNumber(thisInstance),
    ]);
    return admin;
  };
  const hold = (admin: Connection, change: 1 | -1) => {
    working += change;
    admin.holdProcess?.(working > 0);
  };
  return {
    target,
    url,
    options,
    use: async (work) => {
      opened ??= open();
      const admin = await opened.catch((thrown: unknown) => {
        opened = undefined;
        throw thrown;
      });
      hold(admin, 1);
      try {
        return await work(admin);
      } catch (thrown) {
        if (thrown instanceof AludelError && thrown.code === "connection-lost") opened = undefined;
        throw thrown;
      } finally {
        hold(admin, -1);
      }
    },
    close: async () => {
      const admin = await opened?.catch(() => undefined);
      opened = undefined;
      await admin?.close();
    },
  };
}

/** What copies a database fastest: PostgreSQL 15 and later have a choice (manual, CREATE DATABASE, STRATEGY). */
async function strategyOf(admin: Connection): Promise<string> {
  if (admin.server.version < 150_000) return "";
  const [row] = await admin.query("SELECT pg_catalog.current_setting('fsync') AS fsync");
  // Copying files takes two checkpoints, which cost little only where nothing waits for the disk.
  return row?.["fsync"] === "off" ? " STRATEGY file_copy" : " STRATEGY wal_log";
}

/** Settings that a revision gave to the database itself: a copy does not have them. */
async function settingsOf(admin: Connection, template: string): Promise<readonly string[]> {
  const rows = await admin.query(
    `SELECT s.setrole::regrole::text AS role, s.setrole <> 0 AS has_role, c.setting
FROM pg_catalog.pg_db_role_setting AS s
JOIN pg_catalog.pg_database AS d ON d.oid = s.setdatabase
CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS c(setting)
WHERE d.datname = $1`,
    [template],
  );
  return rows.map((row) => {
    const [, name = "", value = ""] = /^([^=]*)=(.*)$/s.exec(String(row["setting"])) ?? [];
    const whose = row["has_role"] === true ? `ROLE ${String(row["role"])} IN DATABASE` : "DATABASE";
    // Lists are stored as SQL has them, so that they go back as they are.
    const list = /^(search_path|temp_tablespaces|(local|session|shared)_preload_libraries|DateStyle)$/i;
    return `ALTER ${whose} %s SET ${name} TO ${list.test(name) ? value : quoteString(value)}`;
  });
}

interface Ready {
  readonly strategy: string;
  /** Statements with `%s` for the name of the copy. */
  readonly settings: readonly string[];
}

/** Makes the template where it is missing, once among all processes, and says that it is in use. */
async function prepare(place: Place, template: TestTemplate): Promise<Ready> {
  const name = templateName(template);
  const number = lockNumber(template.hash);
  return place.use(async (admin) => {
    const [row] = await admin.query(mayCreateQuery.replace(/ FROM/, " AS may FROM"));
    if (row?.["may"] !== true) throw mayNotCreate(place.target);
    await admin.query("SELECT pg_catalog.pg_advisory_lock_shared($1, $2)", [lockClass.template, number]);
    await sweepServer(admin, template);
    const isThere = async () => (await find(admin, name))?.isTemplate === true;
    if (!(await isThere())) {
      await admin.query("SELECT pg_catalog.pg_advisory_lock($1, $2)", [lockClass.build, number]);
      try {
        if (!(await isThere())) await build(place, admin, template, name);
      } finally {
        await admin.query("SELECT pg_catalog.pg_advisory_unlock($1, $2)", [lockClass.build, number]);
      }
    }
    return { strategy: await strategyOf(admin), settings: await settingsOf(admin, name) };
  });
}

async function find(admin: Connection, name: string) {
  return (await findDatabases(admin, false)).find((one) => one.name === name);
}

/** Only when it is whole does it become a template: what a process left in the middle of it is made anew. */
async function build(place: Place, admin: Connection, template: TestTemplate, name: string): Promise<void> {
  const quoted = quoteIdentifier(name);
  await admin.run(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`);
  await admin.run(`CREATE DATABASE ${quoted} TEMPLATE template0`);
  try {
    const connection = await openServerSession({ ...place.target, database: name }, place.options);
    try {
      await template.build(connection);
    } finally {
      await connection.close();
    }
    await comment(admin, name, template);
    await admin.run(`ALTER DATABASE ${quoted} WITH ALLOW_CONNECTIONS false IS_TEMPLATE true`);
  } catch (thrown) {
    await admin.run(`DROP DATABASE IF EXISTS ${quoted} WITH (FORCE)`).catch(() => {});
    throw thrown;
  }
}

function comment(admin: Connection, name: string, template: TestTemplate): Promise<void> {
  return admin.run(
    `COMMENT ON DATABASE ${quoteIdentifier(name)} IS ${quoteString(commentOf(template.config))}`,
  );
}

async function copy(admin: Connection, ready: Ready, template: TestTemplate, name: string): Promise<void> {
  const from = quoteIdentifier(templateName(template));
  await admin.run(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE ${from}${ready.strategy}`);
}

/** Takes a copy that was made ahead; false when there is none. */
async function takeSpare(admin: Connection, template: TestTemplate, name: string): Promise<boolean> {
  for (const spare of await sparesOf(admin, template)) {
    try {
      await admin.run(`ALTER DATABASE ${quoteIdentifier(spare)} RENAME TO ${quoteIdentifier(name)}`);
      return true;
    } catch (thrown) {
      // Another process was faster, or somebody is connected.
      const taken = thrown instanceof AludelError && /^(3D000|55006)$/.test(String(thrown.data["sqlState"]));
      if (!taken) throw thrown;
    }
  }
  return false;
}

async function sparesOf(admin: Connection, template: TestTemplate): Promise<readonly string[]> {
  const pattern = `${templateName(template)}_spare_`.replaceAll("_", "\\_");
  const rows = await admin.query(
    "SELECT datname::text AS name FROM pg_catalog.pg_database WHERE datname LIKE $1",
    [`${pattern}%`],
  );
  return rows.map((row) => String(row["name"])).filter((name) => parseTestName(name)?.kind === "spare");
}

/** Under a name of this process until it is whole, so that it is swept if the process ends meanwhile. */
async function makeSpare(place: Place, ready: Ready, template: TestTemplate): Promise<void> {
  await place.use(async (admin) => {
    if ((await sparesOf(admin, template)).length >= spares) return;
    const name = nextTestName(template.hash);
    const spare = nextSpareName(template);
    await copy(admin, ready, template, name);
    await comment(admin, name, template);
    await admin.run(`ALTER DATABASE ${quoteIdentifier(name)} RENAME TO ${quoteIdentifier(spare)}`);
  });
}

/** Test databases on a server. */
export function serverDatabases(place: Place): TestDatabases {
  const prepared = new Map<string, Promise<Ready>>();
  const readyFor = (template: TestTemplate): Promise<Ready> => {
    const key = templateName(template);
    const known = prepared.get(key) ?? prepare(place, template);
    prepared.set(key, known);
    known.catch(() => prepared.delete(key));
    return known;
  };
  let ahead: Promise<void> = Promise.resolve();
  const drop = (name: string) =>
    place.use(async (admin) => {
      const [failure] = await dropDatabases(admin, (found) => found.filter((one) => one.name === name));
      if (failure !== undefined) throw failure;
    });
  const make = async (template: TestTemplate, name: string): Promise<Ready> => {
    const ready = await readyFor(template);
    await place.use(async (admin) => {
      if (!(await takeSpare(admin, template, name))) await copy(admin, ready, template, name);
      await comment(admin, name, template);
      for (const setting of ready.settings)
        await admin.run(setting.replace("%s", () => quoteIdentifier(name)));
    });
    return ready;
  };
  return {
    place: showHosts(place.target),
    create: async (template: TestTemplate, { keep }: CreateOptions): Promise<MadeDatabase> => {
      const name = keep ? nextKeptName(template.hash) : nextTestName(template.hash);
      let ready: Ready;
      try {
        ready = await make(template, name);
      } catch (thrown) {
        // Somebody has dropped the template since it was looked at.
        if (!(thrown instanceof AludelError) || thrown.code !== "database-not-found") throw thrown;
        prepared.delete(templateName(template));
        ready = await make(template, name);
      }
      if (!keep) ahead = ahead.then(() => makeSpare(place, ready, template)).catch(() => {});
      let closing: Promise<void> | undefined;
      return {
        name,
        url: withDatabase(place.url, name),
        file: null,
        client: null,
        connect: () => openServerSession({ ...place.target, database: name }, place.options),
        close: () => {
          closing ??= place.use((admin) =>
            admin.run(`DROP DATABASE IF EXISTS ${quoteIdentifier(name)} WITH (FORCE)`),
          );
          // What is being made ahead is whole then, too: nothing is left when this was the last test.
          return closing.then(() => ahead);
        },
      };
    },
    list: () =>
      place.use(async (admin) =>
        (await findDatabases(admin, true)).map((one) =>
          showFound(one, (name) => withDatabase(place.url, name)),
        ),
      ),
    drop,
    close: async () => {
      await ahead;
      await place.close();
    },
  };
}
