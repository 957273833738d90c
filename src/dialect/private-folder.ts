import { mkdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A folder of this user in the system's folder for temporary files, made where it is missing; `null` when it cannot be
 * trusted, because others could have put something there.
 */
export async function privateFolder(name: string): Promise<string | null> {
  const owner = process.getuid?.() ?? "user";
  const folder = join(tmpdir(), `${name}-${owner}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const state = await stat(folder);
    return process.getuid && (state.uid !== owner || (state.mode & 0o022) !== 0) ? null : folder;
  } catch {
    return null;
  }
}
