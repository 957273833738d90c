import fc from "fast-check";
import { expect, test } from "vitest";
import { parameters } from "../law/engine-law.js";
import { postgresShape, schemaPairArbitrary, sqliteShape } from "../law/schema-arbitrary.js";
import { postgres, sqliteInMemory } from "../scenario/engine.js";
import { proofOf } from "./prove-law.js";

// Each opens databases several times: a few in every run, as many as are asked for in `npm run fuzz`.
const numRuns = process.env["FUZZ_RUNS"] === undefined ? 8 : parameters.numRuns;

const shapes = [
  { engine: sqliteInMemory, shape: sqliteShape },
  { engine: postgres, shape: postgresShape },
];

test.each(shapes)(
  "the revision between any two schemas keeps the rows: $engine.name",
  async ({ engine, shape }) => {
    const rows = { filled: 0 };
    await fc.assert(
      fc.asyncProperty(schemaPairArbitrary(shape), async ([from, to]) => {
        const proof = await proofOf(engine, from, to);
        rows.filled += proof.rows?.rows ?? 0;
        const failed = proof.steps.filter(({ result }) => result === "failed");
        // Whether it runs at all is the business of the laws of the engines.
        if (failed.some(({ part }) => part === "rows kept")) expect(failed).toEqual([]);
      }),
      { ...parameters, numRuns },
    );
    // Or nothing was asked of them.
    expect(rows.filled).toBeGreaterThan(numRuns);
  },
  7_200_000,
);
