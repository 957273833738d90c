import { showName } from "../../schema/name.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "constrained-domain",
  title: "CREATE DOMAIN with a CHECK or NOT NULL",
  why: "A column of such a domain cannot be added without writing the table anew, and a later constraint on the domain reads every table that uses it, while nobody can write to any of them.",
  remedy: "A CHECK on the columns, which can be added NOT VALID and validated one table at a time.",
  severity: "info",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {
    squawk: ["ban-create-domain-with-constraint"],
    pgfence: ["ban-create-domain-with-constraint"],
  },
  bad: ["CREATE DOMAIN positive AS integer CHECK (value > 0);", "CREATE DOMAIN present AS text NOT NULL;"],
  good: ["CREATE DOMAIN email AS text;", "CREATE DOMAIN email AS text DEFAULT '';"],
  on: {
    "create-domain": (act) => {
      if (act.checks.length === 0 && !act.notNull) return undefined;
      const object = showName(act.name);
      return {
        message: `To add a column of the domain ${object} writes its table anew`,
        object,
        at: "CREATE DOMAIN",
      };
    },
  },
});
