import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TableSize } from "../dialect/dialect.js";
import { dialects } from "../dialect/registry.js";
import { AludelError, messageOf } from "../error/error.js";
import type { Context } from "./context.js";

const ofEnvironment = /^env:(.*)$/;

/** True for `env:production` and for the URL of a database; else it is a file. */
export function isLive(stats: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(stats)?.[1]?.toLowerCase();
  const schemes = Object.values(dialects).flatMap((one) => one.schemes as readonly string[]);
  return ofEnvironment.test(stats) || (scheme !== undefined && schemes.includes(scheme));
}

/**
 * Asks a database for the sizes of its tables. It is only read, in a transaction that may do nothing else.
 * @throws AludelError `usage` for an engine that keeps no such numbers, and the errors of connecting.
 */
export async function liveSizes(context: Context, stats: string): Promise<readonly TableSize[]> {
  const { dialectOfUrl, loadDialect } = await import("../dialect/registry.js");
  const { url, directory } = await databaseOf(context, stats);
  const dialect = await loadDialect(dialectOfUrl(url));
  if (dialect.tableSizes === undefined) {
    throw new AludelError("usage", `${dialect.name} does not know how many rows its tables have`, {
      remedy: "Give --stats a file: lint says which shapes it may have.",
    });
  }
  const connection = await dialect.connect(url, { directory, applicationName: "aludel", mustExist: true });
  const cancel = () => void connection.cancel().catch(() => undefined);
  context.signal.addEventListener("abort", cancel, { once: true });
  try {
    return await dialect.tableSizes(connection);
  } finally {
    context.signal.removeEventListener("abort", cancel);
    await connection.close();
  }
}

async function databaseOf(
  context: Context,
  stats: string,
): Promise<{ readonly url: string; readonly directory: string }> {
  const name = ofEnvironment.exec(stats)?.[1];
  if (name === undefined) return { url: stats, directory: context.cwd };
  const { chooseEnvironment } = await import("../config/environment.js");
  const config = await context.config();
  return { url: chooseEnvironment(config, { url: null, name }).url, directory: config.root };
}

/** The file that `--stats` reads: a line for each table, so that a change of one is a change of a line. */
export function writeSizes(context: Context, file: string, sizes: readonly TableSize[]): void {
  const path = resolve(context.cwd, file);
  const lines = sizes.map((size) => `  ${JSON.stringify(size)}`).join(",\n");
  try {
    writeFileSync(path, sizes.length === 0 ? "[]\n" : `[\n${lines}\n]\n`);
  } catch (error) {
    throw new AludelError("file-unwritable", `The sizes of tables cannot be written: ${messageOf(error)}`, {
      where: { file: path },
      cause: error,
      remedy: "Give --write-stats a file that can be written.",
    });
  }
}
