import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import type { Connection } from "../../dialect/connection.js";
import type { Dialect } from "../../dialect/dialect.js";
import { loadDialect } from "../../dialect/registry.js";
import { AludelError, messageOf } from "../../error/error.js";
import { isEmptySchema } from "../../schema/build.js";
import type { DialectName } from "../../schema/name.js";
import type { Schema } from "../../schema/schema.js";
import type { ReadOptions, Source } from "../source.js";

/**
 * The desired schema as SQL files, in the order given: each statement runs in a scratch database, and what they made
 * is inspected. So the engine itself says what the SQL means, whatever it uses.
 */
export const sql: Source = {
  name: "sql",
  unsaid: [],
  recognizes: async (files) => files.length > 0 && files.every((file) => /\.sql$/i.test(file)),
  read,
};

async function read(options: ReadOptions): Promise<Schema> {
  const dialect = await loadDialect(dialectOf(options));
  const scripts = await Promise.all(
    options.files.map(async (file) => ({ file, text: await readScript(file, options.root) })),
  );
  const scratch = await options.openScratch();
  try {
    for (const { file, text } of scripts) await load(file, text, options.root, dialect, scratch.connection);
    if (dialect.sessionReset !== null) await scratch.connection.run(dialect.sessionReset);
    const schema = await dialect.inspect(scratch.connection, { namespaces: "all", ignoreTables: [] });
    if (isEmptySchema(schema)) throw nothingMade(options);
    return dialect.normalize.schema(schema);
  } finally {
    await scratch.dispose();
  }
}

function dialectOf(options: ReadOptions): DialectName {
  if (options.dialect !== null) return options.dialect;
  throw new AludelError("config-invalid", "SQL files do not say which engine they are for", {
    remedy: "Set `dialect` in aludel.config.ts, or name an environment whose URL tells it.",
    details: options.files.map((file) => relative(options.root, file)),
  });
}

async function readScript(file: string, root: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (thrown) {
    throw new AludelError("file-unreadable", `${relative(root, file)} cannot be read: ${messageOf(thrown)}`, {
      remedy: "See that the file exists and may be read.",
      where: { file },
      cause: thrown,
    });
  }
}

/** Runs a file's statements one at a time, so that an error names its line. */
async function load(
  file: string,
  text: string,
  root: string,
  dialect: Dialect,
  connection: Connection,
): Promise<void> {
  const script = text.replace(/^\uFEFF/, "");
  const statements = await dialect.splitScript(script).catch((thrown: unknown) => {
    throw thrown instanceof AludelError ? thrown.at({ file }) : thrown;
  });
  for (const statement of statements) {
    try {
      await connection.run(statement.sql);
    } catch (thrown) {
      throw failed(thrown, relative(root, file), {
        file,
        line: statement.line,
        statement: statement.sql,
      });
    }
  }
}

function failed(
  thrown: unknown,
  name: string,
  where: { readonly file: string; readonly line: number; readonly statement: string },
): unknown {
  if (!(thrown instanceof AludelError)) return thrown;
  return new AludelError("models-unreadable", `${name}:${where.line}: ${thrown.message}`, {
    remedy:
      "Correct the statement; the files run in the order of the configuration, each statement after the other.",
    where,
    cause: thrown,
    details: thrown.details,
    data: thrown.data,
  });
}

function nothingMade(options: ReadOptions): AludelError {
  return new AludelError("models-empty", "The SQL files make no table", {
    remedy: "Write the schema that you want as CREATE statements into the files.",
    details: options.files.map((file) => relative(options.root, file)),
    data: { files: options.files },
  });
}
