import { quoteString } from "./quote.js";

/** A tag that the query does not have in it. */
function tagFor(query: string): string {
  for (let at = 0; ; at += 1) {
    const tag = `$aludel${at === 0 ? "" : at}$`;
    if (!query.includes(tag)) return tag;
  }
}

/** A DO block that raises where the query gives a row (PostgreSQL, "Errors and Messages" of PL/pgSQL). */
export function assertion(query: string, message: string): string {
  const tag = tagFor(`${query}${message}`);
  return `DO ${tag}
#variable_conflict use_column
DECLARE
  rows_found bigint;
  one_of_them text;
BEGIN
  SELECT count(*), min(CAST(found_row AS text)) INTO rows_found, one_of_them FROM (
${query}
) AS found_row;
  IF rows_found > 0 THEN
    RAISE EXCEPTION USING ERRCODE = 'assert_failure', MESSAGE = ${quoteString(message)},
      DETAIL = format('Rows that are not so: %s. One of them: %s', rows_found, one_of_them);
  END IF;
END
${tag}`;
}
