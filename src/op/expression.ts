import type { ObjectName } from "../schema/name.js";
import type { Expression } from "../schema/schema.js";
import { isBare, Text, type Token, unquote } from "./tokens.js";

/** Words that have a meaning of their own where a column could stand, so that without quotes they are no column. */
const words = new Set(
  `all and any array as asc at between both by case cast check collate column constraint create cross current_date
  current_time current_timestamp current_user default delete desc distinct do else end escape except exists extract
  false fetch filter for foreign from full glob grant group having ilike in inner insert intersect interval into is
  isnull join lateral leading left like limit localtime localtimestamp match natural not notnull null nullif offset
  on only or order outer over overlaps placing position primary references regexp returning right row select
  session_user set similar some substring symmetric table then to trailing trim true union unique update user using
  values variadic when where window with within`.split(/\s+/),
);

/** Of these words those that are a column's name without quotes, too, where an operand stands: `at > now()`, `x at time zone y`. */
const unreserved = new Set(
  `at by delete escape exists extract filter glob insert match over position row set substring trim update values
  within`.split(/\s+/),
);

/** Words after which no operand can follow: they are one, or end one. */
const closing = new Set(
  `current_date current_time current_timestamp current_user default end false group isnull localtime localtimestamp
  notnull null order session_user true user`.split(/\s+/),
);

/** True when an operand stands at the position: at the start, and behind an operator, a comma, `(` or a word like `and`. */
function isOperand(text: Text, position: number): boolean {
  const before = text.at(position - 1);
  if (before === undefined) return true;
  if (before.kind === "bare") {
    const folded = before.text.toLowerCase();
    if (unreserved.has(folded) && isOperand(text, position - 1)) return false;
    return words.has(folded) && !closing.has(folded);
  }
  return before.kind === "other" && before.text !== ")" && before.text !== "]";
}

/** True when the token, as an identifier, is `name`: exactly when quoted, folded to lower case when bare. */
function names(token: Token | undefined, name: string): boolean {
  if (token === undefined) return false;
  if (token.kind === "quoted") return unquote(token.text) === name;
  return token.kind === "bare" && (token.text === name || token.text.toLowerCase() === name.toLowerCase());
}

const plain = /^[a-z_][a-z0-9_]*$/;

