import { Cursor, splitAtCommas } from "./cursor.js";

/** A view's columns, where it names them, and its query without a semicolon at the end. */
export interface ParsedView {
  readonly columns: readonly string[] | null;
  readonly definition: string;
}

/** Reads a CREATE VIEW statement ("CREATE VIEW", syntax diagram). @throws AludelError `schema-unreadable`. */
export function parseCreateView(sql: string): ParsedView {
  const cursor = new Cursor(sql);
  cursor.expectWords("CREATE");
  if (!cursor.takeWords("TEMP")) cursor.takeWords("TEMPORARY");
  cursor.expectWords("VIEW");
  cursor.takeWords("IF", "NOT", "EXISTS");
  cursor.qualifiedName();
  const columns = cursor.isMark("(")
    ? splitAtCommas(cursor.parenthesized()).map((part) => part[0]?.value ?? "")
    : null;
  cursor.expectWords("AS");
  const first = cursor.peek();
  const last = cursor.tokens.at(-1);
  if (first === undefined || last === undefined) throw cursor.unexpected("a query");
  // To the very end of the text: a comment behind the query belongs to it.
  const definition = sql.slice(first.start).trimEnd();
  return {
    columns,
    definition: last.text === ";" ? sql.slice(first.start, last.start).trimEnd() : definition,
  };
}
