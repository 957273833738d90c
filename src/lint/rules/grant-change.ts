import { showName } from "../../schema/name.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "grant-change",
  title: "GRANT, REVOKE and changes of roles",
  why: "Who may do what changes with the schema. A REVOKE shuts out the running release at once.",
  remedy: "Have it read by whoever answers for access, or keep rights apart from migrations.",
  severity: "off",
  group: "security",
  dialects: ["postgres"],
  small: "same",
  aliases: {},
  bad: ["REVOKE SELECT ON orders FROM app;", "ALTER ROLE app NOLOGIN;", "GRANT SELECT ON orders TO app;"],
  good: ["CREATE TABLE orders (id bigint PRIMARY KEY);", "COMMENT ON TABLE orders IS 'granted';"],
  on: {
    grant: (act) => {
      const object = act.names.map(showName).join(", ");
      const message = act.revoke
        ? `${act.grantees.join(", ")} can no longer do this with ${object}`
        : `${act.grantees.join(", ")} can do this with ${object} from now on`;
      return { message, object, at: act.revoke ? "REVOKE" : "GRANT" };
    },
    "default-privileges": () => ({ message: "Rights on objects that are made from now on change" }),
    role: () => ({ message: "What a role may do changes" }),
  },
});
