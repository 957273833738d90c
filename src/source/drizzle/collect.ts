import { relative } from "node:path";
import { AludelError } from "../../error/error.js";
import { type Core, classify, type ModelKind } from "./kind.js";

/** A model, and the first place it is exported from. */
export interface Model {
  readonly kind: ModelKind;
  readonly value: unknown;
  readonly file: string;
  readonly exportName: string;
}

export interface Models {
  readonly core: Core;
  /** In the order of files and exports; an object that is exported several times is in it once. */
  readonly list: readonly Model[];
}

export interface LoadedFile {
  readonly file: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

/**
 * Picks the models out of what the files export.
 *
 * @throws AludelError `models-empty` with what each file exports, `models-invalid` when the models are for more than
 * one engine, `models-unreadable` for tables of an engine that is not read
 */
export function collectModels(root: string, loaded: readonly LoadedFile[]): Models {
  const seen = new Set<unknown>();
  const list: Model[] = [];
  const filesOfCore = new Map<Core, Set<string>>();
  const foreign: string[] = [];
  for (const { file, exports } of loaded) {
    for (const [exportName, value] of exportedValues(exports)) {
      if (seen.has(value)) continue;
      const classified = classify(value);
      if (classified.is === "foreign") {
        foreign.push(`${relative(root, file)}: ${exportName} is a ${classified.label}`);
      }
      if (classified.is !== "model") continue;
      seen.add(value);
      list.push({ kind: classified.kind, value, file, exportName });
      const files = filesOfCore.get(classified.core) ?? new Set();
      filesOfCore.set(classified.core, files.add(file));
    }
  }
  if (foreign.length > 0) throw foreignEngine(foreign);
  const [core, another] = [...filesOfCore.keys()];
  if (core === undefined) throw noModels(root, loaded);
  if (another !== undefined) throw mixedEngines(root, filesOfCore);
  return { core, list };
}

/** Top-level exports, and those of a default export that is an object of models. */
function exportedValues(exports: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(exports).flatMap(([name, value]) => {
    const nested = name === "default" && isPlainObject(value) ? Object.entries(value) : [];
    return [[name, value] as const, ...nested];
  });
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function foreignEngine(foreign: readonly string[]): AludelError {
  return new AludelError("models-unreadable", "The models are for an engine that Aludel does not read", {
    remedy: "Name only files with tables of drizzle-orm/pg-core or drizzle-orm/sqlite-core.",
    details: foreign,
  });
}

function mixedEngines(root: string, filesOfCore: ReadonlyMap<Core, ReadonlySet<string>>): AludelError {
  return new AludelError("models-invalid", "The models are for more than one engine", {
    remedy: "Give each engine a configuration of its own whose `schema` names only its files.",
    details: [...filesOfCore].map(([core, files]) => {
      const names = [...files].map((file) => relative(root, file));
      return `drizzle-orm/${core}: ${names.join(", ")}`;
    }),
  });
}

function noModels(root: string, loaded: readonly LoadedFile[]): AludelError {
  return new AludelError("models-empty", "No table is exported from the models' files", {
    remedy:
      "Export every table, view and enum with a name of its own: `export const persons = pgTable(…)`. What is not exported cannot be seen.",
    details: loaded.map(({ file, exports }) => {
      const names = Object.keys(exports);
      const what =
        names.length === 0 ? "exports nothing" : `exports ${names.map(described(exports)).join(", ")}`;
      return `${relative(root, file)} ${what}`;
    }),
    data: { files: loaded.map(({ file }) => file) },
  });
}

function described(exports: Readonly<Record<string, unknown>>): (name: string) => string {
  return (name) => {
    const value = exports[name];
    const is = classify(value).is === "role" ? "role" : value === null ? "null" : typeof value;
    return `${name} (${is})`;
  };
}
