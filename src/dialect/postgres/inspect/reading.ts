import { AludelError } from "../../../error/error.js";
import type { ObjectName } from "../../../schema/name.js";
import type { Connection } from "../../connection.js";
import type { Scope } from "../../dialect.js";
import { quoteString } from "../quote.js";

/** What every query of an inspection needs. */
export interface Reading {
  readonly connection: Connection;
  /** `current_schema()`: objects in it have the namespace `null`. Null when no schema of the search path exists. */
  readonly defaultNamespace: string | null;
  /** Its oid; `0` when there is none. */
  readonly defaultOid: string;
  /** The namespaces in scope, by oid. */
  readonly namespaces: ReadonlyMap<string, NamespaceRow>;
  /** Their oids as an SQL list, `(2200, 16400)`; a list that nothing is in when there are none. */
  readonly list: string;
}

export interface NamespaceRow {
  readonly oid: string;
  readonly name: string;
  readonly isDefault: boolean;
  readonly ofExtension: boolean;
  readonly comment: string | null;
}

/** The rows of a query whose columns `T` describes: the query and the type are written side by side. */
export async function rowsOf<T>(connection: Connection, sql: string): Promise<readonly T[]> {
  const query = connection.queryCatalogue ?? connection.query;
  return (await query(sql)) as unknown as readonly T[];
}

/**
 * Finds the namespaces in scope: the default one, and those that are asked for.
 * @throws AludelError `search-path` where the default one is named by the other side, too.
 */
export async function openReading(connection: Connection, scope: Scope): Promise<Reading> {
  const wanted =
    scope.namespaces === "all"
      ? "true"
      : scope.namespaces.length === 0
        ? "false"
        : `n.nspname IN (${scope.namespaces.map(quoteString).join(", ")})`;
  const rows = await rowsOf<NamespaceRow>(
    connection,
    `SELECT n.oid::text AS oid, n.nspname::text AS name,
  coalesce(n.nspname = current_schema(), false) AS "isDefault",
  ${isOfExtension("pg_namespace", "n.oid")} AS "ofExtension",
  obj_description(n.oid, 'pg_namespace') AS comment
FROM pg_catalog.pg_namespace n
WHERE (n.nspname = current_schema() OR (${wanted}))
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
ORDER BY n.nspname COLLATE "C"`,
  );
  const first = rows.find((row) => row.isDefault);
  if (first !== undefined && scope.named?.includes(first.name)) throw namedHome(connection, first.name);
  return {
    connection,
    defaultNamespace: first?.name ?? null,
    defaultOid: first?.oid ?? "0",
    namespaces: new Map(rows.map((row) => [row.oid, row])),
    list: `(${rows.length === 0 ? "NULL" : rows.map((row) => row.oid).join(", ")})`,
  };
}

/** Its tables would be taken for those that are named without a schema, and be missed in the schema of their name. */
function namedHome(connection: Connection, namespace: string): AludelError {
  return new AludelError(
    "search-path",
    `Names without a schema lead to ${namespace} for this user, and ${namespace} is also named as a schema`,
    {
      where: { object: connection.target },
      remedy:
        "Say in the URL which other schema is meant by names without one: ?options=-csearch_path%3Dpublic.",
    },
  );
}

/** The name of an object in a namespace in scope, or in one that is given by its name. */
export function nameIn(reading: Reading, namespace: string, name: string): ObjectName {
  const found = reading.namespaces.get(namespace)?.name ?? namespace;
  return { namespace: found === reading.defaultNamespace ? null : found, name };
}

/**
 * SQL: the object belongs to an extension (manual 36.17), which makes and drops it. With OFFSET it is asked of each
 * object by itself, and not joined: a planner whose statistics know nothing of a new database looks through all
 * dependencies for each otherwise.
 */
export function isOfExtension(catalog: string, oid: string): string {
  return `EXISTS (SELECT FROM pg_catalog.pg_depend member
    WHERE member.classid = 'pg_catalog.${catalog}'::regclass AND member.objid = ${oid} AND member.deptype = 'e' OFFSET 0)`;
}

/** SQL: joins the comment of an object as `comment.description`. */
export function joinComment(catalog: string, oid: string, part = "0"): string {
  return `LEFT JOIN pg_catalog.pg_description comment
  ON comment.objoid = ${oid} AND comment.classoid = 'pg_catalog.${catalog}'::regclass AND comment.objsubid = ${part}`;
}

/**
 * Options of a column that the server keeps for itself: the version of its definition, since the minor releases of
 * November 2026. pg_dump leaves it out, too.
 */
const internalOption = "pg_attver=";

/** `fillfactor=70` of `reloptions` and the like → a record, in the order of the list, which a dump repeats. */
export function readParameters(
  options: readonly string[] | null,
  prefix = "",
): Readonly<Record<string, string>> {
  const own = (options ?? []).filter((option) => !option.startsWith(internalOption));
  const entries = own.map((option) => {
    const edge = option.indexOf("=");
    return edge < 0
      ? ([`${prefix}${option}`, "true"] as const)
      : ([`${prefix}${option.slice(0, edge)}`, option.slice(edge + 1)] as const);
  });
  return Object.fromEntries(entries);
}

/** The default namespace first, then by namespace and name: the same in every database. */
export function byName(a: ObjectName, b: ObjectName): number {
  const [left, right] = [nameKeyOf(a), nameKeyOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function nameKeyOf(name: ObjectName): string {
  return `${name.namespace ?? ""}\0${name.name}`;
}

/** Groups rows by a key, in their order. */
export function groupBy<T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** `1 2 0`, as `int2vector` and `oidvector` are written. */
export function readVector(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}
