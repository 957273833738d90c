import { relative } from "node:path";
import { type BaseComparison, clashesBeside, compareWithBase } from "../../check/conflicts/base.js";
import { type Clashes, findClashes } from "../../check/conflicts/clashes.js";
import { fixOf, type LooseGraph, looseGraph } from "../../check/conflicts/find-conflicts.js";
import { AludelError } from "../../error/error.js";
import { readText } from "../../revision/read-text.js";
import type { Revision } from "../../revision/revision.js";
import { bookkeepingOf } from "../../run/project.js";
import { readVersions } from "../../run/version-table.js";
import type { Context } from "../context.js";
import type { CommandOptions, ExitCode } from "../options.js";
import type { Output } from "../output.js";

/** All that `conflicts` has to say. */
interface Conflicts {
  readonly heads: readonly Revision[];
  readonly missing: LooseGraph["missing"];
  readonly database: DatabaseAnswer;
  readonly clashes: Clashes["clashes"];
  readonly notAnalysed: Clashes["notAnalysed"];
  readonly base: BaseComparison | null;
  /** Between what is new here and what is new there. */
  readonly beside: Clashes | null;
  readonly fix: string | null;
}

type DatabaseAnswer =
  | { readonly asked: true; readonly name: string; readonly unknown: readonly string[] }
  | { readonly asked: false; readonly reason: string };

/** `aludel conflicts [--base REF]`: do the branches of the revisions go together? */
export async function run(context: Context, options: CommandOptions["conflicts"]): Promise<ExitCode> {
  const config = await context.config();
  const revisions = await context.revisions();
  const { graph, missing } = looseGraph(revisions);
  const byId = new Map(revisions.map((revision) => [revision.id, revision]));
  const heads = graph.finalHeads.flatMap(({ id }) => byId.get(id) ?? []);
  const reading = async () => ({ dialect: await context.dialect(), arguments: context.arguments });
  const textOf = async ({ file }: Revision) => readText(file);
  const { clashes, notAnalysed } =
    heads.length > 1
      ? await findClashes({ ...(await reading()), revisions, graph, textOf })
      : { clashes: [], notAnalysed: [] };
  const base = options.base === null ? null : await compareWithBase(config, revisions, options.base);
  const isApart = base !== null && base.newHere.length > 0 && base.newThere.length > 0;
  const beside = isApart ? await clashesBeside(config.root, base, await reading()) : null;
  const database = await askDatabase(context, byId);
  const fix = fixOf(heads, config.history, base);
  const found: Conflicts = { heads, missing, database, clashes, notAnalysed, base, beside, fix };
  const isClean =
    heads.length < 2 &&
    missing.length === 0 &&
    !(database.asked && database.unknown.length > 0) &&
    (base === null || (base.different.length === 0 && base.heads.length < 2));
  context.out.data({ conflicts: !isClean, ...dataOf(found) });
  context.out.text(show(context, found));
  if (!database.asked) context.out.talk(`No database was asked: ${database.reason}`);
  if (isClean) context.out.talk("No conflicts.");
  return isClean ? 0 : 1;
}

/** Rows of the version table that no file has, if there is a database to be asked. */
async function askDatabase(context: Context, byId: ReadonlyMap<string, Revision>): Promise<DatabaseAnswer> {
  try {
    const connection = await context.connect({ mustExist: true });
    const bookkeeping = bookkeepingOf(await context.config());
    const rows = (await readVersions(connection, await context.dialect(), bookkeeping)) ?? [];
    return { asked: true, name: connection.target, unknown: rows.filter((id) => !byId.has(id)) };
  } catch (thrown) {
    if (!(thrown instanceof AludelError)) throw thrown;
    return { asked: false, reason: thrown.message };
  }
}

const short = ({ id, message, file }: Revision) => ({ id, message, file });

function clashData(clashes: Clashes["clashes"]) {
  return clashes.map(({ first, second, objects }) => ({
    revisions: [short(first), short(second)],
    objects,
  }));
}

