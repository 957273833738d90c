import { defineRule } from "../rule.js";
import { showAll } from "../work.js";

export const rule = defineRule({
  id: "share-update-exclusive",
  title: "Statement that waits for vacuum and for other changes",
  why: "COMMENT, ANALYZE, CREATE STATISTICS, VALIDATE CONSTRAINT, SET of storage parameters and everything CONCURRENTLY take a SHARE UPDATE EXCLUSIVE lock. It keeps nobody from reading or writing, but waits for another of its kind: a concurrent index build, or an autovacuum against wraparound, which does not give way.",
  remedy: "Give it a `lock_timeout`, and do not run it while an index of the table is built CONCURRENTLY.",
  severity: "off",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {},
  bad: ["COMMENT ON TABLE orders IS 'what was bought';", "ALTER TABLE orders SET (fillfactor = 70);"],
  good: [
    "ALTER TABLE orders ADD COLUMN note text;",
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint); COMMENT ON TABLE orders IS 'what was bought';",
    },
  ],
  statement: (context) => {
    const ids = [...context.effect.locks].filter(([, mode]) => mode === "SHARE UPDATE EXCLUSIVE");
    const relations = context.relations(ids.map(([id]) => id));
    if (relations.length === 0) return undefined;
    return {
      message: `This waits for a vacuum against wraparound and for changes of ${showAll(relations)} that run CONCURRENTLY`,
      object: showAll(relations),
      relations,
    };
  },
});
