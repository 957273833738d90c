import type { DefinedSource, Sources } from "./defined-source.js";
import type { Reading } from "./reading.js";
import { ownName } from "./sql-name.js";

/** Extended statistics. */
export const statisticsSources: Sources = (reading) => [statistics(reading)];

/** The columns of `s` in an order; expressions come after them. */
function columns(order: string): string {
  return `coalesce((SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY ${order})
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)), '')`;
}

/**
 * What the server prints, with the columns by name: it has them in the order of the table's, which is another one where
 * columns came later, and no difference.
 */
const definition = `(SELECT left(text, at) || ${columns('a.attname COLLATE "C"')}
    || substr(text, at + 1 + length(${columns("a.attnum")}))
  FROM pg_get_statisticsobjdef(s.oid) AS text,
    LATERAL (SELECT strpos(text, ' ON ' || pg_get_statisticsobjdef_columns(s.oid)) + 3 AS at) AS found)`;

function statistics(reading: Reading): DefinedSource {
  const name = ownName(reading, "s.stxnamespace", "s.stxname");
  const head = "'CREATE STATISTICS ' || s.stxnamespace::regnamespace::text || '.' || quote_ident(s.stxname)";
  return {
    catalog: "pg_statistic_ext",
    alias: "s",
    kind: "'statistics'",
    namespace: "s.stxnamespace",
    name: "s.stxname",
    definition: `'CREATE STATISTICS ' || ${name} || substr(${definition}, length(${head}) + 1)`,
    settings: `CASE WHEN s.stxstattarget >= 0 THEN ARRAY['ALTER STATISTICS ' || ${name} || ' SET STATISTICS '
    || s.stxstattarget] ELSE '{}'::text[] END`,
    from: "pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid",
    where: `s.stxnamespace IN ${reading.list} AND c.relpersistence <> 't'`,
  };
}
