/**
 * JSON for machines, indented so that a person can read it too. Dates as ISO 8601, big integers as text (JSON readers
 * would round them), maps as objects and sets as lists.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, replace, 2) ?? "null";
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value;
}
