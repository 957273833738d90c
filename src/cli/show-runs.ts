import { type LoggedDeploy, readDeploys } from "../deploy/deploy-log.js";
import type { LoggedCost } from "../deploy/logged-cost.js";
import { type RunLine, readRuns } from "../deploy/run-lines.js";
import type { Context } from "./context.js";
import type { Output } from "./output.js";
import { count, showDuration } from "./print/progress.js";
import { table } from "./print/table.js";

/** Tells what ran on the chosen database, and what was deployed to it, newest first. */
export async function showRuns(context: Context): Promise<void> {
  const { out } = context;
  const [project, connection] = [await context.project(), await context.connect({ mustExist: true })];
  const runs = await readRuns(project, connection);
  const deploys = await readDeploys(project, connection);
  out.data({ database: connection.target, runs, deploys });
  if (runs.length + deploys.length === 0) out.talk(`nothing has run on ${connection.target}`);
  const lines = [
    ...deploys.map((one) => ({ at: one.finishedAt, row: deployRow(out, one) })),
    ...runs.map((one) => ({ at: one.startedAt, row: runRow(out, one) })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  out.text(table(lines.map(({ row }) => row)));
}

const when = (time: string) => {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? time : at.toISOString().replace(/\.\d+Z$/, "Z");
};

const who = ({ username, hostname, gitCommit }: LoggedDeploy["runner"]) =>
  `${username ?? "?"}@${hostname}${gitCommit === null ? "" : ` ${gitCommit.slice(0, 12)}`}`;

function marked(out: Output, result: string): string {
  return out.style(result === "succeeded" ? "green" : result === "failed" ? "red" : "yellow", result);
}

function deployRow(out: Output, one: LoggedDeploy): readonly string[] {
  const { id, revisions, result, stoppedIn, backup, smoke, receipt, startedAt, finishedAt, error } = one;
  const told = [
    revisions.length === 0 ? "no revision" : revisions.map((revision) => revision.id).join(", "),
    ...(backup === null ? [] : [`backup ${backup}`]),
    ...(smoke === null ? [] : [smokeText(smoke)]),
    ...(receipt === null ? [] : [`receipt ${receipt.path} (sha256 ${receipt.sha256.slice(0, 12)})`]),
    ...costTexts(one),
    ...(stoppedIn === null ? [] : [`stopped in ${stoppedIn}: ${error ?? ""}`]),
  ];
  return [
    when(finishedAt),
    out.style("bold", `deploy ${id}`),
    marked(out, result),
    showDuration(Date.parse(finishedAt) - Date.parse(startedAt)),
    who(one.runner),
    told.join("; "),
  ];
}

function runRow(out: Output, one: RunLine): readonly string[] {
  return [
    when(one.startedAt),
    `${one.direction} ${one.revision}`,
    marked(out, one.result),
    one.durationMs === null ? "" : showDuration(one.durationMs),
    who(one.runner),
    [...(one.error === null ? [] : [one.error.split("\n")[0]]), ...costTexts(one)].join("; "),
  ];
}

/** What there is to tell of what a run has cost beside its time. */
function costTexts({ lockWaitMs, gaveWay, rowsChanged }: LoggedCost): readonly string[] {
  return [
    ...(lockWaitMs === null || lockWaitMs < 1 ? [] : [`waited ${showDuration(lockWaitMs)} for locks`]),
    ...(gaveWay === null || gaveWay === 0 ? [] : [`gave way ${count(gaveWay, "time")}`]),
    ...(rowsChanged === null || rowsChanged === 0 ? [] : [`${count(rowsChanged, "row")} changed`]),
  ];
}

/** `4 smoke checks passed` */
function smokeText(smoke: unknown): string {
  const { checks } = smoke as { readonly checks?: unknown };
  return `${count(Array.isArray(checks) ? checks.length : 0, "smoke check")} passed`;
}
