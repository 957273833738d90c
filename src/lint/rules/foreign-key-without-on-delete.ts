import type { NewForeignKey } from "../foreign-keys.js";
import { onForeignKeys } from "../foreign-keys.js";
import { defineRule } from "../rule.js";

/** What the text says behind its `number`-th REFERENCES, up to the next one. */
function isStated(sql: string, { key, number }: NewForeignKey): boolean {
  // NO ACTION is what it is without a word, so that only the text can tell.
  if (key.onDelete !== null && key.onDelete !== "no-action") return true;
  const parts = sql.split(/\bREFERENCES\b/i);
  return /\bON\s+DELETE\b/i.test(parts[number + 1] ?? "");
}

export const rule = defineRule({
  id: "foreign-key-without-on-delete",
  title: "A foreign key that does not say what happens on DELETE",
  why: "Without a word it is NO ACTION: a DELETE of the referenced row fails. Who reads the statement cannot know whether that was meant or forgotten.",
  remedy: "State it: `ON DELETE RESTRICT`, `CASCADE`, `SET NULL` or `NO ACTION`.",
  severity: "off",
  group: "design",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    "CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders);",
    `CREATE TABLE lines (
  id bigint PRIMARY KEY,
  order_id bigint REFERENCES orders ON DELETE CASCADE,
  product_id bigint,
  FOREIGN KEY (product_id) REFERENCES products
);`,
  ],
  good: [
    "CREATE TABLE lines (id bigint PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE NO ACTION);",
    "ALTER TABLE lines ADD CONSTRAINT of_order FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE NOT VALID;",
  ],
  on: onForeignKeys((one, { sql }) =>
    isStated(sql, one)
      ? undefined
      : {
          message: `What happens to ${one.object} when a row of ${one.target} is deleted is not said`,
          object: `${one.object} (${one.key.columns.join(", ")})`,
          at: "REFERENCES",
        },
  ),
});
