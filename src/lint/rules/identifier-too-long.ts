import { identifiersOf } from "../identifiers.js";
import { defineRule } from "../rule.js";

const limit = 63;

export const rule = defineRule({
  id: "identifier-too-long",
  title: "A name of more than 63 bytes",
  why: "The server cuts it at 63 bytes and says so only in a NOTICE. Two long names that begin alike become one, and code that compares names, or an ORM that looks for its constraint, does not find it.",
  remedy: "Give it a shorter name. Letters beyond ASCII take two bytes or more.",
  severity: "warning",
  group: "design",
  dialects: ["postgres"],
  small: "same",
  aliases: { squawk: ["identifier-too-long"], pgsafe: ["identifier-too-long"] },
  bad: [
    "CREATE INDEX orders_by_customer_and_state_and_payment_method_and_warehouse_and_day ON orders (id);",
    'CREATE TABLE "Übergrößenträgerverbändeversammlungsbeschlussfähigkeitsprüfung" (id bigint PRIMARY KEY);',
  ],
  good: [
    "CREATE INDEX orders_by_customer ON orders (customer_id);",
    {
      note: "strings and comments are no names",
      sql: `-- orders_by_customer_and_state_and_payment_method_and_warehouse_and_day_is_too_long
COMMENT ON TABLE orders IS 'orders_by_customer_and_state_and_payment_method_and_warehouse_and_day';`,
    },
  ],
  statement: ({ sql }) =>
    identifiersOf(sql)
      .filter((name) => Buffer.byteLength(name) > limit)
      .map((name) => ({
        message: `${name} is cut at ${limit} bytes`,
        object: name,
        at: name,
      })),
});
