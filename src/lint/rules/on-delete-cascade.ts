import { onForeignKeys } from "../foreign-keys.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "on-delete-cascade",
  title: "ON DELETE CASCADE",
  why: "One DELETE in the referenced table deletes rows here, and in the tables behind, without naming them: in one transaction, however many they are.",
  remedy: "`ON DELETE RESTRICT`, and delete the rows by name, in batches.",
  severity: "off",
  group: "design",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    "CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE CASCADE);",
    "ALTER TABLE lines ADD CONSTRAINT of_order FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE NOT VALID;",
  ],
  good: [
    "CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE RESTRICT);",
    "CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);",
  ],
  on: onForeignKeys(({ key, object, target }) =>
    key.onDelete === "cascade"
      ? { message: `A DELETE in ${target} deletes rows of ${object}`, object, at: "ON DELETE CASCADE" }
      : undefined,
  ),
});
