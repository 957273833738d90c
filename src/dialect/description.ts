/** A column of what a statement gives. */
export interface ResultColumn {
  readonly name: string;
  /** As the engine names it, without its length; `null` where it has none (SQLite: an expression). */
  readonly type: string | null;
}

/** What a statement takes and gives, as the engine says without running it. */
export interface Description {
  /** Types of the values that it is given, in their order; empty where the engine has none (SQLite). */
  readonly parameters: readonly string[];
  /** Empty for a statement that gives no rows; `null` where the driver does not tell. */
  readonly columns: readonly ResultColumn[] | null;
}
