import { relative } from "node:path";
import { loadDialect } from "../../dialect/registry.js";
import { AludelError } from "../../error/error.js";
import type { DialectName } from "../../schema/name.js";
import type { Schema } from "../../schema/schema.js";
import { modelFiles } from "../imported-files.js";
import type { ReadOptions, Source } from "../source.js";
import { configuredCasing } from "./casing.js";
import { collectModels, type LoadedFile } from "./collect.js";
import type { Context } from "./context.js";
import { Findings } from "./finding.js";
import type { Core } from "./kind.js";
import { loadLibrary } from "./library.js";
import { loadModels } from "./load.js";
import { indexText, locate } from "./locate.js";
import { readModels } from "./read-models.js";
import { createRenderer } from "./render.js";

/** The engine that each of Drizzle's cores is for. */
const engines: Readonly<Record<Core, DialectName>> = { "pg-core": "postgres", "sqlite-core": "sqlite" };

/**
 * Models of Drizzle ORM, 0.36 and later, 1.0 included.
 *
 * Read are tables, enums, sequences, namespaces, views, materialised views and policies. Left out: `relations`, which
 * are no part of the database; views and materialised views marked `.existing()`; roles, which belong to the whole
 * server and not to a database. Drizzle cannot express comments, collations, deferrable constraints, exclusions,
 * partitions, functions and triggers.
 */
export const drizzle: Source = {
  name: "drizzle",
  unsaid: [
    "domain",
    "composite",
    "defined",
    "comment",
    "extension",
    "exclude",
    "collation",
    "include",
    "deferral",
    "match",
    "validity",
    "set-columns",
    "temporal",
    "column-storage",
    "index-storage",
    "sequence-logging",
    "own-sequence",
    "view-options",
    "table-options",
    "row-storage",
    "view-index",
    "sequence-owner",
    "forced-row-security",
    "index-nulls",
    "empty-namespace",
  ],
  recognizes,
  read,
  locate,
  indexText,
};

const importsDrizzle = /(?:\bfrom|\bimport|\brequire\s*\()\s*["']drizzle-orm(?:\/[^"']*)?["']/;

/** One file that imports Drizzle is enough; a file that only gathers others is judged by those. */
async function recognizes(files: readonly string[]): Promise<boolean> {
  const scripts = files.filter((file) => /\.[cm]?[jt]sx?$/.test(file));
  for await (const { text } of modelFiles(scripts, "exports")) {
    if (importsDrizzle.test(text)) return true;
  }
  return false;
}

async function read(options: ReadOptions): Promise<Schema> {
  const loaded: readonly LoadedFile[] = await loadModels(options.files, options.root);
  const models = collectModels(options.root, loaded);
  const name = engines[models.core];
  if (options.dialect !== null && options.dialect !== name) throw otherEngine(options, models.core, name);
  const { core: library, generation } = loadLibrary(options.root, options.files, models.core);
  const [dialect, configured] = await Promise.all([
    loadDialect(name),
    generation === 0 ? (options.casing ?? configuredCasing(options.root)) : null,
  ]);
  const context: Context = {
    core: models.core,
    library,
    generation,
    dialect,
    casing: configured,
    renderer: createRenderer(dialect, configured),
    findings: new Findings(options.root),
  };
  return dialect.normalize.schema(readModels(models, options.root, context, options.contradict ?? null));
}

function otherEngine(options: ReadOptions, core: Core, name: DialectName): AludelError {
  return new AludelError(
    "dialect-mismatch",
    `The models are made with drizzle-orm/${core} for ${name}, but the database is ${options.dialect}`,
    {
      remedy: "Point `schema` at the models for this engine, or the URL at the other one.",
      details: options.files.map((file) => relative(options.root, file)),
    },
  );
}
