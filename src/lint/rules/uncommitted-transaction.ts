import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "uncommitted-transaction",
  title: "BEGIN without COMMIT",
  why: "Nothing of it happens: when the connection ends, the transaction is rolled back without an error. Where the connection stays open its locks stay, too.",
  remedy: "End it with COMMIT.",
  severity: "error",
  group: "transaction",
  dialects: "all",
  small: "same",
  aliases: { squawk: ["ban-uncommitted-transaction"], pgfence: ["unclosed-transaction"] },
  bad: [
    `BEGIN;
CREATE TABLE orders (id bigint PRIMARY KEY);`,
    `BEGIN;
CREATE TABLE orders (id bigint PRIMARY KEY);
COMMIT;
START TRANSACTION;
CREATE TABLE lines (id bigint PRIMARY KEY);`,
  ],
  good: [
    `BEGIN;
CREATE TABLE orders (id bigint PRIMARY KEY);
COMMIT;`,
    "CREATE TABLE orders (id bigint PRIMARY KEY);",
    `BEGIN;
CREATE TABLE orders (id bigint PRIMARY KEY);
ROLLBACK;`,
  ],
  revision: (context) => {
    let open: number | null = null;
    for (const { acts, line } of context.unit.statements) {
      for (const act of acts) {
        if (act.kind === "begin") open ??= line;
        if (act.kind === "commit" || act.kind === "rollback") open = act.chain ? line : null;
        if (act.kind === "prepared-transaction" && act.change === "prepare") open = null;
      }
    }
    if (open === null) return undefined;
    return {
      message: "The transaction that begins here is never committed, and nothing of it happens",
      line: open,
    };
  },
});
