import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { recordSum } from "../check/record-sum.js";
import { AludelError } from "../error/error.js";
import { longFiles } from "../lint/expand/open-changes.js";
import { unifiedDiff } from "../lint/fix/diff.js";
import { toldOfIndex } from "../lint/fix/index-in-models.js";
import { fixInRounds, type Texts } from "../lint/fix/rounds.js";
import { withStandIns } from "../lint/fix/stand-ins.js";
import { jsonReport } from "../lint/report/json.js";
import { isClean, open } from "../lint/report/report.js";
import { terminalReport } from "../lint/report/terminal.js";
import type { WantedIndex } from "../lint/rule.js";
import { shownPath } from "../lint/sql-files.js";
import { readRevision } from "../revision/read-header.js";
import { readText } from "../revision/read-text.js";
import { replaceFiles } from "../revision/replace-files.js";
import type { Revision } from "../revision/revision.js";
import type { Context } from "./context.js";
import { type Expanded, expandAsked, writeExpanded } from "./lint-expand.js";
import { lintFilesAsked, lintProject, type Result, revisionsAsked } from "./lint-selection.js";
import { type LintSettings, reportOf } from "./lint-settings.js";
import type { CommandOptions, ExitCode } from "./options.js";
import { expandedData, tellExpanded } from "./print/expanded.js";
import { type FixedFile, fixedData, tellFixed } from "./print/fixed.js";
import { count } from "./print/progress.js";
import { type FixProof, proveFixed } from "./prove-fixed.js";

type Options = CommandOptions["lint"];

/** How files are linted again with other texts, and what proves one of them. */
interface Asked {
  readonly lint: (texts: Texts) => Promise<Result>;
  readonly prove: (file: string, texts: Texts, added: readonly WantedIndex[]) => Promise<FixProof | null>;
  /** What is to be done besides for an index that the models do not have. */
  readonly toldOf: (index: WantedIndex) => Promise<string | null>;
  readonly written: (files: readonly string[]) => Promise<void>;
}

/** `aludel lint --fix`: rewrites what can be, and tells what is left. */
export async function fixAsked(
  context: Context,
  options: Options,
  settings: LintSettings,
): Promise<ExitCode> {
  checkOptions(options);
  const expanded = options.expand ? await expansionsAsked(context, options, settings) : [];
  const asked =
    options.files === null
      ? await askedRevisions(context, options, settings, expanded)
      : askedFiles(context, options, options.files, settings);
  // What is known from a baseline stays as it is.
  const lint = async (texts: Texts) => reportOf(await asked.lint(texts), settings).findings;
  const read = (file: string) => readFileSync(resolve(context.cwd, file));
  const rounds = await fixInRounds({ findings: await lint(new Map()), read, lint });
  const files: FixedFile[] = [];
  // A revision's history has those of the revisions before it.
  const added = rounds.fixed.flatMap(({ fix }) => fix.adds ?? []);
  for (const [file, text] of rounds.texts) {
    const own = rounds.fixed.filter((one) => one.file === file);
    const notes = await Promise.all(own.flatMap(({ fix }) => fix.adds ?? []).map(asked.toldOf));
    files.push({
      file,
      text,
      fixes: own,
      proof: await asked.prove(file, rounds.texts, added),
      notes: notes.filter((note) => note !== null),
      diff: diffOf(file, read(file), text),
    });
  }
  const kept = new Map(
    files.flatMap(({ file, text, proof }) => (proof?.result === "failed" ? [] : [[file, text]])),
  );
  const result = withChains(await asked.lint(kept), expanded);
  if (!options.dryRun && kept.size > 0) {
    replaceFiles(
      [...kept].map(([file, text]) => {
        const path = resolve(context.cwd, file);
        return { from: path, to: path, text: Buffer.from(text).toString("utf8") };
      }),
    );
    await asked.written([...kept.keys()]);
  }
  if (!options.dryRun) await writeExpanded(context, expanded);
  const report = reportOf(result, settings);
  tellFixed(context, options, { rounds, files });
  tellExpanded(context, options, expanded);
  context.out.data({
    ...fixedData({ rounds, files }, options),
    ...expandedData(context, expanded),
    ...(jsonReport(report) as object),
  });
  context.out.text(terminalReport(report, context.out.style));
  const isLong = options.files === null && longFiles(report.findings).length > 0;
  if (isLong && !options.expand && (await context.dialect()).expand !== undefined)
    context.out.talk("What takes several deploys --fix --expand writes as the revisions of these");
  const left = open(report);
  if (left.length > 0) context.out.talk(`${count(left.length, "finding")} left`);
  const isDone = !options.dryRun || (kept.size === 0 && expanded.every(({ chain }) => chain.length === 0));
  return isClean(report) && isDone ? 0 : 1;
}

