import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differences, diffOptions } from "../../../src/check/differences.js";
import { askConnection, askEmpty } from "../../../src/check/engine.js";
import { type Change, findChange } from "../../../src/check/find-change.js";
import type { Proof } from "../../../src/check/proof.js";
import { prove } from "../../../src/check/prove.js";
import type { Connection } from "../../../src/dialect/connection.js";
import type { Scratch } from "../../../src/dialect/dialect.js";
import { loadDialect } from "../../../src/dialect/registry.js";
import type { Rename, RenameCandidate } from "../../../src/diff/contract.js";
import { diff } from "../../../src/diff/diff.js";
import { parseRename } from "../../../src/diff/place.js";
import { AludelError } from "../../../src/error/error.js";
import { applyOps, describeOp } from "../../../src/op/apply.js";
import type { Revision } from "../../../src/revision/revision.js";
import { replayForChange } from "../../../src/run/replay.js";
import { emptySchema } from "../../../src/schema/build.js";
import type { Schema } from "../../../src/schema/schema.js";
import { inspect, projectOf, type Run, replayed, write } from "../../scenario/project.js";
import { Choices } from "./choices.js";
import type { Item } from "./item.js";
import { type Made, make } from "./make.js";

/** A database that is thrown away. */
export interface Bench {
  readonly connection: Connection;
  /** All that is in it, as a program says that is not ours. */
  dump(): Promise<string>;
  dispose(): Promise<void>;
}

/** An engine as the laws need it. */
export interface LawEngine {
  readonly dialect: "postgres" | "sqlite";
  open(): Promise<Bench>;
  /** An empty database that nobody leaves anything in. */
  readonly idle: Connection;
  /** Takes from tables that inherit what no ALTER takes from them or gives them; absent where there is nothing. */
  readonly settleHeirs?: (connection: Connection) => Promise<void>;
  /** What two dumps differ in, for a person; empty when in nothing. */
  differ(expected: string, actual: string): string;
}

/** How a pair came out: `failure` begins with what failed, in words that are the same for the same law. */
export interface Outcome {
  readonly failure: string | null;
  readonly from: Made;
  readonly to: Made;
  readonly ops: readonly string[];
  readonly rows: number;
}

/** A schema that pairs lead to, made by hand. */
export interface Target {
  readonly items: readonly Item[];
  readonly made: Made;
  readonly schema: Schema;
  readonly dump: string;
}

export async function makeTarget(engine: LawEngine, items: readonly Item[]): Promise<Target> {
  const bench = await engine.open();
  try {
    const made = await committed(bench.connection, items);
    const schema = await inspected(engine, bench.connection, made);
    await engine.settleHeirs?.(bench.connection);
    return { items, made, schema, dump: await bench.dump() };
  } finally {
    await bench.dispose();
  }
}

async function committed(connection: Connection, items: readonly Item[]): Promise<Made> {
  await connection.run("BEGIN");
  const made = await make(connection, items);
  await connection.run("COMMIT");
  return made;
}

async function inspected(engine: LawEngine, connection: Connection, made: Made): Promise<Schema> {
  const dialect = await loadDialect(engine.dialect);
  if (made.items.length === 0) return emptySchema(dialect.name);
  return dialect.normalize.schema(await inspect({ dialect }, connection));
}

/**
 * The laws of a pair. A database is made with the first schema by its first revision, and is then as if it had been made by
 * hand; the next revision, as autogenerate writes it, leads to the second schema, and the dump is the same as where that
 * was made by hand; the way down leads back; and rows stay.
 */
