import type { Choices } from "../choices.js";
import type { Draft } from "../item.js";
import { addComment, place } from "./places.js";

export function addExtensions(choices: Choices, draft: Draft): void {
  for (const name of ["citext", "hstore", "ltree", "pg_trgm"]) {
    const id = `extension ${name}`;
    if (choices.chance(id, 0.12))
      draft.add({ id, kind: "extension", needs: [], sql: `CREATE EXTENSION ${name}` });
  }
}

export function addCollations(choices: Choices, draft: Draft): void {
  const id = "collation";
  if (!choices.chance(id, 0.12)) return;
  const { needs, prefix } = place(choices, id);
  const rest = choices.pick(`${id}/locale`, [
    "LOCALE = 'de-u-kn'",
    "LOCALE = 'und', DETERMINISTIC = false",
    "LOCALE = 'en'",
  ]);
  if (
    !draft.add({
      id,
      kind: "collation",
      needs,
      sql: `CREATE COLLATION ${prefix}"Own ""c""" (PROVIDER = icu, ${rest})`,
    })
  )
    return;
  addComment(choices, draft, id, `COLLATION ${prefix}"Own ""c"""`);
}

export function addStatistics(choices: Choices, draft: Draft): void {
  for (const { id, table } of draft.tables) {
    const [first, second] = draft.columns(id, "integer", "text", "key");
    if (
      table.isPartition ||
      first === undefined ||
      second === undefined ||
      !choices.chance(`${id}/statistics`, 0.1)
    )
      continue;
    const kinds = choices.pick(`${id}/statistics kinds`, ["", " (ndistinct)", " (mcv, dependencies)"]);
    const name = `"Stat ${id.replaceAll('"', "").slice(6, 40)}"`;
    const sql = `CREATE STATISTICS ${table.namespace}${name}${kinds} ON ${first.column.name}, ${second.column.name} FROM ${table.name}`;
    if (!draft.add({ id: `${id}/statistics`, kind: "statistics", needs: [id, first.id, second.id], sql }))
      continue;
    addComment(choices, draft, `${id}/statistics`, `STATISTICS ${table.namespace}${name}`);
    if (!choices.chance(`${id}/statistics target`, 0.2)) continue;
    draft.add({
      id: `${id}/statistics/target`,
      kind: "statistics target",
      needs: [`${id}/statistics`],
      sql: `ALTER STATISTICS ${table.namespace}${name} SET STATISTICS 50`,
    });
  }
}

export function addPolicies(choices: Choices, draft: Draft): void {
  for (const { id, table } of draft.tables) {
    if (choices.chance(`${id}/row security`, 0.15)) {
      draft.add({
        id: `${id}/row security`,
        kind: "row security",
        needs: [id],
        sql: `ALTER TABLE ${table.name} ENABLE ROW LEVEL SECURITY`,
      });
      if (choices.chance(`${id}/forced`, 0.3)) {
        draft.add({
          id: `${id}/forced`,
          kind: "row security",
          needs: [`${id}/row security`],
          sql: `ALTER TABLE ${table.name} FORCE ROW LEVEL SECURITY`,
        });
      }
    }
    const policy = `${id}/policy`;
    if (!choices.chance(policy, 0.12)) continue;
    const [column] = draft.columns(id, "integer", "text");
    const name = column?.column.name;
    const as = choices.some(`${policy}/restrictive`, 0.3, " AS RESTRICTIVE");
    const command = choices.pick(`${policy}/command`, ["ALL", "UPDATE", "SELECT"]);
    const to = choices.pick(`${policy}/to`, ["PUBLIC", "CURRENT_USER", "pg_monitor"]);
    const using = choices.pick(`${policy}/using`, [
      "true",
      name === undefined ? "false" : `${name} IS NOT NULL`,
    ]);
    const check = command === "SELECT" ? "" : choices.some(`${policy}/check`, 0.4, " WITH CHECK (1 > 0)");
    const sql = `CREATE POLICY "The ""p""" ON ${table.name}${as} FOR ${command} TO ${to} USING (${using})${check}`;
    const needs = [id, ...(column !== undefined && using.includes(column.column.name) ? [column.id] : [])];
    if (draft.add({ id: policy, kind: "policy", needs, sql }))
      addComment(choices, draft, policy, `POLICY "The ""p""" ON ${table.name}`);
  }
}
