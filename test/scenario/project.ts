import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { adoptUnsaid, type Silence } from "../../src/check/adopt.js";
import { differences } from "../../src/check/differences.js";
import { askConnection, askEmpty } from "../../src/check/engine.js";
import { filterFound } from "../../src/check/filtered.js";
import type { Change } from "../../src/check/find-change.js";
import { writeRevision } from "../../src/check/write-revision.js";
import { ciDefaults } from "../../src/config/ci-config.js";
import type { Config } from "../../src/config/config.js";
import { asksForGrants } from "../../src/config/grants.js";
import { lintDefaults } from "../../src/config/lint-config.js";
import type { Connection } from "../../src/dialect/connection.js";
import type { Dialect } from "../../src/dialect/dialect.js";
import { defaultFilters, type Filters } from "../../src/filter/rules.js";
import type { Op } from "../../src/op/op.js";
import { buildGraph } from "../../src/revision/graph/graph.js";
import type { Revision } from "../../src/revision/revision.js";
import { renderRevision } from "../../src/revision/write/render-revision.js";
import type { Project } from "../../src/run/project.js";
import { record } from "../../src/run/record.js";
import { replayForChange } from "../../src/run/replay.js";
import type { Schema } from "../../src/schema/schema.js";

/** What changes are carried out with: an engine, and a folder for the revisions. */
export interface Run {
  readonly dialect: Dialect;
  readonly root: string;
  /** What is left out on both sides; absent where nothing is, not even what other tools keep. */
  readonly filters?: Filters | null;
}

/** A schema, and what its source has no words for. */
export interface Wanted {
  readonly schema: Schema;
  readonly unsaid: Silence;
}

/** Writes a change and reads it back: the same ops, and from them the same text. */
export async function write(
  run: Run,
  change: Change,
  id: string,
  revises: readonly string[],
): Promise<Revision> {
  const project = projectOf(run, []);
  const options = { id, revises, dependsOn: [], labels: [], renames: [], drops: [], inline: false } as const;
  const revision = await writeRevision(
    project,
    { ...options, message: `scenario ${id}`, format: "typescript" },
    change,
  );
  const upgrade = (await record(project, revision, "upgrade")).ops.map(({ op }) => op);
  const back = await record(project, revision, "downgrade");
  const downgrade = back.irreversible ?? back.ops.map(({ op }) => op);
  const text = renderRevision({
    ...revision,
    createdAt: revision.createdAt ?? new Date(0),
    upgrade,
    downgrade,
    loses: change.loses,
    notes: change.warnings,
    enums: [...change.before.enums.keys(), ...change.after.enums.keys()],
    dialect: run.dialect,
  });
  expect(text, "the file reads back as what it was written from").toBe(readFileSync(revision.file, "utf8"));
  const wanted = comparable(change.upgrade);
  const differs = comparable(upgrade).findIndex((op, at) => !isDeepStrictEqual(op, wanted[at]));
  const read = `the ops read back: ${JSON.stringify(upgrade[differs])}\nwere written as ${JSON.stringify(change.upgrade[differs])}`;
  if (differs >= 0) expect.fail(read);
  expect(upgrade.length, "as many ops are read back").toBe(wanted.length);
  return revision;
}

/**
 * Without what only inspection knows (the engine's own text, who chose a name), and constraints in one order: a file
 * says some of them with their column.
 */
function comparable(ops: readonly Op[]): readonly unknown[] {
  const plain = JSON.stringify(ops, (key, value) => {
    if (unsaid.has(key)) return undefined;
    return key === "constraints" && Array.isArray(value) ? [...value].sort(byText) : value;
  });
  return JSON.parse(plain);
}

const unsaid = new Set(["origin", "implicitName"]);
const said = (value: object) =>
  JSON.stringify(
    Object.entries(value)
      .filter(([key]) => !unsaid.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
const byText = (a: object, b: object) => (said(a) < said(b) ? -1 : 1);

/** Nothing is between what the engine has (or `found`) and what is wanted, and the engine could say so. */
export async function same(
  run: Run,
  connection: Connection,
  wanted: Wanted,
  when: string,
  found?: Schema,
): Promise<void> {
  const schema = found ?? filtered(run, await inspect(run, connection), wanted.schema);
  const target = adoptUnsaid(wanted.schema, schema, wanted.unsaid);
  // What was inspected stands in this database; what was given does not.
  const ask = (found === undefined ? askConnection : askEmpty)(run.dialect, connection);
  const { lines, undecided } = await differences(run.dialect, schema, target, ask);
  expect([...lines, ...undecided], when).toEqual([]);
}

/** Without what is left out. What `owned` has is not another tool's. */
export function filtered(run: Run, schema: Schema, owned: Schema | null): Schema {
  return run.filters ? filterFound(projectOf(run, []), schema, owned).schema : schema;
}

export function inspect(
  { dialect, filters }: Pick<Run, "dialect" | "filters">,
  connection: Connection,
): Promise<Schema> {
  const grants = filters != null && asksForGrants(filters);
  return dialect.inspect(connection, {
    namespaces: "all",
    ignoreTables: Object.values(tables),
    grants,
  });
}

const tables = {
  versionTable: { namespace: null, name: "aludel_version" },
  runLogTable: { namespace: null, name: "aludel_run_log" },
  backfillTable: { namespace: null, name: "aludel_backfill" },
};

/**
 * What a project knows of its schema, which is what its revisions say; `inspected` where that is not enough and it asks an engine,
 * too.
 */
export async function replayed(run: Run, revisions: readonly Revision[], inspected: Schema): Promise<Schema> {
  const asked = new Error("an engine is asked");
  const heads = revisions.map(({ id }) => id);
  try {
    return await replayForChange(projectOf(run, revisions), heads, () => Promise.reject(asked));
  } catch (error) {
    if (error === asked) return inspected;
    throw error;
  }
}

export function projectOf(run: Run, revisions: readonly Revision[]): Project {
  const config: Config = {
    root: run.root,
    file: join(run.root, "aludel.config.ts"),
    schema: [],
    source: null,
    dialect: run.dialect.name,
    filters: run.filters ?? defaultFilters,
    revisions: join(run.root, "revisions"),
    revisionFolders: [join(run.root, "revisions")],
    environments: {},
    unsetEnvironments: {},
    markers: {},
    defaultEnvironment: null,
    fileName: "{id}",
    ...tables,
    seeds: join(run.root, "seeds"),
    seedTable: { namespace: null, name: "aludel_seed" },
    deployTable: { namespace: null, name: "aludel_deploy" },
    stateTable: { namespace: null, name: "aludel_state" },
    receiptKey: null,
    receiptMaxAgeMs: 0,
    scratch: null,
    history: "graph",
    postWrite: [],
    sum: false,
    lint: lintDefaults,
    ci: ciDefaults,
    webhooks: { called: [], unset: [] },
    fleet: null,
  };
  return {
    config,
    dialect: run.dialect,
    revisions,
    repeatables: [],
    graph: buildGraph(revisions),
    arguments: {},
  };
}

/** The options of a run to a target, without waiting for anybody. */
export function migration(command: "upgrade" | "downgrade", target: string) {
  return {
    command,
    targets: [target],
    transaction: "each",
    lockTimeoutMs: 0,
    allowEdited: false,
    signal: new AbortController().signal,
    report: () => undefined,
  } as const;
}
