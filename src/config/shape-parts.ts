import * as v from "valibot";
import { readDuration } from "./duration.js";

/** Text that is not empty. */
export const text = (remedy: string) => v.pipe(v.string(remedy), v.trim(), v.nonEmpty(remedy));

/** A list; text alone is a list of one. */
export const listOf = (remedy: string) =>
  v.pipe(
    v.unknown(),
    v.transform((input) => (typeof input === "string" ? [input] : input)),
    v.array(text(remedy), remedy),
  );

/** `"$NAME"` and `"${NAME}"` are the variable, whole: part of a text is never replaced. */
const reference = /^\$(?:\{(\w+)\}|(\w+))$/;

/** Text, or the variable that it is taken from. */
export const url = (remedy: string) =>
  v.pipe(
    v.unknown(),
    v.transform((input) => {
      const match = typeof input === "string" ? reference.exec(input.trim()) : null;
      if (match) return { variable: match[1] ?? match[2] };
      return typeof input === "string" || input === undefined ? { text: input?.trim() || null } : input;
    }),
    v.union(
      [
        v.strictObject({ text: v.nullable(v.string()) }),
        v.strictObject({ variable: text(remedy), fallback: v.optional(v.nullable(v.string())) }),
      ],
      remedy,
    ),
  );

/** valibot takes a list for an object. */
export const record = <S extends v.GenericSchema<unknown, unknown>>(remedy: string, schema: S) =>
  v.pipe(v.unknown(), v.check(isRecord, remedy), schema);

export function isRecord(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === "object" && input !== null && !Array.isArray(input);
}

const durationRemedy = 'write a time, "500ms", "2s" or "5m"';

/** Milliseconds, or text such as `"2s"`. */
export const duration = v.pipe(
  v.unknown(),
  v.transform((input) => (typeof input === "string" ? (readDuration(input) ?? input) : input)),
  v.number(durationRemedy),
  v.integer(durationRemedy),
  v.minValue(0, durationRemedy),
);

/** True of what can be asked over HTTP. */
export function isHttpUrl(given: string): boolean {
  return URL.canParse(given) && /^https?:$/.test(new URL(given).protocol);
}
