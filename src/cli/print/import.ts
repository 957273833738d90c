import type { ImportPlan } from "../../check/plan-import.js";
import { shortPath } from "../../error/format.js";
import type { Project } from "../../run/project.js";
import type { Context } from "../context.js";
import type { ImportedDatabase, Written } from "../import-history.js";
import type { CommandOptions } from "../options.js";

interface Imported {
  readonly project: Project;
  readonly plan: ImportPlan;
  readonly written: readonly Written[];
  readonly database: ImportedDatabase | null;
  readonly options: CommandOptions["import"];
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;

/** Says what an import did, or with --dry-run would do. */
export function tellImport(context: Context, imported: Imported): void {
  const { out, cwd } = context;
  const { project, plan, written, database } = imported;
  const heads = project.graph.heads.map(({ id }) => id);
  out.data({ ...importData(imported), heads, baseline: null });
  for (const { revision } of written) out.text(shortPath(revision.file, cwd));
  const records = plan.fresh.filter(({ upgrade }) => typeof upgrade === "string");
  out.talk(filesLine(imported, heads));
  if (records.length > 0) tellRecords(context, imported, records.length);
  tellLeftOver(context, plan);
  if (database === null) tellNext(context, imported);
  else tellDatabase(context, imported, database);
}

/** What every import says with --json. */
export function importData({ plan, written, database, options }: Omit<Imported, "project">): object {
  return {
    tool: options.tool,
    dryRun: options.dryRun,
    revisions: written.map(({ revision }) => ({ id: revision.id, file: revision.file })),
    records: plan.fresh.flatMap(({ id, upgrade }) =>
      typeof upgrade === "string" ? [{ id, reason: upgrade }] : [],
    ),
    known: plan.known,
    changed: plan.changed,
    leftOut: plan.history.leftOut,
    database,
  };
}

function filesLine({ plan, options }: Imported, heads: readonly string[]): string {
  const { fresh, known, tool } = plan;
  const end = heads.length === 1 ? `the head is ${heads[0]}` : `the heads are ${heads.join(", ")}`;
  const there =
    known.length === 0 ? "" : `${known.length === 1 ? "1 was" : `${known.length} were`} there already. `;
  if (fresh.length === 0)
    return `Nothing new: all ${count(known.length, "revision")} of ${tool.name} were there already.`;
  const verb = options.dryRun ? "would be imported" : `${fresh.length === 1 ? "is" : "are"} imported now`;
  return `${count(fresh.length, "revision")} of ${tool.name} ${verb}; ${end}. ${there}None was run.`;
}

/** So many reasons are told; --json has all. */
const shownReasons = 10;

/** A record has no SQL: what that means for new databases. */
function tellRecords({ out }: Context, { plan }: Imported, records: number): void {
  const who =
    records === plan.fresh.length
      ? "They are records"
      : `${count(records, "revision")} of them ${records === 1 ? "is a record" : "are records"}`;
  out.talk(
    `${who}, which have a place in the graph and never run, because what they did is not in them. A database that has them\n` +
      "all goes on from there. A new one cannot be built from them, and what needs one (--autogenerate, check, verify) is refused:\n" +
      "for that, import with --from-database.",
  );
  const odd = plan.fresh.flatMap(({ id, upgrade }) =>
    typeof upgrade === "string" && !isOfTool(upgrade, plan.tool.name) ? [{ id, reason: upgrade }] : [],
  );
  for (const { id, reason } of odd.slice(0, shownReasons)) {
    out.warn(`${out.style("yellow", "record:")} ${id}: ${reason}`);
  }
  if (odd.length > shownReasons) out.warn(`  and ${odd.length - shownReasons} more; --json has them all`);
}

/** What a tool keeps in code is never taken over: that needs no word for each. */
const isOfTool = (reason: string, tool: string): boolean => reason.startsWith(`imported from ${tool}`);

/** What is no part of the history, and what is not what it was. */
export function tellLeftOver({ out, cwd }: Context, { history, changed }: ImportPlan): void {
  const warning = out.style("yellow", "warning:");
  for (const { file, reason } of history.leftOut)
    out.warn(`${warning} ${shortPath(file, cwd)} is left out: ${reason}`);
  for (const id of changed)
    out.warn(`${warning} the revision ${id} is not what its file says now, and stays as it is`);
}

/** What to do for a database that the tool managed. */
function tellNext({ out }: Context, { plan, project, options }: Imported): void {
  const { tool } = plan;
  const { versionTable } = project.config;
  const [table] = tool.tables(versionTable);
  if (table === undefined || table === versionTable) return;
  const stamp = `the same command with --stamp reads its table ${table.name}`;
  if (options.tool !== "alembic") {
    out.talk(`A database that ${tool.name} managed has to be told where it is: ${stamp}.`);
    return;
  }
  out.warn(
    `${out.style("yellow", "warning:")} the configuration's versionTable is "${versionTable.name}". To go on with a database that Alembic\n` +
      `  managed, name the table that has its rows: versionTable: "${table.name}". Or leave that table to Alembic:\n  ${stamp}.`,
  );
}

/** Where the database is in the history. */
export function tellDatabase(
  context: Context,
  { plan, options }: Pick<Imported, "plan" | "options">,
  database: ImportedDatabase,
): void {
  const { out } = context;
  const { target, table, stamp, rows, edited } = database;
  const [applied, all] = [database.applied.length, plan.graph.order.length];
  const tool = plan.tool.name;
  out.talk(`${tool} has applied ${applied} of ${count(all, "revision")} to ${target} (${table}).`);
  if (edited.length > 0) {
    out.warn(
      `${out.style("yellow", "warning:")} changed since they ran, and taken as they are now: ${edited.join(", ")}`,
    );
  }
  if (stamp !== null) {
    const before = stamp.before.length === 0 ? "no revision" : stamp.before.join(", ");
    const isSame = stamp.before.join() === stamp.after.join();
    const verb = options.dryRun ? "would be" : "is now";
    if (isSame) out.talk(`It is at ${before}, which has all of them: its version table stays as it is.`);
    else out.talk(`It was at ${before} and ${verb} stamped with ${rows.join(", ")}.`);
  } else if (applied === 0) out.talk("There is nothing to stamp it with.");
  tellPending(context, plan, database.pending);
}

function tellPending({ out }: Context, { tool, records }: ImportPlan, pending: readonly string[]): void {
  const run = pending.filter((id) => !records.has(id));
  const only = pending.filter((id) => records.has(id));
  const word = (text: string) => out.style("yellow", text);
  if (run.length > 0) {
    out.warn(
      `${word("pending:")} ${count(run.length, "revision")} will run with the next \`aludel upgrade\`: ${run.join(", ")}`,
    );
  }
  if (only.length > 0) {
    out.warn(
      `${word("not applied:")} ${count(only.length, "revision")} that only ${tool.name} can run: ${only.join(", ")}`,
    );
  }
}
