import { InvalidArgumentError } from "commander";

/** Gathers an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** Gathers `key=value`; the value may have `=` in it, and a key alone is a mistake rather than an empty value. */
export function collectPair(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const separator = text.indexOf("=");
  if (separator < 1) throw new InvalidArgumentError("Write it as key=value.");
  return { ...before, [text.slice(0, separator)]: text.slice(separator + 1) };
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `30s`, `5m`, `1h`, and seconds without a unit → milliseconds. */
export function duration(text: string): number {
  const [, number = "", unit = "s"] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim()) ?? [];
  const factor = units[unit];
  if (number === "" || factor === undefined) {
    throw new InvalidArgumentError("Write it as 500ms, 30s or 5m; 0 does not wait.");
  }
  return Math.round(Number(number) * factor);
}
