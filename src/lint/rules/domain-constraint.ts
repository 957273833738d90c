import type { Act } from "../../effect/act.js";
import { isAtLeast } from "../../effect/lock.js";
import { findType } from "../../effect/world.js";
import { showName } from "../../schema/name.js";
import type { StatementContext } from "../context.js";
import { defineRule, type Says } from "../rule.js";
import { showAll } from "../work.js";

const readers: readonly Act<"alter-domain">["change"]["kind"][] = [
  "add-constraint",
  "set-not-null",
  "validate-constraint",
];

/** Others may have columns of it that nobody saw made. */
function say(act: Act<"alter-domain">, context: StatementContext): Says {
  const { change } = act;
  const free =
    change.kind === "add-constraint" && (change.constraint.notValid || !change.constraint.enforced);
  if (!readers.includes(change.kind) || free) return undefined;
  const name = showName(act.name);
  const locked = [...context.effectOf(act).locks].filter(([, mode]) => isAtLeast(mode, "SHARE"));
  const tables = context.relations(locked.map(([id]) => id));
  const about = { object: name, at: act.name.name, relations: tables };
  if (tables.length > 0) {
    const validate = change.kind === "validate-constraint";
    return {
      ...about,
      message: `Nobody can write to ${showAll(tables)} while all rows are read for ${name}`,
      ...(validate
        ? {
            remedy:
              "There is no gentler way: do it when little is written, or use checks of the columns instead.",
          }
        : {}),
      ...(change.kind === "add-constraint" ? { instead: [`${context.sql} NOT VALID`] } : {}),
    };
  }
  const known = findType(context.before, act.name);
  if (known !== undefined) return undefined;
  return {
    ...about,
    severity: "warning",
    message: `Nobody can write to any table that has a column of ${name} while all its rows are read`,
  };
}

export const rule = defineRule({
  id: "domain-constraint",
  title: "Constraint of a domain that is checked in every table",
  why: "Every table that has a column of the domain is locked SHARE and read from end to end, one after the other, in one transaction: nobody can write to any of them until the last row of the last one is read. `VALIDATE CONSTRAINT` of a domain does the same.",
  remedy:
    "Add the constraint NOT VALID, which locks no table and holds for new values. Where it has to be proved for old ones, give the columns checks of their own, NOT VALID, and validate those one by one.",
  severity: "error",
  group: "scans",
  dialects: ["postgres"],
  small: "harmless",
  aliases: {
    squawk: ["ban-alter-domain-with-add-constraint"],
    pgsafe: ["add-domain-constraint-without-not-valid", "add-domain-not-null"],
    pgfence: ["ban-alter-domain-add-constraint"],
  },
  bad: [
    {
      before: `CREATE DOMAIN amount AS numeric;
CREATE TABLE orders (total amount);`,
      sql: "ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0);",
    },
    {
      note: "who uses the domain is not known",
      sql: "ALTER DOMAIN amount SET NOT NULL;",
    },
  ],
  good: [
    {
      before: `CREATE DOMAIN amount AS numeric;
CREATE TABLE orders (total amount);`,
      sql: "ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;",
    },
    {
      note: "no table has a column of it",
      before: "CREATE DOMAIN amount AS numeric;",
      sql: "ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0);",
    },
  ],
  on: { "alter-domain": say },
});
