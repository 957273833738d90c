import type { ViewColumnProperties } from "../../../schema/schema.js";
import { trimExpression } from "../token.js";
import { type ColumnRow, storageOf } from "./columns.js";
import { groupBy, joinComment, type Reading, rowsOf } from "./reading.js";

interface ViewColumnRow extends Pick<ColumnRow, "strategy" | "compression" | "statistics" | "parameters"> {
  readonly view: string;
  readonly name: string;
  readonly default: string | null;
  readonly comment: string | null;
}

type Properties = Readonly<Record<string, ViewColumnProperties>>;

/** What the columns of views have beyond the query, by the view's oid. Only columns that have something are read. */
export async function readViewColumns(reading: Reading): Promise<ReadonlyMap<string, Properties>> {
  const rows = await rowsOf<ViewColumnRow>(
    reading.connection,
    `SELECT a.attrelid::text AS view, a.attname::text AS name,
  CASE WHEN a.atthasdef THEN pg_get_expr(def.adbin, def.adrelid) END AS default,
  CASE WHEN c.relkind = 'm' AND a.attstorage <> t.typstorage THEN a.attstorage::text END AS strategy,
  a.attcompression::text AS compression, CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::int END AS statistics,
  a.attoptions AS parameters, comment.description AS comment
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef def ON def.adrelid = a.attrelid AND def.adnum = a.attnum
${joinComment("pg_class", "a.attrelid", "a.attnum")}
WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND c.relnamespace IN ${reading.list}
  AND (a.atthasdef OR comment.description IS NOT NULL OR a.attcompression <> '' OR a.attstattarget >= 0
    OR a.attoptions IS NOT NULL OR c.relkind = 'm' AND a.attstorage <> t.typstorage)
ORDER BY a.attrelid, a.attnum`,
  );
  const byView = groupBy(rows, (row) => row.view);
  return new Map(
    [...byView].map(([view, columns]) => [
      view,
      Object.fromEntries(
        columns
          .map((row) => [row.name, propertiesOf(row)] as const)
          .filter(([, properties]) => Object.keys(properties).length > 0),
      ),
    ]),
  );
}

function propertiesOf(row: ViewColumnRow): ViewColumnProperties {
  const storage = storageOf(row);
  return {
    ...(row.default !== null && { default: trimExpression(row.default) }),
    ...(row.comment !== null && { comment: row.comment }),
    ...(storage !== null && { storage }),
  };
}
