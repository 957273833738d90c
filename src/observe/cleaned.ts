import type { Redact } from "./moment.js";

/** Plain data with every text in it redacted, keys excepted, and what is `undefined` left out. */
export function cleaned(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((one) => cleaned(one, redact));
  if (value === null || typeof value !== "object") return value;
  const parts = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(parts.map(([key, part]) => [key, cleaned(part, redact)]));
}
