import { constraintBase, defaultTableOptions, column as newColumn } from "../../../schema/build.js";
import type { Column, Constraint, Expression, Table, TableOptions } from "../../../schema/schema.js";
import { stripParentheses } from "../expression.js";
import { endsType, rowidAlias, typeOfTokens } from "../types.js";
import { readConflict, readForeignKey, readTableConstraint, takeDeferral } from "./constraint.js";
import { Cursor } from "./cursor.js";
import { standardQuotes } from "./quotes.js";
import { isWord, type Token } from "./tokenize.js";

/** What a CREATE TABLE statement says, in the order in which it says it. */
export type ParsedTable = Pick<Table, "name" | "columns" | "constraints" | "options">;

/**
 * Reads a CREATE TABLE statement as `sqlite_schema` has it ("CREATE TABLE", syntax diagram).
 * @throws AludelError `schema-unreadable` with the line, `sql-failed` where it cannot even be taken apart.
 */
export function parseCreateTable(sql: string): ParsedTable {
  const cursor = new Cursor(sql);
  cursor.expectWords("CREATE");
  if (!cursor.takeWords("TEMP")) cursor.takeWords("TEMPORARY");
  cursor.expectWords("TABLE");
  cursor.takeWords("IF", "NOT", "EXISTS");
  const name = cursor.qualifiedName();
  const columns: Column[] = [];
  const constraints: Constraint[] = [];
  const behind = new Set<Constraint>();
  cursor.expectMark("(");
  do {
    if (cursor.isWord("CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN")) {
      // The comma between table constraints may be missing.
      while (!cursor.isMark(",") && !cursor.isMark(")")) {
        const constraint = readTableConstraint(cursor);
        constraints.push(constraint);
        behind.add(constraint);
      }
    } else readColumn(cursor, columns, constraints);
  } while (cursor.takeMark(","));
  cursor.expectMark(")");
  const options = readOptions(cursor);
  return finish({
    name,
    columns,
    constraints: constraints.map((one) => plainKey(one, columns, options, behind)),
    options,
  });
}

/**
 * `PRIMARY KEY (id DESC)` behind the columns is the rowid all the same, where DESC has no meaning; `id INTEGER
 * PRIMARY KEY DESC` with the column is not ("CREATE TABLE", 5).
 */
function plainKey(
  constraint: Constraint,
  columns: readonly Column[],
  options: TableOptions,
  behind: ReadonlySet<Constraint>,
): Constraint {
  if (constraint.kind !== "primary-key" || constraint.orderings === undefined) return constraint;
  if (!behind.has(constraint) || constraint.columns.length !== 1) return constraint;
  const { orderings: _, ...plain } = constraint;
  return rowidAlias({ columns, constraints: [plain], options }) === null ? constraint : plain;
}

function readOptions(cursor: Cursor): TableOptions {
  let options = defaultTableOptions;
  while (!cursor.isDone) {
    if (cursor.takeWords("WITHOUT", "ROWID")) options = { ...options, withoutRowid: true };
    else if (cursor.takeWords("STRICT")) options = { ...options, strict: true };
    else throw cursor.unexpected("STRICT or WITHOUT ROWID");
    if (!cursor.takeMark(",")) break;
  }
  cursor.takeMark(";");
  if (!cursor.isDone) throw cursor.unexpected("the end");
  return options;
}

function readColumn(cursor: Cursor, columns: Column[], constraints: Constraint[]): void {
  const name = cursor.name();
  const type = typeOfTokens(readTypeTokens(cursor));
  if (type === null) throw cursor.unexpected("a type");
  let column = newColumn(name, type);
  let constraint: string | null = null;
  while (!cursor.isMark(",") && !cursor.isMark(")")) {
    if (cursor.takeWords("CONSTRAINT")) {
      constraint = cursor.name();
      continue;
    }
    column = readColumnConstraint(cursor, column, constraint, constraints);
    constraint = null;
  }
  columns.push(column);
}

/** The words of a type up to the first constraint, with the numbers in parentheses. */
function readTypeTokens(cursor: Cursor): readonly Token[] {
  const tokens: Token[] = [];
  while (!cursor.isDone && !cursor.isMark(",") && !cursor.isMark(")")) {
    if (endsType(cursor.peek(), cursor.peek(1))) break;
    const depthStart = cursor.isMark("(");
    tokens.push(cursor.next());
    while (depthStart && !cursor.isMark(")")) tokens.push(cursor.next());
    if (depthStart) {
      tokens.push(cursor.next());
      break;
    }
  }
  return tokens;
}

