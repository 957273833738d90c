import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { showVersion } from "../../src/config/server-version.js";
import { loadEngine } from "../../src/lint/engine.js";
import { dialectOfExample, exampleOf, lintExample } from "../../src/lint/example.js";
import type { Finding } from "../../src/lint/finding.js";
import { type Example, type Rule, ruleGroups } from "../../src/lint/rule.js";
import { rules } from "../../src/lint/rules/all.js";

const folder = join(import.meta.dirname, "../../src/lint/rules");
const only = process.env["RULE"];

async function foundIn(rule: Rule, example: Example): Promise<readonly Finding[]> {
  const engine = await loadEngine(dialectOfExample(rule, example));
  return lintExample(engine, rules, rule, example);
}

/** A line for the name of a test. */
function shown(example: Example): string {
  const { sql, note, serverVersion } = exampleOf(example);
  const version = serverVersion === undefined ? "" : ` (${showVersion(serverVersion)})`;
  return `${note ?? sql.replace(/\s+/g, " ").slice(0, 70)}${version}`;
}

test("every file has its rule in the list, under the file's name", () => {
  const files = readdirSync(folder).filter((name) => name !== "all.ts");
  expect(rules.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
});

describe.each(rules.filter(({ id }) => only === undefined || only.split(",").includes(id)))("$id", (rule) => {
  test("says what it is in whole sentences", () => {
    expect(rule.id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(ruleGroups).toContain(rule.group);
    expect(rule.title).toMatch(/[^.]$/);
    for (const text of [rule.why, rule.remedy]) expect(text).toMatch(/^[A-Z0-9`"][\s\S]+[.!?]$/);
  });
  for (const example of rule.bad) {
    test(`finds: ${shown(example)}`, async () => {
      const found = await foundIn(rule, example);
      expect(found.map((finding) => finding.rule)).toContain(rule.id);
      const isLong = found.some((finding) => finding.rule === rule.id && finding.long !== null);
      if (isLong) expect(rule.expands).toBe(true);
    });
  }
  if (rule.expands === true) {
    test("has an example of which other revisions can be written", async () => {
      const found = await Promise.all(rule.bad.map((example) => foundIn(rule, example)));
      expect(found.flat().some((finding) => finding.rule === rule.id && finding.long !== null)).toBe(true);
    });
  }
  for (const example of rule.good) {
    test(`is silent: ${shown(example)}`, async () => {
      expect((await foundIn(rule, example)).map((finding) => finding.rule)).not.toContain(rule.id);
    });
  }
});
