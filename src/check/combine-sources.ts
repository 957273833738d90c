import type { Connection } from "../dialect/connection.js";
import type { Dialect, Scratch } from "../dialect/dialect.js";
import { diff } from "../diff/diff.js";
import { AludelError } from "../error/error.js";
import { applyOp, describeOp } from "../op/apply.js";
import type { Op } from "../op/op.js";
import { compileOp } from "../plan/compile-op.js";
import { copySchema, emptySchema } from "../schema/build.js";
import type { Tell } from "../schema/contradiction.js";
import type { Constraint, Index, Schema, Table, View } from "../schema/schema.js";
import { expressionsOf, type Slot } from "../schema/slot.js";
import {
  openVersions,
  readScripts,
  runScripts,
  type Script,
  type ScriptStatement,
} from "../source/script.js";
import type { Unsaid } from "../source/source.js";
import type { PartlyUnsaid } from "./adopt.js";
import { diffOptions } from "./differences.js";
import { withTextsOf } from "./expression-texts.js";

/** Whether what a source cannot say is a kind of objects, which SQL says, or a part of its own objects. */
const unsaidParts: Readonly<Record<Unsaid, "object" | "part">> = {
  comment: "part",
  extension: "object",
  exclude: "part",
  collation: "part",
  include: "part",
  deferral: "part",
  match: "part",
  validity: "part",
  "table-options": "part",
  "row-storage": "part",
  "index-parameters": "part",
  "view-index": "part",
  "sequence-owner": "part",
  "forced-row-security": "part",
  "set-columns": "part",
  temporal: "part",
  "column-storage": "part",
  "index-storage": "part",
  "sequence-logging": "part",
  "own-sequence": "part",
  "view-options": "part",
  "index-nulls": "part",
  domain: "object",
  composite: "object",
  defined: "object",
  "empty-namespace": "object",
};

/** Models of one source, as they were read. */
export interface Base {
  readonly schema: Schema;
  readonly unsaid: readonly Unsaid[];
}

/**
 * Models that SQL files add to: both are carried out in a scratch database, whatever needs which, and that is
 * inspected. What only the models know is kept: the names that nobody chose, wishes about how an index is built, the
 * order of objects, and their own texts of expressions where they mean the same.
 *
 * @throws AludelError of the SQL files, and `models-unreadable` for what cannot be made.
 */
export async function combineWithSql(
  dialect: Dialect,
  base: Base,
  files: readonly string[],
  root: string,
  openScratch: () => Promise<Scratch>,
  tell: Tell,
): Promise<{ readonly schema: Schema; readonly unsaid: PartlyUnsaid }> {
  const scripts = await readScripts(files, root, dialect);
  const scratch = await openScratch();
  try {
    const { connection } = scratch;
    const own = await scriptOf(dialect, base.schema, connection.server.version);
    await runScripts(dialect, connection, [own, ...scripts]).catch(async (error: unknown) => {
      throw await withTypes(error, dialect, connection, base.schema, tell);
    });
    const found = dialect.normalize.schema(
      await dialect.inspect(connection, { namespaces: "all", ignoreTables: [], grants: true }),
    );
    const schema = keepKnown(await keepTexts(dialect, connection, base.schema, found), base.schema);
    return { schema: openVersions(schema, scripts), unsaid: unsaidOf(base) };
  } finally {
    await scratch.dispose();
  }
}

/** The error with the types of the models that nothing knows, each with its place there. */
async function withTypes(
  error: unknown,
  dialect: Dialect,
  connection: Connection,
  models: Schema,
  tell: Tell,
): Promise<unknown> {
  const said = error instanceof AludelError ? error.cause : null;
  if (!(error instanceof AludelError && said instanceof AludelError && dialect.isMissingObject(said)))
    return error;
  const { unknownTypes } = await import("./unknown-types.js");
  const unknown = await tell(await unknownTypes(dialect, connection, models));
  const { code, message, remedy, where, cause, data } = error;
  return new AludelError(code, message, {
    ...{ remedy, where, cause, data },
    details: [...error.details, ...unknown],
  });
}

