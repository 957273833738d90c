import type { Choices } from "../choices.js";
import { type Draft, quoted, type TableFacts } from "../item.js";
import { addColumns } from "./columns.js";
import { addComment, place } from "./places.js";
import type { OwnType } from "./types.js";

const names = ["persons", 'Order "x"', "select", "naïve ü", `long_${"n".repeat(57)}`, "it's", "a.b"];

// Options of a TOAST table are a scenario: a rewrite without long columns takes that table, and what was said of it, away.
const parameters = ["fillfactor = 70", "autovacuum_enabled = false", "autovacuum_vacuum_threshold = 70"];

/** Ordinary tables. */
export function addTables(choices: Choices, draft: Draft, types: readonly OwnType[]): void {
  for (const name of names) {
    const id = `table ${name}`;
    if (!choices.chance(id, 0.22)) continue;
    const { needs, prefix } = place(choices, id);
    const facts: TableFacts = {
      name: `${prefix}${quoted(name)}`,
      namespace: prefix,
      dividedBy: null,
      isPartition: false,
    };
    const unlogged = choices.some(`${id}/unlogged`, 0.1, "UNLOGGED ");
    const options = choices.few(`${id}/parameter`, parameters, 0.07).join(", ");
    const sql = `CREATE ${unlogged}TABLE ${facts.name} ({})${options === "" ? "" : ` WITH (${options})`}`;
    if (!draft.add({ id, kind: `${unlogged.toLowerCase()}table`, needs, sql, table: facts })) continue;
    addColumns(choices, draft, id, facts, types);
    addComment(choices, draft, id, `TABLE ${facts.name}`);
  }
}

/** Tables that inherit from one or two others. */
export function addHeirs(choices: Choices, draft: Draft): void {
  const parents = draft.tables.filter(({ table }) => table.dividedBy === null && !table.isPartition);
  const id = "table heir";
  const parent = choices.pick(`${id}/parent`, parents);
  if (parent === undefined || !choices.chance(id, 0.2)) return;
  const { needs, prefix } = place(choices, id);
  const facts: TableFacts = {
    name: `${prefix}"The Heir"`,
    namespace: prefix,
    dividedBy: null,
    isPartition: false,
  };
  const sql = `CREATE TABLE ${facts.name} ({}) INHERITS (${parent.table.name})`;
  if (!draft.add({ id, kind: "inheritance", needs: [...needs, parent.id], sql, table: facts })) return;
  const column = { table: id, name: '"its own"', family: "integer", type: "integer", generated: false };
  if (choices.chance(`${id}/own`, 0.7)) {
    const own = `"its own" integer${choices.some(`${id}/own default`, 0.4, " DEFAULT 5")}`;
    draft.add({ id: `${id}/own`, kind: "column integer", needs: [], within: id, sql: own, column });
  }
  addComment(choices, draft, id, `TABLE ${facts.name}`);
}

interface Division {
  readonly name: string;
  readonly strategy: string;
  readonly column: string;
  readonly type: string;
  readonly bounds: readonly string[];
}

const divisions: readonly Division[] = [
  {
    name: "By Range",
    strategy: "RANGE",
    column: "at",
    type: "date NOT NULL",
    bounds: [
      "FOR VALUES FROM (MINVALUE) TO ('2020-01-01')",
      "FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
      "FOR VALUES FROM ('2021-01-01') TO ('2022-06-15')",
      "DEFAULT",
    ],
  },
  {
    name: "by_list",
    strategy: "LIST",
    column: "state",
    type: "text",
    bounds: ["FOR VALUES IN ('a', 'it''s')", "FOR VALUES IN (NULL, 'b')", "DEFAULT"],
  },
  {
    name: "by hash",
    strategy: "HASH",
    column: "part",
    type: "integer NOT NULL",
    bounds: ["FOR VALUES WITH (MODULUS 2, REMAINDER 0)", "FOR VALUES WITH (MODULUS 2, REMAINDER 1)"],
  },
];

