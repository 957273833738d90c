import { indexKey, index as plainIndex } from "../../../schema/build.js";
import type { Expression, Index, Schema, Table } from "../../../schema/schema.js";
import { quoteIdentifier as quote } from "../quote.js";
import { tokenize } from "../token.js";
import { shortName } from "./pair.js";

/** An expression that speaks of another column instead. */
export function speakingOf(expression: Expression, from: string, to: string): Expression {
  const tokens = tokenize(expression) ?? [];
  let text = "";
  let at = 0;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    const isCall = next?.text === "(";
    const isName = token.kind === "quoted" || (token.kind === "word" && !isCall);
    if (!isName || token.value !== from || next?.text === ".") continue;
    text += expression.slice(at, token.start) + quote(to);
    at = token.start + token.text.length;
  }
  return text + expression.slice(at);
}

const mentions = (expression: Expression | null, column: string): boolean =>
  expression !== null && speakingOf(expression, column, `${column}x`) !== expression;

/** True for an index that would go with the column. */
export function hasColumn({ keys, include, where }: Index, column: string): boolean {
  return (
    keys.some((key) => key.column === column || mentions(key.expression, column)) ||
    include.includes(column) ||
    mentions(where, column)
  );
}

/** The same index over another column, under another name. */
export function indexOver(index: Index, from: string, to: string, name: string): Index {
  const other = (column: string) => (column === from ? to : column);
  return {
    ...index,
    name,
    comment: null,
    concurrently: true,
    keys: index.keys.map((key) => ({
      ...key,
      column: key.column === null ? null : other(key.column),
      expression: key.expression === null ? null : speakingOf(key.expression, from, to),
    })),
    include: index.include.map(other),
    where: index.where === null ? null : speakingOf(index.where, from, to),
  };
}

/** The indexes that a second column needs, so that reading it is no slower: also those under keys. */
export function twinIndexes(table: Table, from: string, to: string, schema: Schema): readonly Index[] {
  const taken = takenNames(schema);
  const free = (name: string) => {
    for (let count = 0; ; count += 1) {
      const chosen = shortName(name, `_alike${count === 0 ? "" : count}`);
      if (taken.has(chosen)) continue;
      taken.add(chosen);
      return chosen;
    }
  };
  const own = table.indexes.filter((index) => hasColumn(index, from));
  return [...keyIndexes(table, from), ...own].map((index) => indexOver(index, from, to, free(index.name)));
}

/** What stands under unique constraints and the primary key, as indexes. */
export function keyIndexes(table: Table, column: string): readonly Index[] {
  return table.constraints.flatMap((one) => {
    if ((one.kind !== "unique" && one.kind !== "primary-key") || !one.columns.includes(column)) return [];
    const keys = one.columns.map((name) => indexKey({ column: name }));
    return plainIndex(one.name ?? `${table.name}_${column}`, keys, {
      unique: true,
      include: one.include,
      nullsNotDistinct: one.kind === "unique" && one.nullsNotDistinct,
      parameters: one.index?.parameters ?? {},
    });
  });
}

/** Names of relations and constraints, wherever they are. */
export function takenNames(schema: Schema): Set<string> {
  const names = new Set<string>();
  for (const table of schema.tables.values()) {
    names.add(table.name);
    for (const { name } of table.indexes) names.add(name);
    for (const { name } of table.constraints) if (name !== null) names.add(name);
  }
  for (const { name } of [...schema.views.values(), ...schema.sequences.values()]) names.add(name);
  return names;
}
