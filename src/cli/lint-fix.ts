import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { recordSum } from "../check/record-sum.js";
import { AludelError } from "../error/error.js";
import { unifiedDiff } from "../lint/fix/diff.js";
import { type FixRounds, fixInRounds, type Texts } from "../lint/fix/rounds.js";
import { withStandIns } from "../lint/fix/stand-ins.js";
import { jsonReport } from "../lint/report/json.js";
import { isClean, open } from "../lint/report/report.js";
import { terminalReport } from "../lint/report/terminal.js";
import { shownPath } from "../lint/sql-files.js";
import { readRevision } from "../revision/read-header.js";
import { readText } from "../revision/read-text.js";
import { replaceFiles } from "../revision/replace-files.js";
import type { Revision } from "../revision/revision.js";
import type { Context } from "./context.js";
import { lintFilesAsked, lintProject, type Result, revisionsAsked } from "./lint-selection.js";
import { type LintSettings, reportOf } from "./lint-settings.js";
import type { CommandOptions, ExitCode } from "./options.js";
import { count } from "./print/progress.js";
import { type FixProof, proveFixed } from "./prove-fixed.js";

type Options = CommandOptions["lint"];

/** What is rewritten, file by file, and what it is proved by. */
interface FixedFile {
  readonly file: string;
  readonly text: Uint8Array;
  /** `null` for a file that is no revision: what came before it is not ours to run. */
  readonly proof: FixProof | null;
}

/** How files are linted again with other texts, and what proves one of them. */
interface Asked {
  readonly lint: (texts: Texts) => Promise<Result>;
  readonly prove: (file: string, texts: Texts) => Promise<FixProof | null>;
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
  for (const [file, text] of rounds.texts)
    files.push({ file, text, proof: await asked.prove(file, rounds.texts) });
  const kept = new Map(
    files.flatMap(({ file, text, proof }) => (proof?.result === "failed" ? [] : [[file, text]])),
  );
  const result = await asked.lint(kept);
  const diffs = files.map(({ file, text }) => diffOf(file, read(file), text));
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
  tell(context, options, { rounds, files, diffs });
  context.out.data({ ...fixData({ rounds, files, diffs }, options), ...(jsonReport(report) as object) });
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
    prove: async (file, texts) => {
      const revision = byShown.get(file);
      if (revision === undefined) return null;
      context.out.status(`proving ${file}`);
      const proof = await withStandIns(project, textIn(texts), (other) =>
        proveFixed([project, other], revision, context.openScratch),
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

interface Told {
  readonly rounds: FixRounds;
  readonly files: readonly FixedFile[];
  readonly diffs: readonly string[];
}

function diffOf(file: string, before: Uint8Array, after: Uint8Array): string {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8").replaceAll("\r\n", "\n");
  return unifiedDiff(file, text(before), text(after));
}

function tell({ out }: Context, { dryRun }: Options, { rounds, files, diffs }: Told): void {
  for (const [at, { file, proof }] of files.entries()) {
    const own = rounds.fixed.filter((one) => one.file === file);
    if (proof?.result === "failed") {
      out.text(
        [`${file}: left as it is, because its rewriting failed the proof`, ...indented(proof.lines), ""].join(
          "\n",
        ),
      );
      continue;
    }
    const titles = [
      ...new Set(
        own.map(({ rule, object, fix }) => `${rule}${object === null ? "" : ` ${object}`}: ${fix.title}`),
      ),
    ];
    const proved =
      proof === null ? "" : proof.result === "proved" ? " (same schema: proved)" : " (not proved)";
    out.text([`${dryRun ? "would fix" : "fixed"} ${file}${proved}`, ...indented(titles)].join("\n"));
    if (proof?.result === "not proved") out.text(indented(proof.lines).join("\n"));
    out.text(dryRun ? `${diffs[at] ?? ""}\n` : "");
  }
  for (const { finding, because } of rounds.refused) {
    out.text(`${finding.file}:${finding.range.line}: ${finding.rule} is not fixed: ${because}`);
  }
}

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

function fixData({ rounds, files, diffs }: Told, { dryRun }: Options): object {
  return {
    dryRun,
    fixed: files.map(({ file, proof }, at) => ({
      file,
      written: !dryRun && proof?.result !== "failed",
      proof: proof?.result ?? null,
      why: proof?.lines ?? [],
      fixes: rounds.fixed
        .filter((one) => one.file === file)
        .map(({ rule, object, fix }) => ({ rule, object, title: fix.title })),
      diff: diffs[at] ?? "",
    })),
    refused: rounds.refused.map(({ finding: { file, rule, object }, because }) => ({
      file,
      rule,
      object,
      because,
    })),
  };
}
