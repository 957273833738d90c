import type { Choices } from "../choices.js";
import type { ColumnFacts, Draft, Item } from "../item.js";
import { addComment, place } from "./places.js";

type Column = Item & { readonly column: ColumnFacts };

/** Views over tables and over each other, and materialised ones with indexes. */
export function addViews(choices: Choices, draft: Draft): void {
  for (const [name, materialized] of [
    ["v", false],
    ['"View two"', false],
    ['"a materialized ""one"""', true],
  ] as const) {
    const id = `view ${name}`;
    const table = choices.pick(
      `${id}/over`,
      draft.tables.filter(({ table }) => !table.isPartition),
    );
    if (table === undefined || !choices.chance(id, 0.35)) continue;
    const columns = draft
      .columns(table.id)
      .filter((one) => !["json", "xml", "point", "box"].includes(one.column.family));
    const chosen = columns.filter((one) => choices.chance(`${id}/takes ${one.column.name}`, 0.4));
    const { needs, prefix } = place(choices, id);
    const query = queryOf(choices, id, table.table.name, chosen);
    const kind = materialized ? "MATERIALIZED VIEW" : "VIEW";
    const options = materialized
      ? choices.some(`${id}/options`, 0.15, " WITH (fillfactor = 80)")
      : choices.pick(`${id}/options`, ["", "", "", " WITH (security_barrier)", " WITH (security_invoker)"]);
    const item = {
      id,
      kind: kind.toLowerCase(),
      needs: [...needs, table.id, ...chosen.map((one) => one.id)],
    };
    const view = `${prefix}${name}`;
    if (!draft.add({ ...item, source: view, sql: `CREATE ${kind} ${view}${options} AS ${query.sql}` }))
      continue;
    addComment(choices, draft, id, `${kind} ${view}`);
    if (materialized && choices.chance(`${id}/index`, 0.5)) {
      const unique = choices.some(`${id}/index unique`, 0.3, "UNIQUE ");
      draft.add({
        id: `${id}/index`,
        kind: "index of a materialized view",
        needs: [id],
        sql: `CREATE ${unique}INDEX "of the view" ON ${view} (fixed)`,
      });
    }
    if (!materialized && choices.chance(`${id}/over it`, 0.3)) {
      const source = `"over ${name.replaceAll('"', "")}"`;
      const sql = `CREATE VIEW ${source} AS SELECT o.fixed, count(*) AS "how many" FROM ${view} o GROUP BY o.fixed`;
      draft.add({ id: `${id}/over it`, kind: "view over a view", needs: [id], source, sql });
    }
  }
}

function queryOf(
  choices: Choices,
  id: string,
  table: string,
  columns: readonly Column[],
): { readonly sql: string } {
  const names = columns.map(({ column }) => `t.${column.name}`);
  const [first] = names;
  const fixed = choices.pick(`${id}/fixed`, [
    "1 AS fixed",
    "1 + 1 AS fixed",
    "CASE WHEN true THEN 3 ELSE 4 END AS fixed",
  ]);
  const form = choices.number(`${id}/form`);
  const list = [fixed, ...names].join(", ");
  if (first !== undefined && form < 0.2)
    return { sql: `SELECT ${list} FROM ${table} t WHERE ${first} IS NOT NULL` };
  if (first !== undefined && form < 0.35)
    return {
      sql: `SELECT ${fixed}, ${first}, count(*) AS "how many" FROM ${table} t GROUP BY 2 HAVING count(*) > 1`,
    };
  if (first !== undefined && form < 0.5)
    return { sql: `WITH x AS (SELECT ${list} FROM ${table} t) SELECT * FROM x UNION ALL SELECT * FROM x` };
  if (form < 0.6)
    return { sql: `SELECT ${list} FROM ${table} t LEFT JOIN ${table} u ON true ORDER BY 1 LIMIT 5` };
  return { sql: `SELECT ${list} FROM ${table} t` };
}
