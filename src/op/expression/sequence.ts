import type { ObjectName } from "../../schema/name.js";
import type { Expression } from "../../schema/schema.js";
import { isBare, Text, unquote } from "../tokens.js";
import { mayContain, namesObject, requalify, respell, rewrite } from "./name.js";

/** Says of a name that it belongs to something else than what is looked for, in another namespace. */
export type IsTaken = (name: ObjectName) => boolean;

/** The name that a path ends in at `position`, as it is written. */
function writtenName(text: Text, position: number, name: string): ObjectName {
  const token = text.is(position - 1, ".") ? text.at(position - 2) : undefined;
  if (token === undefined) return { namespace: null, name };
  return { namespace: token.kind === "quoted" ? unquote(token.text) : token.text.toLowerCase(), name };
}

function sequencePositions(text: Text, sequence: ObjectName, isTaken: IsTaken): readonly number[] {
  const found: number[] = [];
  for (let position = 2; position < text.length; position += 1) {
    const token = text.at(position);
    if (token?.kind !== "string" || !text.is(position - 1, "(")) continue;
    if (!isBare(text.at(position - 2), "nextval", "currval", "setval")) continue;
    const path = new Text(unquote(token.text));
    if (!namesObject(path, path.length - 1, sequence)) continue;
    const written = writtenName(path, path.length - 1, sequence.name);
    if (written.namespace === sequence.namespace || !isTaken(written)) found.push(position);
  }
  return found;
}

const nothing: IsTaken = () => false;

/**
 * True when the expression draws from the sequence: `nextval('persons_id_seq'::regclass)`. A name with a namespace, or
 * without one, may be spelled otherwise than the sequence's, unless it is the name of another one.
 */
export function mentionsSequence(
  expression: Expression,
  sequence: ObjectName,
  isTaken: IsTaken = nothing,
): boolean {
  if (!mayContain(expression, sequence.name)) return false;
  return sequencePositions(new Text(expression), sequence, isTaken).length > 0;
}

/** The expression after a sequence was renamed: its name in `nextval('…')` is a string, and follows. */
export function renameSequence(
  expression: Expression,
  sequence: ObjectName,
  to: string,
  isTaken: IsTaken = nothing,
): Expression {
  return changeSequence(expression, sequence, isTaken, (path) => respell(path, path.length - 1, to));
}

/** The same after it went to another namespace. */
export function moveSequence(
  expression: Expression,
  sequence: ObjectName,
  to: ObjectName,
  isTaken: IsTaken = nothing,
): Expression {
  return changeSequence(expression, sequence, isTaken, (path) => requalify(path, path.length - 1, to));
}

function changeSequence(
  expression: Expression,
  sequence: ObjectName,
  isTaken: IsTaken,
  change: (path: Text) => void,
): Expression {
  if (!mayContain(expression, sequence.name)) return expression;
  return rewrite(expression, (text) => {
    for (const position of sequencePositions(text, sequence, isTaken)) {
      const path = new Text(unquote(text.at(position)?.text ?? "''"));
      change(path);
      text.replace(position, `'${path.join().replaceAll("'", "''")}'`);
    }
  });
}
