import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandModules } from "../../src/cli/command-modules.js";
import type { CommandName } from "../../src/cli/options.js";
import { buildProgram } from "../../src/cli/program.js";
import { on, revision, revisions } from "../run/project.js";
import { startServer, type TestServer } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { commit, git } from "./git.js";
import { aludel } from "./run.js";

const user = "keeper";
/** Every second character means something in a URL. */
const password = `s3cr@t!p/a:s?s&w#o%r+d "'=`;
const key = "s3cr-key-of-receipts";

/** What base64 makes of the password wherever it begins within a text; its ends depend on what is around it. */
const encoded = [0, 1, 2].map((before) =>
  Buffer.from("x".repeat(before) + password)
    .toString("base64")
    .slice(before === 0 ? 0 : 4, -4),
);

/** The beginning of the password is the same in every way to write it in a URL, in JSON and in SQL. */
const traces = [
  "s3cr",
  ...encoded,
  Buffer.from(`${user}:${password}`).toString("base64"),
  Buffer.from(password).toString("hex"),
];

function expectNone(text: string, where: string): void {
  for (const trace of traces) {
    const at = text.toLowerCase().indexOf(trace.toLowerCase());
    const around = at === -1 ? null : text.slice(Math.max(0, at - 200), at + 60);
    expect(around, `${where} has a password in it`).toBe(null);
  }
}

/** How each command is called; what they have done by then stays. Those of one list follow each other. */
const lines: Readonly<Record<CommandName, readonly string[]>> = {
  init: ["init --yes --ci github"],
  import: ["import drizzle elsewhere --stamp", "import knex elsewhere --from-database --stamp --no-verify"],
  "ensure-version": ["ensure-version"],
  upgrade: ["upgrade aaaa", "upgrade --sql", "upgrade --dry-run", "upgrade"],
  downgrade: ["downgrade base --dry-run", "downgrade -1", "upgrade"],
  current: ["current"],
  stamp: ["stamp head"],
  history: ["history", "history --runs", "history current:head"],
  heads: ["heads"],
  branches: ["branches"],
  show: ["show head", "show current"],
  plan: ["plan aaaa", "plan --format markdown"],
  deploy: ["deploy --dry-run", "deploy --write-receipt receipt.json", "deploy --receipt receipt.json"],
  confirm: ["confirm app@1.2.3"],
  mark: ["mark"],
  backup: ["backup"],
  restore: ["restore revisions/aaaa.ts --replace"],
  "smoke-test": ["smoke-test"],
  rollout: ["rollout --status", "rollout"],
  backfill: ["backfill status", "backfill pause"],
  seed: ["seed --list", "seed --dry-run", "seed"],
  "check-seeds": ["check-seeds"],
  doctor: ["doctor"],
  drift: ["drift"],
  check: ["check"],
  inspect: ["inspect"],
  verify: ["verify"],
  diff: ["diff database models", "diff heads database"],
  revision: ["revision --autogenerate --against database --empty --no-verify -m more"],
  lint: ["lint --all --stats env:main --write-stats stats.json", "lint --all --stats URL"],
  explain: ["explain"],
  validate: ["validate"],
  conflicts: ["conflicts"],
  ci: ["ci --base main -o answer.json"],
  compat: ["compat --base main --queries-from main"],
  guard: ["guard --base main"],
  smoke: ["smoke --base main"],
  "pr-count": ["pr-count --base main"],
  trace: ["trace"],
  "test-db": ["test-db create", "test-db list", "test-db drop --all"],
  merge: ["merge"],
  rebase: ["rebase --base main"],
  linear: ["linear"],
  squash: ["squash aaaa:bbbb --no-rows -m both"],
  checkpoint: ["checkpoint --no-rows"],
  edit: ["edit head"],
};
const commands = Object.keys(lines) as CommandName[];

test("every command is called", () => {
  const program = buildProgram("1", async () => undefined, {
    write: () => 0,
    writeError: () => 0,
    columns: 80,
  });
  const known = program.commands.map((command) => command.name());
  expect([...commands].sort()).toEqual([...known].sort());
  expect([...commands].sort()).toEqual(Object.keys(commandModules).sort());
});

test("the traces are found in whatever form", () => {
  const written = encodeURIComponent(password);
  const basic = Buffer.from(`another ${user}:${password}@host`).toString("base64");
  for (const text of [password, written, JSON.stringify({ password }), basic])
    expect(() => expectNone(text, "it"), text).toThrow("has a password in it");
});

let server: TestServer;
let url = "";
beforeAll(async () => {
  server = await startServer();
  const literal = password.replaceAll("'", "''");
  await on(server.url, "/", async (root) => {
    await root.run(`CREATE ROLE ${user} SUPERUSER LOGIN PASSWORD '${literal}'`);
    await root.run(`CREATE DATABASE app OWNER ${user}`);
  });
  url = urlTo("app");
}, 60_000);
afterAll(() => server.dispose());

function urlTo(database: string, more: { readonly password?: string; readonly port?: number } = {}): string {
  const secret = encodeURIComponent(more.password ?? password);
  return `postgres://${user}:${secret}@${server.host}:${more.port ?? server.port}/${database}`;
}

