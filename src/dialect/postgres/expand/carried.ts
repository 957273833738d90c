import type { Op } from "../../../op/op.js";
import { nameKey, nameOf } from "../../../schema/name.js";
import type { Check, ForeignKey, Index, PrimaryKey, Schema, Table, Unique } from "../../../schema/schema.js";
import { quoteIdentifier, quoteName } from "../quote.js";
import { proofOf } from "./filled.js";
import { hasColumn, indexOver, keyIndexes, speakingOf, takenNames } from "./indexes.js";
import { shortName } from "./pair.js";

/** Something of a column that another column has, under another name, until it takes the place of the first. */
interface Carried<T> {
  readonly own: T;
  /** What the other column has meanwhile. */
  readonly name: string;
}

/** What hangs on a column: it goes with it, and the other column needs the same. */
export interface Hanging {
  readonly indexes: readonly Carried<Index>[];
  readonly keys: readonly (Carried<Unique | PrimaryKey> & { readonly index: Index })[];
  readonly checks: readonly Carried<Check>[];
  readonly foreignKeys: readonly Carried<ForeignKey>[];
  /** Foreign keys that refer to it. */
  readonly references: readonly (Carried<ForeignKey> & { readonly table: Table })[];
  /** Name of the check that proves NOT NULL; `null` where NULL is allowed. */
  readonly filled: string | null;
}

/** What hangs on a column of a table, with names that are free; a sentence for what cannot be carried over. */
export function hangingOn(table: Table, column: string, schema: Schema, ending = "_new"): Hanging | string {
  const taken = takenNames(schema);
  const free = (name: string): string => {
    for (let count = 0; ; count += 1) {
      const chosen = shortName(name, `${ending}${count === 0 ? "" : count}`);
      if (taken.has(chosen)) continue;
      taken.add(chosen);
      return chosen;
    }
  };
  const carried = <T extends { readonly name: string | null }>(own: T): Carried<T> => ({
    own,
    name: free(own.name ?? `${table.name}_${column}`),
  });
  const hanging = table.constraints.filter((one) =>
    "columns" in one
      ? one.columns.includes(column)
      : one.kind === "check" && mentions(one.expression, column),
  );
  if (
    table.constraints.some(
      (one) => one.kind === "exclude" && JSON.stringify(one).includes(JSON.stringify(column)),
    )
  )
    return "an exclusion constraint stands on the column, and none can be added while others write: drop it in a revision before, and add it behind";
  const references = referencesTo(table, column, schema);
  if (references.some((one) => nameKey(one.table) === nameKey(table) && one.own.columns.includes(column)))
    return "a foreign key refers from the column to itself: drop it in a revision before, and add it behind";
  if (references.some((one) => one.table.partitioning !== undefined))
    return "a partitioned table refers to the column, to which no foreign key can be added while others write: drop it in a revision before, and add it behind";
  const keys = hanging.flatMap((one) => (one.kind === "unique" || one.kind === "primary-key" ? [one] : []));
  if (keys.some((key) => key.withoutOverlaps))
    return "a key WITHOUT OVERLAPS stands on the column: drop it in a revision before, and add it behind";
  const bare = keyIndexes({ ...table, constraints: keys }, column);
  return {
    indexes: table.indexes.filter((index) => hasColumn(index, column)).map(carried),
    keys: keys.flatMap((key, at) => {
      const index = bare[at];
      return index === undefined ? [] : [{ ...carried(key), index }];
    }),
    checks: hanging.flatMap((one) => (one.kind === "check" ? [carried(one)] : [])),
    foreignKeys: hanging.flatMap((one) => (one.kind === "foreign-key" ? [carried(one)] : [])),
    references: references.map((one) => ({ ...carried(one.own), table: one.table })),
    filled:
      table.columns.find(({ name }) => name === column)?.nullable === false
        ? free(`${table.name}_${column}_filled`)
        : null,
  };
}

const mentions = (expression: string, column: string): boolean =>
  speakingOf(expression, column, `${column}x`) !== expression;

