import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { AludelError, messageOf } from "../../error/error.js";

/** A file as it should be. */
export interface Planned {
  readonly file: string;
  readonly text: string;
  /** What it holds now; `null` where there is none. */
  readonly before: string | null;
  readonly executable?: true;
}

/** The text of a file; `null` where there is none. @throws AludelError `file-unreadable`. */
export async function textOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new AludelError("file-unreadable", `It could not be read: ${messageOf(error)}`, {
      where: { file },
      cause: error,
      remedy: "Make it a file that this user can read.",
    });
  }
}

/** A file that is new, or is what it should be. @throws AludelError `file-exists` with what to add to it by hand. */
export async function plannedFile(
  file: string,
  text: string,
  byHand: { readonly remedy: string; readonly lines: readonly string[] },
): Promise<Planned> {
  const before = await textOrNull(file);
  if (before === null || before === text) return { file, text, before };
  throw inTheWay(file, byHand);
}

/** The error of a file that is somebody's own. */
export function inTheWay(
  file: string,
  byHand: { readonly remedy: string; readonly lines: readonly string[] },
): AludelError {
  return new AludelError("file-exists", "The file is there, with other contents", {
    where: { file },
    remedy: byHand.remedy,
    details: byHand.lines,
  });
}

/** @throws AludelError `file-unwritable`. */
export async function writePlanned({ file, text, before, executable }: Planned): Promise<void> {
  if (text === before) return;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: before === null ? "wx" : "w" });
    if (executable) await chmod(file, 0o755);
  } catch (error) {
    throw new AludelError("file-unwritable", `It could not be written: ${messageOf(error)}`, {
      where: { file },
      cause: error,
      remedy: "Make the folder writable for this user.",
    });
  }
}
