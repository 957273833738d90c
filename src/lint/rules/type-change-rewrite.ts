import type { Act } from "../../effect/act.js";
import { type Relation, showRelation, type World, withDescendants } from "../../effect/world.js";
import { showName } from "../../schema/name.js";
import { changesTimeZone, columnBefore, showChange, showType } from "../changed-type.js";
import type { StatementContext } from "../context.js";
import { defineRule } from "../rule.js";
import { showAll, showTable } from "../work.js";

/** Tables at the other end of the column's foreign keys. */
function alsoLocked(act: Act, table: Relation, context: StatementContext): readonly Relation[] {
  const { locks } = context.effectOf(act);
  const own = new Set(withDescendants(context.before, table).map(({ id }) => id));
  const ids = [...locks]
    .filter(([id, mode]) => mode === "ACCESS EXCLUSIVE" && !own.has(id))
    .map(([id]) => id);
  return context.relations(ids).filter(({ kind }) => kind === "table" || kind === "partitioned-table");
}

function showWay(act: Act<"alter-type">, world: World): string {
  const column = columnBefore(act, world);
  const same = column !== undefined && showType(column.type) === showType(act.type);
  return same ? "gets other values" : `goes ${showChange(act, world)}`;
}

export const rule = defineRule({
  id: "type-change-rewrite",
  title: "ALTER COLUMN … TYPE that writes the table anew",
  why: "All rows and indexes are written anew under an ACCESS EXCLUSIVE lock, and neither reads nor writes get through; foreign keys of the column are checked again, with the other table locked, too. Only the catalog changes where each value stays as it is: `varchar(n)` to a greater one, to `varchar` or `text`, `numeric` to a greater precision of the same scale, more digits of seconds, `cidr` to `inet`, `varbit` to a greater one, an unconstrained domain over the same type, and a `USING` that is just the column.",
  remedy:
    "Add a column of the new type, keep both alike with a trigger, fill the old rows in batches, and exchange the names when the code can live with either.",
  expands: true,
  severity: "error",
  group: "rewrites",
  dialects: ["postgres"],
  small: "harmless",
  tag: "type-change",
  aliases: {
    squawk: ["changing-column-type"],
    atlas: ["PG301"],
    eugene: ["E5"],
    pgsafe: ["alter-column-type"],
    pgfence: ["alter-column-type"],
    pgls: ["changingColumnType"],
    "pg-migration-lint": ["PGM007"],
    "drizzle-migration-lint": ["alter-column-type"],
  },
  bad: [
    {
      before: "CREATE TABLE orders (id integer PRIMARY KEY);",
      sql: "ALTER TABLE orders ALTER COLUMN id TYPE bigint;",
    },
    {
      note: "the old type is not known",
      sql: "ALTER TABLE orders ALTER COLUMN total TYPE numeric(12,2);",
    },
    {
      before: "CREATE TABLE orders (id integer, code char(10));",
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE text;",
    },
    {
      note: "a table that was made OF the type goes with it",
      before: ["CREATE TYPE place AS (id integer, name text);", "CREATE TABLE places OF place;"],
      sql: "ALTER TYPE place ALTER ATTRIBUTE id TYPE bigint CASCADE;",
    },
  ],
  good: [
    {
      before: "CREATE TABLE orders (code varchar(10), total numeric(10,2), id integer);",
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE text, ALTER COLUMN total TYPE numeric(12,2), ALTER id TYPE int4;",
    },
    {
      note: "nobody uses a table that the same file makes",
      sql: "CREATE TABLE orders (id integer); ALTER TABLE orders ALTER COLUMN id TYPE bigint;",
    },
    {
      before: "CREATE TABLE orders (code text);",
      sql: "ALTER TABLE orders ALTER COLUMN code TYPE varchar USING code;",
    },
  ],
  on: {
    "alter-composite": (act, context) => {
      const { rewrites } = context.effectOf(act);
      if (rewrites.length === 0) return undefined;
      const tables = context.relations(rewrites);
      return {
        message: `${act.attribute} of ${showName(act.name)} gets another type: all rows of ${showAll(tables)} are written anew while nobody can read or write them`,
        object: `${showName(act.name)}.${act.attribute}`,
        relations: tables,
        at: "TYPE",
      };
    },
    "alter-type": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || changesTimeZone(act, context.before)) return undefined;
      const { rewrites } = context.effectOf(act);
      if (rewrites.length === 0) return undefined;
      const others = alsoLocked(act, table, context);
      const more =
        others.length === 0 ? "" : `; ${showAll(others)} ${others.length === 1 ? "is" : "are"} locked, too`;
      const all = showTable(context.before, table);
      return {
        message: `${act.column} ${showWay(act, context.before)}: all rows of ${all} are written anew while nobody can read or write them${more}`,
        object: `${showRelation(table)}.${act.column}`,
        relations: [...context.relations(rewrites), ...others],
        at: "TYPE",
        ...(table.kind === "table"
          ? {
              long: {
                kind: "change-type",
                table: act.table,
                column: act.column,
                using: act.using?.sql ?? null,
              } as const,
            }
          : {}),
      };
    },
  },
});
