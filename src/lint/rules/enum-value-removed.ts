import type { TypeState, World } from "../../effect/world.js";
import { findType } from "../../effect/world.js";
import { showName } from "../../schema/name.js";
import { actsOfKind } from "../ahead.js";
import { defineRule } from "../rule.js";

type EnumState = Extract<TypeState, { readonly kind: "enum" }>;

function enumOf(world: World, name: { readonly namespace: string; readonly name: string }): EnumState | null {
  const type = findType(world, name);
  return type?.kind === "enum" ? type : null;
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
      const values = gone.map((value) => `'${value}'`).join(", ");
      return [
        {
          message: `Rows with ${values} no longer fit the type ${showName(made)}`,
          object: showName(made),
          line: statement.line,
          at: "CREATE TYPE",
        },
      ];
    }),
});
