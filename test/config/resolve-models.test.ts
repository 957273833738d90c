import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resolveModels } from "../../src/config/resolve-models.js";
import { validateConfig } from "../../src/config/validate.js";
import { temporaryFolder } from "../temporary-folder.js";

const files = {
  "src/b.ts": "",
  "src/a.ts": "",
  "src/a.test.ts": "",
  "src/types.d.ts": "",
  "src/(group)/[id].ts": "",
  "src/node_modules/x.ts": "",
  "naïve ü/Order x.sql": "",
};

async function resolved(schema: string | string[], inside = "") {
  const folder = join(
    temporaryFolder(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [join(inside, name), text])),
    ),
    inside,
  );
  const config = validateConfig(
    { schema },
    { file: join(folder, "aludel.config.ts"), root: folder, variables: {}, dotenv: null },
  );
  return (await resolveModels(config)).map((file) => file.slice(folder.length + 1));
}

describe("the files of the models", () => {
  test.each([
    ["a path", "./src/a.ts", ["src/a.ts"]],
    ["a path with brackets", "./src/(group)/[id].ts", ["src/(group)/[id].ts"]],
    ["a name with spaces", "naïve ü/Order x.sql", ["naïve ü/Order x.sql"]],
    ["a glob, sorted, without declarations", "src/*.ts", ["src/a.test.ts", "src/a.ts", "src/b.ts"]],
    [
      "a glob and what it leaves out",
      ["src/**/*.ts", "!**/*.test.ts"],
      ["src/(group)/[id].ts", "src/a.ts", "src/b.ts"],
    ],
    ["the same file twice", ["src/a.ts", "src/{a,b}.ts"], ["src/a.ts", "src/b.ts"]],
    [
      "the order of the configuration, sorted within a glob, each where it is named first",
      ["src/b.ts", "naïve ü/*.sql", "src/[ab].ts", "src/{b,a.test}.ts"],
      ["src/b.ts", "naïve ü/Order x.sql", "src/a.ts", "src/a.test.ts"],
    ],
  ])("%s", async (_name, schema, expected) => {
    expect(await resolved(schema)).toEqual(expected);
    expect(await resolved(schema, "work (copy) [x]/{y}")).toEqual(expected);
  });

  test("of a glob that starts above the project", async () => {
    expect(await resolved("../deep/src/b.*", "deep")).toEqual(["src/b.ts"]);
  });
});

describe("models that are not found", () => {
  test("tell the pattern, the folder and the files that are there", async () => {
    await expect(resolved("src/A/*.ts")).rejects.toMatchObject({
      code: "models-not-found",
      message: 'No file matches "src/A/*.ts"',
      details: [expect.stringMatching(/looked in .*\/src$/), "there are a.test.ts, a.ts, b.ts, types.d.ts"],
    });
  });
  test("suggest the file that was meant", async () => {
    await expect(resolved("src/aa.ts")).rejects.toMatchObject({
      remedy: expect.stringContaining('Did you mean "src/a.ts"'),
    });
  });
  test("one pattern without a match is enough", async () => {
    await expect(resolved(["src/a.ts", "models/*.ts"])).rejects.toMatchObject({
      message: 'No file matches "models/*.ts"',
    });
  });
  test("a folder is no file", async () => {
    await expect(resolved("src")).rejects.toMatchObject({ remedy: 'Write a glob: "./src/**/*.ts".' });
  });
  test("nothing configured", async () => {
    await expect(resolved([])).rejects.toMatchObject({ remedy: expect.stringContaining("schema") });
  });
});
