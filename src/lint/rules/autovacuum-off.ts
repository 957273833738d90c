import type { Option } from "../../effect/syntax.js";
import { findRelation } from "../../effect/world.js";
import { showTable } from "../new-columns.js";
import { defineRule } from "../rule.js";

const isOff = ({ name, value }: Option): boolean =>
  /(^|\.)autovacuum_enabled$/.test(name.toLowerCase()) &&
  /^(false|off|no|0|f|n|of|fals|fal|fa)$/i.test(value ?? "");

export const rule = defineRule({
  id: "autovacuum-off",
  title: "autovacuum_enabled = false",
  why: "Dead rows stay, the table and its indexes grow without end, and the planner works with old statistics. When the transaction ids run out the server vacuums nevertheless, all at once, at a moment that nobody chose.",
  remedy:
    "Tune it instead: `autovacuum_vacuum_scale_factor`, `autovacuum_vacuum_cost_delay`. Where it must be off for a bulk load, put it on again in the same file.",
  severity: "warning",
  group: "design",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { atlas: ["PG320"] },
  bad: [
    "ALTER TABLE orders SET (autovacuum_enabled = false);",
    "CREATE TABLE events (id bigint PRIMARY KEY) WITH (autovacuum_enabled = off);",
  ],
  good: [
    "ALTER TABLE orders SET (autovacuum_vacuum_scale_factor = 0.01);",
    "ALTER TABLE orders RESET (autovacuum_enabled);",
    `ALTER TABLE orders SET (autovacuum_enabled = false);
ALTER TABLE orders RESET (autovacuum_enabled);`,
  ],
  revision: (context) =>
    context.unit.statements.flatMap((statement) =>
      statement.acts.flatMap((act) => {
        const isSet = act.kind === "create-table" || (act.kind === "set-options" && !act.reset);
        if (!isSet || !act.options.some(isOff)) return [];
        const name = act.kind === "create-table" ? act.name : act.table;
        const table = findRelation(statement.after, name);
        const later = [...(context.after.relations.get(table?.id ?? -1)?.options ?? [])];
        if (table !== undefined && !later.some(([option, value]) => isOff({ name: option, value })))
          return [];
        const object = showTable(statement.after, name);
        return [{ message: `Nobody cleans up ${object} any more`, object, line: statement.line }];
      }),
    ),
});
