import { tokenize } from "../token.js";
import type { DefinedSource, Sources } from "./defined-source.js";
import { isOfExtension, type Reading } from "./reading.js";
import { isReferable, relationName, routineName } from "./sql-name.js";

/** Triggers, rules and event triggers. The texts of the first two still have their table's namespace. */
export const triggerSources: Sources = (reading) => [
  triggers(reading),
  partitionTriggers(reading),
  rules(reading),
  eventTriggers(reading),
];

/** What follows the name in ALTER … where it does not fire as usual (`tgenabled`, `ev_enabled`, `evtenabled`). */
function states(column: string, before: string, after: string, disable: string): string {
  return `CASE ${column} WHEN 'O' THEN '{}'::text[] ELSE ARRAY[${before}
    || CASE ${column} WHEN 'D' THEN '${disable}' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END || ${after}] END`;
}

/**
 * Constraint triggers are triggers. Those that the engine makes for foreign keys are left out, and so are the copies
 * that partitions have of their parent's.
 */
function triggers(reading: Reading): DefinedSource {
  const alter = `'ALTER TABLE ' || ${relationName(reading, "c")} || ' '`;
  const depends = `ARRAY(SELECT 'ALTER TRIGGER ' || quote_ident(t.tgname) || ' ON ' || ${relationName(reading, "c")}
      || ' DEPENDS ON EXTENSION ' || quote_ident(e.extname)
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_trigger'::regclass AND d.objid = t.oid AND d.deptype = 'x' ORDER BY 1)`;
  return {
    catalog: "pg_trigger",
    alias: "t",
    present: "NOT x.tgisinternal",
    kind: "'trigger'",
    name: "t.tgname",
    table: "c",
    definition: "pg_get_triggerdef(t.oid)",
    settings: `${states("t.tgenabled", alter, "' TRIGGER ' || quote_ident(t.tgname)", "DISABLE")} || ${depends}`,
    from: "pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid",
    where: `NOT t.tgisinternal AND t.tgparentid = 0 AND c.relpersistence <> 't'
  AND c.relnamespace IN ${reading.list} AND NOT ${isOfExtension("pg_class", "c.oid")}`,
  };
}

/**
 * When the copies that partitions have of their parent's triggers fire, where that is not as the parent's. ALTER TABLE
 * does it to the partitions below as well, so that those above come first. Copies of what foreign keys are made of are
 * left out.
 */
function partitionTriggers(reading: Reading): DefinedSource {
  const state = (trigger: string) => `'ALTER TABLE ' || ${relationName(reading, "c")}
    || CASE ${trigger}.tgenabled WHEN 'O' THEN ' ENABLE' WHEN 'D' THEN ' DISABLE' WHEN 'R' THEN ' ENABLE REPLICA' ELSE ' ENABLE ALWAYS' END
    || ' TRIGGER ' || quote_ident(t.tgname)`;
  return {
    catalog: "pg_trigger",
    alias: "t",
    present: "x.tgparentid <> 0",
    kind: "'trigger-state'",
    name: "t.tgname",
    table: "c",
    signature: state("parent"),
    definition: state("t"),
    from: `pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_trigger parent ON parent.oid = t.tgparentid`,
    where: `t.tgenabled <> parent.tgenabled AND c.relnamespace IN ${reading.list}
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint con WHERE con.oid = t.tgconstraint AND con.contype = 'f')`,
  };
}

/** The rule that is the query of a view comes with the view. */
function rules(reading: Reading): DefinedSource {
  const alter = `'ALTER TABLE ' || ${relationName(reading, "c")} || ' '`;
  return {
    catalog: "pg_rewrite",
    alias: "r",
    present: "x.rulename <> '_RETURN'",
    kind: "'rule'",
    name: "r.rulename",
    table: "c",
    definition: "rtrim(pg_get_ruledef(r.oid), E';\\n ')",
    settings: states("r.ev_enabled", alter, "' RULE ' || quote_ident(r.rulename)", "DISABLE"),
    from: "pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class",
    where: `r.rulename <> '_RETURN' AND c.relpersistence <> 't'
  AND c.relnamespace IN ${reading.list} AND NOT ${isOfExtension("pg_class", "c.oid")}`,
  };
}

function eventTriggers(reading: Reading): DefinedSource {
  const alter = "'ALTER EVENT TRIGGER ' || quote_ident(e.evtname) || ' '";
  return {
    catalog: "pg_event_trigger",
    alias: "e",
    kind: "'event-trigger'",
    name: "e.evtname",
    definition: `'CREATE EVENT TRIGGER ' || quote_ident(e.evtname) || ' ON ' || quote_ident(e.evtevent)
    || coalesce((SELECT E'\\n    WHEN TAG IN (' || string_agg(quote_literal(tag), ', ' ORDER BY place) || ')'
      FROM unnest(e.evttags) WITH ORDINALITY one(tag, place)), '')
    || E'\\n    EXECUTE FUNCTION ' || ${routineName("e.evtfoid")} || '()'`,
    settings: states("e.evtenabled", alter, "''", "DISABLE"),
    from: "pg_catalog.pg_event_trigger e JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid",
    where: isReferable(reading, "pg_proc", "p.oid", "p.pronamespace"),
  };
}

/**
 * `CREATE TRIGGER … ON public.users …` → `… ON users …` where `public` is the default namespace; a rule says `TO`.
 * Either keyword is reserved, so that the first word which is it and has no quotes is it.
 */
export function withoutDefaultNamespace(definition: string, kind: string, reading: Reading): string {
  const tokens = tokenize(definition) ?? [];
  const keyword = tokens.findIndex(
    (token) => token.kind === "word" && token.value === (kind === "rule" ? "to" : "on"),
  );
  const [namespace, dot, table] = tokens.slice(keyword + 1, keyword + 4);
  if (keyword < 0 || namespace === undefined || table === undefined || dot?.text !== ".") return definition;
  if (namespace.value !== reading.defaultNamespace) return definition;
  return definition.slice(0, namespace.start) + definition.slice(table.start);
}
