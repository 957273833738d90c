import { AludelError, messageOf } from "../../error/error.js";
import type { CheckResult, GateFinding } from "../../gate/check.js";
import { shownFile } from "../../gate/report/gate-report.js";
import type { GateResult } from "../../gate/run-gate.js";
import type { Output } from "../output.js";
import { showDuration } from "./progress.js";

type Paint = Output["style"];

const colours = { passed: "green", failed: "red", skipped: "dim", broken: "red" } as const;
const words = { passed: "passed", failed: "failed", skipped: "skipped", broken: "no answer" } as const;
const severityColours = { error: "red", warning: "yellow", info: "cyan" } as const;

/** The result for a terminal: a line a check, and under it what it has found. */
export function showGate({ base, checks }: GateResult, cwd: string, paint: Paint): string {
  const width = Math.max(...checks.map(({ check }) => check.length));
  const blocks = checks.map((result) => {
    const { check, status, looked, skipped, milliseconds } = result;
    const word = paint(colours[status], words[status].padEnd(9));
    const head = `${word} ${check.padEnd(width)}  ${showDuration(milliseconds).padStart(7)}  ${skipped ?? looked}`;
    return [
      head.trimEnd(),
      ...result.findings.flatMap((one) => showFinding(one, cwd, paint)),
      ...broken(result, paint),
    ];
  });
  return [`against ${base.reference} (${base.commit.slice(0, 12)})`, ...blocks.flat(), verdict(checks)].join(
    "\n",
  );
}

function showFinding(finding: GateFinding, cwd: string, paint: Paint): readonly string[] {
  const { severity, code, message, remedy, file, line } = finding;
  const place = file === null ? "" : ` ${shownFile(file, cwd)}${line === null ? "" : `:${line}`}`;
  return [
    `  ${paint(severityColours[severity], `${severity}[${code}]`)}${place}`,
    `    ${message}`,
    `    ${paint("cyan", "→")} ${remedy}`,
  ];
}

function broken({ status, error }: CheckResult, paint: Paint): readonly string[] {
  if (status !== "broken") return [];
  if (!(error instanceof AludelError)) return [`    ${messageOf(error)}`];
  const { file, line } = error.where;
  const place = file === undefined ? "" : ` (${file}${line === undefined ? "" : `:${line}`})`;
  return [
    `  ${paint("red", `error[${error.code}]`)} ${error.message}${place}`,
    `    ${paint("cyan", "→")} ${error.remedy}`,
  ];
}

function verdict(checks: readonly CheckResult[]): string {
  const failed = checks.filter(({ status }) => status === "failed");
  const unanswered = checks.filter(({ status }) => status === "broken");
  const names = (some: readonly CheckResult[]) => some.map(({ check }) => check).join(", ");
  if (unanswered.length > 0)
    return `It cannot be told whether this may be merged: no answer of ${names(unanswered)}.`;
  return failed.length === 0 ? "Nothing is in the way." : `Not to be merged: ${names(failed)}.`;
}
