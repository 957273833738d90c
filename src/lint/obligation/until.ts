import { type Comment, commentsAt } from "../comment/comment.js";
import { sqlComments } from "../comment/sql-comments.js";
import { statementsOf } from "../comment/target.js";
import { typescriptComments } from "../comment/typescript-comments.js";
import type { LintedFile } from "../found.js";
import { type Place, placeOf } from "../place.js";
import { isDate } from "./obligation.js";

/** `-- aludel:until 2026-12-31 the old column is dropped with 4.3`. */
export interface Until {
  readonly date: string;
  /** False for what is no day. */
  readonly isDate: boolean;
  readonly reason: string | null;
  /** Of the comment. */
  readonly place: Place;
  /** Where the statements start that it is about. */
  readonly starts: ReadonlySet<number>;
}

const until = /^aludel:\s*until\b\s*(\S*)\s*(.*)$/i;

/** The dates that comments of a file give what its statements leave behind. */
export function untilsOf({ source, language, units }: LintedFile): readonly Until[] {
  if (!/aludel:\s*until/i.test(source.text)) return [];
  const spans = language === "sql" ? sqlComments(source.text) : typescriptComments(source.text);
  const comments = commentsAt(source.text, spans);
  const places = units.flatMap((unit) => unit.places).sort((a, b) => a.start - b.start || b.end - a.end);
  const read = (comment: Comment): readonly Until[] =>
    comment.lines.flatMap(({ text }) => {
      const [, date = "", reason = ""] = until.exec(text) ?? [];
      if (!until.test(text)) return [];
      const starts = statementsOf(comment, { source, places, comments }).map(({ start }) => start);
      const place = placeOf(source, comment.start, comment.end);
      const said = reason.replace(/^(?::|--+|—|–)\s*/, "").trim();
      return [{ date, isDate: isDate(date), reason: said || null, place, starts: new Set(starts) }];
    });
  return comments.flatMap(read);
}
