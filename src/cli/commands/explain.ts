import { newestServer } from "../../config/server-version.js";
import { isAtLeast } from "../../effect/lock.js";
import { statementRecord } from "../../effect/record.js";
import type { Context } from "../context.js";
import { type Explained, explainFiles, explainRevisions, isFile } from "../explain-selection.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { explainedTimeline } from "../print/explained-timeline.js";
import { explanationText, oneLock } from "../print/explanation.js";
import { count } from "../print/progress.js";

/** `aludel explain`: what each statement locks and does. Asks no database, and finds nothing wrong. */
export async function run(context: Context, options: CommandOptions["explain"]): Promise<ExitCode> {
  const { out } = context;
  const serverVersion = options.serverVersion ?? (await configuredVersion(context));
  const asked = options.targets.map((target) => isFile(context.cwd, target));
  const areFiles = asked.length > 0 && asked.every((one) => one);
  const explained = areFiles
    ? await explainFiles(context, options.targets, { serverVersion, dialect: options.dialect })
    : await explainRevisions(context, options.targets, serverVersion);
  out.data(explained.statements.map(statementRecord));
  out.text(
    options.timeline
      ? explainedTimeline(explained.statements, out.style, out.columns)
      : explanationText(explained.statements, out.style, explained.dialect),
  );
  out.talk(summary(explained, serverVersion));
  return 0;
}

async function configuredVersion(context: Context): Promise<number> {
  try {
    const { lint } = await context.config();
    return lint.serverVersions.length === 0 ? newestServer : Math.min(...lint.serverVersions);
  } catch {
    // Files need no configuration; revisions ask for it again and say what is wrong with it.
    return newestServer;
  }
}

function summary({ statements, dialect }: Explained, serverVersion: number): string {
  const counted = count(statements.length, "statement");
  if (dialect === "sqlite") {
    return `${counted}. ${oneLock}`;
  }
  const waiting = statements.filter(
    ({ onExisting: { locks, rewrites, scans, indexBuilds, foreignKeyChecks } }) => {
      const works = [rewrites, scans, indexBuilds, foreignKeyChecks].some((one) => one.length > 0);
      return works && [...locks.values()].some((mode) => isAtLeast(mode, "SHARE"));
    },
  ).length;
  const unknown = statements.filter(({ effect }) => !effect.analysed).length;
  const parts = [
    `${counted} on PostgreSQL ${serverVersion}`,
    `${waiting === 0 ? "none" : waiting} would keep others from writing for as long as a table is read or written`,
    ...(unknown === 0 ? [] : [`${unknown} not analysed`]),
  ];
  return parts.join("; ");
}
