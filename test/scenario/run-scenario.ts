import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import type { RowDecisions } from "../../src/check/decision.js";
import { askEmpty } from "../../src/check/engine.js";
import { type Change, findChange } from "../../src/check/find-change.js";
import { readModels } from "../../src/check/read-models.js";
import { validateConfig } from "../../src/config/validate.js";
import type { Connection } from "../../src/dialect/connection.js";
import type { Dialect } from "../../src/dialect/dialect.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { parseRename, readPath } from "../../src/diff/place.js";
import { AludelError } from "../../src/error/error.js";
import type { Filters } from "../../src/filter/rules.js";
import { applyOps, describeOp } from "../../src/op/apply.js";
import type { Revision } from "../../src/revision/revision.js";
import { migrate } from "../../src/run/migrate.js";
import type { Project } from "../../src/run/project.js";
import { stamp } from "../../src/run/stamp.js";
import { emptySchema, isEmptySchema } from "../../src/schema/build.js";
import type { Schema } from "../../src/schema/schema.js";
import { makeProject } from "../source/project.js";
import { type Engine, killAfter, onEmpty, recordSteps } from "./engine.js";
import {
  filtered,
  inspect,
  migration,
  projectOf,
  type Run,
  replayed,
  same,
  type Wanted,
  write,
} from "./project.js";
import { keptRows, readRows } from "./rows.js";

/** The sections of a scenario that one engine sees. */
export interface Sections {
  /** `before.sql` of this engine or of all; `null` when there is none. */
  read(name: string): string | null;
  /** Holds what was found against the section, or writes it there when sections are being updated. */
  expect(name: string, found: string): void;
}

interface ScenarioRun extends Run {
  readonly engine: Engine;
  readonly sections: Sections;
}

/**
 * Runs a scenario on one engine: finds the change, writes it as a revision, carries it out with the real runner, and
 * asserts all that must hold of every change, and what the sections say of this one.
 */
export async function runScenario(engine: Engine, sections: Sections): Promise<void> {
  const run: ScenarioRun = {
    engine,
    dialect: await loadDialect(engine.dialect),
    sections,
    root: await makeProject({}),
    filters: filtersOf(sections),
  };
  const after = await readSide(run, "after", null).catch((error: unknown) => refused(sections, error));
  if (after === null) return;
  const isOwn = ["models.ts", "models.sql"].some((name) => sections.read(name) !== null);
  const before = await readSide(run, "before", isOwn ? after.schema : null);
  await onEmpty(engine, run.root, async (scratch) => {
    const find = (from: Schema, to: Wanted, options: FindOptions) =>
      findChange({ dialect: run.dialect }, from, to, options, askEmpty(run.dialect, scratch));
    const change = await find(before.schema, after, optionsOf(sections)).catch((error: unknown) =>
      refused(sections, error),
    );
    if (change === null) return;
    sections.expect("ops", change.upgrade.map(describeOp).join("\n"));
    sections.expect("warnings", change.warnings.join("\n"));
    sections.expect("loses", change.loses.join("\n"));
    await same(run, scratch, after, "the ops alone", applyOps(change.before, change.upgrade));
    const create = await find(emptySchema(engine.dialect), before, { renames: [], drops: [], inline: false });
    await holds(run, change, create, after, (known) => find(known, after, optionsOf(sections)));
  });
}

/** An error that the scenario is about; any other goes on. */
function refused(sections: Sections, error: unknown): null {
  if (!(error instanceof AludelError) || sections.read("error") === null) throw error;
  sections.expect("error", [`${error.code}: ${error.message}`, ...error.details].join("\n"));
  return null;
}

interface FindOptions {
  readonly renames: readonly ReturnType<typeof parseRename>[];
  readonly drops: readonly string[];
  readonly rows?: RowDecisions;
  readonly inline: boolean;
}

