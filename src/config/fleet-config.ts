import { AludelError } from "../error/error.js";
import type { TextShape } from "./shape.js";
import type { FleetShape } from "./shape-fleet.js";

/** How far a wave goes: so many databases, or so much of all of them. */
export type Wave = { readonly count: number } | { readonly percent: number };

/** Where the list of a fleet's databases comes from. */
export type FleetSource =
  | { readonly kind: "urls"; readonly urls: readonly string[] }
  /** Globs of SQLite files, from the folder of the configuration. */
  | { readonly kind: "files"; readonly globs: readonly string[] }
  /** Schemas of the environment's database. */
  | { readonly kind: "schemas"; readonly names: readonly string[] }
  /** Asked in the environment's database: a row each, with a column `url` or `schema`. */
  | { readonly kind: "query"; readonly sql: string }
  /** Prints a URL a line. */
  | { readonly kind: "command"; readonly command: string };

/** Many databases that have the same revisions. */
export interface FleetConfig {
  readonly source: FleetSource;
  /** The environment that schemas and queries are of; `null` is the chosen one. */
  readonly environment: string | null;
  /** The last one is all that is left, whatever it says. */
  readonly waves: readonly Wave[];
  /** How many are upgraded at a time. */
  readonly parallel: number;
  /** As many may fail before no other one is begun. */
  readonly maxFailures: number;
}

const keys = ["urls", "files", "schemas", "query", "command"] as const;

/** The fleet as it was written, with what was left out; the shape has seen to it that there is one source. */
export function fleetOf(shape: FleetShape, urlOf: (url: TextShape) => readonly string[]): FleetConfig {
  return {
    source: sourceOf(shape, urlOf),
    environment: shape.environment ?? null,
    waves: (shape.waves ?? [1, "10%", "100%"]).map(readWave),
    parallel: shape.parallel ?? 4,
    maxFailures: shape.maxFailures ?? 0,
  };
}

function sourceOf(shape: FleetShape, urlOf: (url: TextShape) => readonly string[]): FleetSource {
  if (shape.urls !== undefined) return { kind: "urls", urls: shape.urls.flatMap(urlOf) };
  if (shape.files !== undefined) return { kind: "files", globs: shape.files };
  if (shape.schemas !== undefined) return { kind: "schemas", names: shape.schemas };
  if (shape.query !== undefined) return { kind: "query", sql: shape.query };
  if (shape.command !== undefined) return { kind: "command", command: shape.command };
  throw new AludelError("config-invalid", "`fleet` does not say which databases are in it", {
    remedy: `Write one of ${keys.join(", ")}.`,
  });
}

function readWave(wave: number | string): Wave {
  return typeof wave === "number" ? { count: wave } : { percent: Number(wave.replace("%", "")) };
}
