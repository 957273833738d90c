import type { Choices } from "../choices.js";
import type { Draft, Item } from "../item.js";
import { addComment, place } from "./places.js";

/** Functions, procedures and aggregates that need no table. */
export function addRoutines(choices: Choices, draft: Draft): void {
  addFunction(choices, draft);
  addAtomic(choices, draft);
  addReaders(choices, draft);
  addProcedure(choices, draft);
  addAggregate(choices, draft);
}

function addFunction(choices: Choices, draft: Draft): void {
  const id = "function";
  if (!choices.chance(id, 0.4)) return;
  const { needs, prefix } = place(choices, id);
  const volatility = choices.pick(`${id}/volatility`, ["", " IMMUTABLE", " STABLE"]);
  const strict = choices.some(`${id}/strict`, 0.3, " STRICT");
  const more = choices.pick(`${id}/more`, [
    "",
    "",
    " SECURITY DEFINER",
    " PARALLEL SAFE COST 5",
    " SET search_path TO 'public', 'pg_temp'",
  ]);
  const body = choices.pick(`${id}/body`, [
    "SELECT $1 + 1",
    "SELECT $1 * 2 -- it's",
    "SELECT\n  coalesce($1, 0)",
  ]);
  const parameter = choices.pick(`${id}/parameter`, [
    "a integer",
    "a integer",
    '"b b" integer',
    "a integer DEFAULT 3",
  ]);
  const type = choices.pick(`${id}/returns`, ["integer", "integer", "integer", "bigint"]);
  const name = `${prefix}"add it"`;
  const sql = `CREATE FUNCTION ${name}(${parameter}) RETURNS ${type} LANGUAGE sql${volatility}${strict}${more} AS $f$${body}$f$`;
  if (!draft.add({ id, kind: "function", needs, sql })) return;
  addComment(choices, draft, id, `FUNCTION ${name}(integer)`);
}

function addAtomic(choices: Choices, draft: Draft): void {
  const id = "function of a table";
  const table = choices.pick(`${id}/table`, draft.tables);
  if (table === undefined || !choices.chance(id, 0.2)) return;
  const { needs, prefix } = place(choices, id);
  const form = choices.pick(`${id}/form`, ["atomic", "rows", "plpgsql"]);
  const head = `CREATE FUNCTION ${prefix}"of the table"()`;
  const name = table.table.name;
  const sql =
    form === "atomic"
      ? `${head} RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM ${name}; END`
      : form === "rows"
        ? `${head} RETURNS SETOF ${name} LANGUAGE sql STABLE AS $$ SELECT * FROM ${name} $$`
        : `${head} RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM ${name}); END $$`;
  draft.add({ id, kind: `function ${form}`, needs: [...needs, table.id], sql });
}

/** Functions of whose bodies the engine does not know what they speak of. */
function addReaders(choices: Choices, draft: Draft): void {
  for (const name of ['"reads it"', '"reads ""more"""']) {
    const id = `reader ${name}`;
    const sources = draft.items.flatMap((one) =>
      one.source === undefined ? [] : [{ ...one, from: one.source }],
    );
    const tables = draft.tables.map((one) => ({ ...one, from: one.table.name }));
    const read = choices.pick(`${id}/from`, [...tables, ...sources]);
    if (read === undefined || !choices.chance(id, 0.3)) continue;
    const column = choices.pick(`${id}/column`, draft.columns(read.id));
    const { needs, prefix } = place(choices, id);
    const body = `SELECT count(${column?.column.name ?? "*"}) FROM ${read.from}`;
    const sql = `CREATE FUNCTION ${prefix}${name}() RETURNS bigint LANGUAGE sql AS $$ ${body} $$`;
    draft.add({
      id,
      kind: "function over text",
      needs: [...needs, read.id, ...(column === undefined ? [] : [column.id])],
      source: `${prefix}${name}()`,
      sql,
    });
  }
}

function addProcedure(choices: Choices, draft: Draft): void {
  const id = "procedure";
  if (!choices.chance(id, 0.15)) return;
  const { needs, prefix } = place(choices, id);
  const parameters = choices.pick(`${id}/parameters`, ["IN a integer", "INOUT b text DEFAULT 'x'", ""]);
  draft.add({
    id,
    kind: "procedure",
    needs,
    sql: `CREATE PROCEDURE ${prefix}"pro c"(${parameters}) LANGUAGE plpgsql AS $$ BEGIN NULL; END $$`,
  });
}