export async function holds(engine: LawEngine, from: readonly Item[], target: Target): Promise<Outcome> {
  const root = mkdtempSync(join(tmpdir(), "aludel-pair-"));
  const benches: Bench[] = [];
  const open = async () => {
    const bench = await engine.open();
    benches.push(bench);
    return bench;
  };
  const nothing: Made = { items: [], refused: [] };
  const outcome: Writable<Outcome> = { failure: null, from: nothing, to: target.made, ops: [], rows: 0 };
  try {
    outcome.failure = await judge(engine, root, open, from, target, outcome);
  } catch (error) {
    // No engine divides a table otherwise than it was made: this is refused, and the message says the way round.
    if (error instanceof AludelError && error.code === "partitioning-fixed") return outcome;
    const where = (error as { where?: { statement?: string } }).where?.statement ?? "";
    outcome.failure = `thrown: ${error instanceof Error ? error.stack : error}\n${where}`;
  } finally {
    for (const bench of benches) await bench.dispose();
    rmSync(root, { recursive: true, force: true });
  }
  return outcome;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

async function judge(
  engine: LawEngine,
  root: string,
  open: () => Promise<Bench>,
  items: readonly Item[],
  target: Target,
  outcome: Writable<Outcome>,
): Promise<string | null> {
  const dialect = await loadDialect(engine.dialect);
  const run: Run = { dialect, root };
  const { idle } = engine;
  await idle.run("BEGIN");
  outcome.from = await make(idle, items);
  const start = await inspected(engine, idle, outcome.from);
  await idle.run("ROLLBACK");
  const revisions: Revision[] = [];
  if (outcome.from.items.length > 0) {
    const create = await changeOf(run, idle, emptySchema(dialect.name), start);
    if (create.upgrade.length > 0) revisions.push(await write(run, create, "00000000000a", []));
  }
  const opened: Bench[] = [];
  const openScratch = async (): Promise<Scratch> => {
    const bench = await open();
    opened.push(bench);
    return { connection: bench.connection, description: "law", dispose: async () => undefined };
  };
  const known = await replayed(run, revisions, start);
  const laws = { engine, run, items, openScratch, opened };
  const there = await leads(laws, revisions, known, target, outcome);
  // `LAW_STEPS=2`: and from there to the first again, as one more step.
  if (there.failure !== null || process.env["LAW_STEPS"] !== "2") return there.failure;
  const heads = there.revisions.slice(-1).map(({ id }) => id);
  const then = await replayForChange(projectOf(run, there.revisions), heads, openScratch);
  const first = await makeTarget(engine, items);
  return (await leads(laws, there.revisions, then, first, outcome)).failure;
}

interface Laws {
  readonly engine: LawEngine;
  readonly run: Run;
  /** What it begins with. */
  readonly items: readonly Item[];
  readonly openScratch: () => Promise<Scratch>;
  /** By `openScratch`. */
  readonly opened: readonly Bench[];
}

interface Led {
  readonly failure: string | null;
  /** The new one, too. */
  readonly revisions: readonly Revision[];
}

/** One revision more leads from what is known to the target. */
async function leads(
  { engine, run, items, openScratch, opened }: Laws,
  revisions: readonly Revision[],
  known: Schema,
  target: Target,
  outcome: Writable<Outcome>,
): Promise<Led> {
  const { dialect } = run;
  const change = await changeOf(run, engine.idle, known, target.schema);
  outcome.ops = change.upgrade.map(describeOp);
  if (change.upgrade.length === 0) {
    await committed((await openScratch()).connection, items);
    const what = "no difference is seen, and the dumps differ";
    return { revisions, failure: await differing(what, engine, target, opened.at(-1)) };
  }
  const led = applyOps(change.before, change.upgrade);
  const { lines } = await differences(dialect, led, target.schema, askEmpty(dialect, engine.idle));
  if (lines.length > 0) return { revisions, failure: `the ops alone lead elsewhere\n${lines.join("\n")}` };
  const parents = revisions.slice(-1).map(({ id }) => id);
  const next = await write(run, change, `00000000000${"abc"[revisions.length]}`, parents);
  const project = projectOf(run, [...revisions, next]);
  const proof = await prove(project, next, { schema: target.schema, unsaid: [] }, openScratch);
  outcome.rows += proof.rows?.rows ?? 0;
  if (!proof.holds) return { revisions, failure: describe(proof) };
  // Where the rows could not be asked the database is left somewhere on the way.
  const isUp = proof.steps.every(({ part, result }) => part !== "rows kept" || result === "held");
  const failure = isUp ? await differing("the dumps differ", engine, target, opened.at(-1)) : null;
  return { revisions: [...revisions, next], failure };
}

async function differing(
  what: string,
  engine: LawEngine,
  target: Target,
  bench: Bench | undefined,
): Promise<string | null> {
  if (bench === undefined) return null;
  await engine.settleHeirs?.(bench.connection);
  const difference = engine.differ(target.dump, await bench.dump());
  return difference === "" ? null : `${what}\n${difference}`;
}

/**
 * The change as autogenerate finds it. Whatever may be a rename is a drop; with `LAW_RENAMES=all` it is one, with `some` one half
 * of it is.
 */
function changeOf(run: Run, connection: Connection, from: Schema, to: Schema): Promise<Change> {
  const renames: Rename[] = [];
  const drops = new Set<string>();
  for (;;) {
    const given = { ...diffOptions(run.dialect), renames, drops: [...drops] };
    const [first] = diff(from, to, given).renameCandidates;
    if (first === undefined) break;
    if (isRename(first)) renames.push(parseRename(`${first.from}:${first.to}`));
    else drops.add(first.from);
  }
  const options = { inline: false, renames, drops: [...drops] };
  return findChange(run, from, { schema: to, unsaid: [] }, options, askConnection(run.dialect, connection));
}

/** Chosen by the names, so that a pair is the same whenever it is tried. */
function isRename({ from, to }: RenameCandidate): boolean {
  const which = process.env["LAW_RENAMES"];
  if (which === "all") return true;
  return which === "some" && new Choices(`${from} to ${to}`).chance("rename", 0.5);
}

function describe(proof: Proof): string {
  const failed = proof.steps.filter(({ result }) => result === "failed");
  return failed
    .map(({ part, lines, statement }) =>
      [part, ...lines, ...(statement === undefined ? [] : [statement])].join("\n  "),
    )
    .join("\n");
}
