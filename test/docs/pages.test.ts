import { describe, expect, test } from "vitest";
import { configKeys } from "../../src/config/shape.js";
import { codes } from "../../src/error/codes.js";
import { blocksOf, readPage, section } from "./blocks.js";

const page = readPage("docs/configuration.md");

describe("docs/configuration.md", () => {
  test("has every key and no other", () => {
    const table = page.slice(page.indexOf("| key |"), page.indexOf("## Environments"));
    const keys = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, key]) => key);
    expect(keys.sort()).toEqual([...configKeys].sort());
  });
});

test("docs/running.md tells of codes that there are", () => {
  const { text } = section(readPage("docs/running.md"), "## Safety");
  const named = [...text.matchAll(/^\| `([\w-]+)`/gm)].map(([, code]) => code);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((code) => !Object.keys(codes).includes(code ?? ""))).toEqual([]);
});

test("README has every page", () => {
  const { text } = section(readPage("README.md"), "## What to read next");
  for (const name of [
    "commands",
    "configuration",
    "models",
    "autogenerate",
    "operations",
    "running",
    "testing",
  ]) {
    expect(text).toContain(`docs/${name}.md`);
  }
  expect(blocksOf(text)).toEqual([]);
});
