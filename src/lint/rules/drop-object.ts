import type { Act } from "../../effect/act.js";
import type { ObjectKind } from "../../effect/syntax.js";
import { findFunctions, findRelation, findType } from "../../effect/world.js";
import { type ObjectName, showName } from "../../schema/name.js";
import { worldAtEnd } from "../ahead.js";
import type { StatementContext } from "../context.js";
import { defineRule } from "../rule.js";

const lost: Partial<Record<ObjectKind, string>> = {
  view: "queries that read it fail",
  "materialized-view": "queries that read it fail",
  function: "code and the bodies of other functions that call it fail, and the server does not know which",
  procedure: "code that calls it fails",
  aggregate: "queries that use it fail",
  sequence: "code that takes numbers from it fails",
  type: "code that casts to it fails",
  domain: "code that casts to it fails",
  extension: "its functions and types are gone",
  publication: "subscribers get no changes any more",
  subscription: "the changes stay where they are made",
  role: "whoever logs in with it is shut out",
  operator: "queries that use it fail",
};

/** The same unit made it, or has another one of this name when it is over. */
function isOwnOrBack(act: Act<"drop">, name: ObjectName, context: StatementContext): boolean {
  const end = worldAtEnd(context);
  const { run } = context.statement;
  switch (act.object) {
    case "view":
    case "materialized-view":
    case "sequence":
      return context.existing(name) === undefined || findRelation(end, name) !== undefined;
    case "function":
    case "procedure":
    case "aggregate": {
      const before = findFunctions(context.before, name);
      const own = before.length > 0 && before.every(({ bornIn }) => bornIn === run);
      return own || findFunctions(end, name).length > 0;
    }
    case "type":
    case "domain": {
      const type = findType(context.before, name);
      if (type === undefined) return findType(end, name) !== undefined;
      // One that was renamed away is replaced by the one that has its name now.
      const first = context.unit.statements[0]?.before.types.get(type.id) ?? type;
      return type.bornIn === run || findType(end, first) !== undefined;
    }
    case "extension":
      return end.extensions.has(name.name);
    default:
      return false;
  }
}

export const rule = defineRule({
  id: "drop-object",
  title: "DROP of a view, function, sequence, type, extension …",
  why: "Code of the running release that still uses it fails. What other objects use the server knows and refuses, with one exception: the bodies of functions are text to it, and fail when they are called.",
  remedy: "First release code that no longer uses it, and look for its name in the bodies of functions.",
  severity: "warning",
  group: "destruction",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  tag: "destructive",
  aliases: {},
  bad: ["DROP FUNCTION order_total(bigint);", "DROP VIEW open_orders;", "DROP EXTENSION hstore;"],
  good: [
    {
      note: "made again by the same file",
      before: "CREATE TABLE orders (id bigint PRIMARY KEY); CREATE VIEW all_orders AS SELECT id FROM orders;",
      sql: `DROP VIEW all_orders;
CREATE VIEW all_orders AS SELECT id, 1 AS one FROM orders;`,
    },
    `-- destructive: approved
DROP FUNCTION order_total(bigint);`,
  ],
  on: {
    drop: (act, context) => {
      const what = lost[act.object];
      if (what === undefined) return undefined;
      return act.names.flatMap((name) => {
        if (isOwnOrBack(act, name, context)) return [];
        const object = showName(name);
        const article = /^[aeiou]/.test(act.object) ? "an" : "a";
        return [
          {
            message: `${object} was ${article} ${act.object.replace("-", " ")}: ${what}`,
            object,
            at: name.name,
          },
        ];
      });
    },
  },
});
