import { actions } from "../actions.js";
import type { Choices } from "../choices.js";
import type { ColumnFacts, Draft, Item, TableFacts } from "../item.js";
import { conflicts } from "./tables.js";

type Column = Item & { readonly column: ColumnFacts };
type Table = Item & { readonly table: TableFacts };

/** Constraints are clauses of their table, after its columns. */
export function addConstraints(choices: Choices, draft: Draft): void {
  for (const table of draft.tables) {
    for (const at of [0, 1]) addUnique(choices, draft, table, at);
    for (const at of [0, 1]) addCheck(choices, draft, table, at);
  }
  for (const table of draft.tables) for (const at of [0, 1]) addForeignKey(choices, draft, table, at);
}

function named(choices: Choices, path: string, name: string): string {
  return choices.some(`${path}/named`, 0.5, `CONSTRAINT "${name}" `);
}

function addUnique(choices: Choices, draft: Draft, { id }: Table, at: number): void {
  const path = `${id}/unique ${at}`;
  const columns = draft.columns(id, "integer", "text", "real");
  const first = choices.pick(`${path}/first`, columns);
  if (first === undefined || !choices.chance(path, 0.25)) return;
  const second = choices.pick(
    `${path}/second`,
    columns.filter((one) => one !== first),
  );
  const on = second !== undefined && choices.chance(`${path}/two`, 0.4) ? [first, second] : [first];
  const keys = on.map(
    ({ column }, place) =>
      column.name + choices.pick(`${path}/order ${place}`, ["", "", "", " DESC", " COLLATE NOCASE"]),
  );
  const conflict = choices.pick(`${path}/conflict`, [...conflicts]);
  const sql = `${named(choices, path, `one each ${at}`)}UNIQUE (${keys.join(", ")})${conflict}`;
  draft.add({ id: path, kind: "unique", needs: on.map((one) => one.id), within: id, sql });
}

function addCheck(choices: Choices, draft: Draft, { id }: Table, at: number): void {
  const path = `${id}/check ${at}`;
  const column = choices.pick(`${path}/column`, draft.columns(id, "integer", "text"));
  if (column === undefined || !choices.chance(path, 0.3)) return;
  const { name, family } = column.column;
  const ofNumber = [
    `${name} > 0`,
    `${name} IN (1, 20, 21)`,
    `${name} BETWEEN -5 AND 5000`,
    `(${name} + 1) * 2 <> 7 OR ${name} IS NULL`,
  ];
  const ofText = [
    `${name} <> ''`,
    `${name} IN ('a', 'it''s')`,
    `length(${name}) < 300`,
    `${name} NOT LIKE 'x%' /* no x */`,
  ];
  const expression = choices.pick(`${path}/expression`, family === "text" ? ofText : ofNumber);
  const sql = `${named(choices, path, `Check ""${at}""`)}CHECK (${expression})`;
  draft.add({ id: path, kind: "check", needs: [column.id], within: id, sql });
}

/** To whatever is a key, to tables that come later and to the table itself. */
function addForeignKey(choices: Choices, draft: Draft, table: Table, at: number): void {
  const path = `${table.id}/foreign key ${at}`;
  const keys = draft.items.filter(
    (one): one is Column => one.column?.family === "key" && one.kind !== "no key",
  );
  const key = choices.pick(`${path}/key`, keys);
  const target = draft.tables.find(({ id }) => id === key?.column.table);
  if (key === undefined || target === undefined || !choices.chance(path, 0.35)) return;
  const column = {
    table: table.id,
    name: `"ref ${at}"`,
    family: "reference",
    type: "INTEGER",
    generated: false,
  };
  // The table stays when the other one goes: the engine does not ask for it.
  const own = {
    id: `${path}/column`,
    kind: "column",
    needs: [],
    within: table.id,
    sql: `"ref ${at}" INTEGER`,
    column,
  };
  if (!draft.add(own)) return;
  const action = choices.pick(`${path}/action`, [...actions]);
  const deferral = choices.pick(`${path}/deferral`, [
    "",
    "",
    " DEFERRABLE INITIALLY DEFERRED",
    " DEFERRABLE",
    " NOT DEFERRABLE",
  ]);
  const to = choices.some(`${path}/to column`, 0.7, " (id)");
  const sql = `${named(choices, path, `to ${at} it's`)}FOREIGN KEY ("ref ${at}") REFERENCES ${target.table.name}${to}${action}${deferral}`;
  const needs = [own.id, ...(target.id === table.id ? [key.id] : [target.id, key.id])];
  draft.add({ id: path, kind: "foreign key", needs, within: table.id, sql });
}
