/** Where a run is to be ended: at the statement whose revision, number and text fit the pattern. */
export interface Fault {
  readonly pattern: string;
  readonly when: "before" | "inside" | "after";
  /** What is ended; the runner where nothing is said. */
  readonly kind?: "runner" | "server" | "terminated" | "cut" | "half";
  readonly delayMs?: number;
}

export function runChosen(name: "postgres" | "sqlite", faults: readonly Fault[]): Promise<readonly string[]>;
