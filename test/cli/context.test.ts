import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { createContext } from "../../src/cli/context.js";
import type { GlobalOptions } from "../../src/cli/options.js";
import { temporaryFolder } from "../temporary-folder.js";

const none: GlobalOptions = {
  config: null,
  env: null,
  url: null,
  arguments: {},
  json: false,
  colour: false,
  quiet: false,
  verbose: false,
};

function context(cwd: string, globals: Partial<GlobalOptions> = {}, variables: NodeJS.ProcessEnv = {}) {
  const controller = new AbortController();
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stream = { isTTY: true, write: () => true };
  const terminal = { cwd, variables, stdin, stdout: stream, stderr: stream, signal: controller.signal };
  return {
    context: createContext(terminal, { ...none, ...globals }),
    stdin,
    abort: () => controller.abort(),
  };
}

const project = { "aludel.config.json": '{ "environments": { "a": "sqlite:a.db", "b": "sqlite:b.db" } }' };

describe("the environment of a command", () => {
  test.each([
    [{ env: "b" }, {}, "b"],
    [{}, { ALUDEL_ENV: "a" }, "a"],
    [{ env: "b" }, { ALUDEL_ENV: "a" }, "b"],
    [{ url: "sqlite:x.db" }, { ALUDEL_ENV: "a" }, "--url"],
  ])("%j %j", async (globals, variables, expected) => {
    expect((await context(temporaryFolder(project), globals, variables).context.environment()).name).toBe(
      expected,
    );
  });

  test("a URL needs no configuration, but a configuration that is named must be there", async () => {
    const folder = temporaryFolder();
    expect(await context(folder, { url: "sqlite:x.db" }).context.environment()).toMatchObject({
      name: "--url",
      url: "sqlite:x.db",
    });
    await expect(
      context(folder, { url: "sqlite:x.db", config: "no.ts" }).context.environment(),
    ).rejects.toMatchObject({
      code: "config-not-found",
    });
  });

  test("the configuration is loaded once, and a failure is the same one again", async () => {
    const { context: one } = context(temporaryFolder(project));
    expect(await one.config()).toBe(await one.config());
    const { context: broken } = context(temporaryFolder({ "aludel.config.json": "{" }));
    const failure = await broken.config().catch((error: unknown) => error);
    await expect(broken.environment()).rejects.toBe(failure);
  });
});

test("the connection is one, relative to the configuration, and closed at the end", async () => {
  const folder = temporaryFolder({ ...project, "src/x": "" });
  const { context: one } = context(`${folder}/src`, { env: "a" });
  const connection = await one.connect();
  expect(await one.connect()).toBe(connection);
  await connection.run("CREATE TABLE t (id integer)");
  await one.close();
  await expect(connection.query("SELECT 1")).rejects.toThrow();
  const again = context(folder, { url: "sqlite:a.db" }).context;
  expect(await (await again.connect({ mustExist: true })).query("SELECT name FROM sqlite_master")).toEqual([
    { name: "t" },
  ]);
  await again.close();
});

test("a scratch database of another engine is named as such", async () => {
  const config = { "aludel.config.json": '{ "dialect": "postgres", "scratch": "sqlite:x.db" }' };
  await expect(context(temporaryFolder(config)).context.openScratch()).rejects.toMatchObject({
    code: "scratch-unavailable",
    message: "`scratch` is a URL of sqlite:, and not one of PostgreSQL",
    remedy: expect.stringContaining("to a postgres: URL"),
  });
  // SQLite needs none.
  const other = { "aludel.config.json": '{ "dialect": "sqlite", "scratch": "postgres://127.0.0.1:1/x" }' };
  const scratch = await context(temporaryFolder(other)).context.openScratch();
  await scratch.dispose();
});

describe("a question", () => {
  const question = { text: "Sure?", choices: ["yes", "no"], default: null, flag: "--yes" };

  test("is asked until there is an answer, and keeps what was typed ahead", async () => {
    const { context: one, stdin } = context("/");
    stdin.write("\nmaybe\ny\nNO\n");
    expect([await one.ask(question), await one.ask(question)]).toEqual(["yes", "no"]);
    await one.close();
  });

  test("has no answer at the end of the input, or with --json", async () => {
    const { context: one, stdin } = context("/");
    stdin.end("maybe\n");
    const expected = { code: "question-unanswered", exit: 1, data: { flag: "--yes" } };
    await expect(one.ask(question)).rejects.toMatchObject(expected);
    await expect(context("/", { json: true }).context.ask(question)).rejects.toMatchObject(expected);
  });

  test("gives way to a signal", async () => {
    const { context: one, abort } = context("/");
    const answer = one.ask(question);
    setImmediate(abort);
    await expect(answer).rejects.toMatchObject({ code: "interrupted" });
    await one.close();
  });
});
