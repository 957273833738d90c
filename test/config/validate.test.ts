import { describe, expect, test } from "vitest";
import { ciDefaults } from "../../src/config/ci-config.js";
import { env } from "../../src/config/define.js";
import { lintDefaults } from "../../src/config/lint-config.js";
import { validateConfig } from "../../src/config/validate.js";
import { AludelError } from "../../src/error/error.js";
import { defaultFilters } from "../../src/filter/rules.js";

const origin = { file: "/project/aludel.config.ts", root: "/project", variables: {}, dotenv: null };

function mistakes(input: unknown): readonly string[] {
  try {
    validateConfig(input, origin);
  } catch (error) {
    if (error instanceof AludelError && error.code === "config-invalid") return error.details;
    throw error;
  }
  return [];
}

describe("a valid configuration", () => {
  test("gets its defaults and absolute paths", () => {
    expect(validateConfig({}, origin)).toEqual({
      root: "/project",
      file: "/project/aludel.config.ts",
      schema: [],
      source: null,
      dialect: null,
      filters: defaultFilters,
      revisions: "/project/revisions",
      revisionFolders: ["/project/revisions"],
      environments: {},
      unsetEnvironments: {},
      markers: {},
      defaultEnvironment: null,
      fileName: "{yyyy}{mm}{dd}{HH}{MM}{SS}_{slug}",
      versionTable: { namespace: null, name: "aludel_version" },
      runLogTable: { namespace: null, name: "aludel_run_log" },
      seeds: "/project/seeds",
      seedTable: { namespace: null, name: "aludel_seed" },
      backfillTable: { namespace: null, name: "aludel_backfill" },
      deployTable: { namespace: null, name: "aludel_deploy" },
      stateTable: { namespace: null, name: "aludel_state" },
      receiptKey: null,
      fleet: null,
      webhooks: { called: [], unset: [] },
      receiptMaxAgeMs: 604_800_000,
      scratch: null,
      history: "graph",
      postWrite: [],
      sum: false,
      lint: lintDefaults,
      ci: ciDefaults,
    });
  });

  test("takes every shorthand", () => {
    const config = validateConfig(
      {
        schema: ["./src/**/*.ts", "!src/x.ts", "/elsewhere/m.ts"],
        source: "drizzle",
        dialect: "postgres",
        revisions: "../migrations",
        environments: {
          plain: "postgres://h/d",
          object: { url: "postgres://h/d" },
          variable: env("A"),
          text: "$A",
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a configuration file
          braces: { url: "${A}" },
          fallback: env("B", "sqlite:b.db"),
        },
        defaultEnvironment: "plain",
        fileName: "{id}",
        versionTable: 'Order "x"',
        runLogTable: { schema: "ops", name: "a.b" },
        scratch: env("B", null),
        postWrite: "biome check --write {file}",
      },
      { ...origin, variables: { A: "postgres://a/b", B: "" } },
    );
    expect(config.schema).toEqual(["/project/src/**/*.ts", "!/project/src/x.ts", "/elsewhere/m.ts"]);
    expect(config.revisions).toBe("/migrations");
    expect(Object.values(config.environments).map(({ name, url }) => `${name} ${url}`)).toEqual([
      "plain postgres://h/d",
      "object postgres://h/d",
      "variable postgres://a/b",
      "text postgres://a/b",
      "braces postgres://a/b",
      "fallback sqlite:b.db",
    ]);
    expect(config.versionTable).toEqual({ namespace: null, name: 'Order "x"' });
    expect(config.runLogTable).toEqual({ namespace: "ops", name: "a.b" });
    expect(config.scratch).toBeNull();
    expect(config.postWrite).toEqual(["biome check --write {file}"]);
  });

  test("says what is wrong in the linter's part", () => {
    const found = mistakes({
      lint: {
        rules: { "drop-column": "of" },
        overrides: [{ file: "x", files: "a/**", rules: {} }],
        serverVersion: 3.35,
        failon: "info",
      },
    });
    expect(found).toEqual([
      'lint.rules.drop-column: found "of"; write "error", "warning", "info" or "off"',
      'lint.overrides.0.file: found a key that the configuration does not have; did you mean "files"?',
      'lint.serverVersion: found the number 3.35; write a major version of the server, 16, or "3.35" for SQLite, or a list of them',
      'lint.failon: found a key that the configuration does not have; did you mean "failOn"?',
    ]);
    const { lint } = validateConfig(
      { lint: { serverVersion: [16, "17", "3.5"], baseline: "lint.json", rules: { types: "info" } } },
      origin,
    );
    expect(lint).toMatchObject({
      serverVersions: [16, 17, 3005],
      baseline: "/project/lint.json",
      rules: { types: "info" },
      failOn: "warning",
    });
  });

  test("may have several folders of revisions, each once", () => {
    const config = validateConfig({ revisions: ["db/core", "/elsewhere", "./db/core/"] }, origin);
    expect([config.revisions, config.revisionFolders]).toEqual([
      "/project/db/core",
      ["/project/db/core", "/elsewhere"],
    ]);
    expect(validateConfig({ revisions: [] }, origin).revisionFolders).toEqual(["/project/revisions"]);
  });

  test("is frozen through and through", () => {
    const config = validateConfig({ schema: "a.ts", environments: { dev: "sqlite:a" } }, origin);
    const frozen = [
      config,
      config.schema,
      config.environments,
      config.environments["dev"],
      config.versionTable,
    ];
    expect(frozen.every(Object.isFrozen)).toBe(true);
  });

  test("may have environments whose variable is not set", () => {
    const config = validateConfig(
      {
        environments: {
          dev: "sqlite:a",
          production: env("PROD"),
          other: process.env["NO_SUCH_VARIABLE"],
          empty: "$E",
        },
      },
      { ...origin, variables: { E: "" }, dotenv: "/project/.env" },
    );
    expect(Object.keys(config.environments)).toEqual(["dev"]);
    expect(config.unsetEnvironments).toEqual({
      production: { variable: "PROD", empty: false, dotenv: "/project/.env" },
      other: { variable: null, empty: false, dotenv: "/project/.env" },
      empty: { variable: "E", empty: true, dotenv: "/project/.env" },
    });
  });
});

