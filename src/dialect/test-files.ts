import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { AludelError } from "../error/error.js";
import { isAlive, isGone, thisInstance, thisOwner } from "./owner.js";
import { privateFolder } from "./private-folder.js";
import type { FoundDatabase, TestTemplate } from "./test-databases.js";

/**
 * Test databases that are files, and templates that are: all in one folder of the user's. What belongs to a process is in
 * a folder of its own, whose name says which process that is.
 */
export async function testFolder(): Promise<string> {
  const folder = await privateFolder("aludel-test");
  if (folder !== null) return folder;
  throw new AludelError(
    "file-unwritable",
    "There is no folder for test databases that only you can write to",
    {
      remedy:
        "Set TMPDIR to a folder of your own, or remove aludel-test-* from the system's temporary folder.",
    },
  );
}

const ownFolderName = ["run", thisOwner.host, thisOwner.pid, thisOwner.start ?? "unknown", thisInstance].join(
  "_",
);

let made = 0;

/** The name of the next test database of this process. */
export function nextName(hash: string): string {
  made += 1;
  return `aludel_test_${hash}_${process.pid}_${thisInstance}${made.toString(36)}`;
}

/** The path of a new test database; its folder is there. */
export async function newPath(hash: string, ending: string, keep: boolean): Promise<string> {
  const folder = join(await testFolder(), keep ? "kept" : ownFolderName);
  await mkdir(folder, { recursive: true });
  return join(folder, `${nextName(hash)}.${ending}`);
}

/** Removes a database with the files that its engine may have put beside it, and the folder when that was the last. */
export async function removeFile(file: string): Promise<void> {
  await Promise.all(["", "-wal", "-shm", "-journal"].map((ending) => rm(file + ending, { force: true })));
}

/** As `removeFile`, for a file of `newPath`. */
export async function removeTestFile(file: string): Promise<void> {
  await removeFile(file);
  await rmdir(join(file, "..")).catch(() => {});
}

/** Removes what processes have left that are no more. */
export async function sweepFiles(): Promise<void> {
  const folder = await testFolder();
  for (const name of await readdir(folder)) {
    const building = /\.building-(\d+)-/.exec(name);
    const leftover = building === null ? isLeftover(name) : !isAlive(Number(building[1]));
    if (leftover) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function ownerOfFolder(name: string) {
  const [, host = "", pid = "", start = ""] = /^run_([0-9a-f]{6})_(\d+)_(\w+)_/.exec(name) ?? [];
  return pid === "" ? null : { host, pid: Number(pid), start: start === "unknown" ? null : start };
}

function isLeftover(name: string): boolean {
  const owner = ownerOfFolder(name);
  return owner !== null && isGone(owner);
}

const templateName = ({ project, hash }: TestTemplate, ending: string) =>
  `template_${project}_${hash}.${ending}`;

/**
 * The template as a file, made by the first who needs it while others wait. `make` is given the path to write to. Templates
 * that the project had before are removed, and those that are old.
 */
export async function templateFile(
  template: TestTemplate,
  ending: string,
  make: (path: string) => Promise<void>,
): Promise<string> {
  const folder = await testFolder();
  const file = join(folder, templateName(template, ending));
  if (await exists(file)) return file;
  const unlock = await lockFile(`${file}.lock`);
  try {
    if (await exists(file)) return file;
    await sweepFiles();
    const building = `${file}.building-${process.pid}-${thisInstance}`;
    try {
      await make(building);
      await rename(building, file);
    } finally {
      await removeFile(building);
    }
    await removeStale(folder, template, ending);
    return file;
  } finally {
    await unlock();
  }
}

/** What the project had with other revisions, and what nobody has made anew for a week: its project may be gone. */
async function removeStale(folder: string, template: TestTemplate, ending: string): Promise<void> {
  const current = templateName(template, ending);
  const own = `template_${template.project}_`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith("template_") || name.endsWith(".lock") || name === current) continue;
    const path = join(folder, name);
    const isOwn = name.startsWith(own) && name.endsWith(`.${ending}`);
    if (isOwn || (await isOld(path))) await rm(path, { force: true });
  }
}

const oldMs = 7 * 24 * 60 * 60 * 1000;

async function isOld(path: string): Promise<boolean> {
  const state = await stat(path).catch(() => null);
  return state !== null && state.mtimeMs < Date.now() - oldMs;
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}

/** Waits until nobody else is making the file. Whoever died while making it does not count. */
async function lockFile(path: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await writeFile(path, `${process.pid}\n`, { flag: "wx" });
      return () => rm(path, { force: true });
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
    }
    const holder = Number.parseInt(await readFile(path, "utf8").catch(() => ""), 10);
    // Without a number it was just made, or has just been removed.
    if (Number.isInteger(holder) && !isAlive(holder)) await rm(path, { force: true });
    await pause(10);
  }
}

/** The test databases and templates that are files with this ending. */
export async function listFiles(
  ending: string,
  urlOf: (path: string) => string,
): Promise<readonly FoundDatabase[]> {
  const folder = await testFolder();
  const found: FoundDatabase[] = [];
  const add = async (path: string, rest: Pick<FoundDatabase, "kind" | "owner" | "pid" | "url">) => {
    const state = await stat(path).catch(() => null);
    if (state === null) return;
    const { size, birthtime } = state;
    const name = basename(path, `.${ending}`);
    found.push({ name, ...rest, bytes: size, madeAt: birthtime.toISOString() });
  };
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith(`.${ending}`)) {
      await add(path, { kind: "template", owner: "kept", pid: null, url: null });
    }
    if (!entry.isDirectory()) continue;
    const owner = ownerOfFolder(entry.name);
    for (const name of await readdir(path)) {
      if (!name.endsWith(`.${ending}`)) continue;
      const file = join(path, name);
      await add(file, { kind: "test", owner: stateOf(owner), pid: owner?.pid ?? null, url: urlOf(file) });
    }
  }
  return found;
}

function stateOf(owner: ReturnType<typeof ownerOfFolder>): FoundDatabase["owner"] {
  if (owner === null) return "kept";
  if (owner.host !== thisOwner.host) return "elsewhere";
  return isGone(owner) ? "gone" : "running";
}

/** Removes what `listFiles` names. */
export async function dropFile(name: string, ending: string): Promise<void> {
  const folder = await testFolder();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() && entry.name === `${name}.${ending}`) await rm(join(folder, entry.name));
    if (!entry.isDirectory()) continue;
    const names = await readdir(join(folder, entry.name));
    if (names.includes(`${name}.${ending}`))
      await removeTestFile(join(folder, entry.name, `${name}.${ending}`));
  }
}
