import { type DefinedSource, isHidden, led, type Sources } from "./defined-source.js";
import type { Reading } from "./reading.js";
import { isReferable, ownName, routineName } from "./sql-name.js";

/** Languages, access methods, casts, transforms and conversions. */
export const languageSources: Sources = (reading) => [
  languages(reading),
  accessMethods(reading),
  casts(reading),
  transforms(reading),
  conversions(reading),
];

function languages(reading: Reading): DefinedSource {
  return {
    catalog: "pg_language",
    alias: "l",
    kind: "'language'",
    name: "l.lanname",
    definition: `concat_ws(' ', 'CREATE' || CASE WHEN l.lanpltrusted THEN ' TRUSTED' ELSE '' END || ' LANGUAGE '
    || quote_ident(l.lanname), ${led("HANDLER ", routineName("l.lanplcallfoid"))},
    ${led("INLINE ", routineName("l.laninline"))}, ${led("VALIDATOR ", routineName("l.lanvalidator"))})`,
    from: "pg_catalog.pg_language l JOIN pg_catalog.pg_proc p ON p.oid = l.lanplcallfoid",
    where: isReferable(reading, "pg_proc", "p.oid", "p.pronamespace"),
  };
}

function accessMethods(reading: Reading): DefinedSource {
  return {
    catalog: "pg_am",
    alias: "am",
    kind: "'access-method'",
    name: "am.amname",
    definition: `'CREATE ACCESS METHOD ' || quote_ident(am.amname) || ' TYPE '
    || CASE am.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END || ' HANDLER ' || ${routineName("am.amhandler")}`,
    from: "pg_catalog.pg_am am JOIN pg_catalog.pg_proc p ON p.oid = am.amhandler",
    where: isReferable(reading, "pg_proc", "p.oid", "p.pronamespace"),
  };
}

/** A cast lives in no namespace: it is in scope when all that it speaks of can be there. */
function casts(reading: Reading): DefinedSource {
  const signature = "format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL)";
  return {
    catalog: "pg_cast",
    alias: "c",
    kind: "'cast'",
    name: "''",
    signature,
    definition: `'CREATE CAST (' || ${signature} || ') ' || CASE c.castmethod
      WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure::text
      WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END
    || CASE c.castcontext WHEN 'i' THEN ' AS IMPLICIT' WHEN 'a' THEN ' AS ASSIGNMENT' ELSE '' END`,
    from: `pg_catalog.pg_cast c JOIN pg_catalog.pg_type source ON source.oid = c.castsource
JOIN pg_catalog.pg_type target ON target.oid = c.casttarget LEFT JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc`,
    // A range brings the cast to its multirange along.
    where: `NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i')
  AND ${referableType(reading, "source")} AND ${referableType(reading, "target")}
  AND (p.oid IS NULL OR ${isReferable(reading, "pg_proc", "p.oid", "p.pronamespace")})`,
  };
}

function referableType(reading: Reading, type: string): string {
  return isReferable(reading, "pg_type", `${type}.oid`, `${type}.typnamespace`);
}

function transforms(reading: Reading): DefinedSource {
  const signature = "'FOR ' || format_type(tr.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname)";
  return {
    catalog: "pg_transform",
    alias: "tr",
    kind: "'transform'",
    name: "''",
    signature,
    definition: `'CREATE TRANSFORM ' || ${signature} || ' (' || concat_ws(', ',
    CASE WHEN tr.trffromsql <> 0 THEN 'FROM SQL WITH FUNCTION ' || tr.trffromsql::regprocedure::text END,
    CASE WHEN tr.trftosql <> 0 THEN 'TO SQL WITH FUNCTION ' || tr.trftosql::regprocedure::text END) || ')'`,
    from: `pg_catalog.pg_transform tr JOIN pg_catalog.pg_language l ON l.oid = tr.trflang
JOIN pg_catalog.pg_type t ON t.oid = tr.trftype`,
    where: referableType(reading, "t"),
  };
}

function conversions(reading: Reading): DefinedSource {
  return {
    catalog: "pg_conversion",
    alias: "c",
    kind: "'conversion'",
    namespace: "c.connamespace",
    name: "c.conname",
    definition: `'CREATE ' || CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END || 'CONVERSION '
    || ${ownName(reading, "c.connamespace", "c.conname", isHidden("pg_conversion", "c.oid"))} || ' FOR ' || quote_literal(pg_encoding_to_char(c.conforencoding))
    || ' TO ' || quote_literal(pg_encoding_to_char(c.contoencoding)) || ' FROM ' || ${routineName("c.conproc")}`,
    from: "pg_catalog.pg_conversion c",
    where: `c.connamespace IN ${reading.list}`,
  };
}
