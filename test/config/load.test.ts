import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load.js";
import { temporaryFolder } from "../temporary-folder.js";

const define = JSON.stringify(join(import.meta.dirname, "../../src/config/define.ts"));

function load(
  folder: string,
  name: string,
  options: { environment?: string; variables?: NodeJS.ProcessEnv; arguments?: Record<string, string> } = {},
) {
  return loadConfig({
    file: join(folder, name),
    environment: options.environment ?? null,
    arguments: options.arguments ?? {},
    variables: options.variables ?? {},
  });
}

describe("loading", () => {
  test.each([
    ["aludel.config.json", '\uFEFF{ "$schema": "x", "revisions": "here", "environments": { "dev": "$DB" } }'],
    [
      "aludel.config.ts",
      `import { defineConfig, env } from ${define};\nexport default defineConfig({ revisions: "here" as string, environments: { dev: env("DB") } });`,
    ],
    [
      "aludel.config.mts",
      'export default { revisions: "here" satisfies string, environments: { dev: "$DB" } };',
    ],
    ["aludel.config.mjs", 'export default { revisions: "here", environments: { dev: "$DB" } };'],
    ["aludel.config.js", 'module.exports = { revisions: "here", environments: { dev: "$DB" } };'],
    ["aludel.config.cjs", 'module.exports = { revisions: "here", environments: { dev: "$DB" } };'],
  ])("%s", async (name, text) => {
    const folder = temporaryFolder({ [name]: text, ".env": 'DB="sqlite:from-dotenv.db"' });
    const { config } = await load(folder, name);
    expect(config.revisions).toBe(join(folder, "here"));
    expect(config.environments["dev"]?.url).toBe("sqlite:from-dotenv.db");
  });

  test("calls a function with the environment that was asked for and the arguments", async () => {
    const folder = temporaryFolder({
      "aludel.config.mjs":
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a configuration file
        "export default async ({ env, arguments: x }) => ({ revisions: `${env}-${x.tenant}` });",
    });
    const { config, environment } = await load(folder, "aludel.config.mjs", {
      variables: { ALUDEL_ENV: "staging" },
      arguments: { tenant: "a" },
    });
    expect(config.revisions).toBe(join(folder, "staging-a"));
    expect(environment).toBe("staging");
    expect(
      (await load(folder, "aludel.config.mjs", { environment: "x", variables: { ALUDEL_ENV: "staging" } }))
        .environment,
    ).toBe("x");
  });

  test(".env does not override the process, and the configuration sees it", async () => {
    const folder = temporaryFolder({
      "aludel.config.json": '{ "environments": { "a": "$A", "b": "$B" } }',
      ".env": "# comment\nA=sqlite:dotenv-a\nexport B='sqlite:dotenv b' # why\n",
    });
    const variables: NodeJS.ProcessEnv = { A: "sqlite:process-a" };
    const { config } = await load(folder, "aludel.config.json", { variables });
    expect(config.environments).toMatchObject({
      a: { url: "sqlite:process-a" },
      b: { url: "sqlite:dotenv b" },
    });
    expect(variables["B"]).toBe("sqlite:dotenv b");
  });
});

describe("what cannot be loaded", () => {
  test.each([
    ["aludel.config.json", "{ nonsense", /JSON/],
    ["aludel.config.mjs", "export default {", /syntax/],
    ["aludel.config.ts", 'import "no-such-package-at-all";\nexport default {};', /no-such-package-at-all/],
    ["aludel.config.mjs", "export const config = {};", /exports nothing by default/],
    ["aludel.config.mjs", 'export default () => { throw new Error("mine"); };', /mine/],
  ])("%s: %s", async (name, text, message) => {
    const folder = temporaryFolder({ [name]: text });
    await expect(load(folder, name)).rejects.toMatchObject({
      code: "config-unloadable",
      message: expect.stringMatching(message),
      where: { file: expect.stringContaining(name) },
    });
  });

  test("a mistake is told with the file", async () => {
    const folder = temporaryFolder({ "aludel.config.json": '{ "revision": "x" }' });
    await expect(load(folder, "aludel.config.json")).rejects.toMatchObject({
      code: "config-invalid",
      where: { file: join(folder, "aludel.config.json") },
      details: [expect.stringContaining('did you mean "revisions"')],
    });
  });

  test("ALUDEL_SCRATCH goes before the configured scratch", async () => {
    const folder = temporaryFolder({ "aludel.config.json": '{ "scratch": "pglite:" }' });
    const scratch = async (variables: NodeJS.ProcessEnv) =>
      (await load(folder, "aludel.config.json", { variables })).config.scratch;
    expect(await scratch({ ALUDEL_SCRATCH: "" })).toBe("pglite:");
    expect(await scratch({ ALUDEL_SCRATCH: "postgres://h/d" })).toBe("postgres://h/d");
  });
});
