import { type DefinedSource, led, type Sources } from "./defined-source.js";
import type { Reading } from "./reading.js";
import { optionsText, relationName, routineName } from "./sql-name.js";

/**
 * Foreign data wrappers, servers and foreign tables. User mappings hold passwords and are left out; options with a
 * name that tells of a secret are, too (`uninspected` names both).
 */
export const foreignSources: Sources = (reading) => [wrappers(), servers(), foreignTables(reading)];

function wrappers(): DefinedSource {
  return {
    catalog: "pg_foreign_data_wrapper",
    alias: "w",
    kind: "'foreign-data-wrapper'",
    name: "w.fdwname",
    definition: `concat_ws(' ', 'CREATE FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname),
    ${led("HANDLER ", routineName("w.fdwhandler"))}, ${led("VALIDATOR ", routineName("w.fdwvalidator"))})
    || ${optionsText("w.fdwoptions")}`,
    from: "pg_catalog.pg_foreign_data_wrapper w",
    where: "true",
  };
}

function servers(): DefinedSource {
  return {
    catalog: "pg_foreign_server",
    alias: "s",
    kind: "'server'",
    name: "s.srvname",
    definition: `concat_ws(' ', 'CREATE SERVER ' || quote_ident(s.srvname), 'TYPE ' || quote_literal(s.srvtype),
    'VERSION ' || quote_literal(s.srvversion), 'FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname))
    || ${optionsText("s.srvoptions")}`,
    from: "pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw",
    where: "true",
  };
}

const columnText = `concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod)
        || ${optionsText("a.attfdwoptions")},
      CASE WHEN a.attcollation <> t.typcollation THEN 'COLLATE ' || a.attcollation::regcollation::text END,
      CASE WHEN a.atthasdef THEN CASE a.attgenerated WHEN '' THEN 'DEFAULT ' || pg_get_expr(def.adbin, def.adrelid)
        ELSE 'GENERATED ALWAYS AS (' || pg_get_expr(def.adbin, def.adrelid) || ') '
          || CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END END END,
      CASE WHEN a.attnotnull THEN 'NOT NULL' END)`;

/** The columns and conditions that a foreign table has of its own. */
const body = `(SELECT string_agg(item, E',\\n    ' ORDER BY sort, number, item COLLATE "C") FROM (
    SELECT 1 AS sort, a.attnum AS number, ${columnText} AS item
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_attrdef def ON def.adrelid = a.attrelid AND def.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attislocal
    UNION ALL
    SELECT 2, 0, 'CONSTRAINT ' || quote_ident(con.conname) || ' ' || pg_get_constraintdef(con.oid)
    FROM pg_catalog.pg_constraint con WHERE con.conrelid = c.oid AND con.contype = 'c' AND con.conislocal
  ) part)`;

const parents = `(SELECT string_agg(i.inhparent::regclass::text, ', ' ORDER BY i.inhseqno)
    FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid)`;

/** CREATE FOREIGN TABLE; options of the columns of a partition and all comments follow it. */
function foreignTables(reading: Reading): DefinedSource {
  const name = relationName(reading, "c");
  return {
    catalog: "pg_class",
    alias: "c",
    present: "x.relkind = 'f'",
    kind: "'foreign-table'",
    namespace: "c.relnamespace",
    name: "c.relname",
    definition: `'CREATE FOREIGN TABLE ' || ${name} || CASE WHEN c.relispartition
      THEN ' PARTITION OF ' || ${parents} || coalesce(E' (\\n    ' || own.body || E'\\n)', '')
        || E'\\n' || pg_get_expr(c.relpartbound, c.oid)
      ELSE coalesce(E' (\\n    ' || own.body || E'\\n)', ' ()') || coalesce(E'\\nINHERITS (' || ${parents} || ')', '') END
    || E'\\nSERVER ' || quote_ident(s.srvname) || ${optionsText("ft.ftoptions")}`,
    settings: `ARRAY(SELECT 'ALTER FOREIGN TABLE ' || ${name} || ' ALTER COLUMN ' || quote_ident(a.attname)
      || ${optionsText("a.attfdwoptions")}
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      AND NOT a.attislocal AND a.attfdwoptions IS NOT NULL ORDER BY a.attnum)
    || ARRAY(SELECT 'COMMENT ON COLUMN ' || ${name} || '.' || quote_ident(a.attname) || ' IS ' || quote_literal(d.description)
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.objsubid = a.attnum
      AND d.classoid = 'pg_catalog.pg_class'::regclass
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
    || ARRAY(SELECT 'COMMENT ON CONSTRAINT ' || quote_ident(con.conname) || ' ON ' || ${name} || ' IS '
      || quote_literal(d.description)
    FROM pg_catalog.pg_constraint con JOIN pg_catalog.pg_description d ON d.objoid = con.oid
      AND d.classoid = 'pg_catalog.pg_constraint'::regclass
    WHERE con.conrelid = c.oid ORDER BY con.conname COLLATE "C")`,
    from: `pg_catalog.pg_class c JOIN pg_catalog.pg_foreign_table ft ON ft.ftrelid = c.oid
JOIN pg_catalog.pg_foreign_server s ON s.oid = ft.ftserver CROSS JOIN LATERAL (SELECT ${body} AS body) own`,
    where: `c.relkind = 'f' AND c.relnamespace IN ${reading.list}`,
  };
}
