import { indexKey } from "../../schema/build.js";
import type { IndexKey } from "../../schema/schema.js";
import type { IndexKeyInput } from "../operations.js";
import { isSqlText, type SqlText } from "../sql-text.js";
import { checkName, checkOptions, checkWord, toName } from "./check-input.js";
import { type Spelling, toExpression } from "./spelling.js";
import { toParameters } from "./storage.js";

/** A key of an index or of an exclusion constraint. */
export function toIndexKey(spelling: Spelling, directive: string, input: IndexKeyInput): IndexKey {
  const on = (target: string | SqlText) =>
    isSqlText(target)
      ? { expression: toExpression(spelling, directive, "a key", target) }
      : { column: checkName(directive, "column", target) };
  if (typeof input === "string" || isSqlText(input)) return indexKey(on(input));
  checkOptions(`${directive}, key`, input, [
    "on",
    "order",
    "nulls",
    "operatorClass",
    "operatorClassParameters",
    "collation",
  ]);
  const order = checkWord(directive, "order", input.order ?? "asc", ["asc", "desc"]);
  return indexKey(on(input.on), {
    order,
    nulls: checkWord(directive, "nulls", input.nulls ?? (order === "asc" ? "last" : "first"), [
      "first",
      "last",
    ]),
    operatorClass: input.operatorClass ?? null,
    collation: input.collation === undefined ? null : toName(directive, "collation", input.collation),
    ...(input.operatorClassParameters === undefined
      ? {}
      : { operatorClassParameters: toParameters(directive, input.operatorClassParameters) }),
  });
}
