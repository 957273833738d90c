import { relative } from "node:path";
import { loadDialect } from "../../dialect/registry.js";
import { AludelError } from "../../error/error.js";
import { isEmptySchema } from "../../schema/build.js";
import type { DialectName } from "../../schema/name.js";
import type { Schema } from "../../schema/schema.js";
import { openVersions, readScripts, runScripts } from "../script.js";
import type { ReadOptions, Source } from "../source.js";

/**
 * The desired schema as SQL files, in any order: each statement runs in a scratch database as soon as what it names is
 * there, and what they made is inspected. So the engine itself says what the SQL means, whatever it uses.
 */
export const sql: Source = {
  name: "sql",
  unsaid: [],
  recognizes: async (files) => files.length > 0 && files.every((file) => /\.sql$/i.test(file)),
  read,
  indexText: async (_, table, { name, columns }) => {
    const on =
      table.namespace === null ? quote(table.name) : `${quote(table.namespace)}.${quote(table.name)}`;
    return `CREATE INDEX ${quote(name)} ON ${on} (${columns.map(quote).join(", ")});`;
  },
};

const quote = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

async function read(options: ReadOptions): Promise<Schema> {
  const dialect = await loadDialect(dialectOf(options));
  const scripts = await readScripts(options.files, options.root, dialect);
  const scratch = await options.openScratch();
  try {
    await runScripts(dialect, scratch.connection, scripts);
    const schema = await dialect.inspect(scratch.connection, {
      namespaces: "all",
      ignoreTables: [],
      grants: true,
    });
    if (isEmptySchema(schema)) throw nothingMade(options);
    return openVersions(dialect.normalize.schema(schema), scripts);
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

function nothingMade(options: ReadOptions): AludelError {
  return new AludelError("models-empty", "The SQL files make no table", {
    remedy: "Write the schema that you want as CREATE statements into the files.",
    details: options.files.map((file) => relative(options.root, file)),
    data: { files: options.files },
  });
}
