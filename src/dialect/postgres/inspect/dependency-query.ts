import type { PartKind } from "../../../schema/address.js";

/** One end of a dependency. */
export interface End {
  /** The object of the catalogue that it is or is a part of: `pg_proc 16412`. */
  readonly place: string;
  /** `null` for what only the place tells. */
  readonly kind:
    | "table"
    | "view"
    | "sequence"
    | "composite"
    | "enum"
    | "domain"
    | "extension"
    | PartKind
    | null;
  /** Oid. */
  readonly namespace: string | null;
  readonly name: string | null;
  /** Name of the part or column; of a sequence, the column that it is of. */
  readonly part: string | null;
}

export interface DependencyRow {
  readonly fromPlace: string;
  readonly fromKind: End["kind"];
  readonly fromNamespace: string | null;
  readonly fromName: string | null;
  readonly fromPart: string | null;
  readonly toPlace: string;
  readonly toKind: End["kind"];
  readonly toNamespace: string | null;
  readonly toName: string | null;
  readonly toPart: string | null;
}

/** Oids from here on are of objects that users made (`FirstNormalObjectId` of the server). */
const firstUserOid = 16384;

const catalog = (name: string) => `'pg_catalog.${name}'::regclass`;

/**
 * Things that have a name of their own in a schema, or that are a part of another thing: each with its place, the
 * place of what it stands for, its kind, namespace, name and part, the relation that it belongs to, and whether what
 * it says is plain from the record.
 */
