import { onNewColumns } from "../new-columns.js";
import { defineRule } from "../rule.js";

/** Words that names of amounts of money are made of. */
const amounts =
  /(?:^|_)(?:price|amount|cost|fee|salary|balance|revenue|payment|tax|vat|discount|wage|refund|invoice_total|total_(?:price|amount|cost))(?:_|$)/;

/** `unitPrice` as `unit_price`. */
const words = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

/** Of a price or a cost there are measures that are no money. */
const measures = /(?:^|_)(?:rate|ratio|percent|percentage|factor|score|weight|count)(?:_|$)/;

export const rule = defineRule({
  id: "float-for-money",
  title: "An amount of money in a floating-point column",
  why: "Most decimal fractions, 0.1 among them, have no exact value in binary: sums are off by a cent here and there, two amounts that look equal are not, and the result depends on the order of the rows.",
  remedy: "Use `numeric`, or the smallest unit in a `bigint`.",
  severity: "warning",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { "pg-migration-lint": ["PGM109"] },
  bad: [
    "ALTER TABLE orders ADD COLUMN unit_price real;",
    'CREATE TABLE lines (id bigint PRIMARY KEY, "totalAmount" double precision);',
  ],
  good: [
    "ALTER TABLE orders ADD COLUMN unit_price numeric(12, 2);",
    "ALTER TABLE orders ADD COLUMN tax_rate real;",
  ],
  on: onNewColumns(({ type, object, name }) => {
    const isFloat = type.builtIn && (type.name === "real" || type.name === "double precision");
    if (!isFloat || !amounts.test(words(name)) || measures.test(words(name))) return undefined;
    return { message: `Sums of ${object} are off by fractions`, object, at: name };
  }),
});
