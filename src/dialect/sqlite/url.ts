import { isAbsolute, resolve } from "node:path";
import { AludelError } from "../../error/error.js";

/** What a SQLite URL says. */
export interface SqliteUrl {
  /** Absolute path, or `:memory:`. */
  readonly path: string;
  /** `ro`: nothing may be written · `rw`: the file must exist · `rwc`: it is made. */
  readonly mode: "ro" | "rw" | "rwc";
  /** Milliseconds that a statement waits for another process; SQLite's busy timeout. */
  readonly busyTimeoutMs: number;
}

const modes = ["ro", "rw", "rwc", "memory"] as const;

/**
 * Reads `sqlite:./file.db`, `sqlite:/abs/file.db`, `sqlite:///abs/file.db`, `sqlite::memory:`, `sqlite:` (memory too)
 * and the same after `file:`. Options: `mode` = ro, rw, rwc (default) or memory (SQLite: "Uniform Resource
 * Identifiers"), `busy_timeout` = milliseconds (default 5000). Relative paths start at `directory`.
 * @throws AludelError `url-invalid`.
 */
export function parseUrl(url: string, directory: string): SqliteUrl {
  const match = /^(?:sqlite|file):([^?]*)(?:\?(.*))?$/is.exec(url);
  if (match === null) throw invalid(url, "It does not start with sqlite: or file:");
  const options = readOptions(url, match[2] ?? "");
  const path = readPath(url, match[1] ?? "");
  const inMemory = path === "" || path === ":memory:" || options.mode === "memory";
  return {
    path: inMemory ? ":memory:" : isAbsolute(path) ? path : resolve(directory, path),
    mode: options.mode === "memory" ? "rwc" : options.mode,
    busyTimeoutMs: options.busyTimeoutMs,
  };
}

function readPath(url: string, text: string): string {
  let path: string;
  try {
    path = decodeURIComponent(text);
  } catch {
    throw invalid(
      url,
      "A % in it is not followed by two hexadecimal digits; write %25 for the character itself",
    );
  }
  if (path.includes("\u0000")) throw invalid(url, "The path contains a NUL character");
  if (!path.startsWith("//")) return windowsDrive(path);
  const [, host = "", rest = ""] = /^\/\/([^/]*)(.*)$/s.exec(path) ?? [];
  if (host === "" || host === "localhost") return windowsDrive(rest);
  throw invalid(url, `After // comes a server (${host}), and SQLite has none`);
}

/** `/C:/data/x.db`, as URLs write the path of a drive. */
function windowsDrive(path: string): string {
  return /^\/[A-Za-z]:[\\/]/.test(path) && process.platform === "win32" ? path.slice(1) : path;
}

function readOptions(url: string, query: string): { mode: (typeof modes)[number]; busyTimeoutMs: number } {
  const result = { mode: "rwc" as (typeof modes)[number], busyTimeoutMs: 5000 };
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === "mode") {
      const mode = modes.find((one) => one === value);
      if (mode === undefined) throw invalid(url, `mode=${value} is none of ${modes.join(", ")}`);
      result.mode = mode;
    } else if (name === "busy_timeout") {
      if (!/^\d{1,9}$/.test(value))
        throw invalid(url, `busy_timeout=${value} is not a number of milliseconds`);
      result.busyTimeoutMs = Number(value);
    } else throw invalid(url, `The option ${name} is not known; there are mode and busy_timeout`);
  }
  return result;
}

function invalid(url: string, reason: string): AludelError {
  return new AludelError("url-invalid", `The SQLite URL could not be understood: ${reason}`, {
    data: { url },
    remedy: "Write sqlite:./file.db, sqlite:///absolute/path/file.db or sqlite::memory:.",
  });
}
