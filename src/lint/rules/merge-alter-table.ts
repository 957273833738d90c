import { isTableAct } from "../../effect/act.js";
import type { AnalysedStatement } from "../../effect/statement.js";
import { findRelation, type Relation, showRelation } from "../../effect/world.js";
import type { RevisionContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

/** The table that an ALTER TABLE reads or writes from end to end in the pass that all its subcommands share. */
function passedOver(statement: AnalysedStatement): Relation | undefined {
  const [act] = statement.acts;
  if (act === undefined || !isTableAct(act) || act.kind === "validate-constraint") return undefined;
  if (act.kind === "attach-partition") return undefined;
  const { rewrites, scans } = statement.onExisting;
  if (rewrites.length === 0 && scans.length === 0) return undefined;
  return findRelation(statement.before, act.table);
}

/** Nothing that an ALTER TABLE behind it might need, or one before it: it could be moved. */
function isPlain({ acts }: AnalysedStatement): boolean {
  return acts.every((act) => isTableAct(act) || act.kind === "comment" || act.kind === "set");
}

function says(context: RevisionContext): readonly Say[] {
  let passed = new Map<number, AnalysedStatement>();
  const said = new Set<number>();
  const found: Say[] = [];
  for (const statement of context.unit.statements) {
    if (!isPlain(statement)) passed = new Map();
    const table = passedOver(statement);
    if (table === undefined || !context.isExisting(table)) continue;
    const first = passed.get(table.id);
    if (first !== undefined && said.has(table.id)) continue;
    if (first !== undefined) {
      said.add(table.id);
      const name = showRelation(table);
      found.push({
        message: `All rows of ${name} are gone through once more, after line ${first.line}: one ALTER TABLE does both in one pass`,
        object: name,
        relations: [table],
        line: statement.line,
      });
    } else passed.set(table.id, statement);
  }
  return found;
}

export const rule = defineRule({
  id: "merge-alter-table",
  title: "Several ALTER TABLE that each go through all rows",
  why: "A rewrite and the scans for checks and NOT NULL that one ALTER TABLE asks for are done in one pass. In statements of their own each takes the lock and goes through the table by itself.",
  remedy: "Write the subcommands into one `ALTER TABLE`, separated by commas; or better, avoid the passes.",
  severity: "info",
  group: "locks",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    eugene: ["W12"],
    pgls: ["multipleAlterTable"],
    "pg-migration-lint": ["PGM023"],
  },
  bad: [
    `ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL;
ALTER TABLE orders ALTER COLUMN number SET NOT NULL;`,
    {
      before: "CREATE TABLE orders (id integer, total integer);",
      sql: `ALTER TABLE orders ALTER COLUMN id TYPE bigint;
ALTER TABLE orders ADD CHECK (total > 0);`,
    },
  ],
  good: [
    "ALTER TABLE orders ALTER COLUMN customer_id SET NOT NULL, ALTER COLUMN number SET NOT NULL;",
    {
      note: "the second needs what comes between them",
      sql: `ALTER TABLE orders ALTER COLUMN id TYPE bigint;
UPDATE orders SET number = 0 WHERE number IS NULL;
ALTER TABLE orders ALTER COLUMN number SET NOT NULL;`,
    },
    {
      note: "only one of them goes through the rows",
      sql: `ALTER TABLE orders ALTER COLUMN number SET NOT NULL;
ALTER TABLE orders ADD COLUMN note text;`,
    },
  ],
  revision: says,
});
