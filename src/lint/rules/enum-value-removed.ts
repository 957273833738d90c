import {
  findRelation,
  findType,
  type Relation,
  showRelation,
  type TypeState,
  type World,
} from "../../effect/world.js";
import { showName } from "../../schema/name.js";
import { actsOfKind } from "../ahead.js";
import { isAsserted } from "../asserted.js";
import type { RevisionContext } from "../context.js";
import { askBefore, precheck, rowsWhere } from "../precheck.js";
import { defineRule, type Say } from "../rule.js";
import { written } from "../written.js";

type EnumState = Extract<TypeState, { readonly kind: "enum" }>;

function enumOf(world: World, name: { readonly namespace: string; readonly name: string }): EnumState | null {
  const type = findType(world, name);
  return type?.kind === "enum" ? type : null;
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

interface Held {
  readonly table: Relation;
  readonly column: string;
  readonly sql: string;
}

/** The columns of the type, each with the question for rows that hold one of the values. */
function noneHolds(
  type: EnumState,
  values: string,
  { before: world, unit }: Pick<RevisionContext, "before" | "unit">,
  sql: string,
): readonly Held[] {
  // More than names and casts says what becomes of the value.
  const mapped = actsOfKind(unit.statements, "alter-type").filter(
    ({ act }) => act.using !== null && !/^[\w\s".:[\]]+$/.test(act.using.sql),
  );
  const tables = [...world.relations.values()].filter(({ kind }) => /^(?:partitioned-)?table$/.test(kind));
  return tables.flatMap((table) =>
    [...table.columns.values()].flatMap((column) => {
      if (column.typeId !== type.id || column.type.dimensions > 0) return [];
      const isMapped = mapped.some(
        ({ act, statement }) =>
          act.column === column.name && findRelation(statement.before, act.table)?.id === table.id,
      );
      if (isMapped) return [];
      const condition = `${written(column.name, sql)}::text IN (${values})`;
      return [
        { table, column: column.name, sql: rowsWhere({ table, name: table, sql }, [column.name], condition) },
      ];
    }),
  );
}

function questionOf(type: EnumState, values: string, held: readonly Held[]): Partial<Say> {
  const [only, second] = held;
  if (only === undefined) return {};
  const among = held.map(({ sql, table, column }) =>
    second === undefined
      ? sql
      : `SELECT ${quoted(`${showRelation(table)}.${column}`)} AS place, count(*) FROM (${sql}) AS found HAVING count(*) > 0`,
  );
  const asked = precheck(`No row has ${values} of ${type.name}`, among.join(" UNION ALL "));
  return {
    precheck: asked,
    remedy: `${askBefore(asked)} Release code that no longer writes the value first.`,
  };
}

export const rule = defineRule({
  id: "enum-value-removed",
  title: "An enum is made anew without one of its values",
  why: "Rows that hold the value cannot be cast to the new type, and the statement fails there, on the first one. Code of the running release that writes it fails afterwards.",
  remedy:
    "First give the rows another value and release code that no longer writes the old one. Then check that no row has it.",
  severity: "warning",
  group: "destruction",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  tag: "destructive",
  aliases: {},
  bad: [
    {
      before: `CREATE TYPE mood AS ENUM ('glad', 'sad', 'so-so');
CREATE TABLE people (id bigint PRIMARY KEY, mood mood);`,
      sql: `ALTER TYPE mood RENAME TO mood_old;
CREATE TYPE mood AS ENUM ('glad', 'sad');
ALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::text::mood;
DROP TYPE mood_old;`,
    },
    {
      before: "CREATE TYPE mood AS ENUM ('glad', 'sad');",
      sql: `DROP TYPE mood;
CREATE TYPE mood AS ENUM ('glad');`,
    },
  ],
  good: [
    {
      note: "only its order is another one",
      before: "CREATE TYPE mood AS ENUM ('glad', 'sad');",
      sql: `DROP TYPE mood;
CREATE TYPE mood AS ENUM ('sad', 'glad');`,
    },
    "CREATE TYPE mood AS ENUM ('glad', 'sad');",
  ],
  revision: (context) =>
    actsOfKind(context.unit.statements, "create-enum").flatMap(({ act, statement }) => {
      const made = findType(statement.after, act.name);
      if (made?.kind !== "enum") return [];
      const old = enumOf(context.before, made);
      const gone = old?.values.filter((value) => !made.values.includes(value)) ?? [];
      if (old === null || old.id === made.id || gone.length === 0) return [];
      const values = gone.map(quoted).join(", ");
      const asked = noneHolds(old, values, context, statement.sql);
      if (
        asked.length > 0 &&
        asked.every(({ table, column }) => isAsserted(table, [column], { ...context, statement }))
      ) {
        return [
          {
            message: `Code that still writes ${values} fails`,
            object: `${showName(made)} in code`,
            line: statement.line,
            at: "CREATE TYPE",
            severity: "info" as const,
          },
        ];
      }
      return [
        {
          message: `Rows with ${values} no longer fit the type ${showName(made)}`,
          object: showName(made),
          line: statement.line,
          at: "CREATE TYPE",
          ...questionOf(old, values, asked),
        },
      ];
    }),
});
