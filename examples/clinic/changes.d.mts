export interface Change {
  /** Why the clinic wants it. */
  readonly reason: string;
  /** Relative to the folder of the engine. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export declare const changes: Readonly<Record<"postgres" | "sqlite", readonly Change[]>>;

export declare function applyChanges(engine: "postgres" | "sqlite", folder: string): Promise<void>;
