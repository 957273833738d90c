import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rulePages } from "../../src/lint/report/pages.js";
import { rules } from "../../src/lint/rules/all.js";
import { root } from "./blocks.js";

const folder = join(root, "docs/rules");
const pages = rulePages(rules);

test("docs/rules has the pages of the rules and no others", () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(pages).sort());
});

test.each(Object.entries(pages))("docs/rules/%s is what `node scripts/rules.mjs` writes", (name, text) => {
  expect(readFileSync(join(folder, name), "utf8")).toBe(text);
});
