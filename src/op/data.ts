import { showName } from "../schema/name.js";
import { requireColumns, tableOf } from "./lookup.js";
import type { OpDefinitions } from "./op.js";

const shownLength = 60;

function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length > shownLength ? `${line.slice(0, shownLength - 1)}…` : line;
}

export const dataDefinitions = {
  execute: {
    effect: () => "data",
    // What the text does to the schema only the engine knows: replay asks a scratch database.
    apply() {},
    invert: () => null,
    describe: ({ sql }) => `run SQL: ${shortened(sql)}`,
  },

  "bulk-insert": {
    effect: () => "data",
    apply(draft, { table: name, rows }) {
      const table = tableOf(draft, name);
      for (const row of rows) requireColumns(table, Object.keys(row));
    },
    // Which rows these are nobody knows later: they may have been changed, and a key may be the engine's.
    invert: () => null,
    describe: ({ table, rows }) =>
      `insert ${rows.length} ${rows.length === 1 ? "row" : "rows"} into ${showName(table)}`,
  },

  backfill: {
    effect: () => "data",
    apply(draft, { table, set, computed }) {
      requireColumns(tableOf(draft, table), [...Object.keys(set), ...(computed?.read ?? [])]);
    },
    // The columns keep what they were given: what was there before nobody needs back.
    invert: () => ({ ops: [] }),
    describe: ({ table, set }) => `fill ${Object.keys(set).join(", ")} of ${showName(table)} in batches`,
  },

  assert: {
    effect: () => "data",
    apply() {},
    invert: () => ({ ops: [] }),
    describe: ({ message }) => `make sure: ${shortened(message)}`,
  },
} satisfies Pick<OpDefinitions, "execute" | "bulk-insert" | "backfill" | "assert">;
