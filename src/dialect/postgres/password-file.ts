import { readFile, stat } from "node:fs/promises";
import type { Host } from "./url.js";

/** The fields of a line; `\:` and `\\` stand for themselves. */
function fields(line: string): readonly string[] {
  const all = [""];
  for (let i = 0; i < line.length; i++) {
    let character = line[i];
    if (character === ":" && all.length < 5) {
      all.push("");
      continue;
    }
    if (character === "\\" && i + 1 < line.length) character = line[++i];
    all[all.length - 1] += character ?? "";
  }
  return all;
}

/**
 * The password that a password file has for a connection; `null` when it has none, when there is no such file, or
 * when others can read it: libpq then ignores it, too.
 *
 * Source: PostgreSQL manual, "The Password File" (libpq-pgpass).
 */
export async function passwordFromFile(
  file: string,
  at: { readonly host: Host; readonly database: string; readonly user: string },
): Promise<string | null> {
  const state = await stat(file).catch(() => null);
  if (!state?.isFile()) return null;
  if (process.platform !== "win32" && (state.mode & 0o077) !== 0) return null;
  // A socket in the default folder is written as localhost there.
  const names = at.host.host.startsWith("/") ? [at.host.host, "localhost"] : [at.host.host];
  for (const line of (await readFile(file, "utf8")).split(/\r?\n/)) {
    if (line === "" || line.startsWith("#")) continue;
    const [host, port, database, user, password] = fields(line);
    if (password === undefined || password === "") continue;
    const fits =
      (host === "*" || names.some((name) => name === host)) &&
      (port === "*" || port === String(at.host.port)) &&
      (database === "*" || database === at.database) &&
      (user === "*" || user === at.user);
    if (fits) return password;
  }
  return null;
}
