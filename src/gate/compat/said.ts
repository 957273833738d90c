import type { AllowedBreak } from "../../config/ci-config.js";
import type { Revision } from "../../revision/revision.js";
import type { GateFinding } from "../check.js";
import { lineOf } from "./place.js";
import { excerpt, type Query, type Unread } from "./query.js";

export type SaidCode =
  | "query-broken"
  | "insert-incomplete"
  | "columns-changed"
  | "columns-moved"
  | "columns-added"
  | "parameter-changed"
  | "query-broken-already"
  | "query-invalid"
  | "query-needs-revision";

/** What is said of a query. */
export interface Said {
  readonly code: SaidCode;
  readonly severity: GateFinding["severity"];
  readonly query: Query;
  /** A part of a sentence. */
  readonly reason: string;
  /** The one that does it; `null` where none does. */
  readonly revision: Revision | null;
  /** What a line of the revision may speak of, the nearest first. */
  readonly names: readonly string[];
}

/** Those that nobody has allowed, and what is to be told of those that somebody has. */
export function withoutAllowed(
  said: readonly Said[],
  allowed: readonly AllowedBreak[],
  file: string,
): { readonly open: readonly Said[]; readonly told: readonly GateFinding[] } {
  const fits = ({ query, reason }: Said, { match }: AllowedBreak) =>
    `${query.place} ${query.sql}`.includes(match) || reason.includes(match);
  const bad = said.filter(({ severity }) => severity !== "info");
  const told = allowed.map((one): GateFinding => {
    const through = bad.filter((each) => fits(each, one));
    const plain = { check: "compat", file, line: null, revision: null } as const;
    if (through.length === 0)
      return {
        ...plain,
        code: "break-allowed-unused",
        severity: "warning",
        message: `The change breaks no query that has "${one.match}" in it (${one.reason})`,
        remedy: "Take it out of ci.allowedBreaks.",
      };
    return {
      ...plain,
      code: "break-allowed",
      severity: "info",
      message: `ci.allowedBreaks lets ${counted(through, "query", "queries")} through, ${placesOf(through)}: ${one.reason}`,
      remedy: "Take it out when the change is in.",
    };
  });
  return { open: said.filter((each) => !allowed.some((one) => fits(each, one))), told };
}

const counted = (some: readonly unknown[], one: string, more: string) =>
  some.length === 1 ? `a ${one}` : `${some.length} ${more}`;

/** What is said of several queries in the same words is one finding. */
export function findingsOf(said: readonly Said[], expands: boolean): readonly GateFinding[] {
  const groups = new Map<string, Said[]>();
  for (const one of said) {
    const place = one.revision?.id ?? one.query.file;
    const words = one.code === "query-needs-revision" ? "" : one.reason;
    const key = JSON.stringify([one.code, place, words]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [findingOf(first, group, expands)];
  });
}

function findingOf(first: Said, group: readonly Said[], expands: boolean): GateFinding {
  const { code, severity, revision, query, names } = first;
  const words = message[code](first, counted(group, "query", "queries"), group.length === 1);
  // The change is what is to be mended, where it is the revision that breaks something.
  const atRevision = revision !== null && code !== "query-needs-revision";
  return {
    check: "compat",
    code,
    severity,
    message: `${words} (${placesOf(group)})`,
    remedy: remedies(expands)[code],
    file: atRevision ? revision.file : query.file,
    line: atRevision ? lineOf(revision, names) : query.line,
    revision: revision?.id ?? null,
  };
}

/** At most ten places, and of a single query how it begins. */
function placesOf(group: readonly Said[]): string {
  const [first] = group;
  if (first !== undefined && group.length === 1) return `${first.query.place}: ${excerpt(first.query)}`;
  const shown = group.slice(0, 10).map(({ query }) => {
    return query.file === null ? `${query.place}: ${excerpt(query)}` : query.place;
  });
  return [...shown, ...(group.length > 10 ? [`and ${group.length - 10} more`] : [])].join(", ");
}

const message: Readonly<Record<SaidCode, (said: Said, count: string, isOne: boolean) => string>> = {
  "query-broken": (said, count, isOne) =>
    `${after(said)} ${count} of the deployed code ${isOne ? "fails" : "fail"}: ${said.reason}`,
  "insert-incomplete": (said, count, isOne) =>
    `${after(said)} ${count} of the deployed code ${isOne ? "fails" : "fail"}: ${said.reason}`,
  "columns-changed": gives,
  "columns-moved": gives,
  "columns-added": gives,
  "parameter-changed": (said, count, isOne) =>
    `${after(said)} ${count} of the deployed code ${isOne ? "takes" : "take"} other values: ${said.reason}`,
  "query-broken-already": ({ reason }, count, isOne) =>
    `Before the change ${count} of the deployed code ${isOne ? "fails" : "fail"} already, and nothing can be told of ${isOne ? "it" : "them"}: ${reason}`,
  "query-invalid": ({ reason }, count, isOne) =>
    `With all revisions ${count} of the change ${isOne ? "fails" : "fail"}: ${reason}`,
  "query-needs-revision": ({ revision }, count, isOne) =>
    `The change has ${count} that ${isOne ? "needs" : "need"} revision ${revision?.id} to have run`,
};

function gives(said: Said, count: string, isOne: boolean): string {
  return `${after(said)} ${count} of the deployed code ${isOne ? "gives" : "give"} other columns: ${said.reason}`;
}

const after = ({ revision }: Said) => `After revision ${revision?.id}`;

function remedies(expands: boolean): Readonly<Record<SaidCode, string>> {
  const how = expands ? ": aludel lint --fix --expand writes the revisions of that" : "";
  const keep = `Keep what it needs until that code is gone: put the new beside the old, and take the old away in a later change${how}. Or allow it: ci.allowedBreaks, with a reason.`;
  return {
    "query-broken": keep,
    "columns-changed": keep,
    "insert-incomplete":
      "Give the column a default, or let it be NULL until that code is gone. Or allow it: ci.allowedBreaks, with a reason.",
    "columns-moved":
      "Know that code which reads rows by position gets other values, or add the column at the end.",
    "columns-added": "Nothing has to be done where code reads rows by name.",
    "parameter-changed": "See that the values which that code sends are values of the new type, too.",
    "query-broken-already": "Mend the query, or give it no longer.",
    "query-invalid": "Mend the query, or add what it needs to a revision of the change.",
    "query-needs-revision": "Run the revision before the new code is deployed.",
  };
}

/** What could not be looked at; a whole file of the working tree is too much to go without. */
export function unreadFinding({ place, reason, file, line, isScript }: Unread, isHere: boolean): GateFinding {
  return {
    check: "compat",
    code: "query-not-analysed",
    severity: isScript && isHere ? "error" : "warning",
    message: `Not looked at: ${isScript ? "all of the file" : "a query"} (${place}), ${reason}`,
    remedy: isScript
      ? 'Write it so that it can be parsed, or leave it out of ci.queries: "!file.sql".'
      : "Give the whole text of the query.",
    file,
    line,
    revision: null,
  };
}