const up =
  'await op.createTable("persons", { id: t.integer().notNull(), name: t.text() }, { primaryKey: ["id"] });';
const files = {
  ...revisions(
    { id: "aaaa", up, down: 'await op.dropTable("persons");' },
    {
      id: "bbbb",
      revises: "aaaa",
      up: 'await op.createIndex("ix_name", "persons", ["name"]);',
      down: 'await op.dropIndex("ix_name", { table: "persons" });',
    },
  ),
  "schema.sql":
    "CREATE TABLE persons (id integer PRIMARY KEY, name text);\nCREATE INDEX ix_name ON persons (name);\n",
  "seeds/one.sql": "INSERT INTO persons (id) VALUES (1) ON CONFLICT DO NOTHING;\n",
  "elsewhere/0000_one.sql": "CREATE TABLE other (id integer);\n",
};

/** Where the password is meant to be. */
const configFile = "aludel.config.json";

/** A project whose database has the password in its URL, and a program in the place of pg_dump that tells what it is given. */
function projectOf(database: string, scratch = urlTo("postgres")): string {
  const settings = {
    url: database,
    preflight: { git: false },
    backup: { when: "never" },
    smoke: [{ query: "SELECT count(*) FROM persons" }, { command: "node -e 0" }],
  };
  const config = {
    dialect: "postgres",
    environments: { main: settings },
    scratch,
    schema: "schema.sql",
    fleet: { urls: [database, `${database}?application_name=second`], maxFailures: 9 },
    receiptKey: { variable: "RECEIPT_KEY" },
  };
  const folder = temporaryFolder({
    [configFile]: JSON.stringify(config),
    ".gitignore": "*.json\n",
    ...files,
  });
  const program = `#!/bin/sh\necho "$0 $*" >> "${folder}/arguments.log"\necho "pg_dump (PostgreSQL) 18.4"\n`;
  mkdirSync(join(folder, "bin"));
  for (const name of ["pg_dump", "pg_restore", "psql"])
    writeFileSync(join(folder, "bin", name), program, { mode: 0o755 });
  git(folder, "init", "-q", "-b", "main");
  commit(folder, "all");
  return folder;
}

const variables = (folder: string) => ({
  ...process.env,
  PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter),
  RECEIPT_KEY: key,
  EDITOR: "true",
});

/** Calls `use`, and gives the arguments of every program that was started meanwhile. */
async function startedBy(use: () => Promise<void>): Promise<readonly string[]> {
  const started: { readonly spawnargs?: readonly string[] }[] = [];
  const hear = (message: unknown) => void started.push((message as { process: object }).process);
  subscribe("child_process", hear);
  try {
    await use();
  } finally {
    unsubscribe("child_process", hear);
  }
  return started.map(({ spawnargs = [] }) => spawnargs.join(" "));
}

/** Runs a command line as text and as JSON, and looks at what it says. Gives the codes of the errors. */
/** Runs a command line, and looks at what it says. Gives the codes of its errors. */
async function expectSilent(
  folder: string,
  line: string,
  forms: readonly string[] = ["-v", "--json"],
): Promise<readonly string[]> {
  const codes: string[] = [];
  for (const form of forms) {
    const words = `${line} ${form}`.split(" ").map((word) => (word === "URL" ? url : word));
    const { stdout, stderr } = await aludel(folder, words, { variables: variables(folder) });
    if (process.env["DBG"] && line.startsWith("deploy"))
      console.log(line, stdout.slice(0, 700), stderr.slice(0, 700));
    expectNone(`${stdout}${stderr}`, line);
    const code = /"code": "([a-z-]+)"/.exec(stdout)?.[1] ?? /^error\[([a-z-]+)\]/m.exec(stderr)?.[1];
    if (code !== undefined) codes.push(code);
  }
  return codes;
}

function expectNoneInFiles(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    expectNone(name, "the name of a file");
    if (name === configFile || name.startsWith(".git/") || statSync(join(folder, name)).isDirectory())
      continue;
    expectNone(readFileSync(join(folder, name), "latin1"), name);
  }
}

async function expectNoneInTables(): Promise<void> {
  const tables = await on(server.url.replace(/[^/]*$/, "app"), "/", async (root) => {
    const names = await root.query(
      "SELECT oid::regclass::text AS name FROM pg_class WHERE relname ~ '^aludel_' AND relkind = 'r'",
    );
    const found: string[] = [];
    for (const { name } of names) {
      const rows = await root.query(`SELECT to_jsonb(t)::text AS row FROM ${String(name)} AS t`);
      found.push(String(name));
      for (const { row } of rows) expectNone(String(row), String(name));
    }
    return found;
  });
  expect(tables).toEqual(expect.arrayContaining(["aludel_run_log", "aludel_deploy", "aludel_seed"]));
}