/** Partitioned tables of every kind, with their partitions, of which one may be divided again. */
export function addPartitioned(choices: Choices, draft: Draft, types: readonly OwnType[]): void {
  for (const division of divisions) {
    const id = `table ${division.name}`;
    if (!choices.chance(id, 0.15)) continue;
    const { needs, prefix } = place(choices, id);
    const name = `${prefix}${quoted(division.name)}`;
    const facts: TableFacts = {
      name,
      namespace: prefix,
      dividedBy: `${id}/${division.column}`,
      isPartition: false,
    };
    const key =
      choices.some(`${id}/expression`, 0.1, division.strategy === "LIST" ? "lower(state)" : "") ||
      division.column;
    const sql = `CREATE TABLE ${name} ({}) PARTITION BY ${division.strategy} (${key})`;
    const kind = `partitioned by ${division.strategy.toLowerCase()}`;
    if (!draft.add({ id, kind, needs, sql, table: facts })) continue;
    const column = {
      table: id,
      name: division.column,
      family: "division",
      type: division.type,
      generated: false,
    };
    draft.add({
      id: `${id}/${division.column}`,
      kind: "column",
      needs: [],
      within: id,
      sql: `${division.column} ${division.type}`,
      column,
    });
    addColumns(choices, draft, id, facts, types);
    addComment(choices, draft, id, `TABLE ${name}`);
    for (const [at, bounds] of division.bounds.entries()) addPartition(choices, draft, id, name, at, bounds);
  }
}

function addPartition(
  choices: Choices,
  draft: Draft,
  parent: string,
  of: string,
  at: number,
  bounds: string,
): void {
  const id = `${parent}/partition ${at}`;
  if (!choices.chance(id, 0.5)) return;
  const { needs, prefix } = place(choices, id);
  const name = `${prefix}${quoted(`${parent.slice(6)} p${at}`)}`;
  const facts: TableFacts = { name, namespace: prefix, dividedBy: null, isPartition: true };
  const divided = choices.chance(`${id}/divided`, 0.12) && draft.columns(parent, "key").length > 0;
  const rest = divided
    ? " PARTITION BY HASH (id)"
    : choices.some(`${id}/parameter`, 0.1, " WITH (fillfactor = 60)");
  const column = draft.columns(parent, "key")[0]?.id;
  const all = [...needs, `${parent}/${divisions.find((one) => `table ${one.name}` === parent)?.column}`];
  const sql = `CREATE TABLE ${name} PARTITION OF ${of} ${bounds}${rest}`;
  const needed = divided && column !== undefined ? [...all, column] : all;
  if (!draft.add({ id, kind: "partition", needs: [...needed, parent], sql, table: facts })) return;
  if (!divided) return;
  for (const remainder of [0, 1]) {
    const below = `${id}/${remainder}`;
    const belowName = `${prefix}${quoted(`${parent.slice(6)} p${at} r${remainder}`)}`;
    const values = `FOR VALUES WITH (MODULUS 2, REMAINDER ${remainder})`;
    const table: TableFacts = { name: belowName, namespace: prefix, dividedBy: null, isPartition: true };
    draft.add({
      id: below,
      kind: "partition",
      needs: [id],
      sql: `CREATE TABLE ${belowName} PARTITION OF ${name} ${values}`,
      table,
    });
  }
}

/** What ALTER TABLE says of a whole table. */
export function addTableSettings(choices: Choices, draft: Draft): void {
  for (const { id, table } of draft.tables) {
    if (!choices.chance(`${id}/identity`, 0.08)) continue;
    const by = choices.pick(`${id}/identity by`, ["FULL", "NOTHING"]);
    const sql = `ALTER TABLE ${table.name} REPLICA IDENTITY ${by}`;
    draft.add({ id: `${id}/identity`, kind: "replica identity", needs: [id], sql });
  }
}
