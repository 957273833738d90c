import { quote } from "../quote.js";
import { Cursor } from "./cursor.js";
import { isName, isWord, type Token } from "./tokenize.js";

/** The token that names a trigger's table or view ("CREATE TRIGGER", syntax diagram). */
function ownerToken(cursor: Cursor): Token {
  cursor.expectWords("CREATE");
  if (!cursor.takeWords("TEMP")) cursor.takeWords("TEMPORARY");
  cursor.expectWords("TRIGGER");
  cursor.takeWords("IF", "NOT", "EXISTS");
  cursor.qualifiedName();
  while (!isWord(cursor.peek(), "ON")) cursor.next();
  cursor.next();
  const token = cursor.peek();
  if (token === undefined || !isName(token)) throw cursor.unexpected("the table of the trigger");
  return token;
}

/** The statement with another table or view as the trigger's own; its body stays. */
export function moveTrigger(sql: string, to: string): string {
  const token = ownerToken(new Cursor(sql));
  return `${sql.slice(0, token.start)}${quote(to)}${sql.slice(token.end)}`;
}
