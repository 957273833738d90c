import { type DefinedSource, isHidden, led, listText, type Sources } from "./defined-source.js";
import type { Reading } from "./reading.js";
import { operatorName, ownName, routineName } from "./sql-name.js";

/** Functions, procedures and aggregates. */
export const routineSources: Sources = (reading) => [routines(reading), aggregates(reading)];

/** Leaves the automatic ones out: the constructors of ranges and multiranges. */
const ownRoutine = `NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i' OFFSET 0)`;

function routineOwnName(reading: Reading): string {
  return ownName(reading, "p.pronamespace", "p.proname", isHidden("pg_proc", "p.oid"));
}

/**
 * `pg_get_functiondef` says everything but the owner and grants. Its head is known to the letter, which makes it
 * possible to take OR REPLACE and the namespace away without looking at what follows.
 */
function routines(reading: Reading): DefinedSource {
  const name = routineOwnName(reading);
  const word = "CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END";
  const head = `'CREATE OR REPLACE ' || ${word} || ' ' || p.pronamespace::regnamespace::text || '.'
    || quote_ident(p.proname)`;
  return {
    catalog: "pg_proc",
    alias: "p",
    present: "x.prokind <> 'a'",
    kind: "CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END",
    namespace: "p.pronamespace",
    name: "p.proname",
    signature: "oidvectortypes(p.proargtypes)",
    definition: `'CREATE ' || ${word} || ' ' || ${name}
    || rtrim(substr(pg_get_functiondef(p.oid), length(${head}) + 1), E'\\n')`,
    settings: `ARRAY(SELECT 'ALTER ' || ${word} || ' ' || ${name}
      || '(' || CASE WHEN p.prokind = 'p' AND p.pronargs > 0 THEN 'IN ' ELSE '' END || oidvectortypes(p.proargtypes)
      || ') DEPENDS ON EXTENSION ' || quote_ident(e.extname)
    FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'x' ORDER BY 1)`,
    from: "pg_catalog.pg_proc p",
    where: `p.prokind <> 'a' AND p.pronamespace IN ${reading.list} AND ${ownRoutine}`,
  };
}

/** How a final function treats its state (CREATE AGGREGATE): `usual` is what it is unless somebody says. */
function modifies(column: string): string {
  return `CASE WHEN ${column} = CASE WHEN a.aggkind = 'n' THEN 'r'::"char" ELSE 'w'::"char" END THEN NULL
    WHEN ${column} = 'r' THEN 'READ_ONLY' WHEN ${column} = 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END`;
}

function positive(column: string): string {
  return `nullif(${column}, 0)`;
}

/** CREATE AGGREGATE in its current form, from `pg_aggregate` (manual 52.2). */
function aggregates(reading: Reading): DefinedSource {
  const name = routineOwnName(reading);
  const zeroArguments = "p.pronargs = 0";
  const parameters = [
    led("SFUNC = ", routineName("a.aggtransfn")),
    "'STYPE = ' || format_type(a.aggtranstype, NULL)",
    led("SSPACE = ", positive("a.aggtransspace")),
    led("FINALFUNC = ", routineName("a.aggfinalfn")),
    "CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END",
    `CASE WHEN a.aggfinalfn <> 0 THEN ${led("FINALFUNC_MODIFY = ", modifies("a.aggfinalmodify"))} END`,
    led("COMBINEFUNC = ", routineName("a.aggcombinefn")),
    led("SERIALFUNC = ", routineName("a.aggserialfn")),
    led("DESERIALFUNC = ", routineName("a.aggdeserialfn")),
    "'INITCOND = ' || quote_literal(a.agginitval)",
    led("MSFUNC = ", routineName("a.aggmtransfn")),
    led("MINVFUNC = ", routineName("a.aggminvtransfn")),
    "CASE WHEN a.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(a.aggmtranstype, NULL) END",
    led("MSSPACE = ", positive("a.aggmtransspace")),
    led("MFINALFUNC = ", routineName("a.aggmfinalfn")),
    "CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END",
    `CASE WHEN a.aggmfinalfn <> 0 THEN ${led("MFINALFUNC_MODIFY = ", modifies("a.aggmfinalmodify"))} END`,
    "'MINITCOND = ' || quote_literal(a.aggminitval)",
    led("SORTOP = ", operatorName("a.aggsortop")),
    "CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END",
    "CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END",
  ];
  return {
    catalog: "pg_proc",
    alias: "p",
    present: "x.prokind = 'a'",
    kind: "'aggregate'",
    namespace: "p.pronamespace",
    name: "p.proname",
    signature: `CASE WHEN ${zeroArguments} THEN '*' ELSE oidvectortypes(p.proargtypes) END`,
    definition: `'CREATE AGGREGATE ' || ${name}
    || '(' || CASE WHEN ${zeroArguments} THEN '*' ELSE pg_get_function_arguments(p.oid) END || ')'
    || ${listText(parameters)}`,
    from: "pg_catalog.pg_proc p JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid",
    where: `p.pronamespace IN ${reading.list}`,
  };
}
