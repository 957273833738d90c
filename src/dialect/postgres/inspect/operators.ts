import { type DefinedSource, isHidden, led, listText, type Sources } from "./defined-source.js";
import type { Reading } from "./reading.js";
import { operatorFamilyName, operatorName, operatorSignature, ownName, routineName } from "./sql-name.js";

/** Operators, operator families and operator classes. */
export const operatorSources: Sources = (reading) => [
  operators(reading),
  families(reading),
  classes(reading),
];

/** CREATE OPERATOR. An operator that exists only because another one names it is not one yet. */
function operators(reading: Reading): DefinedSource {
  const type = (oid: string) => `CASE WHEN ${oid} <> 0 THEN format_type(${oid}, NULL) END`;
  const parameters = [
    led("FUNCTION = ", routineName("o.oprcode")),
    led("LEFTARG = ", type("o.oprleft")),
    led("RIGHTARG = ", type("o.oprright")),
    led("COMMUTATOR = ", operatorName("o.oprcom")),
    led("NEGATOR = ", operatorName("o.oprnegate")),
    led("RESTRICT = ", routineName("o.oprrest")),
    led("JOIN = ", routineName("o.oprjoin")),
    "CASE WHEN o.oprcanhash THEN 'HASHES' END",
    "CASE WHEN o.oprcanmerge THEN 'MERGES' END",
  ];
  const name = `CASE WHEN o.oprnamespace = ${reading.defaultOid} AND NOT (${isHidden("pg_operator", "o.oid")}) THEN '' ELSE o.oprnamespace::regnamespace::text || '.' END
    || o.oprname`;
  return {
    catalog: "pg_operator",
    alias: "o",
    kind: "'operator'",
    namespace: "o.oprnamespace",
    name: "o.oprname",
    signature: `coalesce(${type("o.oprleft")}, 'NONE') || ', ' || coalesce(${type("o.oprright")}, 'NONE')`,
    definition: `'CREATE OPERATOR ' || ${name} || ${listText(parameters)}`,
    from: "pg_catalog.pg_operator o",
    where: `o.oprnamespace IN ${reading.list} AND o.oprcode <> 0`,
  };
}

/** SQL: the operators and functions that belong to an operator class or, without one, to its family; NULL for none. */
function members(ofCatalog: string, oid: string): string {
  const belongs = (catalog: string, member: string) => `EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.${catalog}'::regclass AND d.objid = ${member}.oid
        AND d.refclassid = 'pg_catalog.${ofCatalog}'::regclass AND d.refobjid = ${oid})`;
  return `(SELECT string_agg(item, E',\\n    ' ORDER BY sort, number, types COLLATE "C") FROM (
    SELECT 1 AS sort, ao.amopstrategy AS number, sides.types,
      'OPERATOR ' || ao.amopstrategy || ' ' || ${operatorSignature("ao.amopopr")}
        || CASE WHEN ao.amoppurpose = 'o' THEN ' FOR ORDER BY ' || ${operatorFamilyName("ao.amopsortfamily")} ELSE '' END AS item
    FROM pg_catalog.pg_amop ao
    CROSS JOIN LATERAL (SELECT format_type(ao.amoplefttype, NULL) || ', ' || format_type(ao.amoprighttype, NULL) AS types) sides
    WHERE ${belongs("pg_amop", "ao")}
    UNION ALL
    SELECT 2, ap.amprocnum, sides.types, 'FUNCTION ' || ap.amprocnum || ' (' || sides.types || ') ' || ap.amproc::regprocedure::text
    FROM pg_catalog.pg_amproc ap
    CROSS JOIN LATERAL (SELECT format_type(ap.amproclefttype, NULL) || ', ' || format_type(ap.amprocrighttype, NULL) AS types) sides
    WHERE ${belongs("pg_amproc", "ap")}
  ) member)`;
}

/** What no class of the family brings along is added to it after it is made. */
function families(reading: Reading): DefinedSource {
  const name = `${ownName(reading, "f.opfnamespace", "f.opfname", isHidden("pg_opfamily", "f.oid"))} || ' USING ' || quote_ident(am.amname)`;
  return {
    catalog: "pg_opfamily",
    alias: "f",
    kind: "'operator-family'",
    namespace: "f.opfnamespace",
    name: "f.opfname",
    signature: "quote_ident(am.amname)",
    definition: `'CREATE OPERATOR FAMILY ' || ${name}`,
    settings: `CASE WHEN loose.items IS NULL THEN '{}'::text[]
    ELSE ARRAY['ALTER OPERATOR FAMILY ' || ${name} || E' ADD\\n    ' || loose.items] END`,
    from: `pg_catalog.pg_opfamily f JOIN pg_catalog.pg_am am ON am.oid = f.opfmethod
CROSS JOIN LATERAL (SELECT ${members("pg_opfamily", "f.oid")} AS items) loose`,
    where: `f.opfnamespace IN ${reading.list}`,
  };
}

/** A class has to have an item, which may be the storage type that it has anyway. */
function classes(reading: Reading): DefinedSource {
  const storage = `CASE WHEN o.opckeytype <> 0 THEN 'STORAGE ' || format_type(o.opckeytype, NULL) END`;
  return {
    catalog: "pg_opclass",
    alias: "o",
    kind: "'operator-class'",
    namespace: "o.opcnamespace",
    name: "o.opcname",
    signature: "quote_ident(am.amname)",
    definition: `'CREATE OPERATOR CLASS ' || ${ownName(reading, "o.opcnamespace", "o.opcname", isHidden("pg_opclass", "o.oid"))}
    || E'\\n    ' || CASE WHEN o.opcdefault THEN 'DEFAULT ' ELSE '' END || 'FOR TYPE ' || format_type(o.opcintype, NULL)
    || ' USING ' || quote_ident(am.amname) || ' FAMILY ' || ${operatorFamilyName("o.opcfamily")} || E' AS\\n    '
    || coalesce(nullif(concat_ws(E',\\n    ', ${storage}, own.items), ''), 'STORAGE ' || format_type(o.opcintype, NULL))`,
    from: `pg_catalog.pg_opclass o JOIN pg_catalog.pg_am am ON am.oid = o.opcmethod
CROSS JOIN LATERAL (SELECT ${members("pg_opclass", "o.oid")} AS items) own`,
    where: `o.opcnamespace IN ${reading.list}`,
  };
}
