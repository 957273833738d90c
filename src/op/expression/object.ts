import type { ObjectName } from "../../schema/name.js";
import { isBare, type Text } from "../tokens.js";
import { mayContain, names, namesObject, requalify, respell, rewrite } from "./name.js";

/** Changes a statement at each place that `isMeant`, which is told whether the place is among the columns of `UPDATE OF`. */
function rewriteStatement(
  statement: string,
  name: string,
  isMeant: (text: Text, position: number, ofColumns: boolean) => boolean,
  change: (text: Text, position: number) => void,
): string {
  if (!mayContain(statement, name)) return statement;
  return rewrite(statement, (text) => {
    let ofColumns = false;
    for (let position = 0; position < text.length; position += 1) {
      if (isBare(text.at(position), "of") && isBare(text.at(position - 1), "update")) ofColumns = true;
      if (isBare(text.at(position), "on")) ofColumns = false;
      if (isMeant(text, position, ofColumns)) change(text, position);
    }
  });
}

/**
 * The name of the object, but for those that are columns (`new.account`, and those of `UPDATE OF`), and of what is something else
 * by the word before.
 */
function isObject(name: ObjectName) {
  return (text: Text, position: number, ofColumns: boolean): boolean => {
    const column = ofColumns || (name.namespace === null && text.is(position - 1, "."));
    if (column || !namesObject(text, position, name)) return false;
    const before = text.is(position - 1, ".") ? position - 3 : position - 1;
    // `CREATE TRIGGER IF NOT EXISTS account`.
    return !isBare(text.at(before), "trigger", "rule", "function", "procedure", "aggregate", "exists");
  };
}

/** The statement after a table, view or type was renamed: every identifier that is its name follows. */
export function renameObject(statement: string, name: ObjectName, to: string): string {
  return rewriteStatement(statement, name.name, isObject(name), (text, at) => respell(text, at, to));
}

/** The statement after a table, view or type went to another namespace. */
export function moveObject(statement: string, name: ObjectName, to: ObjectName): string {
  return rewriteStatement(statement, name.name, isObject(name), (text, at) => requalify(text, at, to));
}

/**
 * A trigger's statement after a column of its table was renamed: `new.age`, `old.age` and the columns of `UPDATE OF`
 * follow.
 */
export function renameTriggerColumn(statement: string, column: string, to: string): string {
  const isColumn = (text: Text, position: number, ofColumns: boolean) => {
    const ofRow = text.is(position - 1, ".") && isBare(text.at(position - 2), "new", "old");
    return (ofRow || ofColumns) && names(text.at(position), column);
  };
  return rewriteStatement(statement, column, isColumn, (text, at) => respell(text, at, to));
}
