import type { Act } from "../../effect/act.js";
import { findFunctions } from "../../effect/world.js";
import { showName } from "../../schema/name.js";
import { actsOfKind, isSameFunction } from "../ahead.js";
import type { RevisionContext } from "../context.js";
import { defineRule } from "../rule.js";

const setsPath = (act: Act<"create-function"> | Act<"alter-function">): boolean =>
  act.settings.some(({ name }) => name.toLowerCase() === "search_path");

/** A later statement of the unit gives the function its path, or takes SECURITY DEFINER away. */
function isMended(context: RevisionContext, name: Act<"create-function">["name"], position: number): boolean {
  return context.unit.statements.some(
    (statement) =>
      statement.position > position &&
      statement.acts.some(
        (act) =>
          (act.kind === "alter-function" || act.kind === "create-function") &&
          isSameFunction(act.name, name) &&
          (setsPath(act) || act.securityDefiner === false),
      ),
  );
}

export const rule = defineRule({
  id: "security-definer-search-path",
  title: "SECURITY DEFINER without a search_path of its own",
  why: "The function runs with the rights of its owner and looks for names along the `search_path` of the caller. Whoever may make objects somewhere puts a function or a table of the same name in front, and it runs with the owner's rights.",
  remedy:
    "`SET search_path = ''` and every name with its schema; or the trusted schemas, with `pg_temp` as the last one.",
  severity: "warning",
  group: "security",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { pgls: ["functionSearchPathMutable"] },
  bad: [
    "CREATE FUNCTION total() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM orders';",
    "ALTER FUNCTION total() SECURITY DEFINER;",
  ],
  good: [
    "CREATE FUNCTION total() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT count(*) FROM public.orders';",
    "CREATE FUNCTION total() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM orders';",
    `CREATE FUNCTION total() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM public.orders';
ALTER FUNCTION total() SET search_path = '';`,
  ],
  revision: (context) => {
    const { statements } = context.unit;
    const made = [...actsOfKind(statements, "create-function"), ...actsOfKind(statements, "alter-function")];
    return made.flatMap(({ act, statement }) => {
      if (act.securityDefiner !== true || setsPath(act)) return [];
      const known = findFunctions(statement.before, act.name);
      const isSet = (settings: Act<"create-function">["settings"]) =>
        settings.some(({ name }) => name.toLowerCase() === "search_path");
      if (act.kind === "alter-function" && known.some(({ settings }) => isSet(settings))) return [];
      if (isMended(context, act.name, statement.position)) return [];
      const object = showName(act.name);
      return [
        {
          message: `${object} runs with its owner's rights and looks for names where its caller says`,
          object,
          line: statement.line,
          at: "SECURITY DEFINER",
        },
      ];
    });
  },
});
