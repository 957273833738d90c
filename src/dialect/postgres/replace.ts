import type { Defined } from "../../schema/schema.js";

/**
 * What CREATE OR REPLACE cannot change of a routine: names, types and defaults of its arguments and its result. They
 * stand before LANGUAGE in what `pg_get_functiondef` prints.
 */
function head(definition: string): string | null {
  const end = /\n LANGUAGE /.exec(definition)?.index;
  return end === undefined ? null : definition.slice(0, end);
}

/** A rule that is replaced stays switched off, here or on the way back; a trigger is switched on by it. */
function keepsSettings(from: Defined, to: Defined): boolean {
  return (from.settings.length === 0) === (to.settings.length === 0);
}

/** The copies that partitions have of one of rows stay behind when one of statements takes its place. */
function ofRows({ definition }: Defined): boolean {
  return /\sFOR EACH ROW\s/i.test(definition);
}

/**
 * CREATE OR REPLACE takes the place of functions and procedures of the same arguments and result, of rules, and of
 * triggers of the same level that are no constraint triggers (manual: CREATE FUNCTION, CREATE RULE, CREATE TRIGGER).
 */
export function canReplace(from: Defined, to: Defined): boolean {
  switch (to.kind) {
    case "function":
    case "procedure": {
      const before = head(from.definition);
      return before !== null && before === head(to.definition);
    }
    case "rule":
      return keepsSettings(from, to);
    case "trigger": {
      const constraint = /^CREATE\s+CONSTRAINT\s/i;
      const either = [from, to].some(({ definition }) => constraint.test(definition));
      return !either && ofRows(from) === ofRows(to);
    }
    default:
      return false;
  }
}

/**
 * The body of a function is text that its language reads when the function is made, with the path of that session
 * (CREATE FUNCTION; `check_function_bodies`). What begins with BEGIN ATOMIC or RETURN is no text.
 */
export function checksBody({ kind, definition }: Defined): boolean {
  if (kind !== "function" && kind !== "procedure") return false;
  return /\n LANGUAGE (?!(?:c|internal)\n)[^\n]+\n(?:[^\n]*\n)*?AS \$/.test(definition);
}
