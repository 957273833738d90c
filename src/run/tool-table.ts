import type { Connection, Row } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import type { FoundRevision, Standing, Tool } from "../revision/import/found.js";
import { tools } from "../revision/import/tools.js";
import { type ObjectName, showName } from "../schema/name.js";
import { unlessMissing } from "./missing-table.js";

/** What another tool says of a database, and where it stood. */
export interface ToolState {
  readonly table: string;
  readonly standing: Standing;
}

/**
 * Reads the table in which another tool keeps what it applied. Nothing is written.
 * @throws AludelError `import-refused` without such a table, and while the tool is running.
 */
export async function readToolTable(
  connection: Connection,
  dialect: Dialect,
  tool: Tool,
  revisions: readonly FoundRevision[],
  tables: readonly ObjectName[],
): Promise<ToolState> {
  for (const table of tables) {
    const rows = await rowsOf(connection, dialect, table);
    if (rows === null) continue;
    if (tool.lock !== undefined) {
      const lock = tool.lock.table(table);
      if (tool.lock.isHeld((await rowsOf(connection, dialect, lock)) ?? [])) {
        throw new AludelError(
          "import-refused",
          `${tool.name} is running on ${connection.target}, or died there`,
          {
            where: { object: showName(lock) },
            remedy: `Wait for it. If it is not running, look what it left behind, and have ${tool.name} release its lock.`,
          },
        );
      }
    }
    return { table: showName(table), standing: tool.standing(rows, revisions) };
  }
  const names = tables.map((table) => showName(table)).join(" or ");
  throw new AludelError("import-refused", `${connection.target} has no table ${names}`, {
    remedy: `Choose the database that ${tool.name} managed, with --env or --url; if the table has another name, say --table NAME. A new database needs only \`aludel upgrade\`.`,
  });
}

/** The tool whose table is in a database and nobody else's, by its word of the command line and its name; `null` where there is none. */
export async function managedBy(
  connection: Connection,
  dialect: Dialect,
): Promise<{ readonly word: string; readonly name: string; readonly table: string } | null> {
  for (const [word, tool] of Object.entries(tools)) {
    if (tool.isAmbiguous) continue;
    for (const table of tool.tables({ namespace: null, name: "" })) {
      // What is there and may not be read is no answer to what went wrong.
      const rows = table.name === "" ? null : await rowsOf(connection, dialect, table).catch(() => null);
      if (rows !== null && rows.length > 0) return { word, name: tool.name, table: showName(table) };
    }
  }
  return null;
}

function rowsOf(connection: Connection, dialect: Dialect, table: ObjectName): Promise<readonly Row[] | null> {
  return unlessMissing(dialect, null, () => connection.query(`SELECT * FROM ${dialect.quoteName(table)}`));
}
