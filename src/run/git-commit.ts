import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return null;
  }
}

/** The repository's folder of git data for a working tree at `folder` or above; `null` outside a repository. */
function findGitFolder(folder: string): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const candidate = join(at, ".git");
    const found = statSync(candidate, { throwIfNoEntry: false });
    if (found?.isDirectory()) return candidate;
    // In a linked working tree and in a submodule `.git` is a file that says where.
    const link = found?.isFile() ? /^gitdir: (.+)$/m.exec(readText(candidate) ?? "")?.[1] : undefined;
    if (link !== undefined) return resolve(at, link);
    if (dirname(at) === at) return null;
  }
}

/**
 * The commit that is checked out, for the run log: 40 hex digits, or `null` outside a repository or before its first
 * commit. Read from the files, because starting git would cost more than many a command takes.
 */
export function gitCommit(folder: string): string | null {
  const git = findGitFolder(folder);
  if (git === null) return null;
  const head = readText(join(git, "HEAD"));
  const reference = head === null ? undefined : /^ref: (.+)$/.exec(head)?.[1];
  if (reference === undefined) return head;
  const common = readText(join(git, "commondir"));
  const folders = common === null ? [git] : [git, resolve(git, common)];
  for (const one of folders) {
    const loose = readText(join(one, reference));
    if (loose !== null) return loose;
    const packed = readText(join(one, "packed-refs"));
    const line = packed?.split("\n").find((entry) => entry.endsWith(` ${reference}`));
    if (line !== undefined) return line.slice(0, line.indexOf(" "));
  }
  return null;
}
