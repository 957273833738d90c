import { AludelError } from "../../error/error.js";
import type { Connection } from "../connection.js";
import { quoteIdentifier } from "./quote.js";

/** See `Dialect.usedQueries`: what `pg_stat_statements` has noted of this database (manual, F.32). */
export async function usedQueries(connection: Connection): Promise<readonly string[]> {
  const [place] = await connection.query(
    "SELECT n.nspname AS schema FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace WHERE e.extname = 'pg_stat_statements'",
  );
  if (place === undefined) {
    throw new AludelError(
      "queries-unavailable",
      `${connection.target} does not have the extension pg_stat_statements`,
      {
        remedy:
          "Create it there (it has to be in shared_preload_libraries), or record the queries of your tests and give the file: --queries FILE.",
      },
    );
  }
  const rows = await connection.query(
    `SELECT DISTINCT s.query FROM ${quoteIdentifier(String(place["schema"]))}.pg_stat_statements AS s
JOIN pg_catalog.pg_database AS d ON d.oid = s.dbid
WHERE d.datname = pg_catalog.current_database() AND s.toplevel AND s.query IS NOT NULL AND s.query !~* 'pg_stat_statements'
ORDER BY s.query`,
  );
  return rows.map(({ query }) => String(query));
}
