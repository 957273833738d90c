import { readFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { prove, proveAll } from "../check/prove.js";
import { recordSum } from "../check/record-sum.js";
import { outcomeDifferences, outcomeOf } from "../check/same-result.js";
import type { LongChange } from "../dialect/expansion.js";
import { messageOf } from "../error/error.js";
import { chainOf, type Link } from "../lint/expand/chain.js";
import { type LongFile, longFiles } from "../lint/expand/open-changes.js";
import { quieted, reasonFor } from "../lint/expand/quiet.js";
import type { Finding } from "../lint/finding.js";
import { applyEdits, together } from "../lint/fix/fix.js";
import { withFiles } from "../lint/fix/stand-ins.js";
import { dateText, daysAfter } from "../lint/obligation/obligation.js";
import { shownPath } from "../lint/sql-files.js";
import { newId } from "../revision/new-id.js";
import { readRevision } from "../revision/read-header.js";
import { replaceFiles } from "../revision/replace-files.js";
import type { Revision } from "../revision/revision.js";
import type { Project } from "../run/project.js";
import { replayOnScratch } from "../run/replay.js";
import type { Context } from "./context.js";
import { lintProject, type Result } from "./lint-selection.js";
import type { LintSettings } from "./lint-settings.js";

/** What becomes of a revision whose change takes several deploys. */
export interface Expanded {
  readonly id: string;
  readonly file: string;
  /** In the order in which they run; empty where the file stays. */
  readonly chain: readonly { readonly file: string; readonly text: string; readonly id: string }[];
  /** Why it stays. */
  readonly because: string | null;
  /** The way back gives the rows as they were; false where that of the revision did not either. */
  readonly keepsRows: boolean;
  /** The columns stand in another order in the end. */
  readonly isReordered: boolean;
  /** What is found in the chain. */
  readonly linted: Result | null;
}

/** The chains of revisions in the place of those that change what running code cannot live without. */
export async function expandAsked(
  context: Context,
  project: Project,
  settings: LintSettings,
  findings: readonly Finding[],
): Promise<readonly Expanded[]> {
  const byFile = new Map(project.revisions.map((one) => [shownPath(context.cwd, one.file), one]));
  const expanded: Expanded[] = [];
  for (const asked of longFiles(findings)) {
    const revision = byFile.get(asked.file);
    if (revision === undefined) continue;
    context.out.status(`expanding ${asked.file}`);
    const found = await expandOne({ context, project, settings }, revision, asked).catch(messageOf);
    context.out.status(null);
    const about = { id: revision.id, file: asked.file };
    if (typeof found === "string") expanded.push({ ...about, chain: [], because: found, ...nothing });
    else expanded.push({ ...about, ...found, because: null });
  }
  return expanded;
}

const nothing = { linted: null, keepsRows: false, isReordered: false } as const;

interface Asking {
  readonly context: Context;
  readonly project: Project;
  readonly settings: LintSettings;
}

async function expandOne(
  asking: Asking,
  revision: Revision,
  { changes, isAll }: LongFile,
): Promise<Pick<Expanded, "chain" | "linted" | "keepsRows" | "isReordered"> | string> {
  if (!isAll) return "it does more than that: put what takes several deploys into a revision of its own";
  const { context, project } = asking;
  const { lint, config } = asking.settings;
  const { dialect } = project;
  const openScratch = () => context.openScratch();
  const text = readFileSync(revision.file, "utf8");
  const links = await chainOf({
    dialect,
    revision,
    changes,
    before: await replayOnScratch(project, [...revision.revises, ...revision.dependsOn], openScratch),
    after: await replayOnScratch(project, [revision.id], openScratch),
    ids: { expand: newId(), backfill: newId() },
    oldestServer: Math.min(...lint.serverVersions),
    until: daysAfter(dateText(new Date()), config.obligationDays),
    createdAt: revision.createdAt ?? new Date(Math.floor(Date.now() / 1000) * 1000),
    approval: /^\W*(destructive: approved.*?)(?:\s*\*\/)?$/m.exec(text)?.[1] ?? null,
  });
  if (typeof links === "string") return links;
  const files = links.map((link, at) => ({ ...link, file: fileOf(revision, link, at) }));
  const ids = files.map(({ id }) => id);
  const { reason, keepsRows } = await withFiles(project, revision, files, (chained) =>
    judge({ before: project, after: chained, revision, ids, rows: !changes.some(isOpen) }, openScratch),
  );
  if (reason !== null) return reason;
  const chain = withComments(context.cwd, files, await lintChain(asking, revision, files), changes);
  const isReordered = changes.some(({ kind }) => kind === "change-type");
  return { ...(await withCommits(asking, revision, chain)), keepsRows, isReordered };
}

const mostCommits = 10;

/** With the commits that give locks back before long work begins. */
async function withCommits(
  asking: Asking,
  revision: Revision,
  given: Files,
): Promise<{ readonly chain: Files; readonly linted: Result }> {
  const { cwd } = asking.context;
  let chain = given;
  for (let round = 0; ; round += 1) {
    const linted = await lintChain(asking, revision, chain);
    const open = linted.findings.flatMap(({ rule, file, fix }) =>
      rule === "work-while-locked" && fix !== null ? [{ file, fix }] : [],
    );
    if (open.length === 0 || round === mostCommits) return { chain, linted };
    chain = chain.map((link) => {
      const own = open.filter(({ file }) => file === shownPath(cwd, link.file));
      const text = applyEdits(Buffer.from(link.text), together(own).edits);
      return text === null ? link : { ...link, text: Buffer.from(text).toString("utf8") };
    });
  }
}

type Files = readonly (Link & { readonly file: string })[];

/** What is found in a chain. */
async function lintChain(
  { context, project, settings }: Asking,
  revision: Revision,
  files: Files,
): Promise<Result> {
  const { cwd } = context;
  return withFiles(project, revision, files, async (chained) => {
    const ids = new Map(files.map(({ id, file }) => [id, shownPath(cwd, file)]));
    const result = await lintProject(context, chained, ({ id }) => ids.has(id), settings);
    const shown = chained.revisions.map(
      (one) => [shownPath(cwd, one.file), ids.get(one.id) ?? shownPath(cwd, one.file)] as const,
    );
    return renamed(result, new Map(shown));
  });
}

/** With comments on what its other revisions have seen to. */
function withComments(cwd: string, files: Files, { findings }: Result, changes: LongFile["changes"]): Files {
  return files.map((link) => {
    const own = findings.flatMap((finding) => {
      const reason = finding.suppressed === null ? reasonFor(finding, changes) : undefined;
      return reason === undefined || finding.file !== shownPath(cwd, link.file) ? [] : [{ finding, reason }];
    });
    return { ...link, text: quieted(link.text, own) };
  });
}

/** As if the files were where they will be. */
function renamed(result: Result, shown: ReadonlyMap<string, string>): Result {
  const named = (file: string) => shown.get(file) ?? file;
  return {
    ...result,
    findings: result.findings.map((one) => ({ ...one, file: named(one.file) })),
    obligations: result.obligations.map((one) => ({ ...one, file: named(one.file) })),
    sources: new Map([...result.sources].map(([file, source]) => [named(file), source])),
  };
}

function fileOf({ file }: Revision, { phase }: Link, at: number): string {
  const extension = extname(file);
  return join(dirname(file), `${basename(file, extension)}_${at + 1}_${phase}${extension}`);
}

/** What is wrong with a chain, or, with `null`, whether the rows come back as they were. */
interface Judgement {
  readonly reason: string | null;
  readonly keepsRows: boolean;
}

interface Judging {
  readonly before: Project;
  readonly after: Project;
  readonly revision: Revision;
  /** Of the chain. */
  readonly ids: readonly string[];
  /** False where rows have to wait for what only a person can write. */
  readonly rows: boolean;
}

const isOpen = (change: LongChange): boolean => change.kind === "require-column" && change.fill === null;

/** Whether the chain is as good as the revision that it takes the place of. */
async function judge(
  { before, after, revision, ids, rows }: Judging,
  openScratch: Context["openScratch"],
): Promise<Judgement> {
  const plain = await outcomeOf(before, revision.id, openScratch);
  const differing = await outcomeDifferences(after, revision.id, plain, openScratch);
  const wrong = (reason: string): Judgement => ({ reason, keepsRows: false });
  if (differing.length > 0) return wrong(`the revisions lead elsewhere: ${differing.join(", ")}`);
  const chain = ordered(
    after.revisions.filter((one) => ids.includes(one.id)),
    ids,
  );
  let keepsRows = rows;
  for await (const { steps } of proveAll(after, chain, () => null, openScratch, { rows })) {
    const failed = steps.find(({ result }) => result === "failed");
    if (failed === undefined) continue;
    const said = wrong(`${failed.part}: ${failed.lines.join("\n")}`);
    if (failed.part !== "rows kept") return said;
    // What the way back made of the rows before is no fault of the chain.
    if ((await prove(before, revision, null, openScratch, { rows: true })).holds) return said;
    keepsRows = false;
  }
  return { reason: null, keepsRows };
}

function ordered(revisions: readonly Revision[], ids: readonly string[]): readonly Revision[] {
  return revisions.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}

/** Puts the chains in the places of their revisions. */
export async function writeExpanded(context: Context, expanded: readonly Expanded[]): Promise<void> {
  const config = await context.config();
  for (const { file, chain } of expanded) {
    if (chain.length === 0) continue;
    const from = resolve(context.cwd, file);
    replaceFiles(
      chain.map(({ file: to, text }, at) => ({ from: at === chain.length - 1 ? from : null, to, text })),
    );
    const written = chain.map((one) => readRevision(one.file, one.text));
    await recordSum(config, { written });
  }
}
