/** Something that is not as it should be, and that nobody is told of by an error. */
export interface Ailment {
  /** For machines: `invalid-index`. */
  readonly code: string;
  /** A `note` is worth knowing and stands in nobody's way. */
  readonly severity: "problem" | "note";
  /** A sentence without a full stop at its end. */
  readonly message: string;
  /** The command or the statement that mends it, in a sentence. */
  readonly remedy: string;
}
