import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { recordSum } from "../check/record-sum.js";
import { AludelError } from "../error/error.js";
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
import { lintFilesAsked, lintProject, type Result, revisionsAsked } from "./lint-selection.js";
import { type LintSettings, reportOf } from "./lint-settings.js";
import type { CommandOptions, ExitCode } from "./options.js";
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
  const asked =
    options.files === null
      ? await askedRevisions(context, options, settings)
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
  const result = await asked.lint(kept);
  if (!options.dryRun && kept.size > 0) {
    replaceFiles(
      [...kept].map(([file, text]) => {
        const path = resolve(context.cwd, file);
        return { from: path, to: path, text: Buffer.from(text).toString("utf8") };
      }),
    );
    await asked.written([...kept.keys()]);
  }
  const report = reportOf(result, settings);
  tellFixed(context, options, { rounds, files });
  context.out.data({ ...fixedData({ rounds, files }, options), ...(jsonReport(report) as object) });
  context.out.text(terminalReport(report, context.out.style));
  const left = open(report);
  if (left.length > 0) context.out.talk(`${count(left.length, "finding")} left`);
  return isClean(report) && !(options.dryRun && kept.size > 0) ? 0 : 1;
}

function checkOptions({ fix, all, writeBaseline, format, output }: Options): void {
  const wrong = (message: string, remedy: string) => new AludelError("usage", message, { remedy });
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

async function askedRevisions(context: Context, options: Options, settings: LintSettings): Promise<Asked> {
  const project = await context.project();
  const isLinted = await revisionsAsked(context, options);
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
