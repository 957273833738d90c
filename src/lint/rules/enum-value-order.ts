import { showName } from "../../schema/name.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "enum-value-order",
  title: "ALTER TYPE … ADD VALUE without a place",
  why: "The new value comes last, and `ORDER BY`, `<` and `max()` follow the order of the enum. It cannot be moved afterwards.",
  remedy: "Say `BEFORE` or `AFTER` which value it comes, also where it shall be the last one.",
  severity: "off",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { squawk: ["require-enum-value-ordering"], pgfence: ["alter-enum-no-ordering"] },
  bad: ["ALTER TYPE mood ADD VALUE 'calm';", "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'calm';"],
  good: ["ALTER TYPE mood ADD VALUE 'calm' AFTER 'glad';", "ALTER TYPE mood ADD VALUE 'calm' BEFORE 'sad';"],
  on: {
    "add-enum-value": (act) => {
      if (act.neighbour !== null) return undefined;
      const object = showName(act.name);
      return {
        message: `'${act.value}' sorts behind all other values of ${object}`,
        object,
        at: "ADD VALUE",
      };
    },
  },
});
