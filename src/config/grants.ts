import type { Config } from "./config.js";

/** Somebody wants to see who may do what: it is read only then. */
export function asksForGrants({ include }: Config["filters"]): boolean {
  return include.kinds.includes("grant") || include.kinds.includes("default-privileges");
}
