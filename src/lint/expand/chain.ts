import type { Dialect } from "../../dialect/dialect.js";
import type { Expansion, LongChange, Phase } from "../../dialect/expansion.js";
import { applyOps } from "../../op/apply.js";
import { compileOps } from "../../plan/compile-op.js";
import type { Revision } from "../../revision/revision.js";
import { type RevisionContent, renderRevision } from "../../revision/write/render-revision.js";
import { renderSqlRevision } from "../../revision/write/render-sql-revision.js";
import { showName } from "../../schema/name.js";
import type { Schema } from "../../schema/schema.js";

/** A revision of a chain, before it has a file. */
export interface Link {
  readonly phase: keyof Expansion;
  readonly id: string;
  readonly text: string;
}

export interface ChainInput {
  readonly dialect: Dialect;
  /** The revision that the chain takes the place of; the last of the chain keeps its id. */
  readonly revision: Revision;
  readonly changes: readonly LongChange[];
  readonly before: Schema;
  readonly after: Schema;
  /** Of the first and the second. */
  readonly ids: readonly [expand: string, backfill: string];
  readonly createdAt: Date;
  /** The author has said that what is lost may be lost, in these words; `null` when nobody has. */
  readonly approval: string | null;
}

/** The revisions that do in several deploys what one does at once; a sentence says why there are none. */
export async function chainOf(input: ChainInput): Promise<readonly Link[] | string> {
  const { dialect, changes, before, after } = input;
  if (dialect.expand === undefined) return "the engine is not shared by releases that overlap";
  const tables = changes.map(({ table }) => showName(table));
  if (new Set(tables).size < tables.length)
    return "it changes two columns of one table: put each into a revision of its own";
  const expansions: Expansion[] = [];
  for (const change of changes) {
    const found = dialect.expand(change, before, after);
    if (typeof found === "string") return found;
    expansions.push(found);
  }
  const links: Link[] = [];
  let schema = before;
  for (const phase of ["expand", "backfill", "contract"] as const) {
    const whole = together(expansions.map((one) => one[phase]));
    const next = applyOps(schema, whole.upgrade);
    links.push(await linkOf(input, phase, whole, [schema, next]));
    schema = next;
  }
  return links;
}

function together(phases: readonly Phase[]): Phase {
  const none = phases.find(({ downgrade }) => typeof downgrade === "string")?.downgrade;
  const back = phases
    .toReversed()
    .flatMap(({ downgrade }) => (typeof downgrade === "string" ? [] : downgrade));
  return {
    upgrade: phases.flatMap(({ upgrade }) => upgrade),
    downgrade: typeof none === "string" ? none : back,
  };
}

async function linkOf(
  { dialect, revision, changes, ids, createdAt, approval }: ChainInput,
  phase: keyof Expansion,
  { upgrade, downgrade }: Phase,
  [before, after]: readonly [before: Schema, after: Schema],
): Promise<Link> {
  const [expand, backfill] = ids;
  const at = {
    expand: { id: expand, revises: revision.revises, dependsOn: revision.dependsOn, labels: [] },
    backfill: { id: backfill, revises: [expand], dependsOn: [], labels: [] },
    contract: { id: revision.id, revises: [backfill], dependsOn: [], labels: revision.labels },
  }[phase];
  const content: RevisionContent = {
    ...at,
    message: `${revision.message.trim()}: ${phase}`,
    createdAt,
    upgrade,
    downgrade,
    notes: notesOf(phase, changes),
    dialect,
  };
  const text = revision.format === "sql" ? await sqlText(content, before, after) : renderRevision(content);
  const whole = downgrade.length === 0 ? nothingBack(text) : text;
  const isApproved = phase === "contract" && approval !== null;
  return { phase, id: at.id, text: isApproved ? approved(whole, approval) : whole };
}

async function sqlText(content: RevisionContent, before: Schema, after: Schema): Promise<string> {
  const { dialect, upgrade, downgrade } = content;
  const full = dialect as Dialect;
  return renderSqlRevision({
    ...content,
    upgrade: await compileOps(full, upgrade, before, null),
    downgrade: typeof downgrade === "string" ? downgrade : await compileOps(full, downgrade, after, null),
  });
}

function shown(change: LongChange): string {
  return `${showName(change.table)}.${change.column}`;
}

/** What a revision waits for, for whoever deploys it. */
function notesOf(phase: keyof Expansion, changes: readonly LongChange[]): readonly string[] {
  return changes.flatMap((change) =>
    change.kind === "rename-column" ? renameNotes(change)[phase] : typeNotes(change)[phase],
  );
}

type Notes = Readonly<Record<keyof Expansion, readonly string[]>>;

function renameNotes(change: Extract<LongChange, { kind: "rename-column" }>): Notes {
  const { column, to } = change;
  const old = shown(change);
  return {
    expand: [
      `Waits for nothing: code that names ${old} goes on working.`,
      `A trigger gives ${to} and ${column} the same values, whichever is written.`,
    ],
    backfill: [
      "May run as soon as the revision before it has run, while the application is in use.",
      `Release the code that names ${to} instead of ${column} after it.`,
    ],
    contract: [
      `Waits until no code runs any more that names ${old}: until the release after the backfill is everywhere.`,
    ],
  };
}

function typeNotes(change: Extract<LongChange, { kind: "change-type" }>): Notes {
  const old = shown(change);
  return {
    expand: [
      "Waits for nothing: running code goes on working.",
      `A trigger fills a second column of the new type whenever ${old} is written.`,
    ],
    backfill: ["May run as soon as the revision before it has run, while the application is in use."],
    contract: [`Waits until all code that runs can live with the new type of ${old}.`],
  };
}

/** The author's word that what is lost may be lost, above the statements that lose it. */
function approved(text: string, approval: string): string {
  const lines = text.split("\n");
  const sign = text.startsWith("/**") ? "//" : "--";
  const end = lines.findIndex((line) => /^(?:-- aludel:downgrade|\s+(?:async )?downgrade[(:])/.test(line));
  return lines
    .flatMap((line, at) => {
      const isDrop = /\bop\.dropColumn\(|^ALTER TABLE .* DROP COLUMN /.test(line);
      return isDrop && at < end ? [`${/^\s*/.exec(line)?.[0]}${sign} ${approval}`, line] : [line];
    })
    .join("\n");
}

/** In the place of the words that a person is to write a way back. */
function nothingBack(text: string): string {
  return text.replace(/^( *)\/\/ Write what takes it back.*(?:\n *\/\/.*)*/m, "$1// The values may stay.");
}