/** `create` makes the start out of nothing, and `find` gives the change from what the revisions say that there is. */
async function holds(
  run: ScenarioRun,
  change: Change,
  create: Change,
  after: Wanted,
  find: (known: Schema) => Promise<Change>,
): Promise<void> {
  const base = isEmptySchema(change.before) ? null : await write(run, create, "00000000000a", []);
  if (base !== null) {
    await createsFromNothing(run, base, change.before);
    const known = await replayed(run, [base], change.before);
    const again = known === change.before ? change : await find(known);
    await sameFromRevisions(run, base, change, again, after);
  }
  if (change.upgrade.length === 0) return;
  const id = "00000000000b";
  const revision = await write(run, change, id, base === null ? [] : [base.id]);
  const text = readFileSync(revision.file, "utf8");
  run.sections.expect("revision", upgradeBody(text));
  const project = projectOf(run, base === null ? [revision] : [base, revision]);
  const steps = await upAndDown(run, project, change, after);
  if (steps.interruptible) await resumes(run, project, steps.count, after);
}

/** What is found from what the revisions say are the same ops, or as many that do the same. */
async function sameFromRevisions(
  run: ScenarioRun,
  base: Revision,
  change: Change,
  again: Change,
  after: Wanted,
): Promise<void> {
  const [wanted, found] = [change, again].map(({ upgrade }) => upgrade.map(describeOp));
  if (isDeepStrictEqual(wanted, found)) return;
  expect(found?.length, `as many ops from what the revisions say: ${found?.join("; ")}`).toBe(wanted?.length);
  const revision = await write(run, again, "00000000000c", [base.id]);
  const silent: Sections = { read: (name) => run.sections.read(name), expect: () => undefined };
  await upAndDown({ ...run, sections: silent }, projectOf(run, [base, revision]), again, after);
}

/** The start, made by a revision instead of by hand, is the same, and its way back leaves nothing. */
async function createsFromNothing(run: ScenarioRun, base: Revision, schema: Schema): Promise<void> {
  const project = projectOf(run, [base]);
  await onEmpty(run.engine, run.root, async (connection) => {
    await migrate(project, connection, migration("upgrade", "head"));
    await same(run, connection, { schema, unsaid: [] }, "created from nothing");
    await migrate(project, connection, migration("downgrade", "base"));
    await same(run, connection, nothing(run), "back to nothing");
  });
}

/** Up, down and up again, with rows. */
async function upAndDown(run: ScenarioRun, project: Project, change: Change, after: Wanted) {
  const { sections, dialect } = run;
  return onEmpty(run.engine, run.root, async (connection) => {
    await prepare(run, project, connection);
    const rows = sections.read("rows.sql");
    if (rows !== null) await connection.run(rows);
    const kept = await keptRows(dialect, connection, change.before, change.after, givenValues(sections));
    const statements = recordSteps(connection, dialect);
    await migrate(project, connection, migration("upgrade", "head"));
    const upgrade = [...statements];
    sections.expect("upgrade", script(upgrade));
    await same(run, connection, after, "after the upgrade");
    expect(await kept.now(connection), "rows of untouched columns").toEqual(kept.rows);
    const query = sections.read("rows.after");
    if (query !== null) sections.expect("rows.after", await readRows(connection, query));
    // What the queries have written is to survive the way down, too.
    const later = await kept.now(connection);
    const interruptible = await hasCommitPoint(dialect, upgrade);
    if (typeof change.downgrade !== "string") {
      await migrate(project, connection, migration("downgrade", "-1"));
      sections.expect("downgrade", script(statements.slice(upgrade.length)));
      await same(run, connection, { schema: change.before, unsaid: [] }, "after the downgrade");
      if (change.loses.length === 0) {
        expect(await kept.now(connection), "rows after the downgrade").toEqual(later);
      }
      const back = sections.read("rows.back");
      if (back !== null) sections.expect("rows.back", await readRows(connection, back));
      await migrate(project, connection, migration("upgrade", "head"));
      await same(run, connection, after, "after the second upgrade");
    }
    return { count: upgrade.length, interruptible };
  });
}

/** Killed after each step, and run again. */
async function resumes(run: ScenarioRun, project: Project, count: number, after: Wanted): Promise<void> {
  if (run.engine.name === "pglite") return;
  for (let steps = 0; steps < count; steps++) {
    await onEmpty(run.engine, run.root, async (connection, database) => {
      await prepare(run, project, connection);
      const rows = run.sections.read("rows.sql");
      if (rows !== null) await connection.run(rows);
      killAfter(connection, run.dialect, steps);
      await expect(migrate(project, connection, migration("upgrade", "head"))).rejects.toMatchObject({
        code: "connection-lost",
      });
      const again = await database.open();
      await migrate(project, again, migration("upgrade", "head"));
      await same(run, again, after, `killed after ${steps} steps`);
    });
  }
}

