import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dialect } from "../../src/dialect/dialect.js";
import { loadDialect } from "../../src/dialect/registry.js";
import type { Op, OpKind } from "../../src/op/op.js";
import { loadRevision } from "../../src/revision/load.js";
import { readRevision } from "../../src/revision/read-header.js";
import { recordRevision } from "../../src/revision/record.js";
import { scanHeader } from "../../src/revision/scan-header.js";
import { renderRevision } from "../../src/revision/write/render-revision.js";
import { arbitraryOps } from "./sample-ops.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "aludel-write-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const header = {
  id: "4f2a91c04b7d",
  revises: ["9c1d0b7e55aa"],
  dependsOn: [],
  labels: [],
  message: "change it",
  createdAt: new Date("2026-11-21T05:30:00Z"),
};

/** Equal in every property, but for the prototypes that fast-check plays with. */
function same(found: readonly Op[], expected: readonly Op[], message: string): void {
  const [a, b] = [structuredClone(found), structuredClone(expected)];
  if (!isDeepStrictEqual(a, b)) expect(inspect(a, { depth: 9 }), message).toBe(inspect(b, { depth: 9 }));
  expect(isDeepStrictEqual(a, b), message).toBe(true);
}

let count = 0;

/** Writes the ops, reads the file back as a user's file is read, and records what it does. */
async function writeAndRead(dialect: Dialect, upgrade: readonly Op[], downgrade: readonly Op[]) {
  const text = renderRevision({ ...header, upgrade, downgrade, dialect });
  count += 1;
  const file = join(folder, `${count}.ts`);
  writeFileSync(file, text);
  const definition = await loadRevision(readRevision(file, text), { root: folder });
  const up = await recordRevision(definition, "upgrade", { dialect });
  const down = await recordRevision(definition, "downgrade", { dialect });
  return { text, up: up.ops.map(({ op }) => op), down: down.ops.map(({ op }) => op) };
}

const dialects = [await loadDialect("postgres"), await loadDialect("sqlite")];

describe.each(dialects)("$name", (dialect) => {
  const kinds = Object.entries(arbitraryOps(dialect)) as [OpKind, fc.Arbitrary<Op>][];
  test.each(kinds)("what is written reads back as the same ops: %s", async (kind, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitrary, { minLength: 1, maxLength: 8 }), async (ops) => {
        const { text, up, down } = await writeAndRead(dialect, ops, [...ops].reverse());
        same(up, ops, `${kind}\n${text}`);
        same(down, [...ops].reverse(), kind);
        // Read the quick way, unless a name has one of the words that make the scanner leave it to the parser.
        if (!/labels|dependsOn|revises|\.\.\./.test(text.slice(text.indexOf("upgrade(")))) {
          expect(scanHeader(text)).not.toBeNull();
        }
      }),
      { numRuns: 20 },
    );
  });

  test("ops of all kinds together", async () => {
    const any = fc.oneof(...Object.values(arbitraryOps(dialect) as Record<string, fc.Arbitrary<Op>>));
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 12 }), async (ops) => {
        const { text, up } = await writeAndRead(dialect, ops, []);
        same(up, ops, text);
      }),
      { numRuns: 30 },
    );
  });
});