async function expansionsAsked(
  context: Context,
  options: Options,
  settings: LintSettings,
): Promise<readonly Expanded[]> {
  const project = await context.project();
  const isLinted = await revisionsAsked(context, options);
  const { findings } = reportOf(await lintProject(context, project, isLinted, settings), settings);
  return expandAsked(context, project, settings, findings);
}

/** With what is found in the revisions that are new. */
function withChains(result: Result, expanded: readonly Expanded[]): Result {
  const chains = expanded.flatMap(({ linted }) => linted ?? []);
  return {
    findings: [...result.findings, ...chains.flatMap(({ findings }) => findings)],
    statements: chains.reduce((sum, { statements }) => sum + statements, result.statements),
    sources: new Map([...result.sources, ...chains.flatMap(({ sources }) => [...sources])]),
    obligations: [...result.obligations, ...chains.flatMap(({ obligations }) => obligations)],
  };
}

function checkOptions({ fix, expand, files, all, writeBaseline, format, output }: Options): void {
  const wrong = (message: string, remedy: string) => new AludelError("usage", message, { remedy });
  if (!fix && expand) throw wrong("--expand goes with --fix", "Write --fix --expand.");
  if (expand && files !== null)
    throw wrong("--expand writes revisions, and not the files of other tools", "Leave --from-file out.");
  if (!fix) throw wrong("--dry-run goes with --fix", "Write --fix --dry-run.");
  if (writeBaseline !== null) throw wrong("--fix and --write-baseline cannot be together", "Fix first.");
  if (format !== "text" || output !== null)
    throw wrong("--fix answers as text, or with --json", "Lint again for other forms.");
  if (all)
    throw wrong(
      "--fix does not rewrite every revision there is: those that ran somewhere must stay as they are",
      "Leave --all out to fix the new ones, or name them.",
    );
}

function askedFiles(
  context: Context,
  options: Options,
  files: readonly string[],
  settings: LintSettings,
): Asked {
  return {
    lint: (texts) => lintFilesAsked(context, options, files, settings, texts),
    prove: async () => null,
    toldOf: async () => null,
    written: async () => undefined,
  };
}

async function askedRevisions(
  context: Context,
  options: Options,
  settings: LintSettings,
  expanded: readonly Expanded[],
): Promise<Asked> {
  const project = await context.project();
  const isAsked = await revisionsAsked(context, options);
  // Others are in their places.
  const gone = new Set(expanded.flatMap(({ id, chain }) => (chain.length === 0 ? [] : [id])));
  const isLinted = (one: Revision) => isAsked(one) && !gone.has(one.id);
  const all = [...project.revisions, ...project.repeatables];
  const ids = new Set(all.filter(isLinted).map(({ id }) => id));
  const shown = new Map(all.map((revision) => [revision.id, shownPath(context.cwd, revision.file)]));
  const byShown = new Map(all.map((revision) => [shown.get(revision.id) ?? "", revision]));
  const textIn = (texts: Texts) => (revision: Revision) => texts.get(shown.get(revision.id) ?? "");
  return {
    lint: (texts) =>
      withStandIns(project, textIn(texts), async (other) => {
        const result = await lintProject(context, other, ({ id }) => ids.has(id), settings);
        const names = new Map(
          [...other.revisions, ...other.repeatables].map(({ id, file }) => [
            shownPath(context.cwd, file),
            shown.get(id),
          ]),
        );
        const named = (file: string) => names.get(file) ?? file;
        return {
          ...result,
          findings: result.findings.map((one) => ({ ...one, file: named(one.file) })),
          obligations: result.obligations.map((one) => ({ ...one, file: named(one.file) })),
          sources: new Map([...result.sources].map(([file, source]) => [named(file), source])),
        };
      }),
    toldOf: (index) => toldOfIndex(project.config, index),
    prove: async (file, texts, added) => {
      const revision = byShown.get(file);
      if (revision === undefined) return null;
      context.out.status(`proving ${file}`);
      const proof = await withStandIns(project, textIn(texts), (other) =>
        proveFixed([project, other], revision, context.openScratch, added),
      );
      context.out.status(null);
      return proof;
    },
    written: async (files) => {
      const changed = files.map((file) => resolve(context.cwd, file));
      await recordSum(project.config, { written: changed.map((file) => readRevision(file, readText(file))) });
    },
  };
}

function diffOf(file: string, before: Uint8Array, after: Uint8Array): string {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8").replaceAll("\r\n", "\n");
  return unifiedDiff(file, text(before), text(after));
}
