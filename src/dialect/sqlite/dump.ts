import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { AludelError, messageOf } from "../../error/error.js";
import type { DumpDialect, Restored, RestoreOptions } from "../dumps.js";
import { connect } from "./connect.js";
import { splitStatements } from "./split.js";

/** The first bytes of a database (SQLite: "Database File Format", 1.3). */
const magic = Buffer.from("SQLite format 3\0", "latin1");

/** A copy of a database's file, or what a script of `sqlite3 .dump` makes; either may be compressed by gzip. */
export const dumps: DumpDialect = {
  async restore(file, options) {
    const bytes = read(file);
    const isCompressed = bytes.subarray(0, 2).toString("hex") === "1f8b";
    const content = isCompressed ? gunzipped(bytes, file) : bytes;
    if (content.subarray(0, magic.length).equals(magic)) {
      return copied(file, isCompressed ? content : null, options);
    }
    return replayed(file, content, options);
  },
};

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable(
      file,
      `The dump cannot be read: ${messageOf(error)}`,
      "See that the file is there and may be read.",
    );
  }
}

function gunzipped(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw unreadable(file, `The dump cannot be read: ${messageOf(error)}`, "Make it anew.");
  }
}

async function copied(
  file: string,
  content: Buffer | null,
  { directory }: RestoreOptions,
): Promise<Restored> {
  const folder = mkdtempSync(join(tmpdir(), "aludel-dump-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, "dump.db");
    if (content === null) {
      copyFileSync(file, copy);
      // What is committed may not be in the file itself yet.
      if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    } else writeFileSync(copy, content);
    const connection = await connect(pathToFileURL(copy).href, { directory, mustExist: true });
    return {
      connection,
      description: `a copy of ${basename(file)}`,
      leftOut: 0,
      dispose: async () => {
        await connection.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error instanceof AludelError ? unreadable(file, error.message, error.remedy) : error;
  }
}

async function replayed(file: string, content: Buffer, { openScratch }: RestoreOptions): Promise<Restored> {
  const script = content.toString("utf8").replace(/^\uFEFF/, "");
  if (script.includes("\0")) {
    throw unreadable(
      file,
      "The dump is neither a database of SQLite nor SQL",
      "Make it with `sqlite3 DATABASE .dump`, or copy the file.",
    );
  }
  const scratch = await openScratch();
  let line = 1;
  try {
    for (const statement of splitStatements(script)) {
      line = statement.line;
      await scratch.connection.run(statement.sql);
    }
    // A dump switches them off.
    await scratch.connection.run("PRAGMA foreign_keys = ON");
    return {
      connection: scratch.connection,
      description: `${scratch.description} with ${basename(file)}`,
      leftOut: 0,
      dispose: () => scratch.dispose(),
    };
  } catch (error) {
    await scratch.dispose();
    if (!(error instanceof AludelError)) throw error;
    const where = {
      line: error.where.line ?? line,
      ...(error.where.statement === undefined ? {} : { statement: error.where.statement }),
    };
    throw new AludelError("dump-unreadable", `The dump could not be restored: ${error.message}`, {
      where: { file, ...where },
      remedy: error.remedy,
      cause: error,
    });
  }
}

function unreadable(file: string, message: string, remedy: string): AludelError {
  return new AludelError("dump-unreadable", message, { where: { file }, remedy });
}
