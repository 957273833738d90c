import { constants } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { AludelError } from "../../error/error.js";
import type { ScratchOptions } from "../dialect.js";
import type { Disposal, MadeDatabase, TestDatabases, TestDialect, TestTemplate } from "../test-databases.js";
import {
  dropFile,
  listFiles,
  newPath,
  removeFile,
  removeTestFile,
  sweepFiles,
  templateFile,
  testFolder,
} from "../test-files.js";
import { connect } from "./connect.js";
import { parseUrl } from "./url.js";

const ending = "db";
const urlOf = (path: string) => pathToFileURL(path).href;

async function buildTemplate(template: TestTemplate, path: string, directory: string): Promise<void> {
  const connection = await connect(urlOf(path), { directory });
  try {
    await template.build(connection);
    // Where a revision has switched to WAL, everything has to be in the file itself before it is copied.
    await connection.query("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    await connection.close();
  }
}

/** Copies the template to a path where nothing is. */
async function copyTemplate(template: TestTemplate, path: string, directory: string): Promise<void> {
  const make = (file: string) => buildTemplate(template, file, directory);
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(dirname(path), { recursive: true });
      const source = await templateFile(template, ending, make);
      return await copyFile(source, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    } catch (thrown) {
      // Another process, with other revisions, has just found the template to be stale; or the folder was empty for an instant.
      if ((thrown as NodeJS.ErrnoException).code !== "ENOENT" || attempt === 5) throw thrown;
    }
  }
}

async function create(template: TestTemplate, keep: boolean, directory: string): Promise<MadeDatabase> {
  const file = await newPath(template.hash, ending, keep);
  await copyTemplate(template, file, directory);
  let closing: Promise<void> | undefined;
  return {
    name: file.slice(file.lastIndexOf(sep) + 1, -ending.length - 1),
    url: urlOf(file),
    file,
    client: null,
    connect: () => connect(urlOf(file), { directory, mustExist: true }),
    close: () => {
      closing ??= removeTestFile(file);
      return closing;
    },
  };
}

let swept: Promise<void> | undefined;

async function open({ directory }: ScratchOptions): Promise<TestDatabases> {
  const sweepOnce = () => {
    swept ??= sweepFiles();
    return swept;
  };
  return {
    place: await testFolder(),
    create: async (template, { keep }) => {
      await sweepOnce();
      return create(template, keep, directory);
    },
    list: () => listFiles(ending, urlOf),
    drop: (name) => dropFile(name, ending),
    close: async () => {},
  };
}

async function examine(url: string, { directory }: { readonly directory: string }): Promise<Disposal> {
  const { path } = parseUrl(url, directory);
  if (path === ":memory:") {
    throw new AludelError("usage", "A database in memory is gone with its process", {
      remedy: "Name a database that is a file.",
    });
  }
  const isOurs = path.startsWith((await testFolder()) + sep);
  return {
    verdict: isOurs ? "scratch" : "local",
    reason: isOurs ? "it was made for tests" : "it is a file on this machine",
    target: url,
    sessions: 0,
    dispose: async (template) => {
      await removeFile(path);
      if (template !== null) await copyTemplate(template, path, directory);
    },
    close: async () => {},
  };
}

/** Test databases that are copies of a file. */
export const tests: TestDialect = { open, examine };
