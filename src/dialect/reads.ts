import type { ObjectName } from "../schema/name.js";
import type { Connection } from "./connection.js";

/** What a revision takes away. */
export type Going =
  | { readonly kind: "table"; readonly table: ObjectName }
  | { readonly kind: "index"; readonly index: ObjectName }
  | { readonly kind: "column"; readonly table: ObjectName; readonly column: string };

/** Counters as they were at a moment. */
export interface CountedBefore {
  /** As `Reading.count` gave it. */
  readonly counters: string;
  readonly at: Date;
}

/** How often something was read. */
export interface Reads {
  /** `null` where it is not counted. */
  readonly times: number | null;
  /** What was counted: `scans of public.persons`; or why nobody can know. */
  readonly told: string;
  /** The moment from which it was counted; `null` where the server does not tell. */
  readonly since: Date | null;
  /** When it was read last, where the server remembers that. */
  readonly last: Date | null;
}

/** How an engine tells what is still read. */
export interface Reading {
  /** All counters at this moment, as text that is kept. */
  count(connection: Connection): Promise<string>;
  /** Of what is there, in its order; of what is not, `null`. */
  of(
    connection: Connection,
    going: readonly Going[],
    before: CountedBefore | null,
  ): Promise<readonly (Reads | null)[]>;
}
