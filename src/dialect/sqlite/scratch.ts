import type { Scratch, ScratchOptions } from "../dialect.js";
import { connect } from "./connect.js";

/** A database in memory, whatever the configuration says: there is no nearer one to any SQLite database. */
export async function openScratch(options: ScratchOptions): Promise<Scratch> {
  const connection = await connect("sqlite::memory:", { directory: options.directory });
  return {
    connection,
    description: `${connection.server.product} in memory`,
    dispose: () => connection.close(),
  };
}
