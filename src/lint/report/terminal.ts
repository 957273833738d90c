import { showVersion } from "../../config/server-version.js";
import type { Finding } from "../finding.js";
import { type FileText, lineText } from "../place.js";
import { open, type Report, showLocks } from "./report.js";

/** The styles that text is printed in. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";
type Paint = (style: Style, text: string) => string;

const colours = { error: "red", warning: "yellow", info: "cyan" } as const;

/** A line that is longer is cut around what is underlined. */
const widest = 160;

/** The findings for a person: each with its line, what is meant underlined, and what to do. */
export function terminalReport(report: Report, paint: Paint): string {
  return [...terminalParts(report, paint)].join("");
}

/** Findings that are printed at once: the text of thousands is larger than all that they were made of. */
const atOnce = 200;

/** The same in parts, one behind the other. */
export function* terminalParts(report: Report, paint: Paint): Generator<string> {
  const findings = open(report);
  for (let from = 0; from < findings.length; from += atOnce) {
    const texts = findings
      .slice(from, from + atOnce)
      .map((finding) => showFinding(finding, report.sources.get(finding.file) ?? null, paint));
    yield `${texts.join("\n\n")}${from + atOnce < findings.length ? "\n\n" : ""}`;
  }
}

function showFinding(finding: Finding, source: FileText | null, paint: Paint): string {
  const { severity, rule, message, remedy, file, range, direction, instead } = finding;
  const colour = colours[severity];
  const gutter = " ".repeat(String(range.line).length);
  const back = direction === "downgrade" ? paint("dim", " (downgrade)") : "";
  const bar = paint("dim", "|");
  return [
    `${paint(colour, `${severity}[${rule}]`)} ${paint("bold", message)}`,
    `${gutter}${paint("dim", "-->")} ${file}:${range.line}:${range.column}${back}${versions(finding)}`,
    ...(source === null ? [] : underlined(finding, source, paint)),
    ...compiled(finding, source).map((line) => `${gutter} ${bar} ${paint("dim", line)}`),
    ...showLocks(finding).map((line) => `${gutter} ${bar} ${line}`),
    `${gutter} ${paint("cyan", "→")} ${remedy}`,
    ...instead.map((sql) => `${gutter}   ${sql.split("\n").join(`\n${gutter}   `)}`),
  ].join("\n");
}

function versions({ serverVersions }: Finding): string {
  return serverVersions.length > 1 ? ` (server ${serverVersions.map(showVersion).join(", ")})` : "";
}

function underlined({ range, severity }: Finding, source: FileText, paint: Paint): readonly string[] {
  const whole = lineText(source, range.line);
  const last = range.endLine === range.line ? range.endColumn : whole.trimEnd().length + 1;
  const cut = Math.max(0, Math.min(range.column - 21, whole.length - widest));
  const line = whole.slice(cut, cut + widest);
  const from = range.column - 1 - cut;
  const to = Math.max(from + 1, Math.min(last - 1 - cut, line.length));
  const number = String(range.line);
  const bar = paint("dim", "|");
  // A tab stays a tab, so that what is below stands where it should; characters of Asian scripts take two columns.
  const before = [...line.slice(0, from)]
    .map((one) => (one === "\t" ? "\t" : " ".repeat(widthOf(one))))
    .join("");
  const marked = [...line.slice(from, to)].reduce((sum, one) => sum + widthOf(one), 0);
  return [
    `${paint("dim", number)} ${bar} ${plainText(line)}`,
    `${" ".repeat(number.length)} ${bar} ${before}${paint(colours[severity], "^".repeat(Math.max(1, marked)))}`,
  ];
}

/** The statement, where the file has a call instead of it. */
function compiled({ sql, file }: Finding, source: FileText | null): readonly string[] {
  if (sql === null || file.endsWith(".sql") || source === null) return [];
  const [first = ""] = sql.split("\n");
  if (source.text.includes(first)) return [];
  const whole = sql.replace(/\s+/g, " ");
  return [whole.length > widest ? `${whole.slice(0, widest - 1)}…` : whole];
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

function widthOf(character: string): number {
  if (/\p{Mn}/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** A file may hold what a terminal takes for commands. */
function plainText(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\u00b7");
}
