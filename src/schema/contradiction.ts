import type { ObjectName } from "./name.js";

/** Something in models that cannot be, and what it is about. */
export interface Contradiction {
  readonly object: ObjectName;
  /** The column, constraint, index … of the object that it is about; `null` for the object itself. */
  readonly member: string | null;
  /** A sentence for a person. */
  readonly text: string;
}

/** The findings as sentences, each with its places in the models where their source knows them. */
export type Tell = (found: readonly Contradiction[]) => Promise<readonly string[]>;
