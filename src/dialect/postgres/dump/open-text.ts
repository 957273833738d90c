import { spawn } from "node:child_process";
import { createReadStream, statSync } from "node:fs";
import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { AludelError, messageOf } from "../../../error/error.js";

/**
 * The lines of a dump, whatever form it has: SQL, the same compressed by gzip, or a form that pg_restore turns into SQL.
 * @throws AludelError `dump-unreadable`.
 */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const head = await beginningOf(file);
  if (head === null || head.startsWith("PGDMP") || head.startsWith("toc.dat")) yield* restored(file);
  else yield* split(head.startsWith("\x1f\x8b") ? gunzipped(file) : createReadStream(file), file);
}

/** Its first bytes, each a character; `null` for a folder. */
async function beginningOf(file: string): Promise<string | null> {
  try {
    if (statSync(file).isDirectory()) return null;
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
      return buffer.toString("latin1", 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(
      file,
      `The dump cannot be read: ${messageOf(error)}`,
      "See that the file is there and may be read.",
    );
  }
}

function gunzipped(file: string): Readable {
  const source = createReadStream(file);
  const text = createGunzip();
  source.on("error", (error) => text.destroy(error));
  return source.pipe(text);
}

async function* split(source: Readable, file: string): AsyncGenerator<string> {
  // Among the rows of a dump \u2028 and a lone \r are no ends of lines.
  let rest = "";
  source.setEncoding("utf8");
  try {
    for await (const chunk of source) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
    }
  } catch (error) {
    if (error instanceof AludelError) throw error;
    throw unreadable(file, `The dump cannot be read: ${messageOf(error)}`, "Make it anew.");
  }
  if (rest !== "") yield rest;
}

async function* restored(file: string): AsyncGenerator<string> {
  const child = spawn("pg_restore", ["--no-owner", "--no-privileges", "--file=-", file], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const ended = new Promise<number | Error>((resolve) => {
    child.on("error", resolve);
    child.on("close", (code) => resolve(code ?? 1));
  });
  try {
    yield* split(child.stdout, file);
    const result = await ended;
    if (result instanceof Error) {
      throw unreadable(
        file,
        "The dump is in a form that only pg_restore reads, and that is not to be found",
        "Install the programs of PostgreSQL (postgresql-client), or make the dump as text: pg_dump --format=plain.",
      );
    }
    if (result !== 0) {
      throw unreadable(
        file,
        `pg_restore failed: ${said.trim()}`,
        "Use a pg_restore that is at least as new as the pg_dump was.",
      );
    }
  } finally {
    child.kill();
  }
}

function unreadable(file: string, message: string, remedy: string): AludelError {
  return new AludelError("dump-unreadable", message, { where: { file }, remedy });
}