function dataOf({ heads, missing, database, clashes, notAnalysed, base, beside, fix }: Conflicts) {
  return {
    heads: heads.map(short),
    missing: missing.map(({ id, by }) => ({ id, by: by.id, file: by.file })),
    database,
    clashes: clashData(clashes),
    notAnalysed: notAnalysed.map(({ revision, reason }) => ({ ...short(revision), reason })),
    base:
      base === null
        ? null
        : {
            ref: base.reference,
            commit: base.commit,
            newHere: base.newHere.map(short),
            newThere: base.newThere.map(short),
            removedHere: base.removedHere.map(short),
            removedThere: base.removedThere.map(short),
            different: base.different.map(({ here, changed }) => ({ ...short(here), changed })),
            unreadable: base.unreadable,
            heads: base.heads.map(short),
            clashes: clashData(beside?.clashes ?? []),
            notAnalysed: (beside?.notAnalysed ?? []).map(({ revision, reason }) => ({
              ...short(revision),
              reason,
            })),
          },
    fix,
  };
}

const named = ({ id, message }: Revision): string => `${id} ${message.split("\n")[0] ?? ""}`.trimEnd();

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [[title, ...lines.map((line) => `  ${line}`)].join("\n")];
}

function show({ out, cwd }: Context, found: Conflicts): string {
  const { heads, missing, database, clashes, notAnalysed, base, beside, fix } = found;
  const place = (revision: Revision) => `${named(revision)} (${relative(cwd, revision.file)})`;
  return [
    ...(heads.length > 1 ? section(`${heads.length} heads:`, heads.map(place)) : []),
    ...section(
      "missing:",
      missing.map(({ message, by }) => `${relative(cwd, by.file)}: ${message}`),
    ),
    ...(database.asked
      ? section(`${database.name} is at revisions that no file has:`, database.unknown)
      : []),
    ...showClashes(out, clashes),
    ...(heads.length > 1 && clashes.length === 0
      ? [
          `No two revisions change the same object${notAnalysed.length > 0 ? ", as far as they were analysed" : ""}.`,
        ]
      : []),
    ...section(
      "not analysed:",
      notAnalysed.map(({ revision, reason }) => `${named(revision)}: ${reason}`),
    ),
    ...(base === null ? [] : showBase(base, place)),
    ...(beside === null ? [] : showBeside(out, beside)),
    ...(fix === null ? [] : [`${out.style("cyan", "→")} ${fix}`]),
  ].join("\n\n");
}

function showClashes(out: Output, clashes: Clashes["clashes"]): readonly string[] {
  return clashes.map(
    ({ first, second, objects }) =>
      `${out.style("red", "clash:")} ${named(first)} and ${named(second)}\n${objects.map((one) => `  ${one}`).join("\n")}`,
  );
}

function showBeside(out: Output, { clashes, notAnalysed }: Clashes): readonly string[] {
  const reasons = notAnalysed.map(({ revision, reason }) => `${named(revision)}: ${reason}`);
  const none = `What is new on the two sides changes no object in common${notAnalysed.length > 0 ? ", as far as it was analysed" : ""}.`;
  return [
    ...(clashes.length === 0 ? [none] : showClashes(out, clashes)),
    ...section("not analysed:", reasons),
  ];
}

function showBase(base: BaseComparison, place: (revision: Revision) => string): readonly string[] {
  const { reference, commit } = base;
  const changed = { here: "changed here", there: `changed on ${reference}`, both: "changed on both sides" };
  return [
    `Beside ${reference} (${commit.slice(0, 12)}):`,
    ...section("new here:", base.newHere.map(place)),
    ...section(`new on ${reference}:`, base.newThere.map(place)),
    ...section("removed here:", base.removedHere.map(place)),
    ...section(`removed on ${reference}:`, base.removedThere.map(place)),
    ...section(
      "one id, different contents:",
      base.different.map(({ here, changed: side }) => `${place(here)}: ${changed[side]}`),
    ),
    ...section(
      `could not be read on ${reference}:`,
      base.unreadable.map(({ file, message }) => `${file}: ${message}`),
    ),
    ...(base.heads.length > 1
      ? section(`A merge would have ${base.heads.length} heads:`, base.heads.map(named))
      : []),
  ];
}
