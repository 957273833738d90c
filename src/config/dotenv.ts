import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { AludelError, messageOf } from "../error/error.js";

/**
 * Adds the variables of the folder's `.env` file to `variables`; those that are set already stay as they are.
 *
 * Resolves with the file's path, or `null` when there is none. The format is the one of Node's `util.parseEnv`.
 * @throws AludelError `file-unreadable`.
 */
export async function applyDotenv(folder: string, variables: NodeJS.ProcessEnv): Promise<string | null> {
  const file = join(folder, ".env");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "EISDIR") return null;
    throw new AludelError("file-unreadable", `The .env file could not be read: ${messageOf(error)}`, {
      where: { file },
      cause: error,
      remedy: "Make it readable for this user, or move it away and set the variables in the environment.",
    });
  }
  for (const [name, value] of Object.entries(parseEnv(text))) variables[name] ??= value;
  return file;
}
