import { describe, expect, test } from "vitest";
import { duration } from "../../src/cli/argument.js";
import { commandModules } from "../../src/cli/command-modules.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const names = Object.keys(commandModules);

describe("help", () => {
  test("lists every command, says the exit codes, and is no error", async () => {
    const { exit, stdout, stderr } = await aludel("/", ["--help"]);
    expect([exit, stderr]).toEqual([0, ""]);
    for (const name of names) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
    expect(stdout).toContain("Exit codes:");
  });

  test.each(names)("of %s has a description, examples that name it, and the options of all", async (name) => {
    const { exit, stdout } = await aludel("/", [name, "--help"]);
    expect(exit).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: aludel ${name} `));
    expect(stdout.split("Examples:")[1]).toContain(`aludel ${name}`);
    expect(stdout).toContain("--json");
  });

  test("is printed, as an error, where no command is given", async () => {
    const { exit, stdout, stderr } = await aludel("/", []);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("Usage: aludel");
  });

  test("--version", async () => {
    expect((await aludel("/", ["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("what cannot be understood is exit 2", () => {
  test.each([
    [["status"], "Did you mean current, or history?"],
    [["upgrade", "--environment=x"], "Did you mean --env?"],
    [["toString"], "unknown command"],
    [["upgade"], "Did you mean upgrade?"],
    [["upgrade", "--dry-rum"], "Did you mean --dry-run?"],
    [["downgrade"], "missing required argument 'target'"],
    [["heads", "extra"], "too many arguments"],
    [["upgrade", "--transaction", "some"], "each, all"],
    [["upgrade", "--lock-timeout", "soon"], "500ms, 30s or 5m"],
    [["history", "-x", "novalue"], "key=value"],
    [["current", "--url", "sqlite::memory:", "--env", "dev"], "Leave one of them out"],
    [["history", "--config", "nowhere.ts"], "config-not-found"],
  ])("%j", async (words, expected) => {
    const { exit, stdout, stderr } = await aludel(temporaryFolder(), words);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(expected);
    expect(stderr).toContain("→ ");
  });

  test("with --json it is told on stdout, for a machine", async () => {
    const { exit, stdout, stderr } = await aludel(temporaryFolder(), ["history", "--json"]);
    expect([exit, stderr]).toEqual([2, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: "config-not-found", remedy: expect.stringContaining("aludel init") },
    });
  });
});

test("negative numbers are targets, not options", async () => {
  const { stderr } = await aludel(temporaryFolder(), ["downgrade", "-1"]);
  expect(stderr).toContain("config-not-found");
});

test("options of all commands stand before or after the command", async () => {
  const folder = temporaryFolder({
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a configuration file
    "aludel.config.cjs": "module.exports = ({ arguments: x, env }) => ({ revisions: `${x.a}${x.b}${env}` });",
  });
  const before = await aludel(folder, ["-x", "a=1=2", "--json", "--env", "e", "heads", "-x", "b="]);
  expect(before).toEqual({ exit: 0, stdout: "[]\n", stderr: "there are no revisions\n" });
});

test("a throw that nobody thought of is a bug: exit 3, with the stack and without a password", async () => {
  const signal = new Proxy(new AbortController().signal, {
    get: () => {
      throw new TypeError("postgres://u:s3cret@h/d");
    },
  });
  const folder = temporaryFolder({
    "aludel.config.json": '{ "environments": { "dev": "sqlite:dev.db" } }',
    "dev.db": "",
  });
  const { exit, stderr } = await aludel(folder, ["current"], { signal });
  expect(exit).toBe(3);
  expect(stderr).toMatch(/bug in Aludel[\s\S]*TypeError[\s\S]*context\.ts/);
  expect(stderr).not.toContain("s3cret");
});

test.each([
  ["500ms", 500],
  ["30s", 30_000],
  ["1.5m", 90_000],
  ["1h", 3_600_000],
  ["10", 10_000],
  ["0", 0],
])("a duration: %s", (text, expected) => {
  expect(duration(text)).toBe(expected);
});
