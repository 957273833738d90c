import type { Dialect } from "../dialect/dialect.js";
import { AludelError } from "../error/error.js";

/**
 * Asks for what is in a table that may not be there, because nobody has made it yet; then the answer is `none`. It costs no
 * question of its own whether it is there.
 */
export async function unlessMissing<T, N>(
  dialect: Pick<Dialect, "isMissingTable">,
  none: N,
  ask: () => Promise<T>,
): Promise<T | N> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AludelError && dialect.isMissingTable(error)) return none;
    throw error;
  }
}
