import { isName, type Token } from "../../parse/tokenize.js";

/** Words that are no names where an expression or a query stands (SQLite: "SQLite Keywords"; those that names cannot be). */
const keywords = new Set(
  `ADD ALL ALTER AND AS ASC AUTOINCREMENT BETWEEN BY CASE CAST CHECK COLLATE COMMIT CONFLICT CONSTRAINT CREATE CROSS
  CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DEFAULT DEFERRABLE DELETE DESC DISTINCT DO DROP ELSE END ESCAPE EXCEPT
  EXISTS FALSE FILTER FIRST FOREIGN FROM FULL GLOB GROUP HAVING IN INDEX INNER INSERT INTERSECT INTO IS ISNULL JOIN LAST LEFT
  LIKE LIMIT MATCH MATERIALIZED NATURAL NOT NOTHING NOTNULL NULL NULLS OFFSET ON OR ORDER OUTER OVER PARTITION PRIMARY
  RECURSIVE REFERENCES REGEXP REPLACE RETURNING RIGHT ROWS SELECT SET TABLE THEN TO TRANSACTION TRUE UNION UNIQUE UPDATE
  USING VALUES WHEN WHERE WINDOW WITH WITHOUT`.split(/\s+/),
);

export function isKeyword(token: Token | undefined): boolean {
  return token?.kind === "word" && keywords.has(token.text.toUpperCase());
}

/** True for what can be the name of a column, a table or a function here. */
export function isPlainName(token: Token | undefined): token is Token {
  return isName(token) && token?.kind !== "string" && !isKeyword(token);
}
