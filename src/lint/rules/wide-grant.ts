import { showName } from "../../schema/name.js";
import { defineRule } from "../rule.js";

const isPublic = (grantee: string): boolean => grantee.toLowerCase() === "public";

export const rule = defineRule({
  id: "wide-grant",
  title: "GRANT to PUBLIC or WITH GRANT OPTION",
  why: "PUBLIC is every role that there is and every one that there will be, of every application on the server. With GRANT OPTION whoever gets the right can give it to others.",
  remedy: "Grant to the role of the application, and what it needs.",
  severity: "warning",
  group: "security",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: ["GRANT SELECT ON orders TO PUBLIC;", "GRANT ALL ON orders TO app WITH GRANT OPTION;"],
  good: [
    "GRANT SELECT ON orders TO app;",
    "REVOKE ALL ON orders FROM PUBLIC;",
    {
      note: "functions and schemas are open unless they are closed",
      sql: "GRANT USAGE ON SCHEMA public TO PUBLIC;",
    },
  ],
  on: {
    grant: (act) => {
      if (act.revoke) return undefined;
      const object = act.names.map(showName).join(", ");
      if (act.withGrantOption)
        return {
          message: `Whoever has this right on ${object} can give it away`,
          object,
          at: "WITH GRANT OPTION",
        };
      const isOpen = ["function", "procedure", "schema", "type", "domain", "database"].includes(act.object);
      if (isOpen || !act.grantees.some(isPublic)) return undefined;
      return { message: `Every role of the server gets this right on ${object}`, object, at: "PUBLIC" };
    },
  },
});
