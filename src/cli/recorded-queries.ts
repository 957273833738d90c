import { relative, resolve, sep } from "node:path";
import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import type { Queries } from "../gate/compat/query.js";
import { ofLog, readQueries } from "../gate/compat/read-queries.js";
import { onlyRead } from "../run/only-read.js";
import type { Context } from "./context.js";

/** Milliseconds that the question may take. */
const patience = 30_000;

/** Readers of what the options name: files of queries, and environments whose server has noted them. */
export function recordedQueries(
  context: Context,
  { queries, queriesFrom }: { readonly queries: readonly string[]; readonly queriesFrom: readonly string[] },
): readonly (() => Promise<Queries>)[] {
  return [
    ...queries.map((name) => () => ofFile(context, resolve(context.cwd, name))),
    ...queriesFrom.map((name) => () => ofEnvironment(context, name)),
  ];
}

async function ofFile(context: Context, path: string): Promise<Queries> {
  const { root } = await context.config();
  const found = await readQueries(root, [{ path, file: path }], await context.dialect());
  if (found.queries.length + found.unread.length > 0) return found;
  throw new AludelError(
    "queries-not-found",
    `${relative(context.cwd, path).split(sep).join("/")} has no query`,
    {
      where: { file: path },
      remedy: 'Give it queries: SQL, or a line of JSON each, {"sql": "…"}.',
    },
  );
}

async function ofEnvironment(context: Context, name: string): Promise<Queries> {
  const { chooseEnvironment } = await import("../config/environment.js");
  const { dialectOfUrl, loadDialect } = await import("../dialect/registry.js");
  const config = await context.config();
  const { url } = chooseEnvironment(config, { url: null, name });
  const dialect = await loadDialect(dialectOfUrl(url));
  if (dialect.usedQueries === undefined) {
    throw new AludelError("queries-unavailable", `${dialect.name} does not note which queries it is asked`, {
      remedy: "Record the queries of your tests and give the file: --queries FILE.",
    });
  }
  const options = { directory: config.root, applicationName: "aludel", mustExist: true };
  const connection = await dialect.connect(url, options);
  const cancel = () => void connection.cancel().catch(() => undefined);
  context.signal.addEventListener("abort", cancel, { once: true });
  try {
    await onlyRead(dialect, connection, () => dialect.connect(url, options), patience);
    return await ask(dialect, connection, name);
  } finally {
    context.signal.removeEventListener("abort", cancel);
    await connection.close();
  }
}

async function ask(dialect: Dialect, connection: Connection, name: string): Promise<Queries> {
  const texts = (await dialect.usedQueries?.(connection)) ?? [];
  const place = { file: null, line: null, place: `noted in ${name}` };
  return ofLog(
    texts.map((sql) => ({ sql, line: 1 })),
    () => place,
    dialect,
  );
}
