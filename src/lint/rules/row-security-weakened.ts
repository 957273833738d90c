import { findRelation, showRelation } from "../../effect/world.js";
import { actsOfKind } from "../ahead.js";
import { defineRule } from "../rule.js";

const weakening: Readonly<Record<string, string>> = {
  disable: "Everybody who may read it sees all rows of",
  "no-force": "Its policies no longer bind the owner of",
};

export const rule = defineRule({
  id: "row-security-weakened",
  title: "DISABLE ROW LEVEL SECURITY, DROP POLICY",
  why: "Rows that the policies kept from somebody are open to all who may read the table, in the running release, at once. Between a DROP POLICY and the CREATE POLICY that replaces it nobody sees a row, unless both are in one transaction.",
  remedy:
    "`ALTER POLICY` instead of dropping and making it; where a policy goes, say who is to see the rows now.",
  severity: "warning",
  group: "security",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    "ALTER TABLE orders DISABLE ROW LEVEL SECURITY;",
    "ALTER TABLE orders NO FORCE ROW LEVEL SECURITY;",
    "DROP POLICY own ON orders;",
  ],
  good: [
    `DROP POLICY own ON orders;
CREATE POLICY own ON orders USING (owner = session_user);`,
    "ALTER POLICY own ON orders USING (owner = session_user);",
    `CREATE TABLE orders (id bigint PRIMARY KEY);
ALTER TABLE orders DISABLE ROW LEVEL SECURITY;`,
  ],
  revision: (context) => {
    const { statements } = context.unit;
    const changes = actsOfKind(statements, "row-security").flatMap(({ act, statement }) => {
      const what = weakening[act.change];
      const table = findRelation(statement.before, act.table);
      if (what === undefined || table === undefined || !context.isExisting(table)) return [];
      const object = showRelation(table);
      return [{ message: `${what} ${object}`, object, line: statement.line }];
    });
    const dropped = actsOfKind(statements, "drop-from-table").flatMap(({ act, statement }) => {
      const table = findRelation(statement.before, act.table);
      if (act.object !== "policy" || table === undefined || !context.isExisting(table)) return [];
      const now = context.after.relations.get(table.id);
      if (now === undefined || now.policies.has(act.name)) return [];
      const object = showRelation(table);
      return [
        {
          message: `The policy ${act.name} no longer guards the rows of ${object}`,
          object,
          line: statement.line,
        },
      ];
    });
    return [...changes, ...dropped];
  },
});
