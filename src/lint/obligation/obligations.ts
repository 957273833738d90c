import type { AnalysedStatement } from "../../effect/statement.js";
import type { World } from "../../effect/world.js";
import type { Found, LintedFile, LintedUnit } from "../found.js";
import { type Place, rangeOf } from "../place.js";
import type { Rule } from "../rule.js";
import { type Ask, leftBehind } from "./left-behind.js";
import { type Deadlines, dateText, daysAfter, daysBetween, type Obligation } from "./obligation.js";
import { type Until, untilsOf } from "./until.js";

/** What a file may have left to be done, before it is known how the history ends. */
export interface Candidate {
  readonly ask: Ask;
  readonly file: LintedFile;
  readonly unit: LintedUnit;
  readonly number: number;
  readonly statement: Pick<AnalysedStatement, "sql" | "before" | "onExisting">;
  readonly place: Place;
  readonly until: Until | null;
}

/** What is found out about a file when it is read: later its statements and their worlds are gone. */
export interface FileObligations {
  readonly candidates: readonly Candidate[];
  /** Comments that give a date to nothing, or no date. */
  readonly misplaced: readonly Until[];
}

export function candidatesOf(file: LintedFile): FileObligations {
  const untils = untilsOf(file);
  const used = new Set<Until>();
  const candidates: Candidate[] = [];
  for (const unit of file.units) {
    if (unit.judged.unit.direction !== "upgrade") continue;
    for (const [number, statement] of unit.judged.unit.statements.entries()) {
      const place = unit.places[number];
      if (place === undefined) continue;
      const until = untils.find(({ starts, isDate }) => isDate && starts.has(place.start)) ?? null;
      for (const { ask, onlyIfSaid } of leftBehind(statement)) {
        if (onlyIfSaid && until === null) continue;
        if (until !== null) used.add(until);
        candidates.push({ ask, file, unit, number, statement, place, until });
      }
    }
  }
  return { candidates, misplaced: untils.filter((one) => !used.has(one)) };
}

/** The day that a file is of: that of its revision, or one that its name begins with. */
function dateOf({ shown, createdAt }: LintedFile): string | null {
  if (createdAt != null) return dateText(createdAt);
  const [, year, month, day] =
    /(?:^|\/)[A-Za-z]?(20\d\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])[^/]*$/.exec(shown) ?? [];
  return year === undefined ? null : `${year}-${month}-${day}`;
}

/** What is still to be done when the history ends. */
export function obligationsIn(
  candidates: readonly Candidate[],
  end: World,
  { today, days }: Deadlines,
): readonly (Obligation & { readonly candidate: Candidate })[] {
  return candidates.flatMap((candidate) => {
    const left = candidate.ask(end);
    if (left === null) return [];
    const { file, place, until } = candidate;
    const since = dateOf(file);
    const due = until?.date ?? (since === null ? null : daysAfter(since, days));
    const overdue = due === null ? 0 : daysBetween(due, today);
    return [
      {
        ...left,
        file: file.shown,
        range: rangeOf(file.source, place),
        revision: file.units[0]?.judged.unit.revision?.id ?? null,
        since,
        due,
        overdueDays: overdue > 0 ? overdue : null,
        reason: until?.reason ?? null,
        candidate,
      },
    ];
  });
}

/** An obligation that is past its date, as what a rule has said. */
export function overdueFound(
  rule: Rule,
  { candidate, message, object, remedy, due, overdueDays, reason }: ReturnType<typeof obligationsIn>[number],
): Found {
  const { unit, number, place, statement } = candidate;
  const why = reason === null ? "" : ` (${reason})`;
  const days = `${overdueDays} ${overdueDays === 1 ? "day" : "days"}`;
  return {
    rule,
    say: { message: `${message}; it was to be gone by ${due}, ${days} ago${why}`, object, remedy },
    unit,
    statement: null,
    act: null,
    number,
    sql: statement.sql,
    place,
    scope: place,
    suppressed: null,
  };
}

/** Dates that are none, or that stand at what leaves nothing behind. */
export function misplacedFound(untils: readonly Until[], rules: readonly Rule[]): readonly Found[] {
  return untils.flatMap(({ date, isDate, place }) => {
    const rule = rules.find(({ id }) => id === (isDate ? "unused-tag" : "unknown-tag"));
    if (rule === undefined) return [];
    const say = isDate
      ? { message: `"aludel:until ${date}" stands at what leaves nothing behind` }
      : {
          message: `"aludel:until ${date}" gives no day`,
          remedy: "Write it as `-- aludel:until 2026-12-31 reason`.",
        };
    const none = {
      unit: null,
      statement: null,
      act: null,
      number: null,
      sql: null,
      scope: null,
      suppressed: null,
    };
    return [{ rule, say, place, ...none }];
  });
}
