import type { Connection } from "../connection.js";
import type { DatabaseIdentity } from "../dialect.js";

/** Source: PostgreSQL manual, "Control Data Functions" (pg_control_system), which everybody may call. */
const question = `SELECT pg_catalog.current_database()::text AS database,
  (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) AS system_identifier`;

export async function identify(connection: Connection): Promise<DatabaseIdentity> {
  const [row] = await connection.query(question);
  const host = URL.canParse(connection.target) ? new URL(connection.target).hostname : "";
  return {
    host: host === "" ? null : host,
    database: String(row?.["database"]),
    systemIdentifier: String(row?.["system_identifier"]),
  };
}
