import { quoteIdentifier } from "./quote.js";

const kinds: Readonly<Record<string, string>> = {
  table: "TABLE",
  view: "TABLE",
  "materialized view": "TABLE",
  relation: "TABLE",
  index: "TABLE",
  sequence: "SEQUENCE",
  schema: "SCHEMA",
  database: "DATABASE",
  function: "FUNCTION",
  procedure: "PROCEDURE",
  aggregate: "FUNCTION",
  language: "LANGUAGE",
  type: "TYPE",
  tablespace: "TABLESPACE",
  "foreign server": "FOREIGN SERVER",
  "foreign-data wrapper": "FOREIGN DATA WRAPPER",
};

const denied = /^permission denied for ([a-z][a-z -]*?) (\S.*)$/;
const notOwner = /^must be owner of ([a-z][a-z -]*?) (\S.*)$/;

/**
 * What an administrator has to grant, from the server's message (English only: other languages get `null`) and the
 * statement. The privileges of each kind are in the manual, 5.8; ownership cannot be granted, only membership in the
 * role that owns.
 */
export function missingGrant(message: string, statement: string): string | null {
  const owned = notOwner.exec(message);
  if (owned !== null) {
    return `Only its owner may do this: make the user of the URL a member of the role that owns the ${owned[1]} (GRANT owner TO user), or use the owner.`;
  }
  if (message === "permission denied to create database") {
    return "Run `ALTER ROLE … CREATEDB` for the user of the URL as an administrator, or use another user.";
  }
  const match = denied.exec(message);
  const [kind, name] = [kinds[match?.[1] ?? ""], match?.[2]];
  if (kind === undefined || name === undefined) return null;
  const grant = `GRANT ${privilegeFor(kind, statement)} ON ${kind} ${quoteIdentifier(name)}`;
  return `Run \`${grant} TO …\` for the user of the URL as an administrator, or use another user.`;
}

function privilegeFor(kind: string, statement: string): string {
  const [verb = ""] = /[a-z]+/i.exec(statement) ?? [];
  const word = verb.toUpperCase();
  switch (kind) {
    case "TABLE":
      if (["INSERT", "UPDATE", "DELETE", "TRUNCATE"].includes(word)) return word;
      return /\bREFERENCES\b/i.test(statement) && word !== "SELECT" ? "REFERENCES" : "SELECT";
    case "SEQUENCE":
    case "LANGUAGE":
    case "TYPE":
    case "FOREIGN SERVER":
    case "FOREIGN DATA WRAPPER":
      return "USAGE";
    case "SCHEMA":
      return ["CREATE", "ALTER"].includes(word) ? "USAGE, CREATE" : "USAGE";
    case "FUNCTION":
    case "PROCEDURE":
      return "EXECUTE";
    default:
      return "CREATE";
  }
}
