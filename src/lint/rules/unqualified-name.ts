import type { ObjectName } from "../../schema/name.js";
import { defineRule, type Says } from "../rule.js";

const say = (name: ObjectName): Says =>
  name.namespace === null
    ? {
        message: `Which schema ${name.name} is made in depends on search_path`,
        object: name.name,
        at: name.name,
      }
    : undefined;
const named = ({ name }: { readonly name: ObjectName }): Says => say(name);

export const rule = defineRule({
  id: "unqualified-name",
  title: "CREATE of something without its schema",
  why: "It goes into the first schema of `search_path` that exists, and that is the role's, the database's or the session's: the same file makes other tables elsewhere.",
  remedy: "Write the schema before the name: `public.orders`.",
  severity: "off",
  group: "design",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { squawk: ["require-table-schema"], pgsafe: ["require-schema-qualified"] },
  bad: ["CREATE TABLE orders (id bigint PRIMARY KEY);", "CREATE VIEW open_orders AS SELECT 1;"],
  good: [
    "CREATE TABLE public.orders (id bigint PRIMARY KEY);",
    "CREATE TEMPORARY TABLE scratch (id bigint);",
  ],
  on: {
    "create-table": (act) => (act.temporary ? undefined : say(act.name)),
    "create-table-as": (act) => (act.temporary ? undefined : say(act.name)),
    "create-view": (act) => (act.temporary ? undefined : say(act.name)),
    "create-sequence": (act) => (act.temporary ? undefined : say(act.name)),
    "create-function": named,
    "create-enum": named,
    "create-domain": named,
    "create-type": named,
  },
});
