import type { SmokeCheck } from "../../config/smoke-config.js";
import type { Connection, Row } from "../../dialect/connection.js";
import type { Dialect, Statement } from "../../dialect/dialect.js";
import { AludelError } from "../../error/error.js";
import { meets, shown } from "./expectation.js";
import type { Seen } from "./seen.js";

/** Asks a database in a transaction that is rolled back, whatever comes of it. */
export async function ask(
  dialect: Pick<Dialect, "begin" | "splitScript" | "waiting">,
  connection: Connection,
  check: Extract<SmokeCheck, { kind: "query" | "write" }>,
): Promise<Seen> {
  const statements = await dialect.splitScript(check.sql);
  const refused = refusal(check.kind, statements);
  if (refused !== null) return { passed: false, seen: `it was not run: ${refused}` };
  // What is set within a transaction is taken back with it.
  const limits = dialect.waiting.settings({ lockMs: check.withinMs, statementMs: check.withinMs });
  await connection.run(check.kind === "write" ? dialect.begin : "BEGIN");
  let rows: readonly Row[] = [];
  try {
    if (limits !== "") await connection.run(limits);
    for (const { sql } of statements) rows = await connection.query(sql);
  } finally {
    await connection.run("ROLLBACK").catch(isLost);
  }
  if (check.kind === "write") return { passed: true, seen: "it can be written" };
  return judge(check, rows);
}

/** Where the connection is lost the transaction is, too. */
function isLost(error: unknown): void {
  if (!(error instanceof AludelError) || error.code !== "connection-lost") throw error;
}

/** What would end the transaction, or outlast it. */
function refusal(kind: "query" | "write", statements: readonly Statement[]): string | null {
  if (statements.length === 0) return "there is no statement in it";
  if (kind === "query" && statements.length > 1) return "a query is one statement";
  if (statements.some(({ effect }) => effect === "transaction")) {
    return "it begins or ends a transaction itself; it runs in one that is rolled back";
  }
  if (statements.some(({ effect, transactional }) => effect === "definition" || !transactional)) {
    return "it changes the schema, or cannot run in a transaction";
  }
  return null;
}

function judge(check: Extract<SmokeCheck, { kind: "query" }>, rows: readonly Row[]): Seen {
  const seen = shown(rows);
  if (!("expect" in check)) return { passed: rows.length > 0, seen };
  if (meets(rows, check.expect)) return { passed: true, seen };
  return { passed: false, seen: `${seen}; expected ${shown(check.expect)}` };
}
