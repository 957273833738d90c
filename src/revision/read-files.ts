import { realpathSync } from "node:fs";
import { resolve, sep } from "node:path";
import { AludelError } from "../error/error.js";
import { compileTogether } from "./compile-together.js";
import { readFacts, type ScannedFacts, scanFacts } from "./facts.js";
import { type HeaderCache, openHeaderCache } from "./header-cache.js";
import type { RevisionFacts } from "./known-facts.js";
import { type ListedFile, listFiles, requireFile } from "./read-folder.js";
import { readRevision } from "./read-header.js";
import { readText } from "./read-text.js";
import type { Revision } from "./revision.js";

/** A file of a revisions folder with all that can be said of it without running it. */
export interface FileReading {
  readonly folder: string;
  readonly file: string;
  /** Where the file really is, when it is a link that leads out of its folder. */
  readonly outside: string | null;
  /** `null` when not even the header could be read. */
  readonly revision: Revision | null;
  /** `null` when the rest of the file has a mistake. */
  readonly facts: RevisionFacts | null;
  /** Why something could not be read. */
  readonly error: AludelError | null;
}

type Content = Pick<FileReading, "revision" | "facts" | "error">;

/** What a file says, if the engine takes its script. */
interface Waiting {
  readonly revision: Revision;
  readonly text: string;
  readonly scanned: ScannedFacts;
}

const isWaiting = (content: Content | Waiting): content is Waiting => "scanned" in content;

function readContent({ path: file, isPlain }: ListedFile, cache: HeaderCache): Content | Waiting {
  let revision: Revision | null = null;
  try {
    if (!isPlain) requireFile(file);
    const known = cache.find(file);
    const facts = known === null ? null : cache.facts(file);
    if (known !== null && facts !== null) return { revision: known, facts, error: null };
    const text = readText(file);
    revision = readRevision(file, text);
    cache.keep(revision);
    const scanned = scanFacts(revision, text);
    if (scanned !== null) return { revision, text, scanned };
    return withFacts(revision, readFacts(revision, text), cache);
  } catch (thrown) {
    return unread(revision, thrown);
  }
}

function withFacts(revision: Revision, facts: RevisionFacts, cache: HeaderCache): Content {
  cache.keep(revision, facts);
  return { revision, facts, error: null };
}

function unread(revision: Revision | null, thrown: unknown): Content {
  if (!(thrown instanceof AludelError)) throw thrown;
  return { revision, facts: null, error: thrown };
}

/** So many texts wait for one compilation. */
const together = 200;

/** What the files say, in their order. */
function readContents(files: readonly ListedFile[], cache: HeaderCache): readonly Content[] {
  const contents: Content[] = [];
  const waiting: (Waiting & { readonly at: number })[] = [];
  const settle = () => {
    const taken = compileTogether(waiting.map(({ scanned }) => scanned.script));
    for (const [position, { at, revision, text, scanned }] of waiting.entries()) {
      try {
        // What the engine refuses is parsed, which finds where the mistake is.
        const facts = taken[position] === true ? scanned.facts : readFacts(revision, text);
        contents[at] = withFacts(revision, facts, cache);
      } catch (thrown) {
        contents[at] = unread(revision, thrown);
      }
    }
    waiting.length = 0;
  };
  for (const [at, file] of files.entries()) {
    const content = readContent(file, cache);
    if (isWaiting(content)) waiting.push({ ...content, at });
    else contents[at] = content;
    if (waiting.length === together) settle();
  }
  settle();
  return contents;
}

/** Where a link leads, if that is out of the folder. One that leads nowhere is found when it is read. */
function outsideOf(folder: string, file: string): string | null {
  try {
    const target = realpathSync(file);
    return target.startsWith(realpathSync(folder) + sep) ? null : target;
  } catch {
    return null;
  }
}

/**
 * Every file of the folders that should be a revision, in the order of their names, read as far as it can be. Nothing
 * is run, and nothing is thrown for a file.
 *
 * @throws AludelError `file-unreadable` for a folder.
 */
export function readFiles(
  folders: readonly string[],
  options: { readonly recursive?: boolean } = {},
): readonly FileReading[] {
  return folders.flatMap((one) => {
    const folder = resolve(one);
    const files = listFiles(folder, options.recursive ?? false);
    const cache = openHeaderCache(folder, files.length);
    const contents = readContents(files, cache);
    cache.save();
    return files.map(({ path: file, isPlain }, at): FileReading => {
      const { revision = null, facts = null, error = null } = contents[at] ?? {};
      return { folder, file, outside: isPlain ? null : outsideOf(folder, file), revision, facts, error };
    });
  });
}