function referencesTo(table: Table, column: string, schema: Schema) {
  return [...schema.tables.values()].flatMap((other) =>
    other.constraints.flatMap((own) =>
      own.kind === "foreign-key" &&
      own.inherited !== true &&
      nameKey(own.references.table) === nameKey(table) &&
      own.references.columns.includes(column)
        ? [{ table: other, own }]
        : [],
    ),
  );
}

/** Gives the other column what hangs on the first, while others read and write. */
export function hang(table: Table, from: string, to: string, hanging: Hanging): readonly Op[] {
  const on = nameOf(table);
  const built = [
    ...hanging.keys.map(({ index, name }) => indexOver(index, from, to, name)),
    ...hanging.indexes.map(({ own, name }) => indexOver(own, from, to, name)),
  ];
  return [
    ...built.flatMap((index): readonly Op[] => [
      ...(index.unique ? [noneAlike(table, index)] : []),
      { kind: "create-index", table: on, index, concurrently: true },
    ]),
    ...hanging.references.flatMap(({ own, name, table: other }) =>
      checked(other, {
        ...own,
        name,
        comment: null,
        references: {
          ...own.references,
          columns: own.references.columns.map((one) => (one === from ? to : one)),
        },
      }),
    ),
    ...hanging.checks.flatMap(({ own, name }) =>
      checked(table, {
        ...own,
        name,
        comment: null,
        expression: speakingOf(own.expression, from, to),
      }),
    ),
    ...hanging.foreignKeys.flatMap(({ own, name }) =>
      checked(table, {
        ...own,
        name,
        comment: null,
        columns: own.columns.map((one) => (one === from ? to : one)),
      }),
    ),
    ...(hanging.filled === null ? [] : checked(table, proofOf(hanging.filled, to))),
  ];
}

/** Other values may be alike where those that they are made of are not. */
function noneAlike(table: Table, { keys, where, nullsNotDistinct }: Index): Op {
  const texts = keys.map(({ column, expression }) =>
    column === null ? `(${expression})` : quoteIdentifier(column),
  );
  const filled = nullsNotDistinct ? [] : texts.map((text) => `${text} IS NOT NULL`);
  const conditions = [...(where === null ? [] : [`(${where})`]), ...filled];
  const filter = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
  const list = texts.join(", ");
  const of = keys.map(({ column, expression }) => column ?? expression).join(", ");
  return {
    kind: "assert",
    message: `No two rows of ${table.name} have the same (${of})`,
    query: `SELECT ${list} FROM ${quoteName(nameOf(table))}${filter} GROUP BY ${list} HAVING count(*) > 1`,
  };
}

/** First for new rows, then for those that are there. */
function checked(table: Table, constraint: Check | ForeignKey): readonly Op[] {
  const on = nameOf(table);
  const add: Op = { kind: "add-constraint", table: on, constraint: { ...constraint, validated: false } };
  const { name, validated } = constraint;
  return validated && name !== null
    ? [add, { kind: "validate-constraint", table: on, constraint: name }]
    : [add];
}

/** Takes away again what `hang` has made. */
export function unhang(table: Table, hanging: Hanging): readonly Op[] {
  const on = nameOf(table);
  const constraints = [
    ...(hanging.filled === null ? [] : [hanging.filled]),
    ...hanging.foreignKeys.map(({ name }) => name),
    ...hanging.checks.map(({ name }) => name),
  ];
  const indexes = [...hanging.indexes, ...hanging.keys].map(({ name }) => name);
  return [
    ...hanging.references.map(
      ({ table: other, name }): Op => ({ kind: "drop-constraint", table: nameOf(other), constraint: name }),
    ),
    ...constraints.map((constraint): Op => ({ kind: "drop-constraint", table: on, constraint })),
    ...indexes.map((index): Op => ({ kind: "drop-index", table: on, index, concurrently: true })),
  ];
}

