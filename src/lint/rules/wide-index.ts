import { showTable } from "../new-columns.js";
import { defineRule } from "../rule.js";

const most = 3;

export const rule = defineRule({
  id: "wide-index",
  title: "An index over more than three columns",
  why: "Only queries that fix the first columns use the later ones. The index grows with each of them, and a change of any of them writes it.",
  remedy:
    "Keep the columns that tell rows apart best; put the others into INCLUDE where only their values are read.",
  severity: "off",
  group: "design",
  dialects: "all",
  small: "harmless",
  directions: "upgrade",
  aliases: {},
  bad: [
    "CREATE INDEX wide ON orders (a, b, c, d);",
    "CREATE INDEX CONCURRENTLY wide ON orders (a, b, c, d, e);",
  ],
  good: [
    "CREATE INDEX narrow ON orders (a, b, c);",
    {
      note: "what is unique has the columns that it needs",
      sql: "CREATE UNIQUE INDEX one ON orders (a, b, c, d);",
    },
    "CREATE INDEX narrow ON orders (a) INCLUDE (b, c, d);",
  ],
  on: {
    "create-index": (act, context) => {
      if (act.unique || act.keys.length <= most) return undefined;
      const object = showTable(context.before, act.table);
      return { message: `Few queries on ${object} use ${act.keys.length} columns of an index`, object };
    },
  },
});
