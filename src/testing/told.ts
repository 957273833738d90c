import { AludelError } from "../error/error.js";
import { formatError } from "../error/format.js";

const whole = new WeakSet<AludelError>();

/**
 * Test runners show the message of an error and nothing else: where it happened and what to do about it go into it.
 */
export async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof AludelError) || whole.has(thrown)) throw thrown;
    const { code, remedy, where, details, data } = thrown;
    const text = formatError(thrown, { directory: process.cwd(), colour: false, verbose: false });
    const error = new AludelError(code, text, { remedy, where, details, data, cause: thrown });
    whole.add(error);
    throw error;
  }
}
