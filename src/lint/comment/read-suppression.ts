import { suggest } from "../../error/suggest.js";
import type { AliasTool } from "../rule.js";
import type { Misspelt, Reach, Suppression, Writer } from "./directive.js";

type Read = Suppression | Misspelt;

const slug = /^[A-Za-z][\w./-]*$/;

/** Rules, with commas between, and then the reason: `a, b: it is small`, `a -- it is small`, `a it is small`. */
function rulesAndReason(text: string): Pick<Suppression, "rules" | "reason"> {
  const rules: string[] = [];
  let rest = text.trim();
  for (let more = true; more; ) {
    const word = /^[^\s,:;]+/.exec(rest)?.[0] ?? "";
    if (!slug.test(word)) break;
    rules.push(word);
    rest = rest.slice(word.length).trimStart();
    more = rest.startsWith(",");
    if (more) rest = rest.slice(1).trimStart();
  }
  const reason = rest.replace(/^(?::|--+|—|–|-\s)\s*/, "").trim();
  const isAll = rules.length === 0 || (rules.length === 1 && rules[0]?.toLowerCase() === "all");
  return { rules: isAll ? null : rules, reason: reason === "" ? null : reason };
}

/** All words are rules: tools whose comments have no reason, or have it behind a second sign. */
function rulesAlone(text: string): Pick<Suppression, "rules" | "reason"> {
  const [words = "", ...reason] = text.split(/--|\/\//);
  const rules = words
    .replace(/[[\]]/g, " ")
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  return { rules: rules.length === 0 ? null : rules, reason: reason.join(" ").trim() || null };
}

function suppression(writer: Writer, reach: Reach, said: Pick<Suppression, "rules" | "reason">): Suppression {
  return { kind: "suppression", writer, reach, ...said };
}

/** Words after `aludel:` that stand in revisions and are none of ours. */
const others = ["upgrade", "downgrade", "no-transaction", "commit", "assert", "until"];
const ourWords: Readonly<Record<string, Reach>> = {
  ignore: "next",
  "ignore-next": "next",
  "ignore-file": "file",
  "ignore-start": "start",
  "ignore-end": "end",
};

function readOurs(line: string): Read | null {
  const found = /^aludel:\s*([a-z][\w-]*)(?:\s+(.*))?$/i.exec(line);
  if (found === null) return null;
  const [, word = "", rest = ""] = found;
  // `aludel: destructive: approved` is a tag.
  if (rest.startsWith(":") || others.includes(word)) return null;
  const reach = ourWords[word.toLowerCase()];
  if (reach !== undefined) return suppression("aludel", reach, rulesAndReason(rest));
  const meant = suggest(word, [...Object.keys(ourWords), "until"]);
  return meant === null
    ? null
    : { kind: "misspelt", found: `aludel:${word}`, meant: `aludel:${meant}`, of: "suppression" };
}

/** One form of another tool's comments. */
interface Form {
  readonly tool: AliasTool;
  readonly sign: RegExp;
  readonly reach: Reach;
  readonly read: (rest: string) => Pick<Suppression, "rules" | "reason">;
}

/** `lint/safety/addingField: reason` is the rule's last name. */
function lastNames(text: string): Pick<Suppression, "rules" | "reason"> {
  const { rules, reason } = rulesAndReason(text);
  const isCategory = rules?.every((rule) => /^lint(?:\/[a-z]+)?$/i.test(rule)) === true;
  return {
    rules: isCategory || rules === null ? null : rules.map((rule) => rule.slice(rule.lastIndexOf("/") + 1)),
    reason,
  };
}

// The longer words first: `squawk-ignore-file` begins like `squawk-ignore`.
const forms: readonly Form[] = [
  { tool: "squawk", sign: /^squawk-ignore-file\b:?/i, reach: "file", read: rulesAlone },
  { tool: "squawk", sign: /^squawk-ignore\b:?/i, reach: "next", read: rulesAlone },
  { tool: "atlas", sign: /^atlas:nolint\b/i, reach: "next", read: rulesAlone },
  { tool: "eugene", sign: /^eugene:\s*ignore\b:?/i, reach: "next", read: rulesAlone },
  { tool: "pgsafe", sign: /^pgsafe:ignore-file\b/i, reach: "file", read: rulesAndReason },
  { tool: "pgsafe", sign: /^pgsafe:ignore\b/i, reach: "next", read: rulesAndReason },
  { tool: "pgls", sign: /^pgls-ignore-all\b/i, reach: "file", read: lastNames },
  { tool: "pgls", sign: /^pgls-ignore-start\b/i, reach: "start", read: lastNames },
  { tool: "pgls", sign: /^pgls-ignore-end\b/i, reach: "end", read: lastNames },
  { tool: "pgls", sign: /^pgls-ignore\b/i, reach: "next", read: lastNames },
  { tool: "pgfence", sign: /^pgfence-ignore\b:?/i, reach: "next", read: rulesAlone },
  { tool: "pgfence", sign: /^pgfence:\s*ignore\b/i, reach: "next", read: rulesAlone },
  { tool: "pg-migration-lint", sign: /^pgm-lint:suppress-file\b/i, reach: "file", read: rulesAlone },
  { tool: "pg-migration-lint", sign: /^pgm-lint:suppress\b/i, reach: "next", read: rulesAlone },
  {
    tool: "drizzle-migration-lint",
    sign: /^drizzle-migration-lint:disable-file\b/i,
    reach: "file",
    read: rulesAndReason,
  },
  {
    tool: "drizzle-migration-lint",
    sign: /^drizzle-migration-lint:disable-next-statement\b/i,
    reach: "next",
    read: rulesAndReason,
  },
];

/** The suppression in a line of a comment, ours or another tool's; `null` in any other. */
export function readSuppression(line: string): Read | null {
  const ours = readOurs(line);
  if (ours !== null) return ours;
  for (const { tool, sign, reach, read } of forms) {
    const found = sign.exec(line);
    if (found !== null) return suppression(tool, reach, read(line.slice(found[0].length)));
  }
  return null;
}