/** An identifier as the text needs it: bare where the one it replaces was bare and the name allows it. */
function spell(name: string, instead: Token): string {
  if (instead.kind === "bare" && plain.test(name) && !words.has(name)) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** A cheap test that comes first: most texts do not have the name in them at all. */
function mayContain(text: string, name: string): boolean {
  return /["'`]/.test(name) || text.toLowerCase().includes(name.toLowerCase());
}

/** Words that no engine takes for the name of an object unless they are quoted. */
const reserved = new Set(
  `all and case check collate constraint create default distinct else except foreign from group having in intersect into
  limit not null on or order primary references select table then to union unique using when where`.split(
    /\s+/,
  ),
);

/** True when the token at `position` is `name`, and what is written before it with a dot is its namespace. */
function namesObject(text: Text, position: number, name: ObjectName): boolean {
  const token = text.at(position);
  if (!names(token, name.name)) return false;
  if (token?.kind === "bare" && reserved.has(token.text.toLowerCase())) return false;
  if (!text.is(position - 1, ".")) return true;
  return name.namespace === null || names(text.at(position - 2), name.namespace);
}

/** The table that an expression belongs to: what its bare names are resolved against. */
export interface ExpressionScope {
  readonly table: ObjectName;
  /** Names of the table's columns. */
  readonly columns: readonly string[];
  /** The expression belongs to another table: only names with the table's name before them are this table's. */
  readonly foreign?: true;
}

function resolves(text: Text, position: number, column: string, columns: readonly string[]): boolean {
  const token = text.at(position);
  if (token?.kind === "quoted") return unquote(token.text) === column;
  if (token?.kind !== "bare") return false;
  const folded = token.text.toLowerCase();
  if (words.has(folded) && !(unreserved.has(folded) && isOperand(text, position))) return false;
  if (folded === column) return true;
  // "Name" beside name: the bare word is the second. Without one, engines that ignore case mean the first.
  return folded === column.toLowerCase() && !columns.includes(folded);
}

/** Words that end a type's name: `timestamp with time zone`, `character varying`. */
const typeWords: Readonly<Record<string, readonly string[]>> = {
  zone: ["time"],
  varying: ["character", "char", "bit"],
  precision: ["double"],
};

function isType(text: Text, position: number, word: string): boolean {
  if (text.is(position - 1, "::") || isBare(text.at(position - 1), "as", "collate")) return true;
  if (text.at(position + 1)?.kind === "string") return true;
  const before = typeWords[word.toLowerCase()];
  return before !== undefined && isBare(text.at(position - 1), ...before);
}

function isColumn(text: Text, position: number, scope: ExpressionScope, subquery: boolean): boolean {
  const token = text.at(position);
  if (token === undefined || text.is(position + 1, "(") || text.is(position + 1, ".")) return false;
  if (text.is(position + 1, "=>") || isType(text, position, token.text)) return false;
  if (text.at(position - 1)?.kind === "string" && token.kind === "bare") return false;
  if (isBare(text.at(position - 2), "extract") && isBare(text.at(position + 1), "from")) return false;
  if (text.is(position - 1, ".")) return namesObject(text, position - 2, scope.table);
  return !subquery;
}

function columnPositions(text: Text, scope: ExpressionScope, column: string): readonly number[] {
  const subquery = scope.foreign || text.some((position) => isBare(text.at(position), "select"));
  const found: number[] = [];
  for (let position = 0; position < text.length; position += 1) {
    if (!resolves(text, position, column, scope.columns)) continue;
    if (isColumn(text, position, scope, subquery)) found.push(position);
  }
  return found;
}

/** True when the expression of a table uses one of the table's columns (see `renameColumn` for the limits). */
export function mentionsColumn(expression: Expression, scope: ExpressionScope, column: string): boolean {
  return mayContain(expression, column) && columnPositions(new Text(expression), scope, column).length > 0;
}

/**
 * The expression as the engine has it after a column was renamed.
 *
 * It looks at tokens, not at the grammar: an identifier that is the column is rewritten unless it is a function,
 * a type, a qualifier, an argument's name or a field of `extract`. With a dot before it, it must be the table that
 * stands there. In a text with a subquery only qualified names are rewritten, because a bare one may be another
 * table's. Names in `[brackets]` and `U&"escapes"` are not understood.
 */
export function renameColumn(
  expression: Expression,
  scope: ExpressionScope,
  column: string,
  to: string,
): Expression {
  if (!mayContain(expression, column)) return expression;
  return rewrite(expression, (text) => {
    for (const position of columnPositions(text, scope, column)) respell(text, position, to);
  });
}

/** The expression after its table was renamed: `persons.age` is now `people.age`. */
export function renameTable(expression: Expression, table: ObjectName, to: string): Expression {
  if (!mayContain(expression, table.name)) return expression;
  return rewrite(expression, (text) => {
    for (let position = 0; position < text.length; position += 1) {
      if (text.is(position + 1, ".") && namesObject(text, position, table)) respell(text, position, to);
    }
  });
}

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

/** Gives the name at `position` another namespace, or none. */
function requalify(text: Text, position: number, { namespace }: ObjectName): void {
  const token = text.at(position);
  if (token === undefined) return;
  if (text.is(position - 1, ".")) {
    if (namespace !== null) respell(text, position - 2, namespace);
    else for (const place of [position - 2, position - 1]) text.replace(place, "");
  } else if (namespace !== null) {
    const bare = { ...token, kind: "bare" } as const;
    text.replace(position, `${spell(namespace, bare)}.${token.text}`);
  }
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

function rewrite(expression: Expression, change: (text: Text) => void): Expression {
  const text = new Text(expression);
  change(text);
  return text.join();
}

function respell(text: Text, position: number, name: string): void {
  const token = text.at(position);
  if (token !== undefined) text.replace(position, spell(name, token));
}
