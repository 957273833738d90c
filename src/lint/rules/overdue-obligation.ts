import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "overdue-obligation",
  title: "What was to be there for a time only is still there",
  why: "A constraint that is NOT VALID, a trigger that keeps two columns alike, a check that only was to prove a NOT NULL: each is a step on the way to something else. Nobody notices when the rest of the way is forgotten, and then nobody knows any more what it is for.",
  remedy:
    "Write the revision that takes it away. Or say how long it may stay, and why, above the statement that makes it: `-- aludel:until 2026-12-31 until 4.2 is no longer running`.",
  severity: "error",
  group: "hygiene",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    {
      note: "its day is over",
      sql: `-- aludel:until 2020-12-31 the worker mends the rows
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;`,
    },
    {
      note: "two columns stand for one",
      before: "CREATE TABLE orders (note text, remark text);",
      sql: `CREATE FUNCTION copy_note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.remark := NEW.note; RETURN NEW; END';
-- aludel:until 2020-12-31
CREATE TRIGGER orders_copy BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION copy_note();`,
    },
    {
      note: "the comment says that it is there for a time",
      before: "CREATE TABLE orders (note text);",
      sql: `-- aludel:until 2020-12-31 for the reports of 4.1
ALTER TABLE orders ADD COLUMN old_note text;`,
    },
  ],
  good: [
    {
      note: "it is not due yet",
      sql: `-- aludel:until 2999-12-31 the worker mends the rows
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;`,
    },
    {
      note: "it was done",
      inTransaction: false,
      sql: `-- aludel:until 2020-12-31
ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT positive;`,
    },
  ],
});
