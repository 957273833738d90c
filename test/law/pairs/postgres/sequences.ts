import type { Choices } from "../choices.js";
import type { Draft } from "../item.js";
import { addComment, place } from "./places.js";

/** Sequences of their own, and such as belong to a column or give it its default. */
export function addSequences(choices: Choices, draft: Draft): void {
  for (const name of ["seq", '"Seq two"']) {
    const id = `sequence ${name}`;
    if (!choices.chance(id, 0.3)) continue;
    const columns = draft.tables
      .filter(({ table }) => !table.isPartition)
      .flatMap((one) => draft.columns(one.id, "integer"));
    const column = choices.pick(`${id}/column`, columns);
    const owner = draft.tables.find((one) => one.id === column?.column.table);
    const owned = column !== undefined && choices.chance(`${id}/owned`, 0.4);
    const { needs, prefix } = owned
      ? { needs: [], prefix: owner?.table.namespace ?? "" }
      : place(choices, id);
    const type = choices.pick(`${id}/type`, ["", "", " AS integer", " AS smallint"]);
    const options = choices.pick(`${id}/options`, [
      "",
      "",
      " INCREMENT BY 3",
      " START WITH 7 MINVALUE 5 MAXVALUE 900 CYCLE",
      " INCREMENT BY -1",
      " CACHE 20",
    ]);
    const unlogged = choices.some(`${id}/unlogged`, 0.1, "UNLOGGED ");
    if (
      !draft.add({
        id,
        kind: "sequence",
        needs,
        sql: `CREATE ${unlogged}SEQUENCE ${prefix}${name}${type}${options}`,
      })
    )
      continue;
    addComment(choices, draft, id, `SEQUENCE ${prefix}${name}`);
    if (column === undefined || owner === undefined) continue;
    const of = `${owner.table.name}.${column.column.name}`;
    if (owned) {
      draft.add({
        id: `${id}/owner`,
        kind: "sequence owner",
        needs: [id, column.id],
        sql: `ALTER SEQUENCE ${prefix}${name} OWNED BY ${of}`,
      });
    }
    if (choices.chance(`${id}/default`, 0.5)) {
      const text = `${prefix}${name}`.replaceAll("'", "''");
      const sql = `ALTER TABLE ${owner.table.name} ALTER ${column.column.name} SET DEFAULT nextval('${text}')`;
      draft.add({ id: `${id}/default`, kind: "sequence default", needs: [id, column.id], sql });
    }
  }
}
