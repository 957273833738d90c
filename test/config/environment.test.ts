import { describe, expect, test } from "vitest";
import { chooseEnvironment, dialectNameOf } from "../../src/config/environment.js";
import { validateConfig } from "../../src/config/validate.js";
import { AludelError } from "../../src/error/error.js";

const origin = {
  file: "/project/aludel.config.ts",
  root: "/project",
  variables: { BAD: "nonsense" },
  dotenv: null,
};
const nobody = { url: null, name: null };

function config(input: unknown) {
  return validateConfig(input, origin);
}

function failure(act: () => unknown): AludelError {
  try {
    act();
  } catch (error) {
    if (error instanceof AludelError) return error;
  }
  throw new Error("nothing was thrown");
}

const two = { environments: { dev: "sqlite:dev.db", prod: "postgres://h/d" } };

describe("the environment", () => {
  test.each([
    ["--url before all", { ...two, defaultEnvironment: "dev" }, { url: "sqlite:x", name: "prod" }, "--url"],
    ["--env before the default", { ...two, defaultEnvironment: "dev" }, { url: null, name: "prod" }, "prod"],
    ["the default", { ...two, defaultEnvironment: "prod" }, nobody, "prod"],
    ["the only one", { environments: { solo: "sqlite:x" } }, nobody, "solo"],
  ])("%s", (_name, input, choice, expected) => {
    expect(chooseEnvironment(config(input), choice).name).toBe(expected);
  });

  test.each([
    ["several, none chosen", two, nobody, "environment-unknown", /--env dev\|prod/],
    ["none at all", {}, nobody, "environment-unknown", /--url/],
    ["a slip", two, { url: null, name: "pord" }, "environment-unknown", /Did you mean "prod"/],
    [
      "a name of Object.prototype",
      two,
      { url: null, name: "constructor" },
      "environment-unknown",
      /dev, prod/,
    ],
    [
      "an unset variable",
      { environments: { dev: "$NOT_THERE" } },
      nobody,
      "environment-variable-missing",
      /Set NOT_THERE/,
    ],
    [
      "undefined",
      { environments: { dev: { url: undefined } } },
      nobody,
      "environment-variable-missing",
      /env\("NAME"\)/,
    ],
    ["a bad URL in a variable", { environments: { dev: "$BAD" } }, nobody, "url-invalid", /postgres:/],
    [
      "another engine",
      { ...two, dialect: "sqlite" },
      { url: null, name: "prod" },
      "dialect-mismatch",
      /--env/,
    ],
  ])("%s", (_name, input, choice, code, remedy) => {
    const error = failure(() => chooseEnvironment(config(input), choice));
    expect(error.code).toBe(code);
    expect(error.remedy).toMatch(remedy);
  });

  test("a missing variable is told with the environment and where it was looked for", () => {
    const error = failure(() => chooseEnvironment(config({ environments: { dev: "$NOT_THERE" } }), nobody));
    expect(error.message).toBe('NOT_THERE is not set, and environment "dev" takes its URL from it');
    expect(error.details).toEqual([
      "looked for it in this process's environment; there is no .env file beside the configuration",
    ]);
    expect(error.where.object).toBe("environments.dev.url");
  });
});

describe("the engine without a database", () => {
  test("is that of the URL, or the configured one when no environment can be chosen", () => {
    expect(dialectNameOf(config(two), { url: null, name: "prod" })).toBe("postgres");
    expect(dialectNameOf(config({ ...two, dialect: "sqlite" }), nobody)).toBe("sqlite");
  });
  test("is not known where neither says it, and the error tells why the URL is not", () => {
    expect(failure(() => dialectNameOf(config(two), nobody)).code).toBe("environment-unknown");
    const unset = config({ environments: { dev: "$NOT_THERE" } });
    expect(failure(() => dialectNameOf(unset, nobody)).message).toContain("NOT_THERE is not set");
  });
  test("does not swallow an environment that was asked for and is not there", () => {
    expect(() => dialectNameOf(config(two), { url: null, name: "x" })).toThrow(/no environment "x"/);
  });
});
