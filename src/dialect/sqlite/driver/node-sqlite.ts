import type { Row } from "../../connection.js";
import type { ResultColumn } from "../../description.js";
import type { Bound, Database, Driver } from "./driver.js";

/** The part of `node:sqlite` that is used; the types of Node 20 do not have the module. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
  ) => {
    prepare(sql: string): {
      setReadBigInts(on: boolean): void;
      all(...values: readonly Bound[]): Row[];
      /** From 22.16 and 23.11 on. */
      columns?(): readonly ResultColumn[];
    };
    exec(sql: string): void;
    close(): void;
  };
}

/**
 * Loads the module without its ExperimentalWarning: the warning is Node's word to whoever chose the module, and the
 * user of Aludel did not. It is emitted while the module loads, which is synchronous, so that no other is lost.
 */
function load(): NodeSqlite | null {
  const emitWarning = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: readonly unknown[]) => {
    if (/SQLite is an experimental feature/.test(String(warning))) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  }) as typeof process.emitWarning;
  try {
    return (process.getBuiltinModule("node:sqlite") as NodeSqlite | undefined) ?? null;
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** SQLite in Node itself, from 22.5 on (from 22.13 on without a flag). */
export function nodeSqlite(): Driver | null {
  const module = load();
  return module === null ? null : { name: "node:sqlite", open: (path) => open(module, path) };
}

function open(module: NodeSqlite, path: string): Database {
  const database = new module.DatabaseSync(path);
  let isOpen = true;
  return {
    prepare: (sql) => {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      return {
        all: (values) => statement.all(...values),
        columns: () => statement.columns?.().map(({ name, type }) => ({ name, type })) ?? null,
      };
    },
    exec: (script) => database.exec(script),
    close: () => {
      if (isOpen) database.close();
      isOpen = false;
    },
  };
}
