/** A query of an application. */
export interface Query {
  readonly sql: string;
  /** The file that it is in, absolute; `null` for one that stands in none. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number | null;
  /** Where it is, for messages: `queries/persons.sql:3`, `noted in production`. */
  readonly place: string;
}

/** What is no query that can be looked at, and why. */
export interface Unread extends Omit<Query, "sql"> {
  readonly reason: string;
  /** It is a whole file of SQL. */
  readonly isScript: boolean;
}

/** Queries of one place, each text once. */
export interface Queries {
  readonly queries: readonly Query[];
  readonly unread: readonly Unread[];
}

/** All of them, each text once; the first place counts. */
export function together(sets: readonly Queries[]): Queries {
  const byText = new Map<string, Query>();
  for (const { queries } of sets) {
    for (const query of queries) {
      const key = textKey(query);
      if (!byText.has(key)) byText.set(key, query);
    }
  }
  return { queries: [...byText.values()], unread: sets.flatMap(({ unread }) => unread) };
}

/** The same for queries that differ in white space alone. */
export function textKey({ sql }: Pick<Query, "sql">): string {
  // Inside quotes white space has a meaning, and two such queries are taken for one: they prepare alike.
  return sql.replace(/\s+/g, " ").trim();
}

/** The beginning of a query, for messages. */
export function excerpt({ sql }: Pick<Query, "sql">): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}
