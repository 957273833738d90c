import { showReads } from "../../deploy/contract/going.js";
import { phaseOf } from "../../deploy/phase.js";
import type { Plan, PlannedRevision } from "../../deploy/plan.js";
import { showBytes } from "../../deploy/show-bytes.js";
import type { WayBack } from "../../deploy/way-back.js";
import type { TableSize } from "../../dialect/dialect.js";
import { blocks } from "../../effect/lock.js";
import { namesOf, statementRecord } from "../../effect/record.js";
import type { AnalysedStatement } from "../../effect/statement.js";
import type { Finding } from "../../lint/finding.js";
import type { Style } from "../output.js";
import { explanationText, oneLock } from "./explanation.js";
import { count } from "./progress.js";

type Paint = (style: Style, text: string) => string;

/** The plan for a machine. */
export function planData(plan: Plan): unknown {
  const { environment, target, server, rows, revisions, sizes, reads, activity, token } = plan;
  return {
    environment,
    database: target,
    server,
    rows,
    revisions: revisions.map((one) => ({
      revision: one.revision.id,
      message: one.revision.message,
      phase: phaseOf(one),
      waitsFor: one.revision.waitsFor ?? [],
      checksum: one.revision.checksum,
      statements: one.statements.map(statementRecord),
      destroys: one.destroys.map(findingData),
      breaks: one.breaks.map(findingData),
      findings: one.others.map(findingData),
      wayBack: one.wayBack,
    })),
    tables: [...sizes].map(([table, { rows: count, bytes }]) => ({ table, rows: count, bytes })),
    reads: reads.map(({ revision, going, reads: { times, since, last }, isRecent }) => ({
      ...{ revision, ...going, times, since, last, sinceDeploy: isRecent },
    })),
    activity,
    token,
  };
}

function findingData({ rule, severity, message, remedy, file, range, suppressed }: Finding) {
  return { rule, severity, message, remedy, file, line: range.line, approved: suppressed !== null };
}

/** The plan for a person at a terminal. */
export function planText(plan: Plan, paint: Paint): string {
  const { revisions } = plan;
  const parts = [headline(plan)];
  if (revisions.length === 0) return [...parts, "Nothing would run."].join("\n");
  for (const one of revisions) {
    parts.push(
      "",
      `${paint("bold", `${one.revision.id} ${firstLine(one.revision.message)}`)}  ${shownPhase(one)}; ${shownWayBack(one.wayBack)}`,
    );
    if (one.statements.length > 0) parts.push(explanationText(one.statements, paint, plan.dialect));
    parts.push(...judged(one, paint));
  }
  parts.push("", ...meeting(plan, paint), "", `To approve exactly this: --approve ${plan.token}`);
  return parts.join("\n");
}

function headline({ environment, target, server, rows, revisions }: Plan): string {
  const at = rows.length === 0 ? "base" : rows.join(", ");
  const statements = revisions.reduce((sum, one) => sum + one.statements.length, 0);
  return `${environment}: ${target}, ${server}, at ${at}; ${count(revisions.length, "revision")}, ${count(statements, "statement")}`;
}

function shownPhase(one: PlannedRevision): string {
  const { waitsFor } = one.revision;
  return waitsFor === undefined ? phaseOf(one) : `${phaseOf(one)}, waits for ${waitsFor.join(", ")}`;
}

function shownWayBack(wayBack: WayBack): string {
  switch (wayBack.kind) {
    case "none":
      return `no way back: ${wayBack.reason}`;
    case "unknown":
      return `can be undone, and nobody knows what is lost: ${wayBack.reason}`;
    case "loses":
      return `can be undone, and loses: ${wayBack.what.join(", ")}`;
    case "whole":
      return "can be undone, and nothing is lost";
  }
}

function judged({ destroys, breaks, others }: PlannedRevision, paint: Paint): readonly string[] {
  const told = (what: string, style: Style, findings: readonly Finding[]) =>
    findings.map(
      ({ message, rule, suppressed }) =>
        `  ${paint(style, what)} ${message} (${rule}${suppressed === null ? "" : ", approved"})`,
    );
  return [
    ...told("destroys:", "red", destroys),
    ...told("breaks deployed code:", "red", breaks),
    ...told("lint:", "yellow", others),
  ];
}

/** The tables that are locked, with what is in them, and what goes on in the database. */
function meeting({ dialect, sizes, reads, activity }: Plan, paint: Paint): readonly string[] {
  const lines = dialect === "sqlite" ? [oneLock] : [];
  lines.push(...[...sizes].map(([table, size]) => `${table}: ${shownSize(size)}`));
  for (const one of reads) lines.push(`${paint("yellow", "goes:")} ${showReads(one)}`);
  if (activity === null) return lines;
  const { isReplica, openTransactions, vacuums, replicas } = activity;
  if (isReplica) lines.push(paint("red", "This server is a replica: it can be given no change."));
  for (const one of openTransactions) lines.push(`${paint("yellow", "open:")} ${one}`);
  for (const one of vacuums) lines.push(`${paint("yellow", "at work:")} ${one}`);
  for (const { name, seconds } of replicas) {
    lines.push(
      `replica ${name}: ${seconds === null ? "nobody knows how far" : `${seconds.toFixed(1)} s`} behind`,
    );
  }
  if (openTransactions.length === 0) lines.push("No transaction has been open for more than a few seconds.");
  return lines;
}

function shownSize({ rows, bytes }: TableSize): string {
  const many = rows < 0 ? "nobody has counted its rows" : `${Math.round(rows).toLocaleString("en")} rows`;
  return `${many}, ${showBytes(bytes)}`;
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}

/** The plan for a pull request. */
export function planMarkdown(plan: Plan): string {
  const { revisions } = plan;
  const lines = [`### Plan for ${plan.environment}`, "", `${headline(plan)}.`, ""];
  for (const one of revisions) {
    lines.push(`#### \`${one.revision.id}\` ${firstLine(one.revision.message)}`, "");
    lines.push(`${shownPhase(one)}; ${shownWayBack(one.wayBack)}.`, "");
    if (one.statements.length > 0) {
      lines.push("| line | statement | locks | others meanwhile |", "|---|---|---|---|");
      lines.push(...one.statements.map((statement) => statementRow(statement, plan)), "");
    }
    lines.push(...judged(one, (_, text) => `**${text}**`).map((line) => `*${line}`), "");
  }
  if (revisions.length > 0)
    lines.push(...meeting(plan, (_, text) => `**${text}**`).map((line) => `* ${line}`), "");
  lines.push(`Approve: \`${plan.token}\``);
  return lines.join("\n");
}

function statementRow(statement: AnalysedStatement, { sizes }: Plan): string {
  const { onExisting, before, line, sql } = statement;
  const locks = [...onExisting.locks].flatMap(([id, mode]) =>
    namesOf(before, [id]).map((name) => {
      const size = sizes.get(name);
      return `${mode} on ${name}${size === undefined ? "" : ` (${shownSize(size)})`}`;
    }),
  );
  const waits = [...new Set([...onExisting.locks.values()].map(blocks))].filter((what) => what !== "nothing");
  const cell = (text: string) => text.replace(/\s+/g, " ").replaceAll("|", "\\|");
  const shown = sql.length > 120 ? `${sql.slice(0, 119)}…` : sql;
  return `| ${line} | \`${cell(shown)}\` | ${cell(locks.join("; ") || "none")} | ${waits.length === 0 ? "go on" : `wait: ${waits.join(", ")}`} |`;
}
