import { type DefinedSource, isHidden, led, listText, type Sources } from "./defined-source.js";
import type { Reading } from "./reading.js";
import { operatorClassName, ownName, routineName } from "./sql-name.js";

/** Shell types, base types, ranges and collations. */
export const typeSources: Sources = (reading) => [
  shellTypes(reading),
  baseTypes(reading),
  ranges(reading),
  collations(reading),
];

/**
 * Types without a definition, and the first declaration of those whose functions take or give them: CREATE TYPE makes
 * a base type, or a range with a canonical function, only after functions that already speak of it.
 */
function shellTypes(reading: Reading): DefinedSource {
  return {
    catalog: "pg_type",
    alias: "t",
    present: `${mayBeBase} OR x.typtype = 'r' OR x.typtype = 'p' AND NOT x.typisdefined`,
    kind: "'shell-type'",
    namespace: "t.typnamespace",
    name: "t.typname",
    definition: `'CREATE TYPE ' || ${ownName(reading, "t.typnamespace", "t.typname", isHidden("pg_type", "t.oid"))}`,
    from: "pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid",
    where: `t.typnamespace IN ${reading.list} AND (t.typtype = 'p' AND NOT t.typisdefined
  OR t.typtype = 'b' AND NOT ${isArray} OR t.typtype = 'r' AND r.rngcanonical <> 0)`,
  };
}

/** Every table has an array type. */
const mayBeBase = "x.typtype = 'b' AND NOT (x.typcategory = 'A' AND x.typelem <> 0)";

const isArray = `(t.typelem <> 0 AND EXISTS (SELECT FROM pg_catalog.pg_type element
    WHERE element.oid = t.typelem AND element.typarray = t.oid))`;

/** CREATE TYPE of the manual, its fourth form, from `pg_type` (52.64). */
function baseTypes(reading: Reading): DefinedSource {
  const parameters = [
    led("INPUT = ", routineName("t.typinput")),
    led("OUTPUT = ", routineName("t.typoutput")),
    led("RECEIVE = ", routineName("t.typreceive")),
    led("SEND = ", routineName("t.typsend")),
    led("TYPMOD_IN = ", routineName("t.typmodin")),
    led("TYPMOD_OUT = ", routineName("t.typmodout")),
    led("ANALYZE = ", routineName("t.typanalyze")),
    led("SUBSCRIPT = ", routineName("t.typsubscript")),
    "'INTERNALLENGTH = ' || CASE WHEN t.typlen < 0 THEN 'VARIABLE' ELSE t.typlen::text END",
    "CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END",
    `'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END`,
    `'STORAGE = ' || CASE t.typstorage WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' WHEN 'm' THEN 'main' ELSE 'plain' END`,
    "CASE WHEN t.typcategory <> 'U' THEN 'CATEGORY = ' || quote_literal(t.typcategory::text) END",
    "CASE WHEN t.typispreferred THEN 'PREFERRED = true' END",
    "'DEFAULT = ' || quote_literal(t.typdefault)",
    "CASE WHEN t.typelem <> 0 THEN 'ELEMENT = ' || format_type(t.typelem, NULL) END",
    "CASE WHEN t.typdelim <> ',' THEN 'DELIMITER = ' || quote_literal(t.typdelim::text) END",
    "CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END",
  ];
  return {
    catalog: "pg_type",
    alias: "t",
    present: mayBeBase,
    kind: "'base-type'",
    namespace: "t.typnamespace",
    name: "t.typname",
    definition: `'CREATE TYPE ' || ${ownName(reading, "t.typnamespace", "t.typname", isHidden("pg_type", "t.oid"))} || ${listText(parameters)}`,
    from: "pg_catalog.pg_type t",
    where: `t.typtype = 'b' AND t.typnamespace IN ${reading.list} AND NOT ${isArray}`,
  };
}

/** CREATE TYPE … AS RANGE from `pg_range` (52.39). The multirange is always named: its default name may be taken. */
function ranges(reading: Reading): DefinedSource {
  const parameters = [
    "'SUBTYPE = ' || format_type(r.rngsubtype, NULL)",
    `CASE WHEN NOT o.opcdefault THEN ${led("SUBTYPE_OPCLASS = ", operatorClassName("o.oid"))} END`,
    `CASE WHEN r.rngcollation <> sub.typcollation AND r.rngcollation <> 0
      THEN 'COLLATION = ' || r.rngcollation::regcollation::text END`,
    led("CANONICAL = ", routineName("r.rngcanonical")),
    led("SUBTYPE_DIFF = ", routineName("r.rngsubdiff")),
    `'MULTIRANGE_TYPE_NAME = ' || ${ownName(reading, "m.typnamespace", "m.typname")}`,
  ];
  return {
    catalog: "pg_type",
    alias: "t",
    present: "x.typtype = 'r'",
    kind: "'range'",
    namespace: "t.typnamespace",
    name: "t.typname",
    definition: `'CREATE TYPE ' || ${ownName(reading, "t.typnamespace", "t.typname", isHidden("pg_type", "t.oid"))} || ' AS RANGE'
    || ${listText(parameters)}`,
    from: `pg_catalog.pg_type t JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc JOIN pg_catalog.pg_type sub ON sub.oid = r.rngsubtype
JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid`,
    where: `t.typnamespace IN ${reading.list}`,
  };
}

/**
 * CREATE COLLATION from `pg_collation` (52.12). Where the locale is written changed in 15 and 17, so that the row is
 * read as JSON. Its version is not said: it is that of the library of the server.
 */
function collations(reading: Reading): DefinedSource {
  const libc = "co.collprovider = 'c'";
  const locale = "coalesce(j ->> 'colllocale', j ->> 'colliculocale', j ->> 'collcollate')";
  const parameters = [
    "'PROVIDER = ' || CASE co.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END",
    "CASE WHEN NOT co.collisdeterministic THEN 'DETERMINISTIC = false' END",
    `CASE WHEN ${libc} AND j ->> 'collcollate' <> j ->> 'collctype'
      THEN 'LC_COLLATE = ' || quote_literal(j ->> 'collcollate') || ', LC_CTYPE = ' || quote_literal(j ->> 'collctype')
      ELSE 'LOCALE = ' || quote_literal(CASE WHEN ${libc} THEN j ->> 'collcollate' ELSE ${locale} END) END`,
    "'RULES = ' || quote_literal(j ->> 'collicurules')",
  ];
  return {
    catalog: "pg_collation",
    alias: "co",
    kind: "'collation'",
    namespace: "co.collnamespace",
    name: "co.collname",
    definition: `'CREATE COLLATION ' || ${ownName(reading, "co.collnamespace", "co.collname", isHidden("pg_collation", "co.oid"))} || ${listText(parameters)}`,
    from: "pg_catalog.pg_collation co CROSS JOIN LATERAL to_jsonb(co) j",
    where: `co.collnamespace IN ${reading.list}`,
  };
}
