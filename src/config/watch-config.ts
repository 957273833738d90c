import * as v from "valibot";
import { duration } from "./shape-parts.js";

/** How `aludel deploy --watch` repeats the smoke checks, and what is worse than before. */
export interface WatchSettings {
  /** Milliseconds from the beginning of one round to that of the next. */
  readonly everyMs: number;
  /** Rounds before the upgrade, that those after it are held against. */
  readonly before: number;
  /** How much more of the answers may be failures, as a part of all. */
  readonly errors: number;
  /** How many times as long the median answer may take. */
  readonly latency: number;
}

export const watchDefaults: WatchSettings = { everyMs: 5_000, before: 5, errors: 0.05, latency: 2 };

const beforeRemedy = "write a number of rounds, 1 or more";
const errorsRemedy = "write a part of all answers, from 0 to 1: 0.05";
const latencyRemedy = "write how many times as long, 1 or more: 2";

/** `watch` of an environment. */
export const watchObject = v.objectWithRest(
  {
    every: v.optional(duration),
    before: v.optional(v.pipe(v.number(beforeRemedy), v.integer(beforeRemedy), v.minValue(1, beforeRemedy))),
    errors: v.optional(
      v.pipe(v.number(errorsRemedy), v.minValue(0, errorsRemedy), v.maxValue(1, errorsRemedy)),
    ),
    latency: v.optional(v.pipe(v.number(latencyRemedy), v.minValue(1, latencyRemedy))),
  },
  v.never(),
);

/** The settings as they were written, with what was left out. */
export function watchOf(shape: v.InferOutput<typeof watchObject> | undefined): WatchSettings {
  return {
    everyMs: shape?.every ?? watchDefaults.everyMs,
    before: shape?.before ?? watchDefaults.before,
    errors: shape?.errors ?? watchDefaults.errors,
    latency: shape?.latency ?? watchDefaults.latency,
  };
}
