import { randomBytes } from "node:crypto";

/** An id for a new revision: twelve hex digits by chance, so that two branches never choose the same. */
export function newId(): string {
  return randomBytes(6).toString("hex");
}
