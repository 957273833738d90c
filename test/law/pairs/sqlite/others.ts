import type { Choices } from "../choices.js";
import type { Draft } from "../item.js";
import { collations } from "./tables.js";

export function addIndexes(choices: Choices, draft: Draft): void {
  for (const { id, table } of draft.tables) {
    for (const at of [0, 1, 2]) {
      const path = `${id}/index ${at}`;
      const on = choices.pick(`${path}/column`, draft.columns(id));
      if (on === undefined || !choices.chance(path, 0.35)) continue;
      const { name, family } = on.column;
      const order = choices.pick(`${path}/order`, ["", "", " DESC", " ASC"]);
      const collation = family === "text" ? choices.pick(`${path}/collation`, [...collations]) : "";
      const expression = family === "text" ? `lower(${name})` : `${name} + 1`;
      const key = choices.chance(`${path}/expression`, 0.25)
        ? `${expression}${order}`
        : `${name}${collation}${order}`;
      const unique = choices.some(`${path}/unique`, 0.2, "UNIQUE ");
      const where = choices.pick(`${path}/where`, [
        "",
        "",
        "",
        ` WHERE ${name} IS NOT NULL`,
        ` WHERE ${name} > 5 AND ${name} <> 'a;b'`,
      ]);
      const label = `"Index ""${at}"" ${id.replaceAll('"', "")}"`;
      draft.add({
        id: path,
        kind: `${unique.toLowerCase()}index`,
        needs: [id, on.id],
        sql: `CREATE ${unique}INDEX ${label} ON ${table.name} (${key})${where}`,
      });
    }
  }
}

export function addViews(choices: Choices, draft: Draft): void {
  for (const name of ["v", '"View two"']) {
    const id = `view ${name}`;
    const table = choices.pick(`${id}/over`, draft.tables);
    if (table === undefined || !choices.chance(id, 0.4)) continue;
    const chosen = draft
      .columns(table.id)
      .filter((one) => choices.chance(`${id}/takes ${one.column.name}`, 0.4));
    const names = chosen.map(({ column }) => `t.${column.name}`);
    const list = ["1 AS fixed", ...names].join(", ");
    const where =
      names[0] === undefined ? "" : choices.some(`${id}/where`, 0.3, ` WHERE ${names[0]} IS NOT NULL`);
    const form = choices.pick(`${id}/form`, ["plain", "plain", "common", "grouped"]);
    const query =
      form === "common"
        ? `WITH x AS (SELECT ${list} FROM ${table.table.name} t${where}) SELECT * FROM x UNION ALL SELECT * FROM x`
        : form === "grouped"
          ? `SELECT 1 AS fixed, count(*) AS "how many" FROM ${table.table.name} t${where} GROUP BY 1`
          : `SELECT ${list} FROM ${table.table.name} t${where}`;
    if (
      !draft.add({
        id,
        kind: "view",
        needs: [table.id, ...chosen.map((one) => one.id)],
        sql: `CREATE VIEW ${name} AS ${query}`,
      })
    )
      continue;
    if (choices.chance(`${id}/over it`, 0.3)) {
      const sql = `CREATE VIEW "over ${name.replaceAll('"', "")}" (a, "b b") AS SELECT o.fixed, count(*) FROM ${name} o GROUP BY 1`;
      draft.add({ id: `${id}/over it`, kind: "view over a view", needs: [id], sql });
    }
    if (choices.chance(`${id}/trigger`, 0.3)) {
      const sql = `CREATE TRIGGER "on ${name.replaceAll('"', "")}" INSTEAD OF INSERT ON ${name} BEGIN SELECT NEW.fixed, 'it''s; END'; END`;
      draft.add({ id: `${id}/trigger`, kind: "trigger of a view", needs: [id], sql });
    }
  }
}

export function addTriggers(choices: Choices, draft: Draft): void {
  for (const { id, table } of draft.tables) {
    const path = `${id}/trigger`;
    if (!choices.chance(path, 0.3)) continue;
    const [number] = draft.columns(id, "integer");
    const other = choices.pick(`${path}/other`, draft.tables);
    const event = choices.pick(`${path}/event`, [
      "AFTER INSERT",
      "BEFORE UPDATE",
      "AFTER DELETE",
      "AFTER UPDATE OF",
    ]);
    const of = event.endsWith("OF") && number === undefined ? "AFTER UPDATE" : event;
    const row = of.includes("DELETE") ? "OLD" : "NEW";
    const when =
      number === undefined
        ? ""
        : choices.some(`${path}/when`, 0.4, ` WHEN ${row}.${number.column.name} > 5000`);
    const body = choices.pick(`${path}/body`, [
      "SELECT 1",
      "SELECT 'it''s; END'",
      `UPDATE ${(other ?? { table }).table.name} SET id = id WHERE false`,
    ]);
    const uses = of.endsWith("OF") || when !== "" ? [number?.id ?? id] : [];
    const target = body.startsWith("UPDATE") && other !== undefined ? [other.id] : [];
    const columns = of.endsWith("OF") ? ` ${number?.column.name}` : "";
    const sql = `CREATE TRIGGER "Touch ""${id.replaceAll('"', "").slice(6, 30)}""" ${of}${columns} ON ${table.name}${when} BEGIN ${body}; END`;
    draft.add({ id: path, kind: "trigger", needs: [id, ...uses, ...target], sql });
  }
}
