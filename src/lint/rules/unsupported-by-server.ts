import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "unsupported-by-server",
  title: "A statement that the server refuses",
  why: "The server of this version does not know what the statement asks for, or refuses it for what is there: the deployment stops here.",
  remedy: "Write it so that the oldest server that it runs on takes it, or say which versions it is for.",
  severity: "error",
  group: "hygiene",
  dialects: ["postgres"],
  small: "same",
  aliases: {},
  bad: [
    {
      serverVersion: 14,
      sql: "CREATE UNIQUE INDEX CONCURRENTLY one ON orders (number) NULLS NOT DISTINCT;",
      inTransaction: false,
    },
    { serverVersion: 17, sql: "ALTER TABLE orders ADD CONSTRAINT present NOT NULL note NOT VALID;" },
  ],
  good: [
    {
      serverVersion: 15,
      sql: "CREATE UNIQUE INDEX CONCURRENTLY one ON orders (number) NULLS NOT DISTINCT;",
      inTransaction: false,
    },
    { serverVersion: 18, sql: "ALTER TABLE orders ADD CONSTRAINT present NOT NULL note NOT VALID;" },
  ],
  statement: ({ statement, effect }) => {
    const reason = effect.refused ?? statement.effect.refused;
    return reason === null ? undefined : { message: reason };
  },
});