/** The start as the scenario's own SQL makes it, known to the runner as its first revision. */
async function prepare(run: ScenarioRun, project: Project, connection: Connection): Promise<void> {
  const script = run.sections.read("before.sql");
  const [base, revision] = project.revisions;
  if (revision === undefined || base === undefined) return;
  if (script === null) {
    await migrate(project, connection, migration("upgrade", base.id));
    return;
  }
  await connection.run(script);
  const options = { targets: [base.id], purge: false, lockTimeoutMs: 0, onWait: () => undefined };
  await stamp(project, connection, options);
}

function nothing(run: ScenarioRun): Wanted {
  return { schema: emptySchema(run.dialect.name), unsaid: [] };
}

/** `owned` is what the models of the other side have. */
async function readSide(run: ScenarioRun, side: "before" | "after", owned: Schema | null): Promise<Wanted> {
  const { dialect, sections, engine } = run;
  const models: Record<string, string> = {};
  for (const ending of ["sql", "ts"]) {
    const text = sections.read(side === "after" ? `models.${ending}` : `models.before.${ending}`);
    if (text !== null) models[`models.${ending}`] = text;
  }
  const files = Object.keys(models);
  if (files.length > 0) {
    const root = await makeProject(models);
    const openScratch = () => dialect.openScratch({ url: null, environmentUrl: null, directory: root });
    const { config } = projectOf({ ...run, root }, []);
    const schema = files.map((file) => join(root, file));
    return readModels({ ...config, schema }, dialect.name, openScratch);
  }
  const script = sections.read(`${side}.sql`);
  if (script === null || script === "") return { schema: emptySchema(dialect.name), unsaid: [] };
  return onEmpty(engine, run.root, async (connection) => {
    await connection.run(script);
    const schema = dialect.normalize.schema(await inspect(run, connection));
    return { schema: filtered(run, schema, owned), unsaid: [] };
  });
}

/** The section is what stands in a configuration, as JSON: `{ "exclude": { "tables": "legacy_*" } }`. */
function filtersOf(sections: Sections): Filters | null {
  const text = sections.read("filters");
  if (text === null) return null;
  const given: unknown = JSON.parse(text);
  return validateConfig(given, { file: "/aludel.config.json", root: "/", variables: {}, dotenv: null })
    .filters;
}

function optionsOf(sections: Sections): FindOptions {
  const lines = (sections.read("options") ?? "").split("\n");
  const given = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  return {
    renames: given("rename").map(parseRename),
    drops: given("drop"),
    rows: { backfills: given("backfill"), mapValues: given("map-value"), allow: given("allow") },
    inline: lines.includes("inline"),
  };
}

/** Columns and enums that `backfill` and `map-value` are about. */
function givenValues(sections: Sections): ReadonlySet<string> {
  const { rows } = optionsOf(sections);
  const columns = rows?.backfills.map((text) => readPath(text).parts.at(-1) ?? "") ?? [];
  const enums = rows?.mapValues.map((text) => readPath(text).parts.at(-2) ?? "") ?? [];
  return new Set([...columns, ...enums]);
}

function script(statements: readonly string[]): string {
  return statements.map((sql) => `${sql};`).join("\n");
}

/** True where a run can stop with a part of the revision committed. */
async function hasCommitPoint(dialect: Dialect, statements: readonly string[]): Promise<boolean> {
  const split = await dialect.splitScript(statements.map((sql) => `${sql};`).join("\n"));
  return split.some(
    (statement) =>
      !statement.transactional || /^ALTER TYPE .* ADD VALUE|\bVALIDATE CONSTRAINT\b/.test(statement.sql),
  );
}

/** What a reviewer reads: the body of the way up, not indented. */
function upgradeBody(text: string): string {
  const [, body = ""] = /async upgrade\(op\) \{\n([\s\S]*?)\n {2}\},\n/.exec(text) ?? [];
  return body
    .split("\n")
    .map((line) => line.replace(/^ {4}/, ""))
    .join("\n");
}
