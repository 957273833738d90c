import type { ObjectName } from "../../schema/name.js";
import type { Expression } from "../../schema/schema.js";
import { isBare, type Text } from "../tokens.js";
import { mayContain, namesObject, requalify, respell, rewrite } from "./name.js";

function isTypeNamed(text: Text, position: number, type: ObjectName): boolean {
  if (!namesObject(text, position, type)) return false;
  const first = text.is(position - 1, ".") ? position - 2 : position;
  return (
    text.is(first - 1, "::") || isBare(text.at(first - 1), "as") || text.at(position + 1)?.kind === "string"
  );
}

/** The expression after a type was renamed: `'sad'::mood` is now `'sad'::feeling`. */
export function renameType(expression: Expression, type: ObjectName, to: string): Expression {
  if (!mayContain(expression, type.name)) return expression;
  return rewrite(expression, (text) => {
    for (let position = 0; position < text.length; position += 1) {
      if (isTypeNamed(text, position, type)) respell(text, position, to);
    }
  });
}

/** The expression after a type went to another namespace. */
export function moveType(expression: Expression, type: ObjectName, to: ObjectName): Expression {
  if (!mayContain(expression, type.name)) return expression;
  return rewrite(expression, (text) => {
    for (let position = 0; position < text.length; position += 1) {
      if (isTypeNamed(text, position, type)) requalify(text, position, to);
    }
  });
}

/**
 * The expression after an enum's value was renamed. Rewrites strings that are cast to the enum and, with
 * `isOfType` (the default of a column of that type), those that are not cast at all.
 */
export function renameEnumValue(
  expression: Expression,
  type: ObjectName,
  value: { readonly from: string; readonly to: string },
  isOfType: boolean,
): Expression {
  const old = `'${value.from.replaceAll("'", "''")}'`;
  if (!expression.includes(old)) return expression;
  return rewrite(expression, (text) => {
    for (let position = 0; position < text.length; position += 1) {
      const token = text.at(position);
      if (token?.kind !== "string" || token.text !== old) continue;
      const cast = text.is(position + 1, "::");
      const last = text.is(position + 3, ".") ? position + 4 : position + 2;
      if (cast ? isTypeNamed(text, last, type) : isOfType) {
        text.replace(position, `'${value.to.replaceAll("'", "''")}'`);
      }
    }
  });
}
