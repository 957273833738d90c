import { crooksOf, fromFirstOlder, lineMoves, lineUp } from "../../revision/graph/linear.js";
import type { Move } from "../../revision/graph/rebase.js";
import { tellAsked } from "../ask-applied.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import { sentenceOf } from "../print/crook.js";
import { rewrittenData, showRewritten } from "../print/rewritten.js";
import { reshape } from "../reshape.js";

/** `aludel linear [--fix]`: do the revisions stand in one line, in the order of their dates? */
export async function run(context: Context, options: CommandOptions["linear"]): Promise<ExitCode> {
  const { graph, revisions } = await context.project();
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  const createdOf = (id: string) => byId.get(id)?.createdAt ?? null;
  const crooks = crooksOf(graph, createdOf);
  if (options.fix && crooks.length > 0) {
    const line = lineUp(graph, createdOf);
    const dated = options.dates ? fromFirstOlder(line, createdOf) : [];
    return fix(context, lineMoves(line), dated, options);
  }
  context.out.data({ linear: crooks.length === 0, findings: crooks });
  context.out.text(
    crooks.length === 0 ? "The revisions stand in one line." : crooks.map(sentenceOf).join("\n"),
  );
  if (crooks.length === 0) return 0;
  const onlyDates = crooks.every(({ kind }) => kind === "date");
  context.out.talk(`To put them in one line: aludel linear --fix${onlyDates ? " --dates" : ""}`);
  return 1;
}

/** Puts the revisions into the line; exit 1 when what is left are dates that nobody has allowed to move. */
async function fix(
  context: Context,
  moves: readonly Move[],
  dated: readonly string[],
  options: CommandOptions["linear"],
): Promise<ExitCode> {
  const { out, cwd } = context;
  const done = await reshape(context, moves, dated, options);
  const findings = crooksOf(done.project.graph, done.createdOf);
  out.data({ linear: findings.length === 0, findings, ...rewrittenData(done) });
  out.text(showRewritten(done, cwd));
  tellAsked(context, done.asked);
  for (const crook of findings) out.warn(sentenceOf(crook));
  if (findings.length > 0) out.talk("To give these new dates: aludel linear --fix --dates");
  return findings.length === 0 ? 0 : 1;
}
