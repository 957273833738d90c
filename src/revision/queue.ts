/** What the queues of one revision know in common: the first failure, after which nothing more is performed. */
export interface Failure {
  thrown: { readonly reason: unknown } | null;
}

/** Runs what it is given strictly one after another, in the order it was given. */
export interface Queue {
  /**
   * The promise rejects when the work fails, or, with the first failure, when something failed before it. It counts as
   * handled: nobody has to look at it.
   */
  add<T>(work: () => Promise<T> | T): Promise<T>;
  /** Resolves when there is nothing more to do, however much is added meanwhile. Never rejects. */
  idle(): Promise<void>;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A queue that stops at the first failure of all that share `failure`. */
export function createQueue(failure: Failure): Queue {
  let tail: Promise<unknown> = Promise.resolve();
  const guarded = async <T>(work: () => Promise<T> | T): Promise<T> => {
    if (failure.thrown !== null) throw failure.thrown.reason;
    try {
      return await work();
    } catch (reason) {
      failure.thrown ??= { reason };
      throw reason;
    }
  };
  return {
    add(work) {
      const result = tail.then(() => guarded(work));
      tail = result.catch(() => undefined);
      return result;
    },
    async idle() {
      // A function that nobody awaits goes on after its own await: give it a turn to add more.
      for (let seen: unknown = null; seen !== tail; await turn()) {
        seen = tail;
        await tail;
      }
    },
  };
}
