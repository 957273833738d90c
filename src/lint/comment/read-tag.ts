import { suggest } from "../../error/suggest.js";
import { type PolicyTag, policyTags } from "../rule.js";
import type { Misspelt, Tag } from "./directive.js";

const tagNames = Object.keys(policyTags) as readonly PolicyTag[];
/** `destructive: approved (dba: nobody reads it)`, alone or one of several with semicolons between. */
const shape = /^([a-z][a-z-]*)\s*:\s*([a-z][a-z-]*)\s*(?:\(\s*(.*?)\s*\))?$/i;
/** What somebody writes who means yes. */
const consent = ["yes", "true", "ok", "okay", "allow", "allowed", "approve", "approved", "on", "accepted"];

/**
 * The tags in a line of a comment. Without `aludel:` before it a line counts as an attempt at a tag only when little is
 * wrong with it, because comments are prose.
 */
export function readTags(line: string): readonly (Tag | Misspelt)[] {
  const ours = /^aludel:\s+(?=[a-z-]+\s*:)/i.exec(line)?.[0] ?? "";
  const found = partsOf(line.slice(ours.length)).map((part) => readTag(part, ours !== ""));
  // Prose with semicolons is no list of tags.
  return found.every((one) => one !== null) ? found : [];
}

/** Divides at semicolons that stand in no parentheses. */
function partsOf(line: string): readonly string[] {
  const parts = line.split(/;(?![^(]*\))/).map((part) => part.trim());
  return parts.filter((part) => part !== "");
}

function readTag(text: string, sure: boolean): Tag | Misspelt | null {
  const found = shape.exec(text.replace(/\.$/, ""));
  if (found === null) return sure ? misspelt(text, null) : null;
  const [, name = "", value = "", note] = found;
  const known = tagNames.find((tag) => tag === name.toLowerCase());
  if (known !== undefined && value.toLowerCase() === policyTags[known])
    return { kind: "tag", name: known, ...signed(note) };
  const near = known ?? tagNames.find((tag) => tag === suggest(name, tagNames));
  if (near === undefined) return sure ? misspelt(text, null) : null;
  const meant = `${near}: ${policyTags[near]}`;
  const isAttempt =
    sure || consent.includes(value.toLowerCase()) || suggest(value, [policyTags[near]]) !== null;
  return isAttempt ? misspelt(text, meant) : null;
}

function misspelt(found: string, meant: string | null): Misspelt {
  return { kind: "misspelt", found, meant, of: "tag" };
}

/** `who: reason`; without the colon it is a reason. */
function signed(note: string | undefined): Pick<Tag, "who" | "reason"> {
  if (note === undefined || note === "") return { who: null, reason: null };
  const colon = note.indexOf(":");
  if (colon === -1) return { who: null, reason: note };
  return { who: note.slice(0, colon).trim() || null, reason: note.slice(colon + 1).trim() || null };
}
