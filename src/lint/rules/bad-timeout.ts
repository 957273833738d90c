import type { AnalysedStatement } from "../../effect/statement.js";
import { showRelation } from "../../effect/world.js";
import type { RevisionContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";
import { blocked, milliseconds } from "../sessions.js";

const longest = 60_000;

function timeoutOf(statement: AnalysedStatement, name: string): number | null {
  const setting = statement.before.settings.get(name);
  return setting === undefined ? null : milliseconds(setting.value);
}

/** What is wrong with the timeouts that a statement runs with. */
function wrong(statement: AnalysedStatement): string | null {
  const lock = timeoutOf(statement, "lock_timeout");
  if (lock === null) return null;
  if (lock === 0) return "lock_timeout = 0 waits for ever";
  const total = timeoutOf(statement, "statement_timeout");
  if (total !== null && total !== 0 && lock >= total)
    return "statement_timeout ends the statement before lock_timeout can";
  return lock > longest ? "lock_timeout lets everybody wait for more than a minute" : null;
}

/** A lock_timeout that comes only after the lock that it was meant for. */
function tooLate(context: RevisionContext): Say | undefined {
  const { statements } = context.unit;
  const at = statements.findIndex(({ acts }) =>
    acts.some((act) => act.kind === "set" && act.name === "lock_timeout" && act.values.length > 0),
  );
  const set = statements[at];
  if (set === undefined || set.transaction.by === "none") return undefined;
  const table = [...set.transaction.held]
    .filter(([, { mode }]) => mode === "ACCESS EXCLUSIVE")
    .map(([id]) => set.before.relations.get(id))
    .find((one) => one !== undefined && context.isExisting(one));
  if (table === undefined) return undefined;
  const object = showRelation(table);
  return { message: `The lock on ${object} was taken before this`, object, line: set.line };
}

export const rule = defineRule({
  id: "bad-timeout",
  title: "A lock_timeout that does not protect",
  why: "`lock_timeout = 0` switches it off; a long one lets everybody wait for that long; one that is not shorter than `statement_timeout` never comes to act, and the error says something else; one that is set after the lock was taken is of no use to it.",
  remedy: "Set it before the first statement, to a few seconds, shorter than `statement_timeout`.",
  severity: "warning",
  group: "transaction",
  dialects: ["postgres"],
  small: "same",
  aliases: {
    pgfence: ["lock-timeout-zero", "lock-timeout-too-long", "lock-timeout-after-dangerous-statement"],
  },
  bad: [
    `SET lock_timeout = 0;
ALTER TABLE orders ADD COLUMN note text;`,
    `SET lock_timeout = '10min';
ALTER TABLE orders ADD COLUMN note text;`,
    `SET statement_timeout = '5s';
SET lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN note text;`,
    `BEGIN;
ALTER TABLE orders ADD COLUMN note text;
SET LOCAL lock_timeout = '5s';
ALTER TABLE orders ADD COLUMN remark text;
COMMIT;`,
  ],
  good: [
    `SET lock_timeout = '5s';
SET statement_timeout = '30s';
ALTER TABLE orders ADD COLUMN note text;`,
    {
      note: "as pg_dump writes it, in a file that locks nothing of others",
      sql: `SET lock_timeout = 0;
CREATE TABLE orders (id bigint PRIMARY KEY);`,
    },
  ],
  revision: (context) => {
    for (const statement of context.unit.statements) {
      const problem = wrong(statement);
      const table = problem === null ? undefined : blocked(context, statement);
      if (problem === null || table === undefined) continue;
      const object = showRelation(table);
      return { message: `${problem}, behind this lock on ${object}`, object, line: statement.line };
    }
    return tooLate(context);
  },
});
