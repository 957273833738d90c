import { defineRule } from "../rule.js";

const imports =
  /^[ \t]*(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"']+)["']|^[ \t]*import\s*["']([^"']+)["']|\b(?:import|require)\(\s*["']([^"']+)["']\s*\)/gm;

/** Comments, of which nothing is imported. */
const comments = /\/\*[\s\S]*?\*\/|^[ \t]*\/\/.*$/gm;

/** A module of the application: a path, or an alias of one. */
const isOfApplication = (name: string): boolean => /^(?:\.{1,2}\/|~\/|@\/|#)/.test(name);

export const rule = defineRule({
  id: "imports-application",
  title: "A revision imports code of the application",
  why: "The application goes on and the revision stays: when the model or the function that it imports has changed, the same revision does something else on a new database than it did on the old ones, or does not load at all. Then no database can be built from the history any more.",
  remedy:
    "Write what the revision needs into the revision: the SQL, the list of values, the few lines of the function.",
  severity: "warning",
  group: "hygiene",
  dialects: "all",
  small: "same",
  directions: "upgrade",
  aliases: {},
  bad: [
    { sql: "", message: "fill states", typescript: 'import { states } from "../src/states.js";\n' },
    { sql: "", message: "fill states", typescript: 'const { states } = await import("../src/states.js");\n' },
  ],
  good: [
    { sql: "", message: "fill states", typescript: 'import { defineRevision } from "aludel";\n' },
    { sql: "", message: "fill states", typescript: 'import type { State } from "../src/states.js";\n' },
  ],
  revision: ({ unit }) => {
    if (unit.revision?.format !== "ts") return undefined;
    const text = unit.text.replace(comments, (comment) => comment.replace(/[^\n]/g, " "));
    return [...text.matchAll(imports)].flatMap((match) => {
      const name = match[1] ?? match[2] ?? match[3] ?? "";
      // A type is gone before the revision runs.
      if (!isOfApplication(name) || /^\s*import\s+type\b/.test(match[0])) return [];
      const line = text.slice(0, match.index).split("\n").length;
      return [{ message: `The revision depends on ${name} as it is on the day it runs`, object: name, line }];
    });
  },
});
