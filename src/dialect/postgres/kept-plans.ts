import { AludelError } from "../../error/error.js";
import type { Connection, Row } from "../connection.js";

/** "prepared statement does not exist" (manual, appendix A): the revision said DISCARD or DEALLOCATE. */
const forgotten = "26000";

/**
 * A session that keeps the plans of questions to the catalogue that come a second time (PREPARE). Planning them takes the
 * server two thirds of an inspection, and a proof inspects one small database many times. Only for sessions with a server
 * process of their own: behind a pooler the next statement may reach another one.
 */
export function withKeptPlans(connection: Connection): Connection {
  const names = new Map<string, string | null>();
  let kept = 0;
  const keep = async (sql: string) => {
    kept += 1;
    const name = `aludel_${kept}`;
    await connection.run(`PREPARE ${name} AS ${sql}`);
    names.set(sql, name);
    return name;
  };
  return {
    ...connection,
    async queryCatalogue(sql): Promise<readonly Row[]> {
      const known = names.get(sql);
      if (known === undefined) {
        names.set(sql, null);
        return connection.query(sql);
      }
      try {
        return await connection.query(`EXECUTE ${known ?? (await keep(sql))}`);
      } catch (thrown) {
        if (!(thrown instanceof AludelError) || thrown.data["sqlState"] !== forgotten) throw thrown;
        names.clear();
        return connection.query(sql);
      }
    },
  };
}
