import { defineRule } from "../rule.js";

export const rule = defineRule({
  id: "extension-update",
  title: "ALTER EXTENSION … UPDATE",
  why: "Functions and types of the extension change under the running release. Most extensions have no way back to an older version, and which version UPDATE gives depends on what is installed on the server.",
  remedy: "Name the version (`UPDATE TO '…'`), read its notes, and try it on a copy first.",
  severity: "info",
  group: "compatibility",
  dialects: ["postgres"],
  small: "same",
  aliases: {},
  bad: ["ALTER EXTENSION postgis UPDATE;", "ALTER EXTENSION pg_trgm UPDATE TO '1.6';"],
  good: ["CREATE EXTENSION IF NOT EXISTS pg_trgm;", "ALTER EXTENSION pg_trgm SET SCHEMA extensions;"],
  on: {
    "alter-extension": (act) =>
      act.change === "update"
        ? {
            message: `What ${act.name} does changes, and there may be no way back`,
            object: act.name,
            at: "UPDATE",
          }
        : undefined,
  },
});
