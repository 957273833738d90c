import { definedKey } from "../../../schema/address.js";
import type { ObjectName } from "../../../schema/name.js";
import type { Defined } from "../../../schema/schema.js";
import { quoteName, quoteString } from "../quote.js";
import { isHidden } from "./defined-source.js";
import { groupBy, isOfExtension, type Reading, rowsOf } from "./reading.js";
import { ownName, relationName } from "./sql-name.js";

/** Privileges of one role on one object, or those that objects to come will have. */
interface GrantRow {
  readonly kind: "grant" | "default-privileges";
  /** What GRANT and REVOKE stand after: `ALTER DEFAULT PRIVILEGES FOR ROLE app ` or nothing. */
  readonly prefix: string;
  /** `TABLE users`, `FUNCTION total(integer)`, `TABLES`. */
  readonly target: string;
  /** Quoted; empty for privileges on the whole. */
  readonly column: string;
  /** Quoted, or `PUBLIC`. */
  readonly grantee: string;
  readonly grantable: boolean;
  /** What the object has, sorted, and what it would have if nobody had granted or revoked anything. */
  readonly privileges: readonly string[];
  readonly usual: boolean;
}

/**
 * Grants on the objects in scope and default privileges (manual 5.8, `pg_default_acl`), as far as they differ from
 * what an object has by itself. One object for each role: its definition grants what the role has, or revokes what it
 * would have; its signature undoes that. Grants on what belongs to an extension are not read.
 */
export async function readGrants(
  reading: Reading,
  ignored: readonly ObjectName[],
): Promise<readonly Defined[]> {
  const rows = await rowsOf<GrantRow>(reading.connection, query(reading, ignored));
  const groups = groupBy(rows, ({ kind, prefix, target, grantee }) =>
    [kind, prefix, target, grantee].join("\0"),
  );
  return [...groups.values()].flatMap(grantOf).sort((a, b) => byText(definedKey(a), definedKey(b)));
}

function grantOf(rows: readonly GrantRow[]): readonly Defined[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { kind, prefix, target, grantee } = first;
  const usual = privilegesOf(rows.filter((row) => row.usual));
  const actual = rows.filter((row) => !row.usual).sort((a, b) => byText(sortKey(a), sortKey(b)));
  const taken = usual.filter((one) => !privilegesOf(actual).includes(one));
  const on = `ON ${target}`;
  const statements =
    usual.length === 0
      ? actual.map((row) => `${prefix}${grantText(row)}`)
      : taken.length === 0
        ? []
        : [`${prefix}REVOKE ${taken.join(", ")} ${on} FROM ${grantee}`];
  const undo =
    usual.length === 0 ? `REVOKE ALL ${on} FROM ${grantee}` : `GRANT ${taken.join(", ")} ${on} TO ${grantee}`;
  const [definition, ...settings] = statements;
  if (definition === undefined) return [];
  const name = `${prefix}${target} TO ${grantee}`.replace(/^ALTER DEFAULT PRIVILEGES /, "");
  return [
    {
      kind,
      namespace: null,
      name,
      table: null,
      signature: `${prefix}${undo}`,
      definition,
      settings,
      comment: null,
    },
  ];
}

