import type { Enum } from "../../../schema/schema.js";
import { quoteName, quoteString } from "../quote.js";
import { commentStatement } from "./comment.js";

/** CREATE TYPE … AS ENUM and its comment. */
export function enumStatements(type: Enum): readonly string[] {
  const values = type.values.map(quoteString).join(", ");
  const statements = [`CREATE TYPE ${quoteName(type)} AS ENUM (${values})`];
  if (type.comment !== null) statements.push(commentStatement(`TYPE ${quoteName(type)}`, type.comment));
  return statements;
}
