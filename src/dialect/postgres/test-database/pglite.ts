import { readFile, writeFile } from "node:fs/promises";
import type { MadeDatabase, TestDatabases, TestTemplate } from "../../test-databases.js";
import { dropFile, listFiles, nextName, templateFile } from "../../test-files.js";
import { findPackage } from "../load-package.js";
import { pgliteVersion } from "../pglite-cache.js";
import { sessionOver, startPglite } from "../pglite-session.js";

const target = "pglite:";

/** Data directories of one version are nothing for another. */
function endingOf(directory: string): string {
  const entry = findPackage("@electric-sql/pglite", directory);
  return entry === null ? "pglite.tar" : `pglite-${pgliteVersion(entry)}.tar`;
}

async function buildTemplate(template: TestTemplate, path: string, directory: string): Promise<void> {
  const started = await startPglite(directory, null);
  try {
    const connection = await sessionOver(started, target, async () => {});
    await template.build(connection);
    await writeFile(path, Buffer.from(await (await started.pglite.dumpDataDir("none")).arrayBuffer()));
  } finally {
    await started.pglite.close();
  }
}

/** The template's data directory as an archive. */
export async function templateData(template: TestTemplate, directory: string): Promise<Blob> {
  const ending = endingOf(directory);
  const make = (path: string) => buildTemplate(template, path, directory);
  const read = async () => readFile(await templateFile(template, ending, make));
  // Another process may have just found it to be stale: it has other revisions than this one.
  return new Blob([await read().catch(read)]);
}

/** Test databases in this process, each a PGlite of its own. */
export function pgliteDatabases(directory: string): TestDatabases {
  const known = new Map<string, Promise<Blob>>();
  const dataOf = (template: TestTemplate) => {
    const data = known.get(template.hash) ?? templateData(template, directory);
    known.set(template.hash, data);
    data.catch(() => known.delete(template.hash));
    return data;
  };
  return {
    place: "PGlite in memory",
    create: async (template): Promise<MadeDatabase> => {
      const started = await startPglite(directory, await dataOf(template));
      let closing: Promise<void> | undefined;
      return {
        name: nextName(template.hash),
        url: null,
        file: null,
        client: started.pglite,
        connect: () => sessionOver(started, target, async () => {}),
        close: () => {
          closing ??= started.pglite.closed ? Promise.resolve() : started.pglite.close();
          return closing;
        },
      };
    },
    list: () => listFiles(endingOf(directory), () => target),
    drop: (name) => dropFile(name, endingOf(directory)),
    close: async () => {},
  };
}
