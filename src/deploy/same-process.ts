import type { Connection } from "../dialect/connection.js";
import type { Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";
import type { Around } from "../run/run-context.js";

/**
 * Looks before every statement whether it is still the same process of the server that answers: the lock, the settings and
 * the transaction belong to it.
 *
 * @throws AludelError `connection-lost` from what it gives, before a statement runs elsewhere.
 */
export async function staysTheSame(dialect: Dialect, connection: Connection): Promise<Around | undefined> {
  const { holders } = dialect.waiting;
  if (holders === undefined) return undefined;
  const first = await holders.session(connection);
  return async (_step, _inTransaction, run) => {
    const now = await holders.session(connection);
    if (now !== first) {
      throw new AludelError(
        "connection-lost",
        `Process ${now} of the server answers, and it was process ${first} that took the lock`,
        {
          where: { object: connection.target },
          remedy: "A pooler swaps them. Deploy with a URL that leads to the server itself.",
        },
      );
    }
    return run();
  };
}
