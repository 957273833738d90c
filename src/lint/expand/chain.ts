import type { Dialect } from "../../dialect/dialect.js";
import type { Expansion, LongChange, Phase } from "../../dialect/expansion.js";
import type { Step } from "../../dialect/step.js";
import { applyOps } from "../../op/apply.js";
import { compileOps } from "../../plan/compile-op.js";
import type { Revision } from "../../revision/revision.js";
import { type RevisionContent, renderRevision } from "../../revision/write/render-revision.js";
import { renderSqlRevision } from "../../revision/write/render-sql-revision.js";
import { nameKey, type ObjectName } from "../../schema/name.js";
import type { Schema } from "../../schema/schema.js";
import { notesOf } from "./notes.js";

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
  /** Of the revisions that are new. */
  readonly ids: Readonly<Record<"expand" | "backfill", string>>;
  /** Major version of the oldest server that they are for. */
  readonly oldestServer: number;
  readonly createdAt: Date;
  /** The day when what is there for a time only is to be gone. */
  readonly until: string;
  /** The author has said that what is lost may be lost, in these words; `null` when nobody has. */
  readonly approval: string | null;
}

/** The revisions that do in several deploys what one does at once; a sentence says why there are none. */
export async function chainOf(input: ChainInput): Promise<readonly Link[] | string> {
  const { dialect, before, after, oldestServer } = input;
  const changes = input.changes.map((change) => ({ ...change, table: asKnown(change.table, before) }));
  if (dialect.expand === undefined) return "the engine is not shared by releases that overlap";
  if (!areApart(changes)) return "it changes one table twice: put each change into a revision of its own";
  const expansions: Expansion[] = [];
  for (const change of changes) {
    const found = dialect.expand(change, { before, after, oldestServer });
    if (typeof found === "string") return found;
    expansions.push(found);
  }
  const links: Link[] = [];
  let schema = before;
  for (const phase of ["expand", "backfill", "contract"] as const) {
    const phases = expansions.flatMap((one) => one[phase] ?? []);
    if (phases.length === 0) continue;
    const whole = together(phases);
    const next = applyOps(schema, whole.upgrade);
    links.push(
      await linkOf({ ...input, changes }, phase, whole, {
        before: schema,
        after: next,
        parent: links.at(-1) ?? null,
      }),
    );
    schema = next;
  }
  return links;
}

/** A schema leaves out the namespace that is the default one; a statement may say it. */
function asKnown({ namespace, name }: ObjectName, { tables }: Schema): ObjectName {
  const bare = { namespace: null, name };
  return !tables.has(nameKey({ namespace, name })) && tables.has(nameKey(bare)) ? bare : { namespace, name };
}

/** Columns that go know nothing of one another. What else is done to a table is seen from the table as it was. */
function areApart(changes: readonly LongChange[]): boolean {
  const tables = changes.map(({ table }) => nameKey(table));
  const isOnly = (kind: LongChange["kind"]) => changes.every((one) => one.kind === kind);
  return isOnly("drop-column") || new Set(tables).size === tables.length;
}

function together(phases: readonly Phase[]): Phase {
  const none = phases.find(({ downgrade }) => typeof downgrade === "string")?.downgrade;
  const back = phases
    .toReversed()
    .flatMap(({ downgrade }) => (typeof downgrade === "string" ? [] : downgrade));
  return {
    upgrade: phases.flatMap(({ upgrade }) => upgrade),
    downgrade: typeof none === "string" ? none : back,
    temporary: new Map(phases.flatMap(({ temporary }) => [...(temporary ?? [])])),
  };
}

/** Where a revision of a chain stands. */
interface Standing {
  readonly before: Schema;
  readonly after: Schema;
  readonly parent: Link | null;
}

async function linkOf(
  input: ChainInput,
  phase: keyof Expansion,
  { upgrade, downgrade, temporary }: Phase,
  { before, after, parent }: Standing,
): Promise<Link> {
  const { dialect, revision, changes, ids, createdAt, approval, until } = input;
  const isLast = phase === "contract";
  const content: RevisionContent = {
    id: isLast ? revision.id : ids[phase],
    revises: parent === null ? revision.revises : [parent.id],
    dependsOn: parent === null ? revision.dependsOn : [],
    labels: isLast ? revision.labels : [],
    message: `${revision.message.trim()}: ${phase}`,
    createdAt,
    upgrade,
    downgrade,
    notes: notesOf(phase, changes),
    remarks: new Map([...(temporary ?? [])].map(([op, why]) => [op, [`aludel:until ${until} ${why}`]])),
    dialect,
  };
  const text = revision.format === "sql" ? await sqlText(content, before, after) : renderRevision(content);
  const whole = downgrade.length === 0 ? nothingBack(text) : text;
  const isApproved = isLast && approval !== null;
  return { phase, id: content.id, text: isApproved ? approved(whole, approval) : whole };
}

async function sqlText(content: RevisionContent, before: Schema, after: Schema): Promise<string> {
  const { dialect, upgrade, downgrade, remarks } = content;
  const full = dialect as Dialect;
  const steps = await compileOps(full, upgrade, before, null);
  const isFirst = ({ because }: Step, at: number) => because !== steps[at - 1]?.because;
  return renderSqlRevision({
    ...content,
    upgrade: steps.map((step, at) => ({
      ...step,
      comments: (isFirst(step, at) && step.because !== null && remarks?.get(step.because)) || [],
    })),
    downgrade: typeof downgrade === "string" ? downgrade : await compileOps(full, downgrade, after, null),
  });
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
