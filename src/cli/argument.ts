import { InvalidArgumentError } from "commander";
import { readDuration } from "../config/duration.js";

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

/** `500ms`, `30s`, `5m`, `1h`, and seconds without a unit → milliseconds. */
export function duration(text: string): number {
  const read = readDuration(text);
  if (read === null) throw new InvalidArgumentError("Write it as 500ms, 30s or 5m; 0 does not wait.");
  return read;
}

/** A whole number from 1 on. */
export function countFromOne(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError("Write a whole number, 1 or more.");
  return Number(text);
}
