import { defineRule } from "../rule.js";
import { isRunByUs } from "../sessions.js";

const effects: Readonly<Record<string, string>> = {
  role: "the next file runs as another role",
  session_authorization: "the next file runs as another role",
  session_replication_role: "triggers and foreign keys stay switched off",
  default_transaction_read_only: "the next file cannot write",
  default_transaction_isolation: "the next file's transactions are of another kind",
};

export const rule = defineRule({
  id: "session-leak",
  title: "SET of the session that is never taken back",
  why: "SET holds for the connection, not for the file. The next file of the same run finds it, and behind a pooler so does some application later on. `session_replication_role = replica` switches off foreign keys, for whoever comes next.",
  remedy: "`SET LOCAL` in a transaction, or RESET at the end. Aludel gives every revision a clean session.",
  severity: "warning",
  group: "transaction",
  dialects: ["postgres"],
  small: "same",
  aliases: {},
  bad: [
    `SET session_replication_role = replica;
DELETE FROM orders WHERE id = 7;`,
    `SET ROLE owner;
CREATE TABLE orders (id bigint PRIMARY KEY);`,
  ],
  good: [
    `BEGIN;
SET LOCAL session_replication_role = replica;
DELETE FROM orders WHERE id = 7;
COMMIT;`,
    `SET ROLE owner;
CREATE TABLE orders (id bigint PRIMARY KEY);
RESET ROLE;`,
    "SET lock_timeout = '5s';",
  ],
  revision: (context) => {
    if (isRunByUs(context)) return undefined;
    const [first] = context.unit.statements;
    if (first === undefined) return undefined;
    return [...context.after.settings].flatMap(([name, setting]) => {
      const effect = effects[name];
      const isOfUnit = setting.at >= first.position && !setting.local;
      // "origin" is what it is without a SET.
      const isDefault = /^(origin|none|default)$/i.test(setting.value);
      if (effect === undefined || !isOfUnit || isDefault) return [];
      const statement = context.unit.statements.find(({ position }) => position === setting.at);
      if (statement === undefined) return [];
      return [{ message: `${name} stays as it is set here: ${effect}`, object: name, line: statement.line }];
    });
  },
});
