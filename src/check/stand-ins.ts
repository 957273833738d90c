import type { Dialect, Scratch } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import type { Project } from "../run/project.js";
import { record } from "../run/record.js";
import { copySchema, defaultTableOptions } from "../schema/build.js";
import { nameKey } from "../schema/name.js";
import type { Schema, SchemaDraft, Table } from "../schema/schema.js";
import { runScripts } from "../source/script.js";
import { scriptOf } from "./combine-sources.js";

type Open = () => Promise<Scratch>;

/**
 * What filters leave out of the models, as far as others may refer to it: tables with their columns and keys, types,
 * and functions. Databases have it from elsewhere, and a scratch database has it only from here.
 */
export function standInsOf(whole: Schema, kept: Schema): Schema {
  const draft = copySchema(whole);
  const { namespaces, enums, domains, composites, tables, defined } = kept;
  for (const key of namespaces.keys()) draft.namespaces.delete(key);
  for (const key of enums.keys()) draft.enums.delete(key);
  for (const key of domains.keys()) draft.domains.delete(key);
  for (const key of composites.keys()) draft.composites.delete(key);
  for (const key of tables.keys()) draft.tables.delete(key);
  for (const [key, { kind }] of draft.defined) {
    if (defined.has(key) || kind !== "function") draft.defined.delete(key);
  }
  draft.extensions.clear();
  draft.sequences.clear();
  draft.views.clear();
  for (const [key, table] of draft.tables) draft.tables.set(key, standIn(table));
  return draft;
}

function standIn(table: Table): Table {
  return {
    namespace: table.namespace,
    name: table.name,
    columns: table.columns.map((column) => ({
      ...column,
      default: null,
      identity: null,
      generated: null,
      comment: null,
    })),
    constraints: table.constraints.filter(({ kind }) => kind === "primary-key" || kind === "unique"),
    indexes: table.indexes.filter(({ unique, where, keys }) => {
      return unique && where === null && keys.every(({ column }) => column !== null);
    }),
    policies: [],
    rowSecurity: "off",
    options: { ...defaultTableOptions, withoutRowid: table.options.withoutRowid },
    comment: null,
  };
}

/**
 * Opens scratch databases in which the stand-ins are there before the history runs. What revisions make themselves is
 * left to them; what cannot be made is left out, and missed only by what refers to it.
 */
export function withStandIns(project: Project, standIns: Schema, open: Open): Open {
  if (standIns.tables.size + standIns.defined.size + standIns.enums.size === 0) return open;
  return async () => {
    const scratch = await open();
    try {
      await make(project.dialect, await withoutOwn(project, standIns), scratch);
      return scratch;
    } catch (error) {
      await scratch.dispose();
      throw error;
    }
  };
}

async function make(dialect: Dialect, standIns: Schema, { connection }: Scratch): Promise<void> {
  const script = await scriptOf(dialect, standIns, connection.server.version);
  await runScripts(dialect, connection, [script]).catch((error: unknown) => {
    if (!(error instanceof AludelError) || error.code !== "models-unreadable") throw error;
  });
}

async function withoutOwn(project: Project, standIns: Schema): Promise<Schema> {
  const draft: SchemaDraft = copySchema(standIns);
  for (const revision of project.revisions) {
    for (const { op } of (await record(project, revision, "upgrade")).ops) {
      if (op.kind === "create-table") draft.tables.delete(nameKey(op.table));
      if (op.kind === "create-enum") draft.enums.delete(nameKey(op.enum));
      if (op.kind === "create-namespace") draft.namespaces.delete(op.namespace.name);
    }
  }
  return draft;
}
