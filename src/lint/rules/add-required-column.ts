import type { Act } from "../../effect/act.js";
import { findType, showRelation, type World } from "../../effect/world.js";
import { isThere } from "../added-column.js";
import { isAsserted } from "../asserted.js";
import { noRow } from "../precheck.js";
import { longOfAdded } from "../required-column.js";
import { isEmptied } from "../rows-before.js";
import { defineRule } from "../rule.js";

/** True when a row that is there already would have a NULL in the column, which it does not allow. */
function lacksValue(act: Act<"add-column">, world: World): boolean {
  const { notNull, type, identity, generated, default: value, constraints } = act.definition;
  const domain = findType(world, type);
  const own = domain?.kind === "domain" ? domain : undefined;
  const required = notNull || own?.notNull === true || constraints.some(({ kind }) => kind === "primary-key");
  const given = value !== null && value.constant !== null;
  const inherited = value === null && (own?.default ?? null) !== null;
  return required && !given && !inherited && !type.serial && identity === null && generated === null;
}

export const rule = defineRule({
  id: "add-required-column",
  title: "ADD COLUMN … NOT NULL without a default",
  why: "It fails if the table has a single row: there is nothing to put into it. Where it does not fail, code of the release before, which does not know the column, can insert no row from then on.",
  remedy:
    "Give it a constant default, which costs nothing. Or add the column so that it may be NULL, fill it in batches, and make it NOT NULL in the way that `set-not-null` says, when all running code writes it.",
  expands: true,
  severity: "error",
  group: "data-dependent",
  dialects: ["postgres"],
  small: "same",
  tag: "backfill",
  aliases: {
    squawk: ["adding-required-field"],
    atlas: ["MF103"],
    pgsafe: ["add-column-not-null-no-default"],
    pgfence: ["add-column-not-null-no-default"],
    pgls: ["addingRequiredField"],
    "pg-migration-lint": ["PGM008"],
    "drizzle-migration-lint": ["add-column-not-null-no-default"],
  },
  bad: [
    "ALTER TABLE orders ADD COLUMN number integer NOT NULL;",
    "ALTER TABLE orders ADD COLUMN number integer DEFAULT NULL NOT NULL;",
    {
      before: "CREATE TABLE orders (note text);",
      sql: "ALTER TABLE orders ADD COLUMN id bigint PRIMARY KEY;",
    },
  ],
  good: [
    "ALTER TABLE orders ADD COLUMN number integer NOT NULL DEFAULT 0;",
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id bigint); ALTER TABLE orders ADD COLUMN number integer NOT NULL;",
    },
    {
      note: "the run ends before, if there is a row",
      message: "every session has a token",
      sql: `-- aludel:assert sessions has no row
SELECT id FROM sessions LIMIT 1;
ALTER TABLE sessions ADD COLUMN token text NOT NULL;`,
    },
    {
      note: "no row is left",
      sql: "DELETE FROM sessions;\nALTER TABLE sessions ADD COLUMN token text NOT NULL;",
    },
  ],
  on: {
    "add-column": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || isThere(act, table) || !lacksValue(act, context.before)) return undefined;
      if (isEmptied(context.unit, table.id, context.statement.position)) return undefined;
      if (isAsserted(table, [], context)) return undefined;
      const name = showRelation(table);
      return {
        message: `${act.definition.name} has no value for rows that ${name} has already: with one row it fails`,
        object: `${name}.${act.definition.name}`,
        relations: [table],
        at: act.definition.name,
        precheck: noRow({ table, name: act.table, sql: context.sql }),
        ...longOfAdded(act, table),
      };
    },
  },
});
