import { suggest } from "../error/suggest.js";
import { type Comment, commentsAt } from "./comment/comment.js";
import type { Misspelt, Suppression, Tag } from "./comment/directive.js";
import { readSuppression } from "./comment/read-suppression.js";
import { readTags } from "./comment/read-tag.js";
import { sqlComments } from "./comment/sql-comments.js";
import { isAboveAll, isAtStatement, sortPlaces, statementsOf, type Targets } from "./comment/target.js";
import { typescriptComments } from "./comment/typescript-comments.js";
import { type Found, innerPlace, type LintedFile } from "./found.js";
import { type Place, placeOf } from "./place.js";
import { type PolicyTag, policyTags, type Rule, type Say } from "./rule.js";
import { rulesNamed } from "./rule-set.js";

/** A comment that was understood, and what it is about. */
interface Placed<D> {
  readonly directive: D;
  readonly place: Place;
  readonly covers: (found: Found) => boolean;
  used: boolean;
}

interface Read {
  readonly suppressions: readonly (Placed<Suppression> & { readonly ids: ReadonlySet<string> | null })[];
  readonly tags: readonly Placed<Tag>[];
  readonly hygiene: readonly Found[];
}

/** What was found in a file, with what its comments make of it, and with what is wrong with the comments. */
export function silence(file: LintedFile, found: readonly Found[], rules: readonly Rule[]): readonly Found[] {
  const read = readComments(file, rules);
  const judged = found.map((one) => (one.suppressed === null ? silenced(one, read) : one));
  const told = (id: string, place: Place, say: Say) => hygiene(rules, id, place, say);
  return [
    ...judged,
    ...read.hygiene,
    ...read.suppressions.flatMap((one) =>
      one.used ? [] : told("unused-suppression", one.place, unused(one)),
    ),
    ...read.tags.flatMap((one) => (one.used ? [] : told("unused-tag", one.place, unusedTag(one.directive)))),
  ];
}

function silenced(found: Found, { suppressions, tags }: Read): Found {
  const { tag } = found.rule;
  const permitted =
    tag === undefined ? [] : tags.filter(({ directive, covers }) => directive.name === tag && covers(found));
  for (const one of permitted) one.used = true;
  const [permit] = permitted;
  if (permit !== undefined) {
    const { who, reason } = permit.directive;
    const signed = [who, reason].filter((part) => part !== null).join(": ");
    return { ...found, suppressed: { by: "tag", reason: signed || null, line: permit.place.line } };
  }
  const quiet = suppressions.filter(
    ({ ids, covers }) => (ids === null || ids.has(found.rule.id)) && covers(found),
  );
  for (const one of quiet) one.used = true;
  const [first] = quiet;
  if (first === undefined) return found;
  return { ...found, suppressed: { by: "comment", reason: first.directive.reason, line: first.place.line } };
}

function readComments(file: LintedFile, rules: readonly Rule[]): Read {
  const { source, language } = file;
  const spans = language === "sql" ? sqlComments(source.text) : typescriptComments(source.text);
  const comments = commentsAt(source.text, spans);
  const targets: Targets = { source, places: allPlaces(file), comments };
  const suppressions: (Placed<Suppression> & { ids: ReadonlySet<string> | null })[] = [];
  const tags: Placed<Tag>[] = [];
  const found: Found[] = [];
  const tell = (id: string, place: Place, say: Say) => found.push(...hygiene(rules, id, place, say));
  for (const comment of comments) {
    for (const { text } of comment.lines) {
      const place = placeOf(source, comment.start, comment.end);
      const suppression = readSuppression(text);
      if (suppression?.kind === "suppression") {
        const named = namedBy(suppression, rules, (say) => tell("unknown-suppression", place, say));
        if (suppression.reason === null && suppression.reach !== "end") {
          tell("suppression-without-reason", place, {
            message: `Nobody knows why ${listed(suppression)} kept quiet here`,
          });
        }
        if (suppression.reach === "end" || named.isNothing) continue;
        const covers = coversOf(suppression, comment, targets);
        suppressions.push({ directive: suppression, place, covers, used: false, ids: named.ids });
      } else if (suppression !== null) tell("unknown-suppression", place, misspelt(suppression));
      else
        for (const tag of readTags(text)) {
          if (tag.kind === "misspelt") tell("unknown-tag", place, misspelt(tag));
          else {
            tags.push({ directive: tag, place, covers: tagCovers(comment, targets), used: false });
            unsigned(tag, (id, say) => tell(id, place, say));
          }
        }
    }
  }
  return { suppressions, tags, hygiene: found };
}

function allPlaces({ source, units }: LintedFile): readonly Place[] {
  return sortPlaces(
    units.flatMap(({ judged, places }) =>
      judged.unit.statements.flatMap(({ inner }, at) => {
        const place = places[at];
        return place === undefined ? [] : [place, ...inner.map((one) => innerPlace(source, place, one))];
      }),
    ),
  );
}

