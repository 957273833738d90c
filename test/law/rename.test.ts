import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Rename } from "../../src/diff/contract.js";
import { diff } from "../../src/diff/diff.js";
import { formatPath, parsePath, parseRename } from "../../src/diff/place.js";
import { applyOps, invertOps } from "../../src/op/apply.js";
import type { Op } from "../../src/op/op.js";
import { equalSchema } from "../../src/schema/equal.js";
import { nameOf } from "../../src/schema/name.js";
import type { Schema, Table } from "../../src/schema/schema.js";
import { postgresShape, schemaArbitrary } from "./schema-arbitrary.js";

const options = { sameExpression: (a: string, b: string) => a === b };
/** A law about what follows a rename: what a view selects does not. */
const schemas = schemaArbitrary(postgresShape).map((schema) => ({ ...schema, views: new Map() }));

interface Case {
  readonly schema: Schema;
  readonly op: Op;
  readonly rename: Rename;
}

function path(
  table: { readonly namespace: string | null; readonly name: string },
  ...rest: string[]
): string {
  return formatPath([...(table.namespace === null ? [] : [table.namespace]), table.name, ...rest]);
}

/** Everything in a schema that can be renamed, with the op that does it. */
function cases(schema: Schema, to: string): readonly Case[] {
  const found: Case[] = [];
  const add = (op: Op, from: string, now: string) => found.push({ schema, op, rename: { from, to: now } });
  for (const table of schema.tables.values()) {
    const name = nameOf(table);
    add({ kind: "rename-table", name, to }, path(table), path({ ...name, name: to }));
    for (const { name: column } of table.columns) {
      add({ kind: "rename-column", table: name, column, to }, path(table, column), path(table, to));
    }
  }
  for (const type of schema.enums.values()) {
    const name = nameOf(type);
    add({ kind: "rename-enum", name, to }, path(type), path({ ...name, name: to }));
    for (const from of type.values) {
      add({ kind: "rename-enum-value", name, from, to }, path(type, from), path(type, to));
    }
  }
  for (const sequence of schema.sequences.values()) {
    const name = nameOf(sequence);
    add({ kind: "rename-sequence", name, to }, path(sequence), path({ ...name, name: to }));
  }
  return found;
}

const renames = fc
  .tuple(schemas, fc.constantFrom("renamed", 'Re "named"', "where", "a.b:c"), fc.nat())
  .map(([schema, to, place]) => {
    const all = cases(schema, to);
    return all[place % Math.max(1, all.length)];
  })
  .filter((one) => one !== undefined);

describe("renames", () => {
  test("a decided rename is one op, whatever refers to the name", () => {
    fc.assert(
      fc.property(renames, ({ schema, op, rename }) => {
        const renamed = applyOps(schema, [op]);
        expect(diff(schema, renamed, { ...options, renames: [rename] }).ops).toEqual([op]);
      }),
    );
  });

  test("a rename and its inverse leave nothing behind", () => {
    fc.assert(
      fc.property(renames, ({ schema, op }) => {
        const undo = invertOps(schema, [op]);
        const back = applyOps(applyOps(schema, [op]), undo.ops);
        expect(undo.loses).toEqual([]);
        // A name that needed no quotes may have them now, and nothing else.
        const unquoted = (text: string) => text.replaceAll('"', "");
        expect(equalSchema(back, schema, (a, b) => unquoted(a) === unquoted(b))).toBe(true);
      }),
    );
  });

  test("an undecided rename of a column is a question, and either flag answers it", () => {
    fc.assert(
      fc.property(renames, ({ schema, op, rename }) => {
        fc.pre(op.kind === "rename-column");
        const renamed = applyOps(schema, [op]);
        const { renameCandidates } = diff(schema, renamed, options);
        expect(renameCandidates).toMatchObject([{ kind: "column", from: rename.from, to: rename.to }]);
        for (const answer of [{ renames: [rename] }, { drops: [rename.from] }]) {
          expect(diff(schema, renamed, { ...options, ...answer }).renameCandidates).toEqual([]);
        }
      }),
    );
  });

  test("an undecided rename of a table is a question", () => {
    fc.assert(
      fc.property(renames, ({ schema, op, rename }) => {
        fc.pre(op.kind === "rename-table");
        const { renameCandidates } = diff(schema, applyOps(schema, [op]), options);
        const pairs = renameCandidates.map(({ from, to }) => ({ from, to }));
        expect(pairs).toContainEqual({ from: rename.from, to: rename.to });
      }),
    );
  });

  test("a table and its columns can be renamed at once", () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        const table: Table | undefined = [...schema.tables.values()][0];
        const column = table?.columns[0]?.name;
        fc.pre(table !== undefined && column !== undefined);
        if (table === undefined || column === undefined) return;
        const name = nameOf(table);
        const now = { namespace: name.namespace, name: "now" };
        const ops: readonly Op[] = [
          { kind: "rename-table", name, to: "now" },
          { kind: "rename-column", table: now, column, to: "also now" },
        ];
        const decided: readonly Rename[] = [
          { from: path(table, column), to: path(now, "also now") },
          { from: path(table), to: path(now) },
        ];
        const { ops: found } = diff(schema, applyOps(schema, ops), { ...options, renames: decided });
        expect(found).toEqual(ops);
      }),
    );
  });

  test("names of any kind can be written and read", () => {
    const part = fc.string();
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), part, (parts, to) => {
        expect(parsePath(formatPath(parts))).toEqual(parts);
        const rename = parseRename(`${formatPath(parts)}:${formatPath([to])}`);
        expect([parsePath(rename.from), parsePath(rename.to)]).toEqual([parts, [to]]);
      }),
    );
  });
});
