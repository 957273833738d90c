import type { TypeUse } from "../../effect/syntax.js";
import { type Column, showRelation } from "../../effect/world.js";
import { showType } from "../changed-type.js";
import type { StatementContext } from "../context.js";
import { madeForeignKeys } from "../made-foreign-keys.js";
import { defineRule, type Say } from "../rule.js";

const families: Readonly<Record<string, string>> = {
  smallint: "number",
  integer: "number",
  bigint: "number",
  numeric: "number",
  real: "number",
  "double precision": "number",
  text: "text",
  "character varying": "text",
  character: "text",
  uuid: "uuid",
  boolean: "boolean",
};

const familyOf = (type: TypeUse): string | undefined => (type.builtIn ? families[type.name] : undefined);

/** `refused`: there is no operator to compare them with. */
function mismatch(from: Column, to: Column): "refused" | "cast" | null {
  if (from.typeId !== null || to.typeId !== null) return null;
  const [left, right] = [familyOf(from.type), familyOf(to.type)];
  if (left === undefined || right === undefined) return null;
  if (from.type.dimensions !== to.type.dimensions) return "refused";
  if (left !== right) return "refused";
  return left === "number" && from.type.name !== to.type.name ? "cast" : null;
}

function says(context: StatementContext): readonly Say[] {
  return madeForeignKeys(context.statement).flatMap(({ key, table }) => {
    const target = context.after.relations.get(key.targetId);
    return key.columns.flatMap((name, at) => {
      const from = table.columns.get(name);
      const to = target?.columns.get(key.keyColumns[at] ?? "");
      if (from === undefined || to === undefined || target === undefined) return [];
      const found = mismatch(from, to);
      if (found === null) return [];
      const object = `${showRelation(table)}.${name}`;
      const types = `${object} is ${showType(from.type)}, ${showRelation(target)}.${to.name} is ${showType(to.type)}`;
      return [
        found === "refused"
          ? {
              message: `The server refuses it, the types cannot be compared: ${types}`,
              object,
              at: name,
              severity: "error" as const,
            }
          : { message: `The types differ: ${types}`, object, at: name },
      ];
    });
  });
}

export const rule = defineRule({
  id: "foreign-key-type-mismatch",
  title: "Foreign key between columns of different types",
  why: "An `integer` that refers to a `bigint` can hold no key beyond 2147483647: inserts begin to fail when the referenced table reaches it. Types that cannot be compared, such as `uuid` and `text`, are refused.",
  remedy: "Give the column the type of the key that it refers to.",
  severity: "warning",
  group: "data-dependent",
  dialects: ["postgres"],
  small: "same",
  aliases: {},
  bad: [
    `CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (customer_id integer REFERENCES customers);`,
    {
      note: "the server refuses it",
      before: "CREATE TABLE customers (id uuid PRIMARY KEY); CREATE TABLE orders (customer_id text);",
      sql: "ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id);",
    },
  ],
  good: [
    `CREATE TABLE customers (id bigserial PRIMARY KEY);
CREATE TABLE orders (customer_id int8 REFERENCES customers);`,
    {
      note: "text and varchar are compared as they are",
      sql: `CREATE TABLE kinds (code varchar(10) PRIMARY KEY);
CREATE TABLE orders (kind text REFERENCES kinds);`,
    },
  ],
  statement: says,
});
