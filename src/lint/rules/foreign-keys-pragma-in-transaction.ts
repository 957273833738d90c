import { isEffective } from "../rebuild.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "foreign-keys-pragma-in-transaction",
  title: "PRAGMA foreign_keys within a transaction",
  why: "Within a transaction the pragma does nothing, and says nothing. A table that is dropped in order to be made anew then deletes its rows first, and ON DELETE CASCADE empties the tables that refer to it.",
  remedy:
    "Issue it before BEGIN, ask for its value, and go no further if it is still 1: some hosts ignore it. In a revision of Aludel it runs outside the transaction, and rebuilds switch it by themselves.",
  severity: "error",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: { "drizzle-migration-lint": ["recreate-cascade-data-loss"] },
  bad: [
    {
      before: `CREATE TABLE orders (id INTEGER PRIMARY KEY);
CREATE TABLE lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id) ON DELETE CASCADE);`,
      sql: `BEGIN;
PRAGMA foreign_keys = OFF;
CREATE TABLE new_orders (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;
COMMIT;`,
    },
    {
      note: "a runner puts a transaction around the file",
      sql: "PRAGMA foreign_keys=OFF;\nDROP TABLE orders;",
    },
  ],
  good: [
    `PRAGMA foreign_keys = OFF;
BEGIN;
DELETE FROM orders WHERE id = 1;
COMMIT;`,
    { inTransaction: false, sql: "PRAGMA foreign_keys = OFF;" },
    "PRAGMA foreign_keys;",
  ],
  on: {
    set: (act, { statement }) =>
      // To put them on again where they were never off is not worth a word.
      act.name === "foreign_keys" &&
      /^(?:off|false|no|0)$/i.test(act.values[0] ?? "") &&
      !isEffective(statement)
        ? { message: "Within a transaction this does nothing, and foreign keys stay as they are" }
        : undefined,
  },
});
