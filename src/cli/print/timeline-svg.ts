import { blocks, type LockMode } from "../../effect/lock.js";
import type { Timeline, TimelineStatement } from "../../effect/timeline.js";
import { lockless } from "./explanation.js";
import { showDuration } from "./progress.js";

/** A revision or a file with its timeline. */
export interface DrawnRun {
  readonly title: string;
  readonly timeline: Timeline;
}

const rowHeight = 22;
const nameWidth = 240;
const narrowest = 44;
/** What is shared out among the statements by how long they took. */
const timeWidth = 480;
const margin = 16;
const legendHeight = 30;

const fills = { "reads and writes": "#c0392b", writes: "#e59866", nothing: "#d5dbdb" } as const;

/**
 * The timelines below each other, as a document of SVG 1.1: from left to right the statements, as wide as they took long,
 * a row for each table, shaded by what is blocked. Every shade has a title with the mode and the statement.
 */
export function timelineSvg(runs: readonly DrawnRun[]): string {
  const parts: string[] = [];
  let top = margin + legendHeight;
  let width = nameWidth + narrowest;
  for (const run of runs) {
    const drawn = drawRun(run, top);
    parts.push(...drawn.lines);
    top = drawn.bottom + margin;
    width = Math.max(width, drawn.right);
  }
  const size = [Math.max(width, 620) + margin, top].map(round);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size[0]} ${size[1]}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...legend(),
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

function legend(): readonly string[] {
  const entries = [
    ["reads and writes", "reads and writes blocked"],
    ["writes", "writes blocked"],
    ["nothing", "locked, others go on"],
  ] as const;
  return entries.flatMap(([what, label], at) => {
    const x = margin + at * 190;
    return [
      `<rect x="${x}" y="${margin}" width="14" height="14" fill="${fills[what]}"/>`,
      text(x + 20, margin + 11, label),
    ];
  });
}

interface Drawn {
  readonly lines: readonly string[];
  readonly bottom: number;
  readonly right: number;
}

function drawRun({ title, timeline }: DrawnRun, top: number): Drawn {
  const { statements, rows } = timeline;
  const edges = edgesOf(statements);
  const right = edges.at(-1) ?? nameWidth;
  const lines = [text(margin, top + 14, title, 'font-weight="bold"')];
  const head = top + 34;
  for (const [at, statement] of statements.entries()) {
    const x = edges[at] ?? nameWidth;
    const duration = statement.durationMs === null ? "" : ` ${showDuration(statement.durationMs)}`;
    const label = `<title>${escapeXml(statement.sql)}</title>${escapeXml(`${at + 1}`)}`;
    lines.push(
      `<text x="${round(x + 3)}" y="${head - 4}" fill="#566573">${label}${shortTime(duration, edges, at)}</text>`,
    );
  }
  const bottom = head + Math.max(rows.length, 1) * rowHeight;
  for (const x of edges) {
    lines.push(`<line x1="${round(x)}" y1="${head}" x2="${round(x)}" y2="${bottom}" stroke="#e5e8e8"/>`);
  }
  if (rows.length === 0) lines.push(text(margin, head + 15, lockless));
  for (const [at, { relation, modes }] of rows.entries()) {
    const y = head + at * rowHeight;
    lines.push(`<g>${titled(relation)}${text(margin, y + 15, shorten(relation))}</g>`);
    lines.push(...spansOf(modes).map((span) => drawSpan(span, y, edges, timeline)));
  }
  return { lines, bottom, right };
}

/** A duration is written only where it fits. */
function shortTime(duration: string, edges: readonly number[], at: number): string {
  const room = (edges[at + 1] ?? 0) - (edges[at] ?? 0);
  return duration.length * 6.5 + 20 <= room ? escapeXml(duration) : "";
}

/** Where each statement begins, and where the last one ends. */
function edgesOf(statements: readonly TimelineStatement[]): readonly number[] {
  const all = statements.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  const edges = [nameWidth];
  for (const { durationMs } of statements) {
    const share = all === 0 ? 0 : ((durationMs ?? 0) / all) * timeWidth;
    edges.push((edges.at(-1) ?? nameWidth) + Math.max(narrowest, share));
  }
  return edges;
}

interface Span {
  readonly mode: LockMode;
  readonly from: number;
  /** The first statement behind it. */
  readonly to: number;
}

function spansOf(modes: readonly (LockMode | null)[]): readonly Span[] {
  const spans: Span[] = [];
  for (const [at, mode] of modes.entries()) {
    const last = spans.at(-1);
    if (mode === null) continue;
    if (last?.to === at && last.mode === mode) spans[spans.length - 1] = { ...last, to: at + 1 };
    else spans.push({ mode, from: at, to: at + 1 });
  }
  return spans;
}

function drawSpan(
  { mode, from, to }: Span,
  y: number,
  edges: readonly number[],
  { statements }: Timeline,
): string {
  const [x1, x2] = [edges[from] ?? 0, edges[to] ?? 0];
  const numbers = to - from === 1 ? `statement ${from + 1}` : `statements ${from + 1} to ${to}`;
  const title = titled(`${mode}, ${numbers}: ${statements[from]?.sql ?? ""}`);
  return `<rect x="${round(x1)}" y="${y + 3}" width="${round(x2 - x1)}" height="${rowHeight - 6}" fill="${fills[blocks(mode)]}">${title}</rect>`;
}

const titled = (words: string): string => `<title>${escapeXml(words)}</title>`;

function text(x: number, y: number, words: string, attributes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}"${attributes === "" ? "" : ` ${attributes}`}>${escapeXml(words)}</text>`;
}

const round = (number: number): number => Math.round(number * 10) / 10;

function shorten(name: string): string {
  const characters = [...name];
  return characters.length <= 34 ? name : `${characters.slice(0, 33).join("")}…`;
}

/** As text and in attributes; XML cannot hold control characters at all. */
function escapeXml(words: string): string {
  return words
    .replace(/[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
