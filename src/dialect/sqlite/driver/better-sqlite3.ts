import { createRequire } from "node:module";
import { join } from "node:path";
import { messageOf } from "../../../error/error.js";
import type { Row } from "../../connection.js";
import type { ResultColumn } from "../../description.js";
import type { Bound, Database, Driver, LoadDriver } from "./driver.js";

/** What better-sqlite3 and libsql have in common. */
type DatabaseClass = new (
  path: string,
) => {
  prepare(sql: string): {
    readonly reader: boolean;
    columns(): readonly ResultColumn[];
    safeIntegers(on: boolean): unknown;
    all(values: readonly Bound[]): Row[];
    run(values: readonly Bound[]): unknown;
  };
  exec(sql: string): unknown;
  close(): unknown;
};

/** The package from the user's project, otherwise from where Aludel is installed; `null` when neither has it. */
function resolve(name: string, directory: string): string | null {
  for (const from of [join(directory, "package.json"), import.meta.url]) {
    try {
      return createRequire(from).resolve(name);
    } catch {
      // Not there: the next place.
    }
  }
  return null;
}

function loadPackage(name: string, directory: string): ReturnType<LoadDriver> {
  const file = resolve(name, directory);
  if (file === null) return null;
  try {
    const loaded: unknown = createRequire(import.meta.url)(file);
    const Database = loaded as DatabaseClass;
    // The compiled part is loaded with the first database: one made for another Node shows here.
    new Database(":memory:").close();
    return driver(name, Database);
  } catch (error) {
    return { unusable: `${name}: ${messageOf(error).split("\n")[0]}` };
  }
}

function driver(name: string, Database: DatabaseClass): Driver {
  return {
    name,
    open: (path): Database => {
      const database = new Database(path);
      return {
        prepare: (sql) => {
          const statement = database.prepare(sql);
          if (statement.reader) statement.safeIntegers(true);
          return {
            all: (values) => {
              if (statement.reader) return statement.all(values);
              statement.run(values);
              return [];
            },
            columns: () =>
              statement.reader ? statement.columns().map(({ name, type }) => ({ name, type })) : [],
          };
        },
        exec: (script) => {
          database.exec(script);
        },
        close: () => {
          database.close();
        },
      };
    },
  };
}

/** The package better-sqlite3, if the user's project has it. */
export const betterSqlite3: LoadDriver = (directory) => loadPackage("better-sqlite3", directory);

/** The package libsql, which has the interface of better-sqlite3 (on local files SQLite with extensions). */
export const libsql: LoadDriver = (directory) => loadPackage("libsql", directory);
