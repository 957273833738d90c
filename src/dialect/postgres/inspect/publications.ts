import type { DefinedSource, Sources } from "./defined-source.js";
import type { Reading } from "./reading.js";
import { relationName } from "./sql-name.js";

/** Publications whose tables are all in scope. */
export const publicationSources: Sources = (reading) => [publications(reading)];

/** Column lists, conditions and whole schemas can be published since version 15. */
function publications(reading: Reading): DefinedSource {
  const rich = reading.connection.server.version >= 150_000;
  const options = `(SELECT E'\\n    WITH (' || nullif(concat_ws(', ',
      CASE WHEN NOT (p.pubinsert AND p.pubupdate AND p.pubdelete AND p.pubtruncate) THEN 'publish = '
        || quote_literal(concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
          CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)) END,
      CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END,
      CASE WHEN to_jsonb(p) ->> 'pubgencols' IN ('s', 'true') THEN 'publish_generated_columns = stored' END), '') || ')')`;
  const members = rich
    ? `${tables(reading, true)}
    UNION ALL
    SELECT 2, CASE WHEN row_number() OVER (ORDER BY n.nspname COLLATE "C") = 1 THEN 'TABLES IN SCHEMA ' ELSE '' END
      || CASE WHEN n.oid = ${reading.defaultOid} THEN 'CURRENT_SCHEMA' ELSE quote_ident(n.nspname) END, n.nspname::text
    FROM pg_catalog.pg_publication_namespace pn JOIN pg_catalog.pg_namespace n ON n.oid = pn.pnnspid
    WHERE pn.pnpubid = p.oid`
    : tables(reading, false);
  return {
    catalog: "pg_publication",
    alias: "p",
    kind: "'publication'",
    name: "p.pubname",
    definition: `'CREATE PUBLICATION ' || quote_ident(p.pubname) || coalesce(CASE WHEN p.puballtables THEN ' FOR ALL TABLES'
    ELSE (SELECT ' FOR ' || string_agg(item, ', ' ORDER BY sort, place COLLATE "C") FROM (${members}) part) END, '')
    || coalesce(${options}, '')`,
    from: "pg_catalog.pg_publication p",
    where: publicationInScope(reading, "p.oid"),
  };
}

function tables(reading: Reading, rich: boolean): string {
  const name = relationName(reading, "c");
  const columns = `coalesce((SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY key.place) || ')'
      FROM unnest(pr.prattrs::int2[]) WITH ORDINALITY key(number, place)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = pr.prrelid AND a.attnum = key.number), '')
      || coalesce(' WHERE (' || pg_get_expr(pr.prqual, pr.prrelid) || ')', '')`;
  return `SELECT 1 AS sort, CASE WHEN row_number() OVER (ORDER BY ${name} COLLATE "C") = 1 THEN 'TABLE ' ELSE '' END
      || 'ONLY ' || ${name}${rich ? ` || ${columns}` : ""} AS item, ${name} AS place
    FROM pg_catalog.pg_publication_rel pr JOIN pg_catalog.pg_class c ON c.oid = pr.prrelid
    WHERE pr.prpubid = p.oid`;
}

/** SQL: every table and schema that a publication names is in scope. */
export function publicationInScope(reading: Reading, oid: string): string {
  const schemas =
    reading.connection.server.version >= 150_000
      ? ` AND NOT EXISTS (SELECT FROM pg_catalog.pg_publication_namespace pn
    WHERE pn.pnpubid = ${oid} AND pn.pnnspid NOT IN ${reading.list})`
      : "";
  return `NOT EXISTS (SELECT FROM pg_catalog.pg_publication_rel pr JOIN pg_catalog.pg_class c ON c.oid = pr.prrelid
    WHERE pr.prpubid = ${oid} AND c.relnamespace NOT IN ${reading.list})${schemas}`;
}