describe("no password is told", () => {
  test("by a command that works, its files, its rows and the programs that it starts", async () => {
    const folder = projectOf(url);
    const started = await startedBy(async () => {
      for (const [at, line] of commands.flatMap((command) => lines[command]).entries())
        await expectSilent(folder, line, [at % 2 === 0 ? "--json" : "-v"]);
    });
    expect(started.length).toBeGreaterThan(0);
    for (const line of started) expectNone(line, "the arguments of a program");
    expect(readFileSync(join(folder, "arguments.log"), "utf8")).toMatch(/pg_dump/);
    expectNoneInFiles(folder);
    await expectNoneInTables();
  }, 120_000);

  test("by the help of any", async () => {
    const folder = projectOf(url);
    for (const command of commands) await expectSilent(folder, `${command} --help`);
  });

  test("where a project begins with a database", async () => {
    const folder = temporaryFolder({ ".env": "" });
    const other = urlTo("other");
    await on(server.url, "/", (root) => root.run("CREATE DATABASE other"));
    await on(other, "/", (database) => database.run("CREATE TABLE persons (id integer PRIMARY KEY)"));
    const line = `init --yes --from-database ${other} --stamp`;
    expect(await expectSilent(folder, line, ["-v"])).toEqual([]);
    expect(await expectSilent(folder, line, ["--json"])).toEqual(["file-exists"]);
    expectNoneInFiles(folder);
  }, 60_000);

  const wrong: readonly (readonly [string, () => string])[] = [
    ["whose server is dead", () => urlTo("app", { port: 1 })],
    ["whose database is not there", () => urlTo("nowhere")],
    ["whose password is another one", () => urlTo("app", { password: `${password}x` })],
    ["that nobody has encoded", () => `postgres://${user}:s3cr@t!p/a:s?s@${server.host}:${server.port}/app`],
    ["with a stray %", () => `postgres://${user}:s3cr%zz@${server.host}:${server.port}/app`],
    ["without a port that is one", () => `postgres://${user}:s3cr@${server.host}:port/app`],
    ["of an engine that is none", () => `postgrs://${user}:s3cr@${server.host}/app`],
    [
      "with options that are none",
      () => `${urlTo("app", { port: 1 })}?sslmode=maybe&password=s3cr&sslpassword=s3cr`,
    ],
    ["that is a list of words", () => `host=${server.host} user=${user} password=s3cr`],
  ];
  const everywhere = [
    ["connection-failed", ["-v", "--json"], () => urlTo("app", { port: 1 })],
    ["authentication-failed", ["-v"], () => urlTo("app", { password: `${password}x` })],
  ] as const;
  test.each(everywhere)(
    "by any command that ends with %s",
    async (expected, forms, make) => {
      const folder = projectOf(make(), make());
      const told = new Set<string>();
      for (const command of commands)
        for (const line of lines[command])
          for (const code of await expectSilent(folder, line, forms)) told.add(code);
      expect([...told]).toContain(expected);
      expectNoneInFiles(folder);
    },
    120_000,
  );

  test.each(wrong)(
    "of a URL %s, wherever it is written",
    async (_, make) => {
      const folder = projectOf(make(), urlTo("app", { port: 1 }));
      for (const line of ["upgrade", "deploy", "rollout", "verify", "doctor", "lint --all --stats env:main"])
        await expectSilent(folder, line);
      for (const line of [
        "upgrade --url",
        "init --yes --from-database",
        "lint --all --stats",
        "test-db drop",
      ]) {
        const words = [...line.split(" "), make(), "-v"];
        const { stdout, stderr } = await aludel(folder, words, { variables: variables(folder) });
        expectNone(`${stdout}${stderr}`, line);
      }
      expectNoneInFiles(folder);
    },
    60_000,
  );

  test("by a configuration with mistakes", async () => {
    const folder = projectOf(url);
    const mistakes = [
      { environments: { main: { url: 5, ulr: url } } },
      { environments: [url] },
      { scratch: [url], environments: { main: url } },
      { environments: { main: url }, fleet: { urls: url, query: url } },
      { environments: { main: url }, fleet: url },
      { environments: { main: url }, receiptKey: [key] },
      { environments: { main: url }, receiptKey: key, defaultEnvironment: url },
    ];
    for (const config of mistakes) {
      writeFileSync(join(folder, configFile), JSON.stringify(config));
      await expectSilent(folder, "upgrade");
      await expectSilent(folder, "doctor");
    }
  });

  test("by a revision that fails with it", async () => {
    const folder = projectOf(url);
    const says = `connection to ${url.replaceAll("'", "''")} failed: password=s3cr`;
    const failing = {
      id: "cccc",
      revises: "bbbb",
      up: `await op.execute(${JSON.stringify(`DO $x$ BEGIN RAISE EXCEPTION '%', '${says}'; END $x$`)}, { autocommit: true });`,
    };
    for (const text of [failing, { ...failing, up: `throw new Error(${JSON.stringify(says)});` }]) {
      writeFileSync(join(folder, "revisions/cccc.ts"), revision(text));
      expect(await expectSilent(folder, "upgrade")).not.toEqual([]);
      await expectSilent(folder, "history --runs");
      await expectSilent(folder, "deploy");
    }
    await expectNoneInTables();
  });
});
