import { showName } from "../../schema/name.js";
import { defineRule } from "../rule.js";

const comments = /--[^\n]*|\/\*[\s\S]*?\*\//g;
const strings = /'[^']*'/g;

/** What is glued to SQL text between `||`: all but constants and what is quoted. */
const safe =
  /^\s*(?:''|quote_(?:ident|literal|nullable)\s*\(|format\s*\(|\(*\s*select\s+quote_|chr\s*\(|\d)/i;

/** The expressions of EXECUTE in plpgsql. */
function executed(body: string): readonly string[] {
  const text = body.replace(comments, " ").replace(strings, "''");
  return [
    ...text.matchAll(
      /\bEXECUTE\s+(?!FUNCTION\b|PROCEDURE\b|ON\b)([^;]*?)(?=;|\bUSING\b|\bINTO\b|\bLOOP\b)/gi,
    ),
  ].map(([, expression = ""]) => expression);
}

const isUnquoted = (expression: string): boolean => {
  const parts = expression.split("||");
  return parts.length > 1 && parts.some((part) => !safe.test(part));
};

export const rule = defineRule({
  id: "dynamic-sql",
  title: "EXECUTE of SQL that is glued together without quoting",
  why: "A value with a quote in it changes the statement: it fails for O'Brien, and does what an attacker likes for somebody who knows. With SECURITY DEFINER it does so with the rights of the owner.",
  remedy: "`EXECUTE format('… %I … %L', name, value)`, or `EXECUTE '… $1' USING value`.",
  severity: "warning",
  group: "security",
  dialects: ["postgres"],
  small: "same",
  directions: "upgrade",
  aliases: { atlas: ["SA101"] },
  bad: [
    `CREATE FUNCTION count_of(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE result bigint;
BEGIN
  EXECUTE 'SELECT count(*) FROM ' || name INTO result;
  RETURN result;
END $$;`,
    `CREATE FUNCTION drop_user(who text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'DELETE FROM users WHERE name = ''' || who || '''';
END $$;`,
  ],
  good: [
    `CREATE FUNCTION count_of(name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE result bigint;
BEGIN
  EXECUTE 'SELECT count(*) FROM ' || quote_ident(name) INTO result;
  EXECUTE format('SELECT count(*) FROM %I', name) INTO result;
  EXECUTE 'DELETE FROM users WHERE name = $1' USING name;
  RETURN result;
END $$;`,
    {
      note: "run once, by whoever runs the migration",
      sql: "DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables LOOP EXECUTE 'ANALYZE ' || t; END LOOP; END $$;",
    },
  ],
  on: {
    "create-function": (act) => {
      if (act.language !== "plpgsql" || act.body === null) return undefined;
      const found = executed(act.body).find(isUnquoted);
      if (found === undefined) return undefined;
      const object = showName(act.name);
      return { message: `${object} runs SQL that its arguments can change`, object, at: "EXECUTE" };
    },
  },
});
