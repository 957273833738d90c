import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DialectName } from "../../schema/name.js";
import type { DetectedModels } from "../detected-models.js";
import type { Core } from "./kind.js";

const configurationFiles = "drizzle.config.{ts,mts,cts,js,mjs,cjs,json}";
const notModels = [
  "**/node_modules/**",
  "**/{dist,build,out,coverage,.*}/**",
  "**/*.d.*",
  "**/*.{test,spec}.*",
];

/** What Drizzle Kit calls the engines that are read. */
const engines: Readonly<Record<string, DialectName>> = {
  postgresql: "postgres",
  sqlite: "sqlite",
  turso: "sqlite",
};

const cores: Readonly<Record<Core, { readonly dialect: DialectName; readonly makes: RegExp }>> = {
  "pg-core": { dialect: "postgres", makes: /\b(?:pgTable|pgTableCreator|pgSchema|pgEnum|pgView)\s*\(/ },
  "sqlite-core": { dialect: "sqlite", makes: /\b(?:sqliteTable|sqliteTableCreator|sqliteView)\s*\(/ },
};

/**
 * Drizzle models of a project: as its `drizzle.config.*` says, or else the files that make tables with one of
 * Drizzle's cores, one entry for each core. Only text is looked at; nothing is run.
 */
export async function detectDrizzle(root: string): Promise<readonly DetectedModels[]> {
  const configured = await fromConfiguration(root);
  return configured === null ? fromImports(root) : [configured];
}

async function fromConfiguration(root: string): Promise<DetectedModels | null> {
  const [file] = (await (await import("tinyglobby")).glob(configurationFiles, { cwd: root })).sort();
  if (file === undefined) return null;
  const code = withoutComments(await readFile(join(root, file), "utf8"));
  const list = /\bschema["']?\s*:\s*(\[[^\]]*\]|["'`][^"'`]+["'`])/.exec(code)?.[1] ?? "";
  const paths = [...list.matchAll(/["'`]([^"'`]+)["'`]/g)].map((match) => match[1] ?? "");
  if (paths.length === 0) return null;
  const dialect = /\bdialect["']?\s*:\s*["'`](\w+)["'`]/.exec(code)?.[1] ?? "";
  const variable = /\bprocess\.env(?:\.(\w+)|\[["'](\w+)["']\])/.exec(code);
  return {
    source: "drizzle",
    dialect: engines[dialect] ?? null,
    schema: await Promise.all(paths.map((path) => asGlob(root, path))),
    urlVariable: variable?.[1] ?? variable?.[2] ?? null,
    told: file,
  };
}

/** Drizzle Kit takes a folder for all files in it. */
async function asGlob(root: string, path: string): Promise<string> {
  const short = `./${path.replace(/^\.\//, "").replace(/\/$/, "")}`;
  const found = await stat(join(root, short)).catch(() => null);
  return found?.isDirectory() ? `${short}/**/*.ts` : short;
}

async function fromImports(root: string): Promise<readonly DetectedModels[]> {
  const files = await (await import("tinyglobby")).glob("**/*.{ts,mts,cts,tsx,js,mjs,cjs}", {
    cwd: root,
    ignore: notModels,
    deep: 8,
  });
  const found: Record<Core, string[]> = { "pg-core": [], "sqlite-core": [] };
  for (const file of files.sort()) {
    const text = await readFile(join(root, file), "utf8").catch(() => "");
    for (const core of Object.keys(cores) as Core[]) {
      if (text.includes(`drizzle-orm/${core}`) && cores[core].makes.test(withoutComments(text)))
        found[core].push(file);
    }
  }
  return (Object.keys(cores) as Core[])
    .filter((core) => found[core].length > 0)
    .map((core) => ({
      source: "drizzle",
      dialect: cores[core].dialect,
      schema: gathered(found[core], files),
      urlVariable: null,
      told: `imports of drizzle-orm/${core}`,
    }));
}

/** One glob where every file of a folder holds models, so that the next one is in without a change; else each file. */
function gathered(models: readonly string[], files: readonly string[]): readonly string[] {
  const folder = dirname(models[0] ?? "");
  const together = models.length > 1 && models.every((file) => dirname(file) === folder);
  const only = files.filter((file) => dirname(file) === folder).length === models.length;
  const endings = new Set(models.map((file) => file.slice(file.lastIndexOf("."))));
  if (together && only && endings.size === 1) return [`./${folder}/*${[...endings].join("")}`];
  return models.map((file) => `./${file}`);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}