/** The other column has taken the first one's name and place: what hangs on it gets its names, in an instant. */
export function settle(table: Table, column: string, hanging: Hanging): readonly Op[] {
  const on = nameOf(table);
  const {
    default: value,
    comment,
    storage,
    notNull,
  } = table.columns.find(({ name }) => name === column) ?? {};
  const target = (kind: "constraint" | "index", name: string | null, text: string | null): readonly Op[] =>
    text === null || name === null
      ? []
      : [{ kind: "set-comment", target: { on: kind, table: on, name }, comment: text }];
  return [
    ...(hanging.filled === null
      ? []
      : ([
          {
            kind: "alter-column",
            table: on,
            column,
            changes: { nullable: false, ...(notNull === undefined ? {} : { notNull }) },
          },
          { kind: "drop-constraint", table: on, constraint: hanging.filled },
        ] satisfies Op[])),
    ...(value == null
      ? []
      : ([{ kind: "alter-column", table: on, column, changes: { default: value } }] satisfies Op[])),
    ...(storage === undefined
      ? []
      : ([{ kind: "alter-column", table: on, column, changes: { storage } }] satisfies Op[])),
    ...(comment == null
      ? []
      : ([
          { kind: "set-comment", target: { on: "column", table: on, name: column }, comment },
        ] satisfies Op[])),
    ...hanging.keys.flatMap(({ own, name }): readonly Op[] => [
      { kind: "add-constraint", table: on, constraint: { ...own, comment: null }, usingIndex: name },
      ...target("constraint", own.name, own.comment),
    ]),
    ...hanging.indexes.flatMap(({ own, name }): readonly Op[] => [
      ...(name === own.name
        ? []
        : ([{ kind: "rename-index", table: on, index: name, to: own.name }] satisfies Op[])),
      ...target("index", own.name, own.comment),
    ]),
    ...hanging.references.flatMap(({ own, name, table: other }): readonly Op[] =>
      own.name === null || own.name === name
        ? []
        : [{ kind: "rename-constraint", table: nameOf(other), constraint: name, to: own.name }],
    ),
    ...[...hanging.checks, ...hanging.foreignKeys].flatMap(({ own, name }): readonly Op[] =>
      own.name === null
        ? []
        : [
            ...(name === own.name
              ? []
              : ([{ kind: "rename-constraint", table: on, constraint: name, to: own.name }] satisfies Op[])),
            ...target("constraint", own.name, own.comment),
          ],
    ),
  ];
}

/** What takes back what `settle` did: the names are free again. */
export function unsettle(table: Table, column: string, hanging: Hanging): readonly Op[] {
  const on = nameOf(table);
  const { default: value, comment } = table.columns.find(({ name }) => name === column) ?? {};
  return [
    ...[...hanging.checks, ...hanging.foreignKeys].flatMap(({ own, name }): readonly Op[] =>
      own.name === null ? [] : [{ kind: "rename-constraint", table: on, constraint: own.name, to: name }],
    ),
    ...hanging.indexes.map(
      ({ own, name }): Op => ({ kind: "rename-index", table: on, index: own.name, to: name }),
    ),
    ...hanging.keys.flatMap(({ own }): readonly Op[] =>
      own.name === null ? [] : [{ kind: "drop-constraint", table: on, constraint: own.name }],
    ),
    ...(value == null
      ? []
      : ([{ kind: "alter-column", table: on, column, changes: { default: null } }] satisfies Op[])),
    ...(hanging.filled === null
      ? []
      : ([{ kind: "alter-column", table: on, column, changes: { nullable: true } }] satisfies Op[])),
    ...(comment == null
      ? []
      : ([
          { kind: "set-comment", target: { on: "column", table: on, name: column }, comment: null },
        ] satisfies Op[])),
  ];
}

/** Nothing refers to the first column any more: the keys that refer to the other one are there by then. */
export function release({ references }: Hanging): readonly Op[] {
  return references.flatMap(({ own, table }): readonly Op[] =>
    own.name === null ? [] : [{ kind: "drop-constraint", table: nameOf(table), constraint: own.name }],
  );
}

/** For a column that takes nobody's place: nothing has to be renamed. */
export function underOwnNames(hanging: Hanging): Hanging {
  const named = <T extends { readonly name: string | null }>({ own, name }: Carried<T>): Carried<T> => ({
    own,
    name: own.name ?? name,
  });
  return {
    ...hanging,
    indexes: hanging.indexes.map(named),
    keys: hanging.keys.map((key) => ({ ...key, ...named(key) })),
    checks: hanging.checks.map(named),
    foreignKeys: hanging.foreignKeys.map(named),
  };
}
