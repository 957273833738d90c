import type { Ailment } from "../ailment.js";
import type { Connection } from "../connection.js";
import type { Bookkeeping } from "../dialect.js";
import { activity } from "./activity.js";
import { describeSession, sessionColumns } from "./describe-session.js";

const invalidIndexes = `SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) AS index, i.indrelid::regclass::text AS table
FROM pg_catalog.pg_index AS i
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND c.relkind = 'i'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index AS p WHERE p.index_relid = i.indexrelid)
ORDER BY 1`;

const unvalidated = `SELECT conrelid::regclass::text AS table, pg_catalog.quote_ident(conname) AS constraint
FROM pg_catalog.pg_constraint WHERE NOT convalidated AND conrelid <> 0 AND conparentid = 0 ORDER BY 1, 2`;

const idle = `SELECT ${sessionColumns} FROM pg_catalog.pg_stat_activity AS a
WHERE a.datname = pg_catalog.current_database() AND a.state LIKE 'idle in transaction%'
  AND a.state_change < pg_catalog.clock_timestamp() - interval '1 minute' ORDER BY a.xact_start`;

const tables = `SELECT n.nspname::text AS namespace FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname = $1 AND c.relkind IN ('r', 'p') ORDER BY 1`;

/** See `Dialect.ailments`. The database is only read. */
export async function ailments(
  connection: Connection,
  { versionTable }: Bookkeeping,
): Promise<readonly Ailment[]> {
  const found: Ailment[] = [];
  if ((await activity(connection)).isReplica) {
    found.push({
      code: "replica",
      severity: "problem",
      message: "The server is a replica, and only repeats what its primary does",
      remedy: "Give the URL of the primary, or target_session_attrs=read-write with all hosts in it.",
    });
  }
  for (const { index, table } of await connection.query(invalidIndexes)) {
    found.push({
      code: "invalid-index",
      severity: "problem",
      message: `Index ${index} of ${table} is invalid: building it was cut off. It is kept up to date with every write, and no query uses it`,
      remedy: `Run \`REINDEX INDEX CONCURRENTLY ${index}\`, or \`DROP INDEX CONCURRENTLY ${index}\` and upgrade again.`,
    });
  }
  for (const row of await connection.query(idle)) {
    found.push({
      code: "idle-in-transaction",
      severity: "problem",
      message: `A session has done nothing for more than a minute, and keeps its transaction open: ${describeSession(row)}`,
      remedy: `End it: \`SELECT pg_terminate_backend(${row["pid"]})\`. Set idle_in_transaction_session_timeout so that the server does.`,
    });
  }
  for (const { table, constraint } of await connection.query(unvalidated)) {
    found.push({
      code: "constraint-not-valid",
      severity: "note",
      message: `Constraint ${constraint} of ${table} is NOT VALID: rows from before it may break it`,
      remedy: `Validate it in a revision: \`ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint}\`.`,
    });
  }
  return [...found, ...(await namespaceAilments(connection, versionTable.namespace, versionTable.name))];
}

/** Names without a schema go where `search_path` leads, and that is another place for another user. */
async function namespaceAilments(
  connection: Connection,
  namespace: string | null,
  name: string,
): Promise<readonly Ailment[]> {
  const [row] = await connection.query(
    "SELECT pg_catalog.current_schema()::text AS now, pg_catalog.current_setting('search_path') AS path",
  );
  const now = row?.["now"];
  if (typeof now !== "string") {
    return [
      {
        code: "search-path",
        severity: "problem",
        message: `search_path (${row?.["path"]}) leads to no schema that exists`,
        remedy: "Create the schema, or set search_path in the URL: ?options=-csearch_path%3Dpublic.",
      },
    ];
  }
  if (namespace !== null) return [];
  const places = (await connection.query(tables, [name])).map((one) => String(one["namespace"]));
  const elsewhere = places.filter((place) => place !== now);
  if (elsewhere.length === 0) return [];
  return [
    {
      code: "search-path",
      severity: "problem",
      message: `Names without a schema lead to ${now} for this user, and there is a version table in ${elsewhere.join(", ")}, too`,
      remedy: `Set search_path for the user (ALTER ROLE … SET search_path), or name the schema in the configuration: versionTable: { schema: ${JSON.stringify(elsewhere[0])}, name: ${JSON.stringify(name)} }.`,
    },
  ];
}
