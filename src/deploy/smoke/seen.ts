/** What a check has to tell: whether it passed, and what was seen. */
export interface Seen {
  readonly passed: boolean;
  /** For people; safe to print. */
  readonly seen: string;
}
