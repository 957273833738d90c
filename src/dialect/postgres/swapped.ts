import type { Connection } from "../connection.js";

const question = "SELECT pg_catalog.pg_backend_pid() AS pid";

async function processOf(connection: Connection): Promise<number> {
  const [row] = await connection.query(question);
  return Number(row?.["pid"]);
}

/** Often enough for a pool that hands its processes out in turn. */
const rounds = 3;

/**
 * Whether something in between gives each transaction another of the server's processes, as PgBouncer does with
 * `pool_mode = transaction`. A session of the server's has one process as long as it lives, and has it to itself. A pool that gives
 * the process out next that was given back last gives the same one to two of our sessions; one that gives them out in turn
 * gives several to one.
 */
export async function swapsSessions(
  connection: Connection,
  openBeside: () => Promise<Connection>,
): Promise<string | null> {
  // PGlite is no server: its sessions are in this process.
  if (connection.isDirect === undefined || (await connection.isDirect())) return null;
  const beside = await openBeside();
  try {
    const seen = new Set<number>();
    for (let round = 0; round < rounds; round += 1) seen.add(await processOf(connection));
    await beside.run("BEGIN READ ONLY");
    const other = await processOf(beside);
    const isShared = seen.has(other);
    seen.add(await processOf(connection));
    await beside.run("ROLLBACK");
    if (isShared) return `process ${other} answered two sessions`;
    return seen.size === 1 ? null : `processes ${[...seen].join(" and ")} answered one session`;
  } finally {
    await beside.close();
  }
}
