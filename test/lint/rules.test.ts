import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadEngine } from "../../src/lint/engine.js";
import { dialectOfExample, exampleOf, lintExample } from "../../src/lint/example.js";
import { type Example, type Rule, ruleGroups } from "../../src/lint/rule.js";
import { rules } from "../../src/lint/rules/all.js";

const folder = join(import.meta.dirname, "../../src/lint/rules");
const only = process.env["RULE"];

async function idsFoundIn(rule: Rule, example: Example): Promise<readonly string[]> {
  const engine = await loadEngine(dialectOfExample(rule, example));
  return (await lintExample(engine, rules, rule, example)).map((finding) => finding.rule);
}

/** A line for the name of a test. */
function shown(example: Example): string {
  const { sql, note, serverVersion } = exampleOf(example);
  const version = serverVersion === undefined ? "" : ` (${serverVersion})`;
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
      expect(await idsFoundIn(rule, example)).toContain(rule.id);
    });
  }
  for (const example of rule.good) {
    test(`is silent: ${shown(example)}`, async () => {
      expect(await idsFoundIn(rule, example)).not.toContain(rule.id);
    });
  }
});
