/** A version of Flyway's. */
export interface FlywayVersion {
  readonly parts: readonly bigint[];
  /** As its table has it: `1.02`. */
  readonly text: string;
  /** Equal for versions that are the same to it: `1`, `1.0` and `01`. */
  readonly key: string;
}

/** Reads `1_2` or `1.2`; `null` for what is no version. */
export function readVersion(written: string): FlywayVersion | null {
  const text = written.replaceAll("_", ".");
  if (!/^\d+(\.\d+)*$/.test(text)) return null;
  const parts = text.split(".").map((part) => BigInt(part));
  while (parts.length > 1 && parts.at(-1) === 0n) parts.pop();
  return { parts, text, key: parts.join(".") };
}

/** Below, equal, above: part by part, as numbers. What has no version comes last. */
export function compareVersions(a: FlywayVersion | null, b: FlywayVersion | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  for (let at = 0; at < Math.max(a.parts.length, b.parts.length); at++) {
    const [left, right] = [a.parts[at] ?? 0n, b.parts[at] ?? 0n];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
