import { actsOf } from "../acts-of.js";
import { switchAt } from "../rebuild.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "legacy-alter-table-left-on",
  title: "PRAGMA legacy_alter_table = ON that is not taken back",
  why: "As long as it is on, RENAME does not follow the name into views, triggers and foreign keys: they go on naming what is no longer there.",
  remedy: "`PRAGMA legacy_alter_table = OFF` right after the one RENAME that needs it.",
  severity: "warning",
  group: "sqlite",
  dialects: ["sqlite"],
  small: "same",
  aliases: {},
  bad: [
    "PRAGMA legacy_alter_table = ON;\nALTER TABLE new_orders RENAME TO orders;",
    "PRAGMA legacy_alter_table = 1;",
  ],
  good: [
    `PRAGMA legacy_alter_table = ON;
ALTER TABLE new_orders RENAME TO orders;
PRAGMA legacy_alter_table = OFF;`,
    "PRAGMA legacy_alter_table = OFF;",
  ],
  revision: ({ unit }) => {
    if (switchAt(unit, "legacy_alter_table", Number.POSITIVE_INFINITY) !== true) return undefined;
    const last = actsOf(unit.statements).findLast(
      ({ act }) => act.kind === "set" && act.name === "legacy_alter_table",
    );
    return {
      message: "Renames from here on leave views, triggers and foreign keys behind",
      ...(last === undefined ? {} : { line: last.statement.line }),
    };
  },
});
