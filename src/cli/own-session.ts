import type { Connection } from "../dialect/connection.js";
import { requireOwnProcess } from "../run/own-process.js";
import type { Context } from "./context.js";

/**
 * The connection of a command that takes the lock, which is only worth something in a process of the server of its own.
 *
 * @throws AludelError `sessions-swapped` before anything was asked for.
 */
export async function connectOwn(
  context: Context,
  options: { readonly mustExist?: boolean } = {},
): Promise<Connection> {
  const connection = await context.connect(options);
  await requireOwnProcess(await context.dialect(), connection, context.connectBeside);
  return connection;
}
