/** A literal of SQL. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * PostgreSQL: changes all rows of a table in batches that are each committed by themselves (manual 43.8, "Transaction Management": a DO
 * block may commit where it is not in a transaction). A batch is a range of pages. Rows that are written meanwhile must
 * get their values in another way, and `where` must leave alone those that have them, so that it can be run again after
 * it was stopped. Before PostgreSQL 14 every range is a scan of the table: there the ranges are few.
 *
 * @param table as SQL has it, quoted where it must be; a partitioned one has the same pages in all of its partitions at a time
 * @param isPartitioned `null` where nobody knows
 */
export function updateInBatches(
  table: string,
  set: string,
  where: string,
  isPartitioned: boolean | null = false,
): string {
  const own = `pg_relation_size(${literal(table)})`;
  const largest = `(SELECT max(pg_relation_size(relid)) FROM pg_partition_tree(${literal(table)}))`;
  const size = isPartitioned === null ? `coalesce(${largest}, ${own})` : isPartitioned ? largest : own;
  return `DO $batches$
DECLARE
  pages bigint := ${size} / current_setting('block_size')::bigint;
  size bigint := 64;
  page bigint := 0;
BEGIN
  IF current_setting('server_version_num')::integer < 140000 THEN
    size := greatest(size, pages / 10);
  END IF;
  WHILE page <= pages LOOP
    UPDATE ${table} SET ${set}
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND ${where};
    COMMIT;
    page := page + size;
  END LOOP;
END
$batches$`;
}
