import { findType } from "../../effect/world.js";
import { showName } from "../../schema/name.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "rename-enum-value",
  title: "ALTER TYPE … RENAME VALUE",
  why: "Code of the running release writes the old value and compares with it, and both fail from the moment of the commit on.",
  remedy:
    "Add the new value, release code that reads both and writes the new one, give the old rows the new value in batches, and leave the old one unused.",
  severity: "error",
  group: "compatibility",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    "ALTER TYPE mood RENAME VALUE 'so-so' TO 'calm';",
    {
      before: "CREATE TYPE mood AS ENUM ('glad', 'sad');",
      sql: "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';",
    },
  ],
  good: [
    "ALTER TYPE mood ADD VALUE 'calm';",
    {
      note: "a type of the same file",
      sql: `CREATE TYPE mood AS ENUM ('glad', 'sad');
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';`,
    },
  ],
  on: {
    "rename-enum-value": (act, context) => {
      const type = findType(context.before, act.name);
      if (type !== undefined && type.bornIn === context.statement.run) return undefined;
      const object = showName(type ?? act.name);
      return {
        message: `Code that uses '${act.value}' of ${object} fails as soon as it is called '${act.to}'`,
        object: `${object}.${act.value}`,
        at: `'${act.value}'`,
      };
    },
  },
});
