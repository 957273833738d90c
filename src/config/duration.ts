const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `5m`, `1h`, and seconds without a unit → milliseconds; `null` for anything else. */
export function readDuration(text: string): number | null {
  const [, number = "", unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|min|h)?$/.exec(text.trim()) ?? [];
  const factor = units[unit];
  return number === "" || factor === undefined ? null : Math.round(Number(number) * factor);
}
