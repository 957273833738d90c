import * as v from "valibot";
import { listOf, text, url } from "./shape-parts.js";

const waveRemedy = 'write how many databases, 5, or how much of all, "10%"';
const countRemedy = "write a whole number";

const wave = v.union(
  [
    v.pipe(v.number(waveRemedy), v.integer(waveRemedy), v.minValue(1, waveRemedy)),
    v.pipe(v.string(waveRemedy), v.regex(/^(?:100|[1-9]?\d)(?:\.\d+)?%$/, waveRemedy)),
  ],
  waveRemedy,
);

const sources = ["urls", "files", "schemas", "query", "command"] as const;

/** Many databases that have the same revisions. */
export const fleetObject = v.pipe(
  v.objectWithRest(
    {
      urls: v.optional(v.array(url('write a database URL, or env("NAME")'), "write a list of URLs")),
      files: v.optional(listOf('write a glob of SQLite files, "tenants/*.db", or a list of them')),
      schemas: v.optional(listOf('write the name of a schema, "tenant_a", or a list of them')),
      query: v.optional(text('write a query with a column url or schema, "SELECT schema FROM tenants"')),
      command: v.optional(text("write a command that prints a URL a line")),
      environment: v.optional(text("write the name of one of the environments")),
      waves: v.optional(v.array(wave, 'write a list, [1, "10%", "100%"]')),
      parallel: v.optional(v.pipe(v.number(countRemedy), v.integer(countRemedy), v.minValue(1, countRemedy))),
      maxFailures: v.optional(
        v.pipe(v.number(countRemedy), v.integer(countRemedy), v.minValue(0, countRemedy)),
      ),
    },
    v.never(),
  ),
  v.check(
    (fleet) => sources.filter((key) => fleet[key] !== undefined).length === 1,
    `say with one of ${sources.join(", ")} which databases are in it`,
  ),
);

export type FleetShape = v.InferOutput<typeof fleetObject>;

/** The keys of `fleet`, for "did you mean". */
export const fleetKeys: readonly string[] = [...sources, "environment", "waves", "parallel", "maxFailures"];
