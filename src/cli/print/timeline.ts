import { blocks, type LockMode } from "../../effect/lock.js";
import type { Timeline, TimelineRow } from "../../effect/timeline.js";
import type { Output } from "../output.js";

const signs = { "reads and writes": "█", writes: "▒", nothing: "·" } as const;
const colours = { "reads and writes": "red", writes: "yellow", nothing: "dim" } as const;

const widestName = 40;

/**
 * Who is blocked when, a row for each table and a column for each statement; `""` where nothing is locked. Columns that
 * do not fit stand in the next part.
 */
export function showTimeline(
  { statements, rows }: Timeline,
  style: Output["style"],
  columns: number,
): string {
  if (rows.length === 0) return "";
  const names = rows.map(({ relation }) => shorten(relation));
  const nameWidth = Math.max(...names.map((name) => [...name].length));
  const width = String(statements.length).length + 1;
  const fitting = Math.max(1, Math.floor((Math.max(columns, 40) - nameWidth - 4) / width));
  const parts: string[] = [];
  for (let from = 0; from < statements.length; from += fitting) {
    const to = Math.min(from + fitting, statements.length);
    const head = Array.from({ length: to - from }, (_, at) => String(from + at + 1).padStart(width));
    parts.push(`  ${" ".repeat(nameWidth)}${style("dim", head.join(""))}`);
    for (const [at, row] of rows.entries()) {
      const name = names[at] ?? "";
      const padding = " ".repeat(nameWidth - [...name].length);
      parts.push(`  ${name}${padding}${cells(row, from, to, width, style)}`.trimEnd());
    }
  }
  const { "reads and writes": both, writes, nothing } = signs;
  const legend = `${both} reads and writes blocked  ${writes} writes blocked  ${nothing} locked, others go on`;
  return [...parts, `  ${style("dim", legend)}`].join("\n");
}

function cells(row: TimelineRow, from: number, to: number, width: number, style: Output["style"]): string {
  return row.modes
    .slice(from, to)
    .map((mode, at) => cell(mode, at > 0 && row.modes[from + at - 1] === mode, width, style))
    .join("");
}

/** What goes on from the statement before is drawn without a gap. */
function cell(mode: LockMode | null, goesOn: boolean, width: number, style: Output["style"]): string {
  if (mode === null) return " ".repeat(width);
  const what = blocks(mode);
  const gap = goesOn ? signs[what] : " ";
  return style(colours[what], `${gap}${signs[what].repeat(width - 1)}`);
}

function shorten(name: string): string {
  const characters = [...name];
  return characters.length <= widestName ? name : `${characters.slice(0, widestName - 1).join("")}…`;
}
