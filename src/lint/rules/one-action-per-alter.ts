import type { OnTable } from "../../effect/act-table.js";
import { defineRule, type Say } from "../rule.js";

const several = (act: OnTable): Say | undefined =>
  act.parts > 1 && act.part === 0
    ? { message: `${act.parts} actions in one ALTER TABLE are a syntax error` }
    : undefined;

const guarded = (
  act: OnTable & { readonly ifExists?: boolean; readonly ifNotExists?: boolean },
): Say | undefined => {
  const isGuarded = act.ifTableExists || act.ifExists === true || act.ifNotExists === true;
  return isGuarded ? { message: "ALTER TABLE has no IF EXISTS: this is a syntax error" } : several(act);
};

export const rule = defineRule({
  id: "one-action-per-alter",
  title: "ALTER TABLE with several actions, or IF EXISTS",
  why: "SQLite takes one action a statement, and no IF EXISTS or IF NOT EXISTS in ALTER TABLE.",
  remedy: "A statement for each action.",
  severity: "error",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    "ALTER TABLE orders ADD COLUMN note TEXT, ADD COLUMN state TEXT;",
    "ALTER TABLE orders ADD COLUMN IF NOT EXISTS note TEXT;",
    "ALTER TABLE orders DROP COLUMN IF EXISTS note;",
  ],
  good: [
    "ALTER TABLE orders ADD COLUMN note TEXT;\nALTER TABLE orders ADD COLUMN state TEXT;",
    "DROP TABLE IF EXISTS scratch;",
  ],
  on: {
    "add-column": guarded,
    "drop-column": guarded,
    "add-constraint": several,
    "drop-constraint": guarded,
    "set-not-null": guarded,
    "drop-not-null": guarded,
    "alter-table-other": guarded,
  },
});