/** SQL has words for every kind; of the models' own objects it has said only what it has set. */
function unsaidOf({ schema, unsaid }: Base): PartlyUnsaid {
  const objects = [schema.tables, schema.views, schema.enums, schema.sequences, schema.namespaces];
  return {
    parts: unsaid.filter((one) => unsaidParts[one] === "part"),
    of: new Set(objects.flatMap((map) => [...map.keys()])),
  };
}

/** The models as statements. What the SQL files may make as well is made only if it is not there. */
export async function scriptOf(dialect: Dialect, schema: Schema, serverVersion: number): Promise<Script> {
  const draft = copySchema(emptySchema(dialect.name));
  const statements: ScriptStatement[] = [];
  for (const op of diff(draft, withoutWishes(schema), diffOptions(dialect)).ops) {
    const steps = await compileOp(dialect, tolerant(op), async () => draft, serverVersion);
    const label = describeOp(op);
    statements.push(...steps.map(({ sql }) => ({ sql, effect: "definition", line: null, label }) as const));
    applyOp(draft, op);
  }
  return { file: null, statements };
}

function tolerant(op: Op): Op {
  const isContainer = op.kind === "create-namespace" || op.kind === "create-extension";
  return isContainer ? { ...op, ifNotExists: true } : op;
}

/** In a scratch database nobody waits for an index. */
function withoutWishes(schema: Schema): Schema {
  const plain = (indexes: readonly Index[]) => indexes.map((one) => ({ ...one, concurrently: false }));
  const draft = copySchema(schema);
  for (const [key, table] of draft.tables) {
    draft.tables.set(key, { ...table, indexes: plain(table.indexes) });
  }
  for (const [key, view] of draft.views) draft.views.set(key, { ...view, indexes: plain(view.indexes) });
  return draft;
}

/** `found` with the texts of the models where the engine takes both for the same. */
async function keepTexts(
  dialect: Dialect,
  connection: Connection,
  models: Schema,
  found: Schema,
): Promise<Schema> {
  const theirs = expressionsOf(found);
  const slots: Slot[] = [];
  for (const [slot, texts] of expressionsOf(models)) {
    const other = theirs.get(slot);
    if (other?.length === texts.length && other.some((text, at) => text !== texts[at])) slots.push(slot);
  }
  if (slots.length === 0) return found;
  const { same } = await dialect.equivalent(connection, models, found, slots);
  return withTextsOf(found, models, same);
}

function keepKnown(found: Schema, models: Schema): Schema {
  const draft = copySchema(found);
  for (const [key, table] of models.tables) {
    const made = found.tables.get(key);
    if (made !== undefined) draft.tables.set(key, knownTable(made, table));
  }
  for (const [key, view] of models.views) {
    const made = found.views.get(key);
    if (made !== undefined) draft.views.set(key, knownView(made, view));
  }
  // Version and namespace that the models leave open stay open.
  for (const [key, extension] of models.extensions) draft.extensions.set(key, extension);
  return {
    ...draft,
    tables: inOrderOf(draft.tables, models.tables),
    views: inOrderOf(draft.views, models.views),
    enums: inOrderOf(draft.enums, models.enums),
    sequences: inOrderOf(draft.sequences, models.sequences),
  };
}

function knownTable(made: Table, models: Table): Table {
  return {
    ...made,
    constraints: made.constraints.map((one) => {
      const same = models.constraints.find((other) => isSame(one, other));
      return same === undefined ? one : { ...one, implicitName: same.implicitName };
    }),
    indexes: made.indexes.map((one) => knownIndex(one, models.indexes)),
  };
}

function knownView(made: View, models: View): View {
  const indexes = made.indexes.map((one) => knownIndex(one, models.indexes));
  return { ...made, withData: models.withData, indexes };
}

function knownIndex(made: Index, models: readonly Index[]): Index {
  const same = models.find(({ name }) => name === made.name);
  return same === undefined ? made : { ...made, concurrently: same.concurrently };
}

function isSame(a: Constraint, b: Constraint): boolean {
  return a.kind === b.kind && (a.kind === "primary-key" || a.name === b.name);
}

/** The models' objects first, in their order. */
function inOrderOf<T>(found: ReadonlyMap<string, T>, models: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const first = [...found].filter(([key]) => models.has(key));
  const place = new Map([...models.keys()].map((key, at) => [key, at]));
  first.sort(([a], [b]) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
  return new Map([...first, ...[...found].filter(([key]) => !models.has(key))]);
}
