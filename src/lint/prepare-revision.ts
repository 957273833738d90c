import { readFileSync } from "node:fs";
import type { Dialect, Statement } from "../dialect/dialect.js";
import type { Step } from "../dialect/step.js";
import type { GivenStatement } from "../effect/statement.js";
import { AludelError, messageOf } from "../error/error.js";
import { describeOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { compileOp } from "../plan/compile-op.js";
import { statementSteps } from "../plan/statement-steps.js";
import { loadRevision } from "../revision/load.js";
import { directionOf, type RecordedOp, recordRevision } from "../revision/record.js";
import type { Revision } from "../revision/revision.js";
import { readSqlSections, type SqlDirection } from "../revision/sql-file.js";
import type { Project } from "../run/project.js";
import { draftSchema } from "../schema/build.js";
import { nameKey } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import { type CallPlaces, callPlaces, placeOfError, statementIn } from "./call-place.js";
import { fixableKinds } from "./fix/fixable-kinds.js";
import type { RenderCalls, SafeCalls } from "./fix/replace-call.js";
import { type FileText, fileText, type Place, placeOf, placeOfLines } from "./place.js";
import type { Prepared, Way } from "./prepared.js";
import type { SchemaTrack } from "./schema-track.js";

export interface PrepareOptions {
  readonly project: Project;
  /** Moves on by what the revision's way up does. */
  readonly track: SchemaTrack;
  /** Comparable, as `Server.version`. */
  readonly serverVersion: number;
  readonly shown: string;
  readonly linted: boolean;
  /** Whether the way back is looked at. */
  readonly downgrade: boolean;
  /** Told of each op with the schema that it finds. */
  readonly before?: Fixes["before"];
}

/** Remembers the schema that each op finds, for the gentle form of it. */
interface Fixes {
  readonly before: (op: Op, schema: Schema) => void;
  readonly safeCalls: SafeCalls;
  readonly calls: RenderCalls;
}

/** What of a schema the gentle form of an op asks for; the whole of it for every op would be too much to keep. */
function aroundOp(op: Op, schema: Schema): Schema {
  const around = draftSchema(schema.dialect);
  for (const [key, domain] of schema.domains) around.domains.set(key, domain);
  for (const [key, composite] of schema.composites) around.composites.set(key, composite);
  const ops = op.kind === "batch-alter-table" ? op.ops : [op];
  const names = ops.flatMap((one) => [
    ...("table" in one ? [one.table] : one.kind === "drop-table" ? [one.name] : []),
    ...(one.kind === "add-constraint" && one.constraint.kind === "foreign-key"
      ? [one.constraint.references.table]
      : []),
  ]);
  for (const name of names) {
    const table = name === null || typeof name === "string" ? undefined : schema.tables.get(nameKey(name));
    if (table !== undefined) around.tables.set(nameKey(table), table);
  }
  return around;
}

async function fixesOf({ project: { dialect } }: PrepareOptions): Promise<Fixes | null> {
  const { safeForm } = dialect;
  if (safeForm === undefined) return null;
  const { callsOf, safeCallsOf } = await import("./fix/safe-calls.js");
  const schemas = new Map<Op, Schema>();
  return {
    before: (op, schema) => {
      if (fixableKinds.has(op.kind)) schemas.set(op, aroundOp(op, schema));
    },
    safeCalls: safeCallsOf({ ...dialect, safeForm }, (op) => schemas.get(op) ?? null),
    calls: callsOf(dialect),
  };
}

type Direction = "upgrade" | "downgrade";

/** A revision as the SQL that it would run, statement by statement, each with its place in the file. No database is asked. */
export async function prepareRevision(revision: Revision, options: PrepareOptions): Promise<Prepared> {
  const { shown, linted, downgrade, track } = options;
  const source = fileText(readFileSync(revision.file));
  const { id, message, revises, format } = revision;
  const wayOf = format === "sql" ? sqlWay : codeWay;
  const fixes = linted && format !== "sql" ? await fixesOf(options) : null;
  const asked = fixes === null ? options : { ...options, before: fixes.before };
  const upgrade = await wayOf(revision, "upgrade", source, asked);
  const back = linted && downgrade;
  return {
    shown,
    source,
    language: format === "sql" ? "sql" : "typescript",
    revision: { id, message, revises, format: format === "sql" ? "sql" : "ts" },
    upgrade,
    downgrade: back ? await wayOf(revision, "downgrade", source, { ...asked, track: track.fork() }) : null,
    linted,
    createdAt: revision.createdAt,
    ...(fixes === null ? {} : { safeCalls: fixes.safeCalls, calls: fixes.calls }),
  };
}

function emptyWay(shown: string, parts: Partial<Way>): Way {
  const sql = { file: shown, text: "", statements: [], inTransaction: true };
  return { sql, places: [], irreversible: null, queried: false, failures: [], ...parts };
}

async function sqlWay(
  revision: Revision,
  direction: Direction,
  source: FileText,
  { project, shown }: PrepareOptions,
): Promise<Way> {
  const section = readSqlSections(revision)[direction];
  if (section.kind === "irreversible") return emptyWay(shown, { irreversible: section.reason });
  const inTransaction = !section.noTransaction;
  const offset = source.lines[section.line - 1] ?? 0;
  const steps = await sectionSteps(project.dialect, revision, section);
  if (steps === null) {
    // What does not parse is read piece by piece; what stands around the section counts as blank.
    const before = source.text.slice(0, offset).replace(/[^\n]/g, " ");
    const sql = { file: shown, text: before + section.sql, inTransaction };
    return { sql, irreversible: null, queried: false, failures: [] };
  }
  const places = steps.statements.map(({ start, end }) => placeOf(source, offset + start, offset + end));
  const statements = steps.steps.map((step, at) => given(step, null, places[at], section.noTransaction));
  return emptyWay(shown, { sql: { file: shown, text: source.text, statements, inTransaction }, places });
}

async function sectionSteps(
  dialect: Dialect,
  { file }: Revision,
  section: Extract<SqlDirection, { kind: "statements" }>,
): Promise<{ readonly steps: readonly Step[]; readonly statements: readonly Statement[] } | null> {
  try {
    const steps = await statementSteps(dialect, section.sql, null, { file, line: section.line });
    return { steps, statements: await dialect.splitScript(section.sql) };
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    return null;
  }
}

function given(step: Step, op: Op | null, place: Place | undefined, autocommit: boolean): GivenStatement {
  const { line, endLine } = place ?? { line: 1, endLine: 1 };
  const outside = autocommit || step.transaction === "forbidden" || step.transaction === "alone";
  const committed = step.transaction === "separate";
  return {
    sql: step.sql,
    op,
    line,
    endLine,
    ...(outside ? { outside } : {}),
    ...(committed ? { committed } : {}),
  };
}

async function codeWay(
  revision: Revision,
  direction: Direction,
  source: FileText,
  options: PrepareOptions,
): Promise<Way> {
  const { project, shown } = options;
  const definition = await loadRevision(revision, { root: project.config.root });
  const body = definition[direction];
  if (typeof body === "string") return emptyWay(shown, { irreversible: body });
  if (directionOf(definition, direction) === null) return emptyWay(shown, {});
  const calls = callPlaces(revision.file, source);
  const { ops, queried } = await recordRevision(definition, direction, {
    dialect: project.dialect,
    arguments: project.arguments,
    called: calls.called,
  }).catch((thrown: unknown) => {
    throw failed(revision, direction, thrown);
  });
  return { ...(await compileWay(ops, calls, source, options)), queried };
}

/** What a function of the user's has thrown. */
function failed({ id, file }: Revision, direction: Direction, thrown: unknown): AludelError {
  if (thrown instanceof AludelError) return thrown.at({ file, revision: id });
  return new AludelError(
    "revision-invalid",
    `The ${direction} of revision ${id} fails: ${messageOf(thrown)}`,
    {
      where: { file, revision: id, ...placeOfError(thrown, file) },
      cause: thrown,
      remedy: "Correct its function; it is called without a database, in order to see what it asks for.",
    },
  );
}

async function compileWay(
  ops: readonly RecordedOp[],
  calls: CallPlaces,
  source: FileText,
  { project, track, serverVersion, shown, before }: PrepareOptions,
): Promise<Way> {
  const statements: GivenStatement[] = [];
  const places: Place[] = [];
  const failures: { message: string; line: number }[] = [];
  for (const { op, autocommit, committed } of ops) {
    const call = calls.placeOf(op) ?? placeOfLines(source, 1, 1);
    before?.(op, track.now);
    try {
      for (const step of await compileOp(project.dialect, op, async () => track.now, serverVersion)) {
        const place = (op.kind === "execute" ? statementIn(source, call, step.sql) : null) ?? call;
        places.push(place);
        statements.push(given(step, op, place, autocommit));
      }
    } catch (error) {
      if (!(error instanceof AludelError)) throw error;
      failures.push({
        message: `What "${describeOp(op)}" does is not known: ${error.message}`,
        line: call.line,
      });
    }
    const last = statements.at(-1);
    if (committed && last !== undefined) statements[statements.length - 1] = { ...last, committed };
    track.apply(op);
  }
  return emptyWay(shown, {
    sql: { file: shown, text: source.text, statements, inTransaction: true },
    places,
    failures,
  });
}
