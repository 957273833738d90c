import { type Relation, showRelation } from "../../effect/world.js";
import { copiedColumns, type Rebuild, rebuildsOf } from "../rebuild.js";
import { defineRule } from "../rule.js";

/** Code that does not know the column can insert no row as long as it is there. */
function leavesNoChoice({ kind, columns }: Relation, name: string): boolean {
  const column = columns.get(name);
  if (column === undefined || (kind !== "table" && kind !== "partitioned-table")) return false;
  return column.notNull && column.default === null && column.identity === null && column.generated === null;
}

/** Columns that a table no longer has when it was made anew, and whose values went nowhere. */
function lostBy(rebuild: Rebuild): readonly string[] {
  const { old, made } = rebuild;
  if (!old.columnsKnown || !made.columnsKnown) return [];
  const kept = new Set(copiedColumns(rebuild).map(({ source }) => source));
  return [...old.columns.keys()].filter((name) => !made.columns.has(name) && !kept.has(name));
}

export const rule = defineRule({
  id: "drop-column",
  title: "DROP COLUMN",
  why: "What the column held is gone, and code that still names it fails from the moment of the commit on: a release that is running while the next one is rolled out, an ORM that lists the columns of its models.",
  remedy:
    "First release code that no longer names the column; drop it in a later revision. Say that it is meant: `destructive: approved`.",
  expands: true,
  severity: "error",
  group: "destruction",
  dialects: "all",
  small: "same",
  tag: "destructive",
  aliases: {
    squawk: ["ban-drop-column"],
    atlas: ["DS103"],
    pgsafe: ["drop-column"],
    pgfence: ["drop-column"],
    pgls: ["banDropColumn"],
    "pg-migration-lint": ["PGM009"],
    "drizzle-migration-lint": ["drop-column"],
  },
  bad: [
    "ALTER TABLE orders DROP COLUMN note;",
    {
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note text);",
      sql: "ALTER TABLE orders DROP COLUMN IF EXISTS note;",
    },
    {
      note: "new code cannot leave it out",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY, note text NOT NULL);",
      sql: "ALTER TABLE orders DROP COLUMN note;",
    },
    {
      note: "the table is made anew without it",
      dialect: "sqlite",
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY);
INSERT INTO new_orders (id) SELECT id FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  good: [
    {
      note: "the way back of a revision takes away what its way up has added",
      before: ["CREATE TABLE orders (id bigint PRIMARY KEY);", "ALTER TABLE orders ADD COLUMN note text;"],
      sql: "ALTER TABLE orders DROP COLUMN note;",
      downgrade: true,
    },
    {
      note: "it is said to be meant",
      sql: `-- destructive: approved (dba: nobody reads it since 4.2)
ALTER TABLE orders DROP COLUMN note;`,
    },
    {
      note: "the table is made anew, and what it held is there under another name",
      dialect: "sqlite",
      before: "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);",
      sql: `CREATE TABLE new_orders (id INTEGER PRIMARY KEY, remark TEXT);
INSERT INTO new_orders (id, remark) SELECT id, note FROM orders;
DROP TABLE orders;
ALTER TABLE new_orders RENAME TO orders;`,
    },
  ],
  on: {
    drop: (act, context) => {
      if (act.object !== "table") return undefined;
      const { unit, statement } = context;
      const here = rebuildsOf(unit).filter(({ drop, old }) => drop === statement && context.isExisting(old));
      return here.flatMap((rebuild) => {
        const { old, name } = rebuild;
        const lost = lostBy(rebuild).filter((column) => context.wasThereBefore(old, column));
        return lost.map((column) => {
          const object = `${showRelation({ ...old, name })}.${column}`;
          return { message: `What ${object} holds is lost`, object, relations: [old], at: column };
        });
      });
    },
    "drop-column": (act, context) => {
      const table = context.existing(act.table);
      if (table === undefined || !context.wasThereBefore(table, act.column)) return undefined;
      const isGone = act.ifExists && table.columnsKnown && !table.columns.has(act.column);
      if (isGone) return undefined;
      const object = `${showRelation(table)}.${act.column}`;
      return {
        message: `What ${object} holds is lost`,
        object,
        relations: [table],
        at: act.column,
        ...(leavesNoChoice(table, act.column)
          ? {
              long: {
                kind: "drop-column",
                table: act.table,
                column: act.column,
                back: null,
                irreversible: null,
              } as const,
            }
          : {}),
      };
    },
  },
});