function sortKey({ column, grantable }: GrantRow): string {
  return `${column}\0${grantable}`;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function privilegesOf(rows: readonly GrantRow[]): readonly string[] {
  return [...new Set(rows.filter((row) => row.column === "").flatMap((row) => row.privileges))].sort();
}

function grantText({ target, column, grantee, grantable, privileges }: GrantRow): string {
  const listed = privileges.map((one) => (column === "" ? one : `${one} (${column})`)).join(", ");
  return `GRANT ${listed} ON ${target} TO ${grantee}${grantable ? " WITH GRANT OPTION" : ""}`;
}

/** SQL: the relation is none of those that are left out, and no sequence of one. Default privileges reach them, too. */
function isOurs(ignored: readonly ObjectName[]): string {
  const names = ignored.map((name) => `to_regclass(${quoteString(quoteName(name))})::oid`);
  const oids = `array_remove(ARRAY[${names.join(", ")}]::oid[], NULL)`;
  return `c.oid <> ALL (${oids}) AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend own
  WHERE own.classid = 'pg_catalog.pg_class'::regclass AND own.objid = c.oid AND own.deptype IN ('a', 'i')
    AND own.refclassid = 'pg_catalog.pg_class'::regclass AND own.refobjid = ANY (${oids}))`;
}

/** Each gives kind, prefix, target, column, the list of privileges and the usual one. */
function targets(reading: Reading, ignored: readonly ObjectName[]): readonly string[] {
  const { list } = reading;
  const own = (catalog: string, alias: string) => `NOT ${isOfExtension(catalog, `${alias}.oid`)}`;
  // The mode of one argument tells a procedure from another whose OUT arguments complete the list (DROP PROCEDURE, "Notes").
  const inputs = `CASE WHEN p.prokind = 'p' AND p.pronargs > 0 THEN 'IN ' ELSE '' END || oidvectortypes(p.proargtypes)`;
  const routine = `CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END
    || ${ownName(reading, "p.pronamespace", "p.proname", isHidden("pg_proc", "p.oid"))} || '(' || ${inputs} || ')'`;
  const relation = `CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || ${relationName(reading, "c")}`;
  const relations = `c.relnamespace IN ${list} AND c.relpersistence <> 't' AND ${own("pg_class", "c")} AND ${isOurs(ignored)}`;
  const named = (word: string, catalog: string, prefix: string, type: string, where: string) =>
    `SELECT 'grant', '', '${word} ' || quote_ident(x.${prefix}name), '', x.${prefix}acl, acldefault('${type}', x.${prefix}owner)
FROM pg_catalog.${catalog} x WHERE x.${prefix}acl IS NOT NULL AND ${where} AND ${own(catalog, "x")}`;
  return [
    `SELECT 'grant' AS kind, '' AS prefix, ${relation} AS target, '' AS "column", c.relacl AS actual,
  acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner) AS usual
FROM pg_catalog.pg_class c WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${relations}`,
    `SELECT 'grant', '', ${relation}, quote_ident(a.attname), a.attacl, NULL::aclitem[]
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL
WHERE NOT a.attisdropped AND ${relations}`,
    `SELECT 'grant', '', ${routine}, '', p.proacl, acldefault('f', p.proowner)
FROM pg_catalog.pg_proc p WHERE p.proacl IS NOT NULL AND p.pronamespace IN ${list} AND ${own("pg_proc", "p")}`,
    `SELECT 'grant', '', 'TYPE ' || ${ownName(reading, "t.typnamespace", "t.typname", isHidden("pg_type", "t.oid"))}, '', t.typacl, acldefault('T', t.typowner)
FROM pg_catalog.pg_type t WHERE t.typacl IS NOT NULL AND t.typnamespace IN ${list} AND ${own("pg_type", "t")}`,
    `SELECT 'grant', '', 'SCHEMA ' || quote_ident(n.nspname), '', n.nspacl, coalesce(i.initprivs, acldefault('n', n.nspowner))
FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_init_privs i
  ON i.classoid = 'pg_catalog.pg_namespace'::regclass AND i.objoid = n.oid
WHERE n.nspacl IS NOT NULL AND n.oid IN ${list} AND ${own("pg_namespace", "n")}`,
    named("LANGUAGE", "pg_language", "lan", "l", "x.oid >= 16384"),
    named("FOREIGN DATA WRAPPER", "pg_foreign_data_wrapper", "fdw", "F", "true"),
    named("FOREIGN SERVER", "pg_foreign_server", "srv", "S", "true"),
    `SELECT 'default-privileges', 'ALTER DEFAULT PRIVILEGES FOR ROLE ' || quote_ident(r.rolname)
    || coalesce(' IN SCHEMA ' || quote_ident(n.nspname), '') || ' ',
  CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
    WHEN 'L' THEN 'LARGE OBJECTS' ELSE 'SCHEMAS' END, '', d.defaclacl,
  CASE WHEN d.defaclnamespace <> 0 THEN NULL::aclitem[]
    ELSE acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's'::"char" ELSE d.defaclobjtype END, d.defaclrole) END
FROM pg_catalog.pg_default_acl d JOIN pg_catalog.pg_roles r ON r.oid = d.defaclrole
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
WHERE d.defaclnamespace = 0 OR d.defaclnamespace IN ${list}`,
  ];
}

function query(reading: Reading, ignored: readonly ObjectName[]): string {
  const entries = (
    list: string,
    usual: boolean,
  ) => `SELECT target.kind, target.prefix, target.target, target."column",
  coalesce(quote_ident(r.rolname), 'PUBLIC') AS grantee, acl.is_grantable AS grantable,
  array_agg(acl.privilege_type ORDER BY acl.privilege_type) AS privileges, ${usual} AS usual
FROM target CROSS JOIN LATERAL aclexplode(target.${list}) acl LEFT JOIN pg_catalog.pg_roles r ON r.oid = acl.grantee
GROUP BY 1, 2, 3, 4, 5, 6`;
  return `WITH target AS MATERIALIZED (${targets(reading, ignored).join("\nUNION ALL\n")})
${entries("actual", false)}
UNION ALL
${entries("usual", true)}`;
}