function readColumnConstraint(
  cursor: Cursor,
  column: Column,
  name: string | null,
  constraints: Constraint[],
): Column {
  const base = constraintBase(name);
  if (cursor.takeWords("NOT", "NULL")) {
    const onConflict = readConflict(cursor) ?? null;
    const said = name === null && onConflict === null ? {} : { notNull: { name, onConflict } };
    return { ...column, nullable: false, ...said };
  }
  if (cursor.takeWords("NULL")) {
    readConflict(cursor);
    return column;
  }
  if (cursor.takeWords("DEFAULT")) return { ...column, default: readDefault(cursor) };
  if (cursor.takeWords("COLLATE")) return { ...column, collation: { namespace: null, name: cursor.name() } };
  if (cursor.takeWords("GENERATED", "ALWAYS", "AS") || cursor.takeWords("AS")) {
    const expression = stripParentheses(cursor.textOf(cursor.parenthesized()));
    const isStored = cursor.takeWords("STORED");
    if (!isStored) cursor.takeWords("VIRTUAL");
    return { ...column, generated: { expression, storage: isStored ? "stored" : "virtual" } };
  }
  if (cursor.takeWords("PRIMARY", "KEY")) {
    const isDescending = cursor.takeWords("DESC");
    if (!isDescending) cursor.takeWords("ASC");
    const onConflict = readConflict(cursor);
    const autoincrement = cursor.takeWords("AUTOINCREMENT");
    constraints.push({
      ...base,
      kind: "primary-key",
      columns: [column.name],
      include: [],
      deferral: "immediate",
      autoincrement,
      ...(onConflict === undefined ? {} : { onConflict }),
      ...(isDescending ? { orderings: [{ order: "desc", collation: null }] } : {}),
    });
    return column;
  }
  if (cursor.takeWords("UNIQUE")) {
    const onConflict = readConflict(cursor);
    constraints.push({
      ...base,
      kind: "unique",
      columns: [column.name],
      include: [],
      nullsNotDistinct: false,
      deferral: "immediate",
      ...(onConflict === undefined ? {} : { onConflict }),
    });
    return column;
  }
  if (cursor.takeWords("CHECK")) {
    const expression = stripParentheses(cursor.textOf(cursor.parenthesized()));
    constraints.push({ ...base, kind: "check", expression, noInherit: false, validated: true });
    return column;
  }
  if (cursor.isWord("REFERENCES")) {
    constraints.push(readForeignKey(cursor, base, [column.name]));
    return column;
  }
  const last = constraints.at(-1);
  const deferral = takeDeferral(cursor);
  if (deferral === null || last?.kind !== "foreign-key") throw cursor.unexpected("a column constraint");
  constraints[constraints.length - 1] = { ...last, deferral };
  return column;
}

/** The text of a default. A bare or double-quoted word is a string to SQLite, except for TRUE, FALSE and the like. */
function readDefault(cursor: Cursor): Expression {
  if (cursor.isMark("(")) return stripParentheses(cursor.textOf(cursor.parenthesized()));
  const tokens = [cursor.next()];
  if (tokens[0]?.kind === "operator") tokens.push(cursor.next());
  const token = tokens[0];
  const isString =
    token?.kind === "quoted" ||
    (token?.kind === "word" &&
      !isWord(token, "NULL", "TRUE", "FALSE", "CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"));
  return isString && token !== undefined ? `'${token.value.replaceAll("'", "''")}'` : cursor.textOf(tokens);
}

/** What can be told only when all columns are known. */
function finish(table: ParsedTable): ParsedTable {
  const names = table.columns.map((column) => column.name);
  const mend = (text: Expression) => standardQuotes(text, names);
  const columns = table.columns.map((column) =>
    column.generated === null
      ? column
      : { ...column, generated: { ...column.generated, expression: mend(column.generated.expression) } },
  );
  const constraints = table.constraints.map((constraint) =>
    constraint.kind === "check" ? { ...constraint, expression: mend(constraint.expression) } : constraint,
  );
  return { ...table, columns, constraints };
}
