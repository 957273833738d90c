import { join } from "node:path";
import { loadConfig } from "../../../src/config/load.js";
import type { Connection } from "../../../src/dialect/connection.js";
import { dialectOfUrl, loadDialect } from "../../../src/dialect/registry.js";
import { AludelError } from "../../../src/error/error.js";
import type { RunEvent } from "../../../src/run/event.js";
import { migrate } from "../../../src/run/migrate.js";
import { readProject } from "../../../src/run/read-project.js";
import type { TestProject } from "../project.js";

/** Ends a session, as when the process is killed, before the n-th statement that follows the first one of the backfill. */
function killBefore(connection: Connection, statement: number): Connection {
  let seen = 0;
  const counted = async (sql: string) => {
    if (seen > 0 || sql.includes("aludel_backfill")) seen += 1;
    if (seen <= statement) return;
    // What the end of a process does to its transaction; a session that is only closed may keep it (SQLite).
    await connection.run("ROLLBACK").catch(() => undefined);
    await connection.close();
    throw new AludelError("connection-lost", "The session was killed", { remedy: "None: it is a test." });
  };
  return {
    ...connection,
    query: async (sql, parameters) => {
      await counted(sql);
      return connection.query(sql, parameters);
    },
    run: async (sql) => {
      await counted(sql);
      await connection.run(sql);
    },
  };
}

/** Does something beside, each time before a transaction begins. */
function doBeside(connection: Connection, beside: () => Promise<void>): Connection {
  return {
    ...connection,
    run: async (sql) => {
      if (/^BEGIN\b/i.test(sql)) await beside();
      await connection.run(sql);
    },
  };
}

export interface Upgraded {
  readonly events: readonly RunEvent[];
  readonly error: AludelError | null;
}

/** Upgrades a project in this process. `killedBefore`: the statement of the backfill that is not reached. */
export async function upgrade(
  project: TestProject,
  options: {
    readonly killedBefore?: number;
    readonly beside?: () => Promise<void>;
    readonly report?: (event: RunEvent) => unknown;
  } = {},
): Promise<Upgraded> {
  const file = join(project.folder, "aludel.config.json");
  const { config } = await loadConfig({ file, environment: null, arguments: {}, variables: {} });
  const dialect = await loadDialect(dialectOfUrl(project.url));
  const connection = await dialect.connect(project.url, { directory: project.folder });
  const events: RunEvent[] = [];
  const { killedBefore, beside } = options;
  const living = killedBefore === undefined ? connection : killBefore(connection, killedBefore);
  const session = beside === undefined ? living : doBeside(living, beside);
  try {
    await migrate(await readProject(config, dialect, {}), session, {
      command: "upgrade",
      targets: ["head"],
      transaction: "each",
      lockTimeoutMs: 5000,
      allowEdited: false,
      signal: new AbortController().signal,
      report: (event) => {
        events.push(event);
        options.report?.(event);
      },
    });
    return { events, error: null };
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    return { events, error };
  } finally {
    await connection.close();
  }
}