const things: readonly string[] = [
  // Relations. Foreign tables are known by their place.
  `SELECT ${catalog("pg_class")}::oid AS class, c.oid, ${catalog("pg_class")}::oid AS place_class, c.oid AS place,
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'S' THEN 'sequence' WHEN 'c' THEN 'composite'
    WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' END AS kind,
  c.relnamespace AS namespace, c.relname::text AS name,
  CASE WHEN c.relkind = 'S' THEN (SELECT json_build_array(o.relnamespace::text, o.relname, a.attname)::text
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class o ON o.oid = d.refobjid
    JOIN pg_catalog.pg_attribute a ON a.attrelid = o.oid AND a.attnum = d.refobjsubid
    WHERE d.classid = ${catalog("pg_class")} AND d.objid = c.oid AND d.deptype IN ('a', 'i')
      AND d.refclassid = ${catalog("pg_class")} LIMIT 1) END AS part,
  c.oid AS relation, false AS plain
FROM pg_catalog.pg_class c
WHERE c.oid >= ${firstUserOid} AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'c')`,
  // Indexes, and the constraints that they are of.
  `SELECT ${catalog("pg_class")}, i.indexrelid, ${catalog("pg_class")}, i.indexrelid,
  CASE WHEN con.oid IS NULL THEN 'index' ELSE 'constraint' END, c.relnamespace, c.relname::text,
  coalesce(con.conname, ic.relname)::text, c.oid, i.indexprs IS NULL AND i.indpred IS NULL
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
LEFT JOIN pg_catalog.pg_constraint con ON con.conrelid = i.indrelid AND con.conindid = i.indexrelid
  AND con.contype IN ('p', 'u', 'x')
WHERE i.indexrelid >= ${firstUserOid} AND c.relkind <> 't'`,
  `SELECT ${catalog("pg_extension")}, e.oid, ${catalog("pg_extension")}, e.oid, 'extension', NULL, e.extname::text, NULL, 0, false
FROM pg_catalog.pg_extension e`,
  // Constraints of tables and domains.
  `SELECT ${catalog("pg_constraint")}, con.oid,
  CASE WHEN c.relkind = 'f' THEN ${catalog("pg_class")} ELSE ${catalog("pg_constraint")} END,
  CASE WHEN c.relkind = 'f' THEN c.oid ELSE con.oid END,
  CASE WHEN c.relkind = 'f' THEN NULL WHEN con.contype = 'n' THEN 'column' ELSE 'constraint' END,
  c.relnamespace, c.relname::text,
  CASE WHEN con.contype = 'n' THEN (SELECT a.attname::text FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum = con.conkey[1]) ELSE con.conname::text END,
  c.oid, con.contype IN ('p', 'u', 'n')
FROM pg_catalog.pg_constraint con JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
WHERE con.oid >= ${firstUserOid} AND con.contype IN ('p', 'u', 'f', 'c', 'x', 'n')`,
  `SELECT ${catalog("pg_constraint")}, con.oid, ${catalog("pg_type")}, t.oid, 'domain', t.typnamespace, t.typname::text,
  NULL, 0, false
FROM pg_catalog.pg_constraint con JOIN pg_catalog.pg_type t ON t.oid = con.contypid
WHERE con.oid >= ${firstUserOid}`,
  `SELECT ${catalog("pg_attrdef")}, def.oid,
  CASE WHEN c.relkind = 'f' THEN ${catalog("pg_class")} ELSE ${catalog("pg_attrdef")} END,
  CASE WHEN c.relkind = 'f' THEN c.oid ELSE def.oid END, CASE WHEN c.relkind = 'f' THEN NULL ELSE 'default' END,
  c.relnamespace, c.relname::text, a.attname::text, c.oid, false
FROM pg_catalog.pg_attrdef def JOIN pg_catalog.pg_class c ON c.oid = def.adrelid
JOIN pg_catalog.pg_attribute a ON a.attrelid = def.adrelid AND a.attnum = def.adnum
WHERE def.oid >= ${firstUserOid}`,
  `SELECT ${catalog("pg_policy")}, p.oid, ${catalog("pg_policy")}, p.oid, 'policy', c.relnamespace, c.relname::text,
  p.polname::text, c.oid, false
FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid`,
  // The rule that is the query of a view.
  `SELECT ${catalog("pg_rewrite")}, r.oid, ${catalog("pg_class")}, c.oid, 'view', c.relnamespace, c.relname::text,
  NULL, c.oid, false
FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
WHERE r.oid >= ${firstUserOid} AND r.rulename = '_RETURN'`,
  // A partition's copy of a trigger stands for that of its parent, unless it has a state of its own.
  `SELECT ${catalog("pg_trigger")}, t.oid, ${catalog("pg_trigger")}, (WITH RECURSIVE up(oid, parent, same) AS (
    SELECT t.oid, t.tgparentid, p.tgenabled = t.tgenabled
    UNION ALL SELECT p.oid, p.tgparentid, above.tgenabled = p.tgenabled FROM up
    JOIN pg_catalog.pg_trigger p ON p.oid = up.parent LEFT JOIN pg_catalog.pg_trigger above ON above.oid = p.tgparentid
    WHERE up.same)
  SELECT up.oid FROM up WHERE up.same IS NOT TRUE), NULL, NULL, NULL, NULL, 0, false
FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_trigger p ON p.oid = t.tgparentid`,
  // Types, their arrays, and the types of the rows of relations.
  `SELECT ${catalog("pg_type")}, form.oid, CASE WHEN c.oid IS NULL THEN ${catalog("pg_type")} ELSE ${catalog("pg_class")} END,
  coalesce(c.oid, t.oid), CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN
    CASE c.relkind WHEN 'c' THEN 'composite' WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' WHEN 'f' THEN NULL ELSE 'table' END END,
  t.typnamespace, t.typname::text, NULL, 0, false
FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
CROSS JOIN LATERAL (VALUES (t.oid), (t.typarray)) form(oid)
WHERE t.oid >= ${firstUserOid} AND form.oid <> 0`,
  // Multiranges and their arrays, and the constructors of both.
  `SELECT ${catalog("pg_type")}, form.oid, ${catalog("pg_type")}, r.rngtypid, NULL, NULL, NULL, NULL, 0, false
FROM pg_catalog.pg_range r JOIN pg_catalog.pg_type t ON t.oid = r.rngmultitypid
CROSS JOIN LATERAL (VALUES (t.oid), (t.typarray)) form(oid)
WHERE r.rngtypid >= ${firstUserOid} AND form.oid <> 0`,
  `SELECT d.classid, d.objid, d.refclassid, coalesce(r.rngtypid, d.refobjid), NULL, NULL, NULL, NULL, 0, false
FROM pg_catalog.pg_depend d LEFT JOIN pg_catalog.pg_range r ON r.rngmultitypid = d.refobjid
WHERE d.classid = ${catalog("pg_proc")} AND d.deptype = 'i' AND d.refclassid = ${catalog("pg_type")}`,
  // Members of operator classes and families, and of publications.
  `SELECT d.classid, d.objid, d.refclassid, d.refobjid, NULL, NULL, NULL, NULL, 0, false
FROM pg_catalog.pg_depend d
WHERE d.classid IN (${catalog("pg_amop")}, ${catalog("pg_amproc")})
  AND d.refclassid IN (${catalog("pg_opclass")}, ${catalog("pg_opfamily")})`,
  `SELECT ${catalog("pg_publication_rel")}, pr.oid, ${catalog("pg_publication")}, pr.prpubid, NULL, NULL, NULL, NULL, 0, false
FROM pg_catalog.pg_publication_rel pr`,
];

