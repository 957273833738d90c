/** What generators know of a column that others may refer to. */
export interface ColumnFacts {
  readonly table: string;
  /** Quoted. */
  readonly name: string;
  /** Columns of one family can be changed into one another. */
  readonly family: string;
  readonly type: string;
  readonly generated: boolean;
}

/** What generators know of a table. */
export interface TableFacts {
  /** Quoted, with its namespace where that is not the default. */
  readonly name: string;
  readonly namespace: string;
  /** A plain one, or one whose keys must have the column that it is divided by. */
  readonly dividedBy: string | null;
  readonly isPartition: boolean;
}

/** The smallest part of a schema that can be taken away: a statement, or a clause within one. */
export interface Item {
  readonly id: string;
  /** For counting what was reached. */
  readonly kind: string;
  /** Items that must be there for this one. */
  readonly needs: readonly string[];
  readonly sql: string;
  /** The statement that has this as one of its clauses, in the place of its `{}`. */
  readonly within?: string;
  readonly column?: ColumnFacts;
  readonly table?: TableFacts;
  /** What can stand behind FROM. */
  readonly source?: string;
}

/** A schema as SQL: items, each after those that it needs. */
export class Draft {
  readonly items: Item[] = [];

  /** Adds an item when all that it needs is there and its id is free. */
  add(item: Item): boolean {
    const has = (id: string) => this.items.some((one) => one.id === id);
    const needs = item.within === undefined ? item.needs : [...item.needs, item.within];
    if (has(item.id) || !needs.every(has)) return false;
    this.items.push({ ...item, needs });
    return true;
  }

  get tables(): readonly (Item & { readonly table: TableFacts })[] {
    return this.items.filter((item): item is Item & { table: TableFacts } => item.table !== undefined);
  }

  columns(
    table: string,
    ...families: readonly string[]
  ): readonly (Item & { readonly column: ColumnFacts })[] {
    return this.items.filter(
      (item): item is Item & { column: ColumnFacts } =>
        item.column?.table === table && (families.length === 0 || families.includes(item.column.family)),
    );
  }
}

/** The items without one of them and all that need it. */
export function without(items: readonly Item[], id: string): readonly Item[] {
  const gone = new Set([id]);
  return items.filter((item) => {
    const goes = gone.has(item.id) || item.needs.some((need) => gone.has(need));
    if (goes) gone.add(item.id);
    return !goes;
  });
}

/** A statement, and the item that it comes from. */
export interface Statement {
  readonly item: Item;
  readonly sql: string;
}

export function statementsOf(items: readonly Item[]): readonly Statement[] {
  return items
    .filter(({ within }) => within === undefined)
    .map((item) => {
      const own = items.filter(({ within }) => within === item.id);
      // Columns first: SQLite wants them before the constraints.
      const clauses = [...own.filter(({ column }) => column), ...own.filter(({ column }) => !column)].map(
        ({ sql }) => sql,
      );
      return { item, sql: item.sql.replace("{}", () => clauses.join(", ")) };
    });
}

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
