import type { SmokeMode } from "../../config/choices.js";

/** How long a revision took. */
export interface RevisionTime {
  readonly mode: Exclude<SmokeMode, "both">;
  readonly revision: string;
  readonly direction: "upgrade" | "downgrade" | "up, down and up";
  readonly milliseconds: number;
}
