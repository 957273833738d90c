import type { Dialect } from "../dialect/dialect.js";
import { loadDialect } from "../dialect/registry.js";
import type { GivenStatement } from "../effect/statement.js";
import { AludelError } from "../error/error.js";
import { applyOp, describeOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { compileOp } from "../plan/compile-op.js";
import { functionFailed } from "../revision/function-failed.js";
import { loadRevision } from "../revision/load.js";
import { directionOf, type RecordedOp, recordRevision } from "../revision/record.js";
import type { Revision } from "../revision/revision.js";
import { draftSchema } from "../schema/build.js";
import { nameKey } from "../schema/name.js";
import type { Schema } from "../schema/schema.js";
import { type CallPlaces, callPlaces, statementIn } from "./call-place.js";
import type { RenderCalls, SafeCalls } from "./fix/calls.js";
import { fixableKinds } from "./fix/fixable-kinds.js";
import { type FileText, type Place, placeOfLines } from "./place.js";
import type { PrepareOptions } from "./prepare-options.js";
import type { Failure, Prepared, Way } from "./prepared.js";
import type { SchemaTrack } from "./schema-track.js";
import { givenStatement, wayWith } from "./way.js";

type Direction = "upgrade" | "downgrade";

/** The ways of a revision that is code: its functions are called, without a database. */
export async function prepareCode(
  revision: Revision,
  source: FileText,
  options: PrepareOptions,
): Promise<Pick<Prepared, "upgrade" | "downgrade" | "safeCalls" | "calls">> {
  const { track, linted, downgrade } = options;
  const dialect = await loadDialect(options.project.dialect.name);
  const fixes = linted ? await fixesOf(dialect) : null;
  const asked: CodeOptions = { ...options, dialect, ...(fixes === null ? {} : { before: fixes.before }) };
  const upgrade = await codeWay(revision, "upgrade", source, asked);
  const back = { ...asked, track: track.fork() };
  return {
    upgrade,
    downgrade: linted && downgrade ? await codeWay(revision, "downgrade", source, back) : null,
    ...(fixes === null ? {} : { safeCalls: fixes.safeCalls, calls: fixes.calls }),
  };
}

interface CodeOptions extends PrepareOptions {
  readonly dialect: Dialect;
  /** Told of each op with the schema that it finds. */
  readonly before?: Fixes["before"];
}

/** Remembers the schema that each op finds, for the gentle form of it. */
interface Fixes {
  readonly before: (op: Op, schema: Schema) => void;
  readonly safeCalls: SafeCalls;
  readonly calls: RenderCalls;
}

async function fixesOf(dialect: Dialect): Promise<Fixes | null> {
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

async function codeWay(
  revision: Revision,
  direction: Direction,
  source: FileText,
  options: CodeOptions,
): Promise<Way> {
  const { project, dialect, shown } = options;
  const definition = await loadRevision(revision, { root: project.config.root });
  const body = definition[direction];
  if (typeof body === "string") return wayWith(shown, { irreversible: body });
  if (directionOf(definition, direction) === null) return wayWith(shown, {});
  const calls = callPlaces(revision.file, source);
  const { ops, queried } = await recordRevision(definition, direction, {
    dialect,
    arguments: project.arguments,
    called: calls.called,
  }).catch((thrown: unknown) => {
    throw functionFailed(revision, direction, thrown, project.config.root);
  });
  return { ...(await compileWay(ops, calls, source, { ...options, direction })), queried };
}

async function compileWay(
  ops: readonly RecordedOp[],
  calls: CallPlaces,
  source: FileText,
  {
    dialect,
    track,
    serverVersion,
    shown,
    before,
    direction,
  }: CodeOptions & { readonly direction: Direction },
): Promise<Way> {
  const statements: GivenStatement[] = [];
  const places: Place[] = [];
  const failures: Failure[] = [];
  for (const { op, autocommit, committed } of ops) {
    const call = calls.placeOf(op) ?? placeOfLines(source, 1, 1);
    before?.(op, track.now);
    try {
      for (const step of await compileOp(dialect, op, async () => track.now, serverVersion)) {
        const place = (op.kind === "execute" ? statementIn(source, call, step.sql) : null) ?? call;
        places.push(place);
        statements.push(givenStatement(step, op, place, autocommit));
      }
    } catch (error) {
      if (!(error instanceof AludelError)) throw error;
      failures.push({
        message: `What "${describeOp(op)}" does is not known: ${error.message}`,
        line: call.line,
        // The way back of what was added drops it, and that is no finding.
        rule: direction === "upgrade" ? ruleOf(op) : "not-analysed",
      });
    }
    const last = statements.at(-1);
    if (committed && last !== undefined) statements[statements.length - 1] = { ...last, committed };
    applyTo(track, op);
  }
  return wayWith(shown, {
    sql: { file: shown, text: source.text, statements, inTransaction: true },
    places,
    failures,
  });
}

function ruleOf(op: Op): Failure["rule"] {
  const ops = op.kind === "batch-alter-table" ? op.ops : [op];
  const certain = ["drop-table", "drop-column", "rename-table", "rename-column"] as const;
  return certain.find((kind) => ops.some((one) => one.kind === kind)) ?? "not-analysed";
}

function applyTo(track: SchemaTrack, op: Op): void {
  if (op.kind === "execute") return;
  try {
    track.change((draft) => applyOp(draft, op));
  } catch {
    // It stands on something that SQL text has made.
  }
}
