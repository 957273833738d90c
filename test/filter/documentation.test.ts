import { expect, test } from "vitest";
import { filterKinds, optInKinds } from "../../src/filter/kinds.js";
import { toolRules } from "../../src/filter/tool-rules.js";
import { readPage, section } from "../docs/blocks.js";

const { text } = section(readPage("docs/configuration.md"), "## Filters");

test("docs/configuration.md has every kind and every tool", () => {
  expect(filterKinds.filter((kind) => !text.includes(`\`${kind}\``))).toEqual([]);
  const tools = toolRules.flatMap(({ tool }) => tool.split(/, | or /));
  expect(tools.filter((tool) => !text.includes(tool))).toEqual([]);
});

test("the page says which kinds are opt-in", () => {
  const [, opted = ""] = /unless `include\.kinds` has them:([^.]*)\./.exec(text) ?? [];
  expect([...opted.matchAll(/`([\w-]+)`/g)].map(([, kind]) => kind).sort()).toEqual([...optInKinds].sort());
});
