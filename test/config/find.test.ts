import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { configNames, findConfig } from "../../src/config/find.js";
import { temporaryFolder } from "../temporary-folder.js";

describe("the configuration file", () => {
  test.each(configNames)("is found upwards: %s", async (name) => {
    const folder = temporaryFolder({ [name]: "", "a/b/x": "" });
    expect(await findConfig(join(folder, "a", "b"), null)).toBe(join(folder, name));
  });

  test("is the nearest, and TypeScript before what was compiled from it", async () => {
    const folder = temporaryFolder({
      "aludel.config.ts": "",
      "a/aludel.config.js": "",
      "a/aludel.config.ts": "",
    });
    expect(await findConfig(join(folder, "a"), null)).toBe(join(folder, "a/aludel.config.ts"));
  });

  test("may be named, relative to the working directory", async () => {
    const folder = temporaryFolder({ "aludel.config.ts": "", "other/x.config.ts": "" });
    expect(await findConfig(folder, "other/x.config.ts")).toBe(join(folder, "other/x.config.ts"));
  });

  test("that is missing is an error with the files that come near", async () => {
    const folder = temporaryFolder({ "aludel.config.yaml": "" });
    await expect(findConfig(folder, null)).rejects.toMatchObject({
      code: "config-not-found",
      details: [expect.stringContaining("aludel.config.yaml")],
      remedy: expect.stringContaining("aludel init"),
    });
  });

  test("that is named and missing, or a folder, is an error", async () => {
    const folder = temporaryFolder({ "aludel.config.ts": "" });
    mkdirSync(join(folder, "there"));
    await expect(findConfig(folder, "nope.ts")).rejects.toMatchObject({
      code: "config-not-found",
      where: { file: join(folder, "nope.ts") },
    });
    await expect(findConfig(folder, "there")).rejects.toMatchObject({
      code: "config-not-found",
      message: "--config names a folder",
    });
  });
});
