import type { Dialect } from "../dialect/dialect.js";
import type { Op } from "../op/op.js";
import { checkNames, checkOptions, mistake } from "../revision/directive/check-input.js";
import type { UpsertOptions } from "./define-seed.js";

type Insert = Op<"bulk-insert">;

/**
 * What follows the rows of an INSERT. A row that has the values already is not written, so that no trigger sees it.
 * @throws AludelError `revision-invalid` for a key that is none, and for rows that cannot stand in one statement.
 */
export function conflictClause(dialect: Dialect, { table, rows }: Insert, options: UpsertOptions): string {
  const { key, columns } = readUpsert(rows, options);
  const target = `\nON CONFLICT (${key.map(dialect.quote).join(", ")})`;
  const others = columns.filter((name) => !key.includes(name));
  if (options.onlyMissing === true || others.length === 0) return `${target} DO NOTHING`;
  const set = others.map((name) => `${dialect.quote(name)} = excluded.${dialect.quote(name)}`);
  // A qualified name does not stand before a column here.
  const own = dialect.quote(table.name);
  const differs = others.map((name) =>
    dialect.differs(`${own}.${dialect.quote(name)}`, `excluded.${dialect.quote(name)}`),
  );
  return `${target} DO UPDATE SET ${set.join(", ")}\nWHERE ${differs.join(" OR ")}`;
}

function readUpsert(rows: Insert["rows"], options: UpsertOptions) {
  checkOptions("upsert", options, ["key", "onlyMissing"]);
  const given: unknown = options.key;
  const key = checkNames("upsert", "key column", typeof given === "string" ? [given] : given);
  const columns = Object.keys(rows[0] ?? {});
  const missing = key.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw mistake(
      `upsert has rows without ${missing.join(", ")}, which the key has`,
      "Give every row its key, so that it is found again.",
    );
  }
  if (rows.some((row) => !sameColumns(Object.keys(row), columns))) {
    throw mistake(
      "upsert has rows with different columns",
      "Give every row the same columns, or call upsert once for each kind of row.",
    );
  }
  return { key, columns };
}

function sameColumns(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}
