import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const description = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const modules = Object.keys(description.exports)
  .filter((name) => !name.endsWith(".json"))
  .map((name) => name.replace(/^\./, "aludel"));

// What the build puts together may import itself in a circle, which shows only when it is the first that is loaded.
test.each(modules)("%s can be imported by itself", (name) => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "-e", `await import(${JSON.stringify(name)})`],
    { cwd: root, encoding: "utf8" },
  );
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
