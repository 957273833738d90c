import type { Reading } from "./reading.js";

/**
 * SQL that gives the name of an object as text of SQL, for statements that are put together from the catalogue.
 *
 * The object that a statement makes has its namespace unless it is the default one. Objects that it only mentions
 * have theirs where the search path does not find them, which is what the engine's own functions
 * (`pg_get_expr`, `format_type`, `pg_get_functiondef`) do: the whole of a schema is then written in one way.
 * `hidden` is SQL that says whether the name alone would mean an object of the engine.
 */
export function ownName(reading: Reading, namespace: string, name: string, hidden = "false"): string {
  return `CASE WHEN ${namespace} = ${reading.defaultOid} AND NOT (${hidden}) THEN '' ELSE ${namespace}::regnamespace::text || '.' END
    || quote_ident(${name})`;
}

/** A table or view that a statement belongs to, from the aliases of its `pg_class`. */
export function relationName(reading: Reading, relation: string): string {
  return ownName(reading, `${relation}.relnamespace`, `${relation}.relname`);
}

/** A routine by its oid, without arguments; null for none. */
export function routineName(oid: string): string {
  return mentioned("pg_proc", "pro", "pg_function_is_visible", oid);
}

/** An operator by its oid, as a clause that takes one in any place; null for none. */
export function operatorName(oid: string): string {
  return `(SELECT CASE WHEN pg_operator_is_visible(named.oid) THEN named.oprname::text
    ELSE 'OPERATOR(' || named.oprnamespace::regnamespace::text || '.' || named.oprname || ')' END
    FROM pg_catalog.pg_operator named WHERE named.oid = ${oid})`;
}

/** An operator by its oid, as the clauses of operator classes take it: with its namespace and without a keyword. */
export function operatorSignature(oid: string): string {
  return `(SELECT CASE WHEN pg_operator_is_visible(named.oid) THEN '' ELSE named.oprnamespace::regnamespace::text || '.' END
    || named.oprname || '(' || coalesce(format_type(nullif(named.oprleft, 0), NULL), 'NONE') || ', '
    || coalesce(format_type(nullif(named.oprright, 0), NULL), 'NONE') || ')'
    FROM pg_catalog.pg_operator named WHERE named.oid = ${oid})`;
}

export function operatorClassName(oid: string): string {
  return mentioned("pg_opclass", "opc", "pg_opclass_is_visible", oid);
}

export function operatorFamilyName(oid: string): string {
  return mentioned("pg_opfamily", "opf", "pg_opfamily_is_visible", oid);
}

export function templateName(oid: string): string {
  return mentioned("pg_ts_template", "tmpl", "pg_ts_template_is_visible", oid);
}

export function parserName(oid: string): string {
  return mentioned("pg_ts_parser", "prs", "pg_ts_parser_is_visible", oid);
}

function mentioned(catalog: string, prefix: string, isVisible: string, oid: string): string {
  return `(SELECT CASE WHEN ${isVisible}(named.oid) THEN '' ELSE named.${prefix}namespace::regnamespace::text || '.' END
    || quote_ident(named.${prefix}name) FROM pg_catalog.${catalog} named WHERE named.oid = ${oid})`;
}

/** `OPTIONS (…)` of foreign objects from an array of `name=value`, led by a space; empty for none. */
export function optionsText(options: string): string {
  return `coalesce((SELECT ' OPTIONS (' || string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ' ORDER BY place)
    || ')' FROM ROWS FROM (pg_options_to_table(${options})) WITH ORDINALITY one(option_name, option_value, place)
    WHERE NOT ${isSecret("option_name")}), '')`;
}

/** SQL: an option of this name holds what nobody should read in a file. */
export function isSecret(name: string): string {
  return `${name} ~* '(passw|secret|token|credential|api_?key|private_?key|access_?key)'`;
}

/** SQL: a system's or an extension's object, or one in a namespace in scope: something in scope may speak of it. */
export function isReferable(reading: Reading, catalog: string, oid: string, namespace: string): string {
  return `(${oid} < 16384 OR ${namespace} IN ${reading.list} OR EXISTS (SELECT FROM pg_catalog.pg_depend member
    WHERE member.classid = 'pg_catalog.${catalog}'::regclass AND member.objid = ${oid} AND member.deptype = 'e'))`;
}