function listed({ rules, writer }: Suppression): string {
  if (rules === null) return "every rule is";
  const of = writer === "aludel" ? "" : ` of ${writer}`;
  return `${rules.join(", ")}${of} ${rules.length === 1 ? "is" : "are"}`;
}

/** Ids of the rules that are named; of another tool's names those that we have nothing for count as nothing. */
function namedBy(
  { rules: names, writer, reach }: Suppression,
  rules: readonly Rule[],
  tell: (say: Say) => void,
): { readonly ids: ReadonlySet<string> | null; readonly isNothing: boolean } {
  if (names === null) return { ids: null, isNothing: false };
  const ids = new Set<string>();
  for (const name of names) {
    const found = rulesNamed(rules, writer, name);
    for (const id of found) ids.add(id);
    if (found.length > 0 || writer !== "aludel" || reach === "end") continue;
    const meant = suggest(
      name,
      rules.map(({ id }) => id),
    );
    tell({
      message: `There is no rule ${name}`,
      at: name,
      ...(meant === null ? {} : { remedy: `Did you mean ${meant}?` }),
    });
  }
  return { ids, isNothing: ids.size === 0 };
}

function coversOf(suppression: Suppression, comment: Comment, targets: Targets): (found: Found) => boolean {
  const { reach, writer } = suppression;
  // Atlas: at the top of a file, with an empty line below, it is about the file.
  const isTop = writer === "atlas" && isAboveAll(comment, targets) && !isAtStatement(comment, targets);
  if (reach === "file" || isTop) return () => true;
  if (reach === "start") {
    const to = endOfRange(suppression, comment, targets);
    return ({ place }) => place.start >= comment.end && place.start < to;
  }
  const statements = statementsOf(comment, targets);
  return ({ scope, place }) => {
    if (scope === null) return place.line === comment.line || place.line === comment.endLine + 1;
    return statements.some(({ start, end }) => scope.start >= start && scope.end <= end);
  };
}

/** A range ends with the next end that names one of its rules, or none, or else with the file. */
function endOfRange({ writer, rules }: Suppression, from: Comment, { comments, source }: Targets): number {
  for (const comment of comments) {
    if (comment.start < from.end) continue;
    for (const { text } of comment.lines) {
      const end = readSuppression(text);
      if (end?.kind !== "suppression" || end.reach !== "end" || end.writer !== writer) continue;
      if (end.rules === null || rules === null || end.rules.some((rule) => rules.includes(rule)))
        return comment.start;
    }
  }
  return source.text.length;
}

function tagCovers(comment: Comment, targets: Targets): (found: Found) => boolean {
  if (!isAtStatement(comment, targets) && isAboveAll(comment, targets)) return () => true;
  const statements = statementsOf(comment, targets);
  if (statements.length === 0) return () => true;
  return ({ scope }) =>
    scope !== null && statements.some(({ start, end }) => scope.start >= start && scope.end <= end);
}

function unsigned({ name, who, reason }: Tag, tell: (id: string, say: Say) => void): void {
  const tag = `${name}: ${policyTags[name]}`;
  if (reason === null) tell("tag-without-reason", { message: `Nobody knows why it says "${tag}"` });
  if (who === null) tell("tag-without-approver", { message: `Nobody has signed "${tag}"` });
}

function misspelt({ found, meant, of }: Misspelt): Say {
  return {
    message: of === "tag" ? `There is no tag "${found}"` : `There is no "${found}"`,
    ...(meant === null ? {} : { remedy: `Did you mean "${meant}"?` }),
  };
}

function unused({ directive }: Placed<Suppression>): Say {
  const { writer, rules } = directive;
  const what =
    rules === null ? "No rule has" : `${rules.join(", ")} ${rules.length === 1 ? "has" : "have"} nothing`;
  const message = rules === null ? `${what} anything to say here` : `${what} to say here`;
  return { message, ...(writer === "aludel" ? {} : { severity: "info" as const }) };
}

const permits: Readonly<Record<PolicyTag, string>> = {
  destructive: "destroys nothing",
  empty: "is not empty",
  backfill: "needs no backfill",
  "type-change": "changes no type",
};

function unusedTag({ name }: Tag): Say {
  return { message: `"${name}: ${policyTags[name]}" stands at what ${permits[name]}` };
}

function hygiene(rules: readonly Rule[], id: string, place: Place, say: Say): readonly Found[] {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) return [];
  const at = say.at;
  const none = {
    act: null,
    unit: null,
    statement: null,
    number: null,
    sql: null,
    scope: null,
    suppressed: null,
  };
  return [{ rule, say: at === undefined ? say : { ...say, at }, place, ...none }];
}