function addAggregate(choices: Choices, draft: Draft): void {
  const id = "aggregate";
  if (!choices.chance(id, 0.12)) return;
  const { needs, prefix } = place(choices, id);
  const initial = choices.pick(`${id}/initial`, ["0", "1"]);
  const combine = choices.some(`${id}/combine`, 0.4, ", COMBINEFUNC = int4pl, PARALLEL = SAFE");
  const sql = `CREATE AGGREGATE ${prefix}"sum it"(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '${initial}'${combine})`;
  if (draft.add({ id, kind: "aggregate", needs, sql }))
    addComment(choices, draft, id, `AGGREGATE ${prefix}"sum it"(integer)`);
}

/** Triggers, constraint triggers, rules and event triggers. */
export function addTriggers(choices: Choices, draft: Draft): void {
  const touch = "function touch";
  const needy = draft.tables.filter(({ id }) => choices.chance(`${id}/trigger`, 0.25));
  if (needy.length > 0) {
    const body = choices.pick(`${touch}/body`, ["BEGIN RETURN NEW; END", "BEGIN RETURN NEW; /* it's */ END"]);
    draft.add({
      id: touch,
      kind: "function",
      needs: [],
      sql: `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ ${body} $$`,
    });
  }
  for (const table of needy)
    addTrigger(choices, draft, table.id, table.table.name, draft.columns(table.id, "integer")[0], touch);
  addRules(choices, draft);
  addEventTrigger(choices, draft);
}

function addTrigger(
  choices: Choices,
  draft: Draft,
  table: string,
  name: string,
  on: (Item & { readonly column: { readonly name: string } }) | undefined,
  touch: string,
): void {
  const id = `${table}/trigger`;
  const form = choices.number(`${id}/form`);
  const column = on?.column.name;
  const uses = form < 0.45 && on !== undefined;
  const deferral = choices.pick(`${id}/deferral`, ["", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"]);
  const head =
    form < 0.25
      ? `CREATE TRIGGER "Touch ""it""" BEFORE UPDATE${uses ? ` OF ${column}` : ""} ON ${name} FOR EACH ROW`
      : form < 0.45
        ? `CREATE TRIGGER "Touch ""it""" AFTER INSERT OR UPDATE ON ${name} FOR EACH ROW${uses ? ` WHEN (NEW.${column} > 5)` : ""}`
        : form < 0.6
          ? `CREATE CONSTRAINT TRIGGER "Touch ""it""" AFTER INSERT ON ${name}${deferral} FOR EACH ROW`
          : form < 0.75
            ? `CREATE TRIGGER "Touch ""it""" AFTER UPDATE ON ${name} REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT`
            : `CREATE TRIGGER "Touch ""it""" BEFORE INSERT OR DELETE ON ${name} FOR EACH STATEMENT`;
  const needs = [table, touch, ...(uses ? [on.id] : [])];
  const kind = head.startsWith("CREATE CONSTRAINT") ? "constraint trigger" : "trigger";
  if (!draft.add({ id, kind, needs, sql: `${head} EXECUTE FUNCTION touch('it''s')` })) return;
  addComment(choices, draft, id, `TRIGGER "Touch ""it""" ON ${name}`);
  const state = choices.pick(`${id}/state`, ["", "", "", "", "DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"]);
  if (state === "") return;
  draft.add({
    id: `${id}/state`,
    kind: "trigger state",
    needs: [id],
    sql: `ALTER TABLE ${name} ${state} TRIGGER "Touch ""it"""`,
  });
}

function addRules(choices: Choices, draft: Draft): void {
  for (const { id, table } of draft.tables) {
    if (table.isPartition || table.dividedBy !== null || !choices.chance(`${id}/rule`, 0.06)) continue;
    const action = choices.pick(`${id}/rule action`, [
      "INSTEAD NOTHING",
      `ALSO INSERT INTO ${table.name} DEFAULT VALUES`,
    ]);
    const sql = `CREATE RULE "a rule" AS ON DELETE TO ${table.name} WHERE false DO ${action}`;
    if (draft.add({ id: `${id}/rule`, kind: "rule", needs: [id], sql }))
      addComment(choices, draft, `${id}/rule`, `RULE "a rule" ON ${table.name}`);
  }
}

function addEventTrigger(choices: Choices, draft: Draft): void {
  const id = "event trigger";
  if (!choices.chance(id, 0.08)) return;
  draft.add({
    id: "function watch",
    kind: "function",
    needs: [],
    sql: "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
  });
  const tags = choices.some(`${id}/tags`, 0.5, " WHEN TAG IN ('CREATE TABLE')");
  draft.add({
    id,
    kind: "event trigger",
    needs: ["function watch"],
    sql: `CREATE EVENT TRIGGER "on it" ON ddl_command_end${tags} EXECUTE FUNCTION watch()`,
  });
  addComment(choices, draft, id, 'EVENT TRIGGER "on it"');
}
