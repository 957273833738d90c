import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diff } from "../../src/diff/diff.js";
import { contradictionsOf } from "../../src/diff/validate.js";
import { describeOp, effectOf, invertOps } from "../../src/op/apply.js";
import { equalSchema } from "../../src/schema/equal.js";
import type { Schema } from "../../src/schema/schema.js";
import {
  postgresShape,
  type SchemaShape,
  schemaArbitrary,
  schemaPairArbitrary,
  sqliteShape,
} from "./schema-arbitrary.js";
import { applyStrictly } from "./strict.js";

const options = { sameExpression: (a: string, b: string) => a === b };

/** Maps made readable, for the message of a law that does not hold. */
function shown(schema: Schema): unknown {
  return JSON.parse(
    JSON.stringify(schema, (_key, value) => (value instanceof Map ? [...value.values()] : value)),
  );
}

const shapes: readonly (readonly [string, SchemaShape])[] = [
  ["postgres", postgresShape],
  ["sqlite", sqliteShape],
];

describe.each(shapes)("random schemas of the shape of %s", (_name, shape) => {
  const schemas = schemaArbitrary(shape);
  const pairs = schemaPairArbitrary(shape);

  test("contradict themselves nowhere", () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        expect(contradictionsOf(schema)).toEqual([]);
      }),
    );
  });

  test("a schema has no difference to itself", () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        const copy = structuredClone(schema);
        const { ops, unclear, renameCandidates } = diff(schema, copy, options);
        expect({ ops, unclear, renameCandidates }).toEqual({ ops: [], unclear: [], renameCandidates: [] });
      }),
    );
  });

  test("the ops of a diff make the second schema of the first", () => {
    fc.assert(
      fc.property(pairs, ([from, to]) => {
        const { ops } = diff(from, to, options);
        const result = applyStrictly(from, ops);
        if (!equalSchema(result, to)) expect(shown(result)).toEqual(shown(to));
        expect(diff(result, to, options).ops).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("the inverse of a diff leads back", () => {
    fc.assert(
      fc.property(pairs, ([from, to]) => {
        const { ops } = diff(from, to, options);
        const undo = invertOps(from, ops);
        expect(undo.irreversible).toEqual([]);
        const result = applyStrictly(applyStrictly(from, ops), undo.ops);
        if (!equalSchema(result, from)) expect(shown(result)).toEqual(shown(from));
      }),
      { numRuns: 300 },
    );
  });

  test("every op has a description and an effect", () => {
    fc.assert(
      fc.property(pairs, ([from, to]) => {
        let before = from;
        for (const op of diff(from, to, options).ops) {
          expect(describeOp(op)).not.toBe("");
          expect(effectOf(op, before)).toMatch(/^(additive|widening|narrowing|destructive|data)$/);
          before = applyStrictly(before, [op]);
        }
      }),
    );
  });
});
