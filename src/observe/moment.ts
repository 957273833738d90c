import type { RunEvent } from "../run/event.js";
import type { DialectName } from "../schema/name.js";

/** What is the same for all that a run tells. */
export interface About {
  /** Which run it is: a random UUID, the same in logs, spans, webhooks and the run log. */
  readonly run: string;
  /** `upgrade`, `deploy` … */
  readonly command: string;
  /** `null` where a URL was given. */
  readonly environment: string | null;
  /** `null` where nobody knows yet which one it is. */
  readonly dialect: DialectName | null;
  /** The database's URL, without password and options. */
  readonly database: string | null;
  /** The name of one database of many; `null` where there is only one. */
  readonly member: string | null;
}

/** Something that happened in a run, and when. */
export interface Moment extends About {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: RunEvent;
}

/** Takes what is secret out of a text. */
export type Redact = (text: string) => string;

/** Somebody who hears all that happens in a run, in its order. */
export interface Listener {
  hear(moment: Moment): void;
  /** All is told: passes on what is left, in a few seconds at most. Gives what a person has to know of that; never rejects. */
  end(): Promise<readonly string[]>;
  /** Does the work of the run where this listener wants to have it done. */
  readonly around?: <T>(work: () => Promise<T>) => Promise<T>;
}
