/** What goes on in a database at a moment, as far as a change of its schema would meet it. */
export interface Activity {
  /** The server only repeats what another one does, and can be given no change. */
  readonly isReplica: boolean;
  /** Sessions whose transaction has been open for a while, the longest first; a sentence each. */
  readonly openTransactions: readonly string[];
  /** Tables that the server itself is cleaning up; the words of its process list. */
  readonly vacuums: readonly string[];
  /** Servers that repeat this one, with the seconds that they are behind; `null` where it is not told. */
  readonly replicas: readonly { readonly name: string; readonly seconds: number | null }[];
}
