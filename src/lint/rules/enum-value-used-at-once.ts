import type { AnalysedStatement } from "../../effect/statement.js";
import { findType, type TypeState } from "../../effect/world.js";
import type { RevisionContext } from "../context.js";
import { defineRule, type Say } from "../rule.js";

interface Added {
  readonly type: TypeState | undefined;
  readonly typeName: string;
  readonly value: string;
}

/** Values that the statement adds to a type that is older than the transaction: those of a new one can be used. */
function addedBy(statement: AnalysedStatement): readonly Added[] {
  return statement.acts.flatMap((act) => {
    if (act.kind !== "add-enum-value") return [];
    const type = findType(statement.before, act.name);
    if (type !== undefined && (type.bornAt ?? -1) >= statement.transaction.since) return [];
    return [{ type, typeName: act.name.name, value: act.value }];
  });
}

function literals(sql: string): readonly string[] {
  return [...sql.matchAll(/'([^']*(?:''[^']*)*)'/g)].map(([, text = ""]) => text.replaceAll("''", "'"));
}

/** The statement is about the type: it names it, or a table that has, or may have, a column of it. */
function concerns(statement: AnalysedStatement, { type, typeName }: Added): boolean {
  if (statement.sql.includes(typeName)) return true;
  return [...statement.effect.locks.keys()].some((id) => {
    const relation = statement.before.relations.get(id);
    if (relation === undefined || relation.index !== null) return false;
    if (!relation.columnsKnown) return true;
    return type !== undefined && [...relation.columns.values()].some(({ typeId }) => typeId === type.id);
  });
}

function isUse({ acts }: AnalysedStatement): boolean {
  const idle = ["add-enum-value", "comment", "create-function", "set", "rename-enum-value"];
  return acts.some(({ kind }) => !idle.includes(kind));
}

function says({ unit }: RevisionContext): readonly Say[] {
  let since = -1;
  let added = new Map<string, Added>();
  const found: Say[] = [];
  for (const statement of unit.statements) {
    const { by, since: opened } = statement.transaction;
    if (by === "none" || opened !== since) {
      since = by === "none" ? -1 : opened;
      added = new Map();
    }
    if (added.size > 0 && isUse(statement)) {
      const used = literals(statement.sql)
        .flatMap((text) => added.get(text) ?? [])
        .find((one) => concerns(statement, one));
      if (used !== undefined) {
        found.push({
          message: `'${used.value}' was added to ${used.typeName} in the same transaction and cannot be used before it is committed`,
          object: `${used.typeName}.${used.value}`,
          line: statement.line,
        });
      }
    }
    if (by !== "none") for (const one of addedBy(statement)) added.set(one.value, one);
  }
  return found;
}

export const rule = defineRule({
  id: "enum-value-used-at-once",
  title: "New enum value that is used in the transaction which adds it",
  why: "The server refuses it with error 55P04, `unsafe use of new value`, and the transaction is rolled back. A value of a type that the transaction itself made can be used at once. Before PostgreSQL 12 a value cannot be added in a transaction at all, of which `concurrently-in-transaction` speaks.",
  remedy: "Add the value in a revision, a file or a step of its own that is committed before.",
  severity: "error",
  group: "data-dependent",
  dialects: ["postgres"],
  since: 12,
  small: "same",
  aliases: {
    pgsafe: ["enum-value-used-in-transaction"],
    pgfence: ["alter-enum-add-value"],
    pgls: ["avoidAlterEnumAddValue"],
  },
  bad: [
    {
      inTransaction: true,
      sql: "ALTER TYPE mood ADD VALUE 'calm';\nUPDATE people SET mood = 'calm';",
    },
    {
      inTransaction: true,
      before: ["CREATE TYPE mood AS ENUM ('cross');", "CREATE TABLE people (id bigint, mood mood);"],
      sql: `ALTER TYPE mood ADD VALUE 'calm' BEFORE 'cross';
ALTER TABLE people ALTER COLUMN mood SET DEFAULT 'calm';`,
    },
  ],
  good: [
    {
      inTransaction: false,
      sql: "ALTER TYPE mood ADD VALUE 'calm';\nUPDATE people SET mood = 'calm';",
    },
    {
      note: "the type is as new as the transaction",
      inTransaction: true,
      sql: `CREATE TYPE mood AS ENUM ('cross');
ALTER TYPE mood ADD VALUE 'calm';
CREATE TABLE people (id bigint, mood mood DEFAULT 'calm');`,
    },
    {
      note: "no table here has a column of the type",
      inTransaction: true,
      before: ["CREATE TYPE mood AS ENUM ('cross');", "CREATE TABLE words (word text);"],
      sql: "ALTER TYPE mood ADD VALUE 'calm';\nINSERT INTO words (word) VALUES ('calm');",
    },
  ],
  revision: says,
});
