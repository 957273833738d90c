import { expect, test } from "vitest";
import { readRevision } from "../../src/revision/read-header.js";
import { isAtLeast, parseRelease } from "../../src/revision/release.js";

const code = (more: string) =>
  `import { defineRevision } from "aludel";
export default defineRevision({
  id: "bbbb",
  revises: "aaaa",
  ${more}
  async upgrade(op) {},
  async downgrade(op) {},
});
`;
const script = (more: string) => `-- drop it
--
-- Revision: bbbb
-- Revises: aaaa
${more}
-- Created: 2026-11-21T05:30:00Z

-- aludel:upgrade
SELECT 1;
`;

const saidBy = (file: string, text: string) => {
  const { phase, waitsFor } = readRevision(file, text);
  return { phase, waitsFor };
};

test("a revision says its phase, and what it waits for, in both formats", () => {
  const said = { phase: "contract", waitsFor: ["app@1.42", "@acme/worker@7"] };
  const list = `["app@1.42", '@acme/worker@7'],`;
  expect(saidBy("b.ts", code(`phase: "contract", waitsFor: ${list}`))).toEqual(said);
  // In any other shape the whole file is parsed.
  expect(saidBy("b.ts", `const c = "contract";\n${code(`phase: c, waitsFor: ${list}`)}`)).toEqual(said);
  expect(saidBy("b.ts", code("").replace("});", '  phase: "expand",\n});'))).toMatchObject({
    phase: "expand",
  });
  expect(saidBy("b.sql", script("-- Phase: contract\n-- Waits-For: app@1.42, @acme/worker@7"))).toEqual(said);
  expect(saidBy("b.sql", script("-- Waits for: app@1.42"))).toEqual({ waitsFor: ["app@1.42"] });
  expect(saidBy("b.ts", code(""))).toEqual({});
  expect(saidBy("b.sql", script("--"))).toEqual({});
});

test.each([
  ["b.ts", code('phase: "contact",'), '"contact" is no phase', 'Did you mean "contract"?', 5],
  ["b.sql", script("-- Phase: expnd"), '"expnd" is no phase', 'Did you mean "expand"?', 5],
  ["b.ts", code('phase: "later",'), '"later" is no phase', "The phases are expand, migrate, contract.", 5],
  ["b.ts", code("phase: process.env.P,"), "no text that could be read", 'phase: "contract"', 5],
  ["b.ts", code('waitsFor: "app 1.42",'), "no version of an application", '"app@1.42"', 5],
  ["b.sql", script("-- Waits-For: app"), '"app" is no version', '"app@1.42"', 5],
  [
    "b.ts",
    code('phase: "expand", waitsFor: "app@2",'),
    'a contract, and not in the phase "expand"',
    "Take",
    5,
  ],
])("%s: what cannot be a phase is refused with its place", (file, text, message, remedy, line) => {
  expect(() => readRevision(file, text)).toThrow(
    expect.objectContaining({
      code: "revision-unreadable",
      message: expect.stringContaining(message),
      remedy: expect.stringContaining(remedy),
      where: expect.objectContaining({ file, line }),
    }),
  );
});

test("versions of numbers have an order, others are the very same or not", () => {
  const pairs = (wanted: string, versions: readonly string[]) =>
    versions.filter((version) => isAtLeast(version, wanted));
  expect(pairs("1.42", ["1.42", "1.42.0", "v1.42.1", "1.100", "2", "1.42.0+build5"])).toHaveLength(6);
  expect(pairs("1.42", ["1.41.99", "1", "0.99", "1.43.0-rc.1", "4f2a91c", ""])).toEqual([]);
  expect(pairs("4f2a91c", ["4f2a91c", "4f2a91d", "9"])).toEqual(["4f2a91c"]);
  expect(parseRelease("@acme/app@1.42")).toEqual({ application: "@acme/app", version: "1.42" });
  for (const wrong of ["app", "app@", "@1", "app@1 2", "app@1,2"])
    expect(parseRelease(wrong), wrong).toBeNull();
});
