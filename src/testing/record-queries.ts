import { appendFileSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { AludelError, messageOf } from "../error/error.js";

/** Notes queries in a file, a line of JSON each: `{"sql":"…"}`. */
export interface QueryRecorder {
  /** What Drizzle asks of a logger: `drizzle({ client, logger: recorder })`. Values are not noted. */
  logQuery(query: string, values?: unknown): void;
  /** Notes what a client or a pool of node-postgres is asked from now on, and gives it back. */
  watch<C extends QueryClient>(client: C): C;
}

/** The part of a client or pool that is watched. */
export interface QueryClient {
  // Its overloads are as many as drivers.
  query: (...given: never[]) => unknown;
}

/**
 * Notes the queries of an application, for `ci.queries` of the configuration or `--queries` of `aludel compat`. Every text is
 * written once by a process; several processes may write into one file. A relative path begins at the working directory.
 *
 * @throws AludelError `file-unwritable` with the first query.
 */
export function recordQueries(file: string): QueryRecorder {
  const path = resolve(file);
  const noted = new Set<string>();
  const note = (sql: string) => {
    if (noted.has(sql)) return;
    noted.add(sql);
    write(path, `${JSON.stringify({ sql })}\n`);
  };
  const watchClient = (client: QueryClient) => {
    const query = client.query as (...given: unknown[]) => unknown;
    client.query = (...given: unknown[]) => {
      const sql = textOf(given[0]);
      if (sql !== null) note(sql);
      return Reflect.apply(query, client, given);
    };
  };
  return {
    logQuery: (query) => note(query),
    watch: (client) => {
      const pool = client as { on?: (event: "connect", listener: (one: QueryClient) => void) => unknown };
      // A pool asks through its clients, also where it is asked itself.
      if ("totalCount" in client && typeof pool.on === "function") pool.on("connect", watchClient);
      else watchClient(client);
      return client;
    },
  };
}

/** A text, `{ text }`, or a query that was made before. */
function textOf(given: unknown): string | null {
  if (typeof given === "string") return given;
  if (typeof given !== "object" || given === null || !("text" in given)) return null;
  return typeof given.text === "string" ? given.text : null;
}

function write(path: string, line: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, line);
  } catch (error) {
    throw new AludelError("file-unwritable", `The queries cannot be recorded: ${messageOf(error)}`, {
      where: { file: path },
      cause: error,
      remedy: "Give recordQueries a file that can be written.",
    });
  }
}
