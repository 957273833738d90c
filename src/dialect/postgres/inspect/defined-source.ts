import type { Reading } from "./reading.js";
import { isOfExtension, joinComment } from "./reading.js";

/** Where the objects of some kinds are read: each property is SQL over the tables of `from`. */
export interface DefinedSource {
  /** The catalogue that they are in, `pg_proc`. */
  readonly catalog: string;
  /** Its alias in `from`. */
  readonly alias: string;
  /** Says of a row of the catalogue, as `x`, that it may be one; asked first, so that what is not there costs nothing. */
  readonly present?: string;
  readonly kind: string;
  /** Oid of the namespace; absent for what lives in none. */
  readonly namespace?: string;
  readonly name: string;
  /** Alias of the `pg_class` of the table or view that they belong to. */
  readonly table?: string;
  readonly signature?: string;
  readonly definition: string;
  /** An array of text. */
  readonly settings?: string;
  readonly from: string;
  readonly where: string;
}

/** Oids from here on are of objects that users made (`FirstNormalObjectId` of the server). */
const firstUserOid = 16384;

/** The functions that tell whether the name alone finds an object (manual, table 9.73), by its catalogue. */
const isVisible: Readonly<Record<string, string>> = {
  pg_proc: "pg_function_is_visible",
  pg_type: "pg_type_is_visible",
  pg_operator: "pg_operator_is_visible",
  pg_opclass: "pg_opclass_is_visible",
  pg_opfamily: "pg_opfamily_is_visible",
  pg_collation: "pg_collation_is_visible",
  pg_conversion: "pg_conversion_is_visible",
  pg_ts_config: "pg_ts_config_is_visible",
  pg_ts_dict: "pg_ts_dict_is_visible",
  pg_ts_parser: "pg_ts_parser_is_visible",
  pg_ts_template: "pg_ts_template_is_visible",
};

/** SQL: the engine has one of the same name, which is found first, so that this one is known only with its namespace. */
export function isHidden(catalog: string, oid: string): string {
  const test = isVisible[catalog];
  return test === undefined ? "false" : `NOT ${test}(${oid})`;
}

/** SQL: true when there may be an object of the source. */
export function presence(source: DefinedSource): string {
  const more = source.present === undefined ? "" : ` AND (${source.present})`;
  return `EXISTS (SELECT FROM pg_catalog.${source.catalog} x WHERE x.oid >= ${firstUserOid}${more})`;
}

/** The query of a source, with the columns of `DefinedRow`. What belongs to an extension is left out. */
export function sourceQuery(source: DefinedSource): string {
  const { catalog, alias, table } = source;
  return `SELECT ${source.kind} AS kind, '${catalog}' AS catalog, ${alias}.oid::text AS oid,
  ${source.namespace === undefined ? "NULL" : `${source.namespace}::text`} AS namespace, ${source.name}::text AS name,
  ${isHidden(catalog, `${alias}.oid`)} AS hidden,
  ${table === undefined ? "NULL" : `${table}.relnamespace::text`} AS "tableNamespace",
  ${table === undefined ? "NULL" : `${table}.relname::text`} AS "tableName",
  ${source.signature ?? "''"} AS signature, ${source.definition} AS definition,
  ${source.settings ?? "'{}'::text[]"} AS settings, comment.description AS comment
FROM ${source.from}
${joinComment(catalog, `${alias}.oid`)}
WHERE ${alias}.oid >= ${firstUserOid} AND (${source.where}) AND NOT ${isOfExtension(catalog, `${alias}.oid`)}`;
}

/** SQL: lines of text joined by commas, in parentheses; what is NULL is left out. */
export function listText(items: readonly string[]): string {
  return `E' (\\n    ' || concat_ws(E',\\n    ', ${items.join(",\n    ")}) || E'\\n)'`;
}

/** SQL: `text` led by `before`, or NULL where it is NULL. */
export function led(before: string, text: string): string {
  return `'${before}' || ${text}`;
}

export type Sources = (reading: Reading) => readonly DefinedSource[];
