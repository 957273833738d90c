import { inspect as show } from "node:util";
import { loadDialect } from "../../../src/dialect/registry.js";
import type { Schema, Table } from "../../../src/schema/schema.js";
import { differingLines } from "../../dump/differences.js";
import { inspect } from "../../scenario/project.js";
import type { Bench, LawEngine } from "./law.js";

async function open(): Promise<Bench> {
  const dialect = await loadDialect("sqlite");
  const connection = await dialect.connect("sqlite::memory:", { directory: process.cwd() });
  return {
    connection,
    // No program writes it in one form: the text of a table is as it was written, and ALTER TABLE writes into it.
    dump: async () => lines(dialect.normalize.schema(await inspect({ dialect }, connection))),
    dispose: () => connection.close(),
  };
}

/** Everything that inspection finds, without the texts that it finds it in, and the order of what was added later. */
function lines(schema: Schema): string {
  const table = ({ origin: _, columns, constraints, indexes, ...rest }: Table) => ({
    ...rest,
    // One value in two spellings is no difference.
    columns: sorted(columns.map((one) => (one.default === "TRUE" ? { ...one, default: "1" } : one))),
    // A name that nobody chose is whatever the database has.
    constraints: sorted(constraints.map(({ name: _, implicitName: __, ...constraint }) => constraint)),
    indexes: sorted(indexes),
  });
  const views = [...schema.views.values()].map(({ origin: _, ...view }) => view);
  const { dependencies: __, ...plain } = schema;
  const all = {
    ...plain,
    tables: sorted([...schema.tables.values()].map(table)),
    views: sorted(views),
    defined: sorted([...schema.defined.values()]),
  };
  return show(all, {
    depth: null,
    breakLength: 100,
    sorted: true,
    maxArrayLength: null,
    maxStringLength: null,
  });
}

function sorted<T>(list: readonly T[]): readonly T[] {
  const key = (one: T) => JSON.stringify(one);
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** In this process. */
export async function sqliteEngine(): Promise<LawEngine & { close(): Promise<void> }> {
  const idle = await open();
  return {
    dialect: "sqlite",
    open,
    idle: idle.connection,
    differ: (expected, actual) => differingLines(expected, actual).join("\n"),
    close: idle.dispose,
  };
}
