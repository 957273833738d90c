import { updateText } from "../dialect/backfill.js";
import { type Scratch, schemaNeed } from "../dialect/dialect.js";
import { type Step, step } from "../dialect/step.js";
import { AludelError } from "../error/error.js";
import { applyOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { compileOp } from "../plan/compile-op.js";
import { type PlannedStep, planSteps } from "../plan/plan-steps.js";
import { copySchema } from "../schema/build.js";
import { showName } from "../schema/name.js";
import type { Schema, SchemaDraft } from "../schema/schema.js";
import { type AsRun, settleStatements, settlesAfter } from "./as-run.js";
import { Rows } from "./history.js";
import { bookkeepingOf, type Project } from "./project.js";
import { type Recorded, record } from "./record.js";
import { dueSteps, withRepeatables } from "./repeatables.js";
import { replay } from "./replay.js";
import { requireSums } from "./require-sums.js";
import { insertRecord } from "./run-log.js";
import { thisRunner } from "./runner.js";
import { cannotJoin } from "./statement-refused.js";
import { versionStatements } from "./version-table.js";

export interface ScriptOptions {
  readonly command: "upgrade" | "downgrade";
  readonly targets: readonly string[];
  /** The version table's rows that the script starts from; none is an empty database. */
  readonly rows: readonly string[];
  /** What is to run, for a database that was asked; otherwise it is planned from the rows. */
  readonly steps?: readonly PlannedStep[];
  /** Of such a database: revisions that were moved since they ran there. */
  readonly known?: AsRun | null;
  readonly transaction: "each" | "all";
  readonly serverVersion: number | null;
  readonly openScratch: () => Promise<Scratch>;
}

/**
 * The script of an upgrade or a downgrade: fed to the engine's shell it gives the same database as the command,
 * version table and run log included.
 *
 * @throws AludelError `irreversible`, and `revision-invalid` for a revision that reads from the database: what it
 * would do cannot be written down beforehand.
 */
export async function writeScript(project: Project, options: ScriptOptions): Promise<string> {
  const { dialect } = project;
  const bookkeeping = bookkeepingOf(project.config);
  if (options.command === "upgrade") requireSums(project);
  const steps = await scriptSteps(project, options);
  const known = options.known ?? null;
  const settleAt = settlesAfter(known, options.command);
  let rows = new Rows(known?.graph ?? project.graph, options.rows);
  const parts: string[] = [...dialect.scriptHeader];
  if (options.command === "upgrade" && options.rows.length === 0) {
    parts.push("", ...dialect.bookkeepingDdl(bookkeeping).map((sql) => `${sql};`));
  }
  const all = options.transaction === "all";
  const { foreignKeySwitch } = dialect;
  if (all && foreignKeySwitch !== null) parts.push("", `${foreignKeySwitch.off};`);
  if (all) parts.push("", `${dialect.begin};`);
  const settle = (done: number) => {
    if (known === null || settleAt !== done) return;
    const statements = settleStatements(project, known, rows.now);
    const whole = all ? statements : [dialect.begin, ...statements, "COMMIT"];
    parts.push("", `-- ${known.moved.join(", ")} ran here before being put elsewhere in the graph`);
    parts.push(...whole.map((sql) => `${sql};`));
    rows = new Rows(project.graph, known.settled);
  };
  settle(0);
  for (const [at, planned] of steps.entries()) {
    const recorded = await recordForScript(project, planned);
    const before = replayOnce(project, [...rows.now], options);
    const statements = await compileRecorded(project, options, recorded, before);
    const rowsBefore = rows.now;
    const rowsAfter = moved(rows, planned);
    const closing = [
      ...versionStatements(dialect, bookkeeping, rowsBefore, rowsAfter),
      insertRecord(dialect, bookkeeping, thisRunner(project.config.root), {
        revision: planned.revision.id,
        direction: planned.direction,
        startedAt: new Date(),
        durationMs: null,
        checksum: planned.revision.checksum,
        result: "succeeded",
        statementsDone: statements.filter((step) => step.counts).length,
        error: null,
      }),
    ];
    parts.push("", titleOf(planned));
    parts.push(...revisionLines(project, planned, statements, closing, all));
    settle(at + 1);
  }
  if (all && foreignKeySwitch !== null) parts.push("", `${foreignKeySwitch.check};`);
  if (all) parts.push("", "COMMIT;");
  if (all && foreignKeySwitch !== null) parts.push(`${foreignKeySwitch.on};`);
  return `${parts.join("\n")}\n`;
}

function titleOf({ revision, direction }: PlannedStep): string {
  const kind = revision.repeatable === true ? " repeatable" : "";
  return `-- ${direction}${kind} ${revision.id}: ${revision.message.replaceAll("\n", " ")}`;
}

/** Repeatable revisions are in no row. */
function moved(rows: Rows, { revision, direction }: PlannedStep): ReadonlySet<string> {
  if (revision.repeatable === true) return rows.now;
  return direction === "upgrade" ? rows.up(revision.id) : rows.down(revision.id);
}

/**
 * What is to run, as somebody who asked a database has planned it, or else from the rows. Nobody knows then when
 * repeatable revisions ran last: on the way up all run whose time has come, which they may, and on the way down those are
 * taken back that are there if the rows are right.
 */
async function scriptSteps(project: Project, options: ScriptOptions): Promise<readonly PlannedStep[]> {
  if (options.steps !== undefined) return options.steps;
  const steps = planSteps(project, options.rows, options);
  const never = { checksums: new Map() };
  const there = dueSteps(project, options.rows, never).map(({ revision }) => [revision.id, ""] as const);
  const ran = options.command === "upgrade" ? never : { checksums: new Map(there) };
  return withRepeatables(project, steps, new Rows(project.graph, options.rows), options.command, ran);
}

async function recordForScript(project: Project, planned: PlannedStep): Promise<Recorded> {
  const recorded = await record(project, planned.revision, planned.direction);
  const where = { file: planned.revision.file, revision: planned.revision.id };
  if (recorded.irreversible !== null) {
    throw new AludelError(
      "irreversible",
      `Revision ${planned.revision.id} cannot be downgraded: ${recorded.irreversible}`,
      {
        where,
        remedy: "Choose a target above this revision.",
      },
    );
  }
  if (recorded.queried) {
    throw new AludelError(
      "revision-invalid",
      `Revision ${planned.revision.id} reads from the database, so it has no script`,
      {
        where,
        remedy: "Run it with a connection, or write the data step as one SQL statement with op.execute.",
      },
    );
  }
  return recorded;
}

interface CompiledStep extends Step {
  readonly autocommit: boolean;
  /** Statements of which nobody knows beforehand how many they are count as one, as in a run. */
  readonly counts: boolean;
}

async function compileRecorded(
  project: Project,
  options: ScriptOptions,
  recorded: Recorded,
  before: () => Promise<Schema>,
): Promise<readonly CompiledStep[]> {
  const { dialect } = project;
  const steps: CompiledStep[] = [];
  let done: Op[] = [];
  let draft: SchemaDraft | null = null;
  for (const { op, autocommit, committed } of recorded.ops) {
    const now = async () => {
      draft ??= copySchema(await before());
      for (const one of done) applyOp(draft, one);
      done = [];
      return draft;
    };
    if (op.kind === "backfill" && op.computed !== undefined) throw notInScript(op);
    const isWhole = op.kind === "backfill" && options.transaction === "all";
    const compiled = isWhole
      ? [step(updateText(dialect, op), op)]
      : await compileOp(dialect, op, now, options.serverVersion);
    const asOne = schemaNeed(dialect, op) !== false;
    steps.push(...compiled.map((step, at) => ({ ...step, autocommit, counts: !asOne || at === 0 })));
    const last = steps.at(-1);
    if (committed && last?.transaction === "joins")
      steps[steps.length - 1] = { ...last, transaction: "separate" };
    done.push(op);
  }
  return steps;
}

function notInScript({ table }: Op<"backfill">): AludelError {
  return new AludelError(
    "op-unsupported",
    `A script cannot hold the backfill of ${showName(table)}: a function of the revision makes its values`,
    {
      where: { object: showName(table) },
      remedy: "Run this revision with `aludel upgrade`, or say in `set` what the values are, as SQL.",
    },
  );
}

/** The lines of one revision: its transaction opened and closed around what must stand outside. */
function revisionLines(
  { dialect }: Project,
  planned: PlannedStep,
  statements: readonly CompiledStep[],
  closing: readonly string[],
  all: boolean,
): readonly string[] {
  const lines: string[] = [];
  const foreignKeys =
    !all && statements.some((step) => step.foreignKeysOff) ? dialect.foreignKeySwitch : null;
  let open = all;
  let commitFirst = false;
  const begin = () => {
    if (!open) lines.push(`${dialect.begin};`);
    open = true;
  };
  const commit = () => {
    if (open && foreignKeys !== null) lines.push(`${foreignKeys.check};`);
    if (open && !all) lines.push("COMMIT;");
    open = all;
    commitFirst = false;
  };
  if (foreignKeys !== null) lines.push(`${foreignKeys.off};`);
  for (const step of statements) {
    const outside = step.autocommit || step.transaction === "forbidden";
    if (outside && all) throw cannotJoin(planned.revision, step.sql);
    if (outside || commitFirst || step.transaction === "alone") commit();
    if (!outside) begin();
    const sql = step.assertion === null ? step.sql : dialect.assertion(step.sql, step.assertion);
    lines.push(`${sql};`);
    commitFirst = !outside && step.transaction !== "joins";
  }
  if (commitFirst) commit();
  begin();
  lines.push(...closing.map((sql) => `${sql};`));
  commit();
  if (foreignKeys !== null) lines.push(`${foreignKeys.on};`);
  return lines;
}

/** The schema at these rows, replayed once and only when somebody asks. */
function replayOnce(
  project: Project,
  rows: readonly string[],
  options: ScriptOptions,
): () => Promise<Schema> {
  let schema: Promise<Schema> | null = null;
  return () => {
    schema ??= replay(project, rows, options.openScratch);
    return schema;
  };
}
