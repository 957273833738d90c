import { messageOf } from "../error/error.js";
import type { Report } from "../run/event.js";
import type { About, Listener, Moment } from "./moment.js";

/** The one stream of all that happens in a run. */
export interface Stream {
  readonly about: About;
  readonly report: Report;
  /** The same stream, about one database of many. */
  of(database: Pick<About, "member" | "database" | "dialect">): Report;
  /** Does the work of the run. */
  around<T>(work: () => Promise<T>): Promise<T>;
  /** Gives what a person has to know of the listeners. */
  end(): Promise<readonly string[]>;
}

/** Tells listeners what happens, each moment a frozen record. One that fails is passed over from then on: a run does not fail of it. */
export function createStream(about: About, listeners: readonly Listener[]): Stream {
  const failed = new Map<Listener, string>();
  const tell = (moment: Moment) => {
    for (const listener of listeners) {
      if (failed.has(listener)) continue;
      try {
        listener.hear(moment);
      } catch (error) {
        failed.set(listener, messageOf(error));
      }
    }
  };
  const reportOf =
    (whose: About): Report =>
    (event) =>
      tell(Object.freeze({ ...whose, at: Date.now(), event: Object.freeze(event) }));
  return {
    about,
    report: reportOf(about),
    of: (database) => reportOf({ ...about, ...database }),
    around: (work) =>
      listeners.reduceRight<() => ReturnType<typeof work>>(
        (inner, { around }) => (around === undefined ? inner : () => around(inner)),
        work,
      )(),
    end: async () => {
      const told = await Promise.all(listeners.map((listener) => listener.end()));
      return [
        ...[...failed.values()].map((message) => `A listener of the run failed: ${message}`),
        ...told.flat(),
      ];
    },
  };
}