function place(thing: string, classId: string, oid: string): string {
  return `coalesce(${thing}place_class, ${classId})::regclass::text || ' ' || coalesce(${thing}place, ${oid})`;
}

/**
 * One row for each dependency between objects that users made. An object that is internal to another (`deptype` i) is
 * a part of it, and so are those that an extension brings (e).
 *
 * The statistics of a database that was just made know none of its objects, and the planner would join by comparing
 * all with all, for minutes. FULL JOIN leaves it only hashing and merging, and so does IN where it is not a condition
 * of its own; OFFSET 0 keeps it from telling that the other sides are not wanted.
 */
export function dependencyQuery(): string {
  return `WITH thing AS MATERIALIZED (${things.join("\nUNION ALL\n")}),
member AS MATERIALIZED (SELECT d.classid, d.objid, e.extname::text AS extension
FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
WHERE d.refclassid = ${catalog("pg_extension")} AND d.deptype = 'e'),
depend AS (SELECT d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid
FROM pg_catalog.pg_depend d
WHERE d.objid >= ${firstUserOid} AND d.refobjid >= ${firstUserOid} AND d.deptype NOT IN ('i', 'e')
  AND d.refclassid <> ${catalog("pg_namespace")}
OFFSET 0),
ends AS (SELECT d.*, f.place_class AS f_place_class, f.place AS f_place, f.kind AS f_kind, f.namespace AS f_namespace,
  f.name AS f_name, f.part AS f_part, f.relation AS f_relation, f.plain AS f_plain, t.place_class, t.place, t.kind,
  t.namespace, t.name, t.part, t.relation,
  coalesce(t.place_class, d.refclassid) AS to_class, coalesce(t.place, d.refobjid) AS to_place
FROM depend d FULL JOIN thing f ON f.class = d.classid AND f.oid = d.objid
FULL JOIN thing t ON t.class = d.refclassid AND t.oid = d.refobjid
OFFSET 0),
known AS (SELECT d.*, m.extension
FROM ends d FULL JOIN member m ON m.classid = d.to_class AND m.objid = d.to_place
OFFSET 0)
SELECT ${place("d.f_", "d.classid", "d.objid")} AS "fromPlace", d.f_kind AS "fromKind",
  d.f_namespace::text AS "fromNamespace", d.f_name AS "fromName",
  coalesce(CASE WHEN d.f_kind IN ('table', 'view') THEN fa.attname::text END, d.f_part) AS "fromPart",
  ${place("d.", "d.refclassid", "d.refobjid")} AS "toPlace",
  CASE WHEN d.extension IS NULL THEN d.kind ELSE 'extension' END AS "toKind", d.namespace::text AS "toNamespace",
  coalesce(d.extension, d.name) AS "toName",
  coalesce(CASE WHEN d.kind IN ('table', 'view') THEN ta.attname::text END, d.part) AS "toPart"
FROM known d
LEFT JOIN pg_catalog.pg_attribute fa ON d.objsubid > 0 AND fa.attrelid = d.objid AND fa.attnum = d.objsubid
  AND d.classid = ${catalog("pg_class")}
LEFT JOIN pg_catalog.pg_attribute ta ON d.refobjsubid > 0 AND ta.attrelid = d.refobjid AND ta.attnum = d.refobjsubid
  AND d.refclassid = ${catalog("pg_class")}
WHERE d.objid IS NOT NULL
  AND (d.f_plain AND d.refclassid = ${catalog("pg_class")} AND d.relation = d.f_relation) IS NOT TRUE
  AND (d.classid = ${catalog("pg_attrdef")} AND d.refobjid = d.f_relation AND ta.attname = d.f_part) IS NOT TRUE
  AND (d.f_kind = 'view' AND d.refclassid = ${catalog("pg_class")} AND d.refobjid = d.f_relation) IS NOT TRUE
  AND ((coalesce(d.f_place_class, d.classid), coalesce(d.f_place, d.objid))
    IN (SELECT own.classid, own.objid FROM member own)) IS NOT TRUE`;
}
