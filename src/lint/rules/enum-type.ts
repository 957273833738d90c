import { showName } from "../../schema/name.js";
import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "enum-type",
  title: "CREATE TYPE … AS ENUM",
  why: "A value can be added to an enum but never taken away: that needs a new type and a rewrite of every column that has it.",
  remedy: "A table of the values with a foreign key, or `text` with a CHECK.",
  severity: "off",
  group: "types",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { eugene: ["W13"], pgls: ["creatingEnum"] },
  bad: ["CREATE TYPE mood AS ENUM ('glad', 'sad');", "CREATE TYPE state AS ENUM ();"],
  good: ["CREATE TABLE moods (mood text PRIMARY KEY);", "CREATE TYPE pair AS (a int, b int);"],
  on: {
    "create-enum": (act) => {
      const object = showName(act.name);
      return { message: `No value of ${object} can ever be taken away`, object, at: "ENUM" };
    },
  },
});