describe("mistakes", () => {
  test("come all at once, each with path, what was found and what to write", () => {
    const found = mistakes({
      schemma: "x",
      schema: [5],
      source: "drizle",
      dialect: "mysql",
      revisions: 7,
      environments: { dev: { url: 5 }, prod: { uri: "x" } },
      versionTable: "ops.versions",
      postWrite: {},
    });
    expect(found).toEqual([
      'schema.0: found the number 5; write a path or a glob of your models, "./src/schema.ts", or a list of them',
      'source: found "drizle"; write one of "drizzle", "sql", or leave it out to have it found out',
      'dialect: found "mysql"; write one of "postgres", "sqlite", or leave it out to have it found out',
      'revisions: found the number 7; write the folder of the revision files, "revisions", or a list of them',
      'environments.dev.url: found a number; write a database URL, or env("NAME") to take it from an environment variable',
      'environments.prod.uri: found a key that the configuration does not have; did you mean "url"?',
      'versionTable: found "ops.versions"; write a table\'s name, "aludel_version", or { schema: "ops", name: "aludel_version" }',
      'postWrite: found an object; write a command, "biome check --write {file}", or a list of them',
      'schemma: found a key that the configuration does not have; did you mean "schema"?',
    ]);
  });

  test.each([
    [
      { defaultEnvironment: "devv", environments: { dev: "sqlite:a" } },
      'defaultEnvironment: found "devv"; did you mean "dev"?',
    ],
    [
      { defaultEnvironment: "dev" },
      'defaultEnvironment: found "dev"; name one of the environments (there are none)',
    ],
    [{ fileName: "{yyy}_{slug}" }, 'fileName: found "{yyy}_{slug}"; there is no {yyy}; did you mean {yyyy}?'],
    [{ fileName: "{yyyy}" }, 'fileName: found "{yyyy}"; put {slug} or {id} in it, so that names differ'],
    [
      { fileName: "x/{slug}" },
      'fileName: found "x/{slug}"; a file name cannot have any of / \\ : * ? " < > | in it',
    ],
    [{ fileName: "{slug" }, 'fileName: found "{slug"; close every { with a }'],
    [
      { versionTable: "t", runLogTable: { name: "t" } },
      "runLogTable: found the name of versionTable; give the two tables different names",
    ],
    [
      { environments: { "my db": "mysql://u:s3cret@h/d" } },
      'environments.my db.url: found a URL that cannot be used (No engine answers to "mysql:"); Start the URL with one of postgres:, postgresql:, pglite:, sqlite:, file:.',
    ],
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a configuration file
      { environments: { dev: "postgres://u:${PW}@h/d" } },
      'environments.dev.url: found a URL with a variable inside; take the whole URL from one variable, "$DATABASE_URL"; in TypeScript, backticks put a value into a text',
    ],
    [
      { environments: { dev: null } },
      'environments.dev.url: found null; write a database URL, or env("NAME") to take it from an environment variable',
    ],
    [
      { environments: ["sqlite:a"] },
      'environments: found a list; write { development: { url: env("DATABASE_URL") } }: every environment by its name',
    ],
    [
      "text",
      'the whole: found "text"; export the configuration as an object: export default defineConfig({ … })',
    ],
    [
      undefined,
      "the whole: found nothing; export the configuration as an object: export default defineConfig({ … })",
    ],
    [
      [],
      "the whole: found an empty list; export the configuration as an object: export default defineConfig({ … })",
    ],
  ])("%j", (input, expected) => {
    expect(mistakes(input)).toEqual([expected]);
  });

  test("of shape do not hide those of meaning", () => {
    expect(
      mistakes({
        revisons: "x",
        fileName: "{id",
        environments: { dev: "mysql://h" },
        defaultEnvironment: "d",
      }),
    ).toEqual([
      expect.stringMatching(/^revisons:/),
      expect.stringMatching(/^environments\.dev\.url:/),
      expect.stringMatching(/^defaultEnvironment:/),
      expect.stringMatching(/^fileName:/),
    ]);
    expect(mistakes({ environments: 5, defaultEnvironment: "dev" })).toEqual([
      expect.stringMatching(/^environments:/),
    ]);
  });

  test("never show what may be a password", () => {
    const found = mistakes({
      environments: { dev: ["postgres://u:s3cret@h/d"], b: "s3cret" },
      scratch: { url: "s3cret" },
    });
    expect(found.length).toBeGreaterThan(0);
    expect(JSON.stringify(found)).not.toContain("s3cret");
  });

  test("a scratch URL that is missing is an error that names the variable", () => {
    expect(() => validateConfig({ scratch: "$SCRATCH" }, origin)).toThrow(
      expect.objectContaining({ code: "environment-variable-missing", data: { variable: "SCRATCH" } }),
    );
  });
});

