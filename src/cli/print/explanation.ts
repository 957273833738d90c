import type { Effect } from "../../effect/effect.js";
import { blocks, isAtLeast, type LockMode, rankOf } from "../../effect/lock.js";
import type { AnalysedStatement } from "../../effect/statement.js";
import { type RelationId, showRelation, type World } from "../../effect/world.js";
import type { DialectName } from "../../schema/name.js";
import type { Style } from "../output.js";

type Paint = (style: Style, text: string) => string;

/** Strongest first, then by name. */
function sortedLocks({
  onExisting,
  before,
}: AnalysedStatement): readonly (readonly [string, LockMode, RelationId])[] {
  return [...onExisting.locks]
    .map(([id, mode]) => [nameOf(before, id), mode, id] as const)
    .sort(([a, one], [b, other]) => rankOf(other) - rankOf(one) || a.localeCompare(b));
}

function nameOf(world: World, id: RelationId): string {
  const relation = world.relations.get(id);
  return relation === undefined ? "?" : showRelation(relation);
}

const waiting: Readonly<Record<ReturnType<typeof blocks>, string>> = {
  "reads and writes": "nobody reads or writes",
  writes: "nobody writes",
  nothing: "reads and writes go on",
};

/** What is done to a relation meanwhile. */
function workOn(effect: Effect, id: RelationId): readonly string[] {
  const work: string[] = [];
  if (effect.rewrites.includes(id)) work.push("all of it is written anew");
  if (effect.scans.includes(id)) work.push("all of it is read");
  if (effect.indexBuilds.includes(id)) work.push("an index is built");
  if (effect.foreignKeyChecks.includes(id)) work.push("each row is looked up in the table that it refers to");
  if (effect.proved.includes(id)) work.push("a valid constraint saves reading it");
  return work;
}

function relationLine(statement: AnalysedStatement, widths: readonly [number, number], paint: Paint) {
  return ([name, mode, id]: readonly [string, LockMode, RelationId]): string => {
    const work = workOn(statement.onExisting, id);
    const isLong = work.length > 0 && !work[0]?.startsWith("a valid");
    const meanwhile = isLong
      ? `${waiting[blocks(mode)]} while ${work.join(" and ")}`
      : [waiting[blocks(mode)], ...work].join("; ");
    const text = `${name.padEnd(widths[0])}  ${mode.padEnd(widths[1])}  ${meanwhile}`;
    if (isLong && isAtLeast(mode, "SHARE")) return `      ${paint("red", text)}`;
    return `      ${isAtLeast(mode, "SHARE") ? paint("yellow", text) : text}`;
  };
}

/** Work on tables that no lock of the statement's is named for. */
function unlockedWork({ onExisting, before }: AnalysedStatement): readonly string[] {
  const ids = new Set([
    ...onExisting.rewrites,
    ...onExisting.scans,
    ...onExisting.indexBuilds,
    ...onExisting.foreignKeyChecks,
  ]);
  return [...ids]
    .filter((id) => !onExisting.locks.has(id))
    .map((id) => `      ${nameOf(before, id)}: ${workOn(onExisting, id).join(" and ")}`);
}

function notes({ onExisting }: AnalysedStatement, paint: Paint): readonly string[] {
  const lines: string[] = [];
  if (!onExisting.analysed)
    lines.push(paint("yellow", `not analysed: ${onExisting.reason ?? "it is not known what it does"}`));
  if (onExisting.refused !== null)
    lines.push(paint("yellow", `refused by this server: ${onExisting.refused}`));
  if (onExisting.transaction === "forbidden") lines.push("cannot run in a transaction");
  if (onExisting.transaction === "own") lines.push("nothing can use it before it is committed");
  return lines.map((line) => `      ${line}`);
}

const widest = 100;

/** The first line of a statement, as far as it fits. */
export function headline(sql: string): string {
  const [first = "", ...rest] = sql.split("\n");
  const text = first.trimEnd();
  if (text.length > widest) return `${text.slice(0, widest - 1)}…`;
  return rest.length > 0 ? `${text} …` : text;
}

function block(statement: AnalysedStatement, paint: Paint, dialect: DialectName): string {
  const locks = sortedLocks(statement);
  const widths = [0, 1].map((at) => Math.max(0, ...locks.map((one) => String(one[at]).length)));
  const lines = [
    ...locks.map(relationLine(statement, [widths[0] ?? 0, widths[1] ?? 0], paint)),
    ...unlockedWork(statement),
    ...notes(statement, paint),
  ];
  const head = `${String(statement.line).padStart(4)}  ${paint("bold", headline(statement.sql))}`;
  const nothing = `      ${paint("dim", lockless)}`;
  // Where there is one lock for all of the database, no statement is without.
  return [head, ...(lines.length === 0 && dialect !== "sqlite" ? [nothing] : lines)].join("\n");
}

/** Said of statements that wait for nobody, and that nobody waits for. */
export const lockless = "locks nothing that was there before";

/** What holds of all statements of SQLite (https://www.sqlite.org/lockingv3.html). */
export const oneLock =
  "SQLite has one lock, of the whole database: whoever writes holds it until the transaction ends, and nobody else writes meanwhile.";

/** The statements of each file with what they lock and do, for a person. */
export function explanationText(
  statements: readonly AnalysedStatement[],
  paint: Paint,
  dialect: DialectName,
): string {
  const blocks: string[] = [];
  let file: string | null = null;
  for (const statement of statements) {
    if (statement.file !== file) {
      file = statement.file;
      blocks.push(`${blocks.length === 0 ? "" : "\n"}${paint("cyan", file)}`);
    }
    blocks.push(block(statement, paint, dialect));
  }
  return blocks.join("\n");
}
