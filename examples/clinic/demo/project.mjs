// A copy of the clinic in a temporary folder, with this checkout as its `aludel`.
import { cp, mkdir, mkdtemp, readdir, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";

const clinic = fileURLToPath(new URL("..", import.meta.url));
const checkout = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * @param {"sqlite" | "postgres"} engine
 * @param {(one: { dispose: () => Promise<void> }) => unknown} keep is told at once what is to be removed
 * @returns {Promise<string>} the folder
 */
export async function makeProject(engine, keep) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "aludel-demo-")));
  keep({ dispose: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) });
  await cp(join(clinic, engine), folder, { recursive: true });
  await linkPackages(folder);
  return folder;
}

/**
 * Links to the installed packages, one by one, and to this checkout under the name `aludel`.
 *
 * @param {string} folder
 */
async function linkPackages(folder) {
  const packages = join(checkout, "node_modules");
  const own = join(folder, "node_modules");
  await mkdir(own);
  // A junction is the link that Windows lets everybody make.
  const link = (/** @type {string} */ name, /** @type {string} */ to) =>
    symlink(to, join(own, name), "junction");
  const names = (await readdir(packages)).filter((name) => !name.startsWith(".") && name !== "aludel");
  await Promise.all(names.map((name) => link(name, join(packages, name))));
  await link("aludel", checkout);
}

/**
 * The clinic's models and queries as they are now: TypeScript, so that it takes a loader.
 *
 * @param {string} folder
 * @returns {Promise<{ models: any, queries: any }>}
 */
export async function loadModels(folder) {
  const jiti = createJiti(join(folder, "demo.js"), { moduleCache: false, fsCache: false });
  const models = await jiti.import(join(folder, "schema/index.ts"));
  const queries = await jiti.import(join(folder, "queries.ts"));
  return { models, queries };
}
