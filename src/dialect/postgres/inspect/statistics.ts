import type { DefinedSource, Sources } from "./defined-source.js";
import type { Reading } from "./reading.js";
import { ownName } from "./sql-name.js";

/** Extended statistics. */
export const statisticsSources: Sources = (reading) => [statistics(reading)];

function statistics(reading: Reading): DefinedSource {
  const name = ownName(reading, "s.stxnamespace", "s.stxname");
  const head = "'CREATE STATISTICS ' || s.stxnamespace::regnamespace::text || '.' || quote_ident(s.stxname)";
  return {
    catalog: "pg_statistic_ext",
    alias: "s",
    kind: "'statistics'",
    namespace: "s.stxnamespace",
    name: "s.stxname",
    definition: `'CREATE STATISTICS ' || ${name} || substr(pg_get_statisticsobjdef(s.oid), length(${head}) + 1)`,
    settings: `CASE WHEN s.stxstattarget >= 0 THEN ARRAY['ALTER STATISTICS ' || ${name} || ' SET STATISTICS '
    || s.stxstattarget] ELSE '{}'::text[] END`,
    from: "pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid",
    where: `s.stxnamespace IN ${reading.list} AND c.relpersistence <> 't'`,
  };
}
