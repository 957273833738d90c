import type { Connection } from "../dialect/connection.js";
import type { Bookkeeping, Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import { nameMistake } from "../revision/name-rule.js";
import { unlessMissing } from "./missing-table.js";

/** What is in the version table, whatever it is; `null` when the table does not exist. */
export async function readVersionRows(
  connection: Connection,
  dialect: Dialect,
  bookkeeping: Bookkeeping,
): Promise<readonly unknown[] | null> {
  const sql = `SELECT version_num FROM ${dialect.quoteName(bookkeeping.versionTable)}`;
  const rows = await unlessMissing(dialect, null, () => connection.query(sql));
  return rows?.map((row) => row.version_num) ?? null;
}

/**
 * The ids in the version table, sorted; `null` when the table does not exist. One round trip.
 * @throws AludelError `version-table-invalid` for a row that no run could have written.
 */
export async function readVersions(
  connection: Connection,
  dialect: Dialect,
  bookkeeping: Bookkeeping,
): Promise<readonly string[] | null> {
  const ids = await readVersionRows(connection, dialect, bookkeeping);
  if (ids === null) return null;
  const bad = ids.find((id) => typeof id !== "string" || nameMistake("id", id) !== null);
  if (bad !== undefined) {
    throw new AludelError(
      "version-table-invalid",
      `The version table ${dialect.quoteName(bookkeeping.versionTable)} holds ${JSON.stringify(bad)}, which is no revision id`,
      {
        where: { object: bookkeeping.versionTable.name },
        remedy:
          "Somebody wrote into the table by hand. Find out which revision the database is at, then run `aludel stamp --purge REVISION`.",
      },
    );
  }
  return (ids as readonly string[]).toSorted();
}

/** The statements that turn the rows `before` into `after`, with literals: they run in the revision's transaction. */
export function versionStatements(
  dialect: Dialect,
  bookkeeping: Bookkeeping,
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): readonly string[] {
  const table = dialect.quoteName(bookkeeping.versionTable);
  const gone = [...before].filter((id) => !after.has(id));
  const come = [...after].filter((id) => !before.has(id));
  const [from] = gone;
  const [to] = come;
  if (gone.length === 1 && come.length === 1 && from !== undefined && to !== undefined) {
    return [
      `UPDATE ${table} SET version_num = ${dialect.literal(to)} WHERE version_num = ${dialect.literal(from)}`,
    ];
  }
  return [
    ...gone.map((id) => `DELETE FROM ${table} WHERE version_num = ${dialect.literal(id)}`),
    ...come.map((id) => `INSERT INTO ${table} (version_num) VALUES (${dialect.literal(id)})`),
  ];
}
