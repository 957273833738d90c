import { AludelError } from "../../../error/error.js";
import { betterSqlite3, libsql } from "./better-sqlite3.js";
import type { Driver } from "./driver.js";
import { nodeSqlite } from "./node-sqlite.js";

const chosen = new Map<string, Driver>();

/**
 * The first driver that is there: Node's own, better-sqlite3, libsql. The packages are looked for in `directory`
 * first, then beside Aludel.
 * @throws AludelError `dependency-missing` with what to install.
 */
export function chooseDriver(directory: string): Driver {
  const known = chosen.get(directory);
  if (known !== undefined) return known;
  const unusable: string[] = [];
  for (const load of [nodeSqlite, betterSqlite3, libsql]) {
    const driver = load(directory);
    if (driver === null) continue;
    if ("unusable" in driver) {
      unusable.push(driver.unusable);
      continue;
    }
    chosen.set(directory, driver);
    return driver;
  }
  throw new AludelError("dependency-missing", "There is no SQLite driver", {
    details: unusable.map((reason) => `It is installed and cannot be loaded: ${reason}.`),
    remedy: "Run `npm install better-sqlite3`, or use Node 22.13 or newer, which has SQLite built in.",
  });
}
