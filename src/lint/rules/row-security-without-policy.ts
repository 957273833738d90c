import { findRelation, showRelation } from "../../effect/world.js";
import { actsOfKind } from "../ahead.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "row-security-without-policy",
  title: "ENABLE ROW LEVEL SECURITY without a policy",
  why: "Without a policy nobody but the owner sees a row, and no INSERT is let in. Nothing fails on reading: the application finds empty tables.",
  remedy: "Make the policies in the same transaction, before or after it.",
  severity: "warning",
  group: "security",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;",
    {
      note: "the policy was only for somebody else's table",
      sql: `CREATE TABLE orders (id bigint PRIMARY KEY);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON lines USING (true);`,
    },
  ],
  good: [
    `ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON orders USING (owner = current_user);`,
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY); CREATE POLICY own ON orders USING (true);",
      sql: "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;",
    },
  ],
  revision: (context) =>
    actsOfKind(context.unit.statements, "row-security").flatMap(({ act, statement }) => {
      if (act.change !== "enable") return [];
      const table = findRelation(statement.after, act.table);
      const now = table === undefined ? undefined : context.after.relations.get(table.id);
      if (now === undefined || now.policies.size > 0 || !now.rowSecurity) return [];
      const object = showRelation(now);
      const message = now.known
        ? `Nobody but its owner sees a row of ${object}`
        : `Nobody but its owner sees a row of ${object}, unless it has policies already`;
      return [{ message, object, line: statement.line }];
    }),
});