describe("filters", () => {
  test("of every shorthand", () => {
    const { filters } = validateConfig(
      { include: { schemas: "app" }, exclude: { tables: ["legacy_*", "!legacy_x"], kinds: "view" } },
      origin,
    );
    expect(filters.include.schemas.map(({ text }) => text)).toEqual(["app"]);
    expect(filters.exclude.tables.map(({ negated }) => negated)).toEqual([false, true]);
    expect(filters.exclude.kinds).toEqual(["view"]);
  });

  test.each<[string, unknown, RegExp]>([
    ["a key", { include: { table: "x" } }, /^include\.table: .*did you mean "tables"\?$/],
    [
      "a kind",
      { exclude: { kinds: ["triger"] } },
      /^exclude\.kinds\.0: found "triger"; did you mean "trigger"\?$/,
    ],
    ["no kind at all", { exclude: { kinds: [1] } }, /write one of namespace, /],
    [
      "a schema in two parts",
      { exclude: { schemas: ["a.b"] } },
      /^exclude\.schemas: found "a\.b"; .*double quotes$/,
    ],
    ["a table in three", { include: { tables: "a.b.c" } }, /^include\.tables: found "a\.b\.c"/],
    ["a list", { include: ["x"] }, /^include: found a list; write \{ schemas/],
  ])("%s that is wrong", (_, input, expected) => {
    expect(mistakes(input)).toEqual([expect.stringMatching(expected)]);
  });
});
