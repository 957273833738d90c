import { literal } from "./quote.js";

/** A SELECT that fails where the query gives a row: its message is taken for a path into JSON, which it is not. */
export function assertion(query: string, message: string): string {
  return `SELECT CASE WHEN count(*) > 0 THEN json_extract('{}', count(*) || ${literal(` row(s) are not so: ${message}`)}) END
FROM (
${query}
)`;
}
