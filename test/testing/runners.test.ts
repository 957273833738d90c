import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../server/postgres-server.js";
import { makeProject, query, revision, run, script, start, untilEnd, write } from "./project.js";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.dispose());

/** The databases that were made for tests, without what is kept for the next run. */
async function left(): Promise<readonly unknown[]> {
  const rows = await query(server.url, "SELECT datname FROM pg_database WHERE datname LIKE 'aludel%'");
  return rows.map((row) => row["datname"]).filter((name) => !/^aludel_template_/.test(String(name)));
}

async function templates(): Promise<readonly unknown[]> {
  const rows = await query(
    server.url,
    "SELECT datname FROM pg_database WHERE datname LIKE 'aludel_template%'",
  );
  return rows.map((row) => row["datname"]).filter((name) => !/_spare_/.test(String(name)));
}

/** How a test reaches a database of each kind, and writes a row that the next one must not see. */
const kinds = {
  postgres: {
    use: `const client = new pg.Client(database.url);
    await client.connect();
    await client.query(insert);
    const { rows } = await client.query(count);
    await client.end();`,
    imports: 'import pg from "pg";',
  },
  pglite: {
    use: `await database.client.query(insert);
    const { rows } = await database.client.query(count);`,
    imports: "",
  },
  sqlite: {
    use: `const client = new Database(database.file);
    client.exec(insert);
    const rows = client.prepare(count).all();
    client.close();`,
    imports: 'import Database from "libsql";',
  },
} as const;

const runnerImports = {
  "node:test": 'import { describe, test } from "node:test";',
  vitest: 'import { describe, test } from "vitest";',
} as const;

function testFile(kind: keyof typeof kinds, runner: keyof typeof runnerImports, extra = ""): string {
  const { use, imports } = kinds[kind];
  return `${runnerImports[runner]}
import assert from "node:assert";
import { expectNoDrift, migrationTests, testDatabase } from "aludel/testing";
${imports}
const insert = \`INSERT INTO "Person" (id, name) VALUES (1, 'Ada')\`;
const count = 'SELECT count(*) AS n FROM "Person"';
for (const at of [1, 2, 3]) {
  test("a database of its own " + at, async () => {
    const database = await testDatabase();
    ${use}
    assert.equal(Number(rows[0].n), 1);
    ${extra === "" ? "" : "if (at === 1) await expectNoDrift(database);"}
    await database.close();
  });
}
${extra}`;
}

const calls = { "node:test": "migrationTests();", vitest: "migrationTests({ describe, test });" } as const;

function projectOf(kind: keyof typeof kinds): string {
  const url = { postgres: server.url, pglite: "pglite:", sqlite: "sqlite:./dev.db" }[kind];
  return makeProject(kind === "sqlite" ? "sqlite" : "postgres", url);
}

const vitest = ["node_modules/vitest/vitest.mjs", "run", "--config", "vitest.config.mjs"];
const configuration = `export default { test: { include: ["*.test.mjs"], maxWorkers: 3, testTimeout: 200_000 } };\n`;

describe.each(["postgres", "sqlite", "pglite"] as const)("tests of an application on %s", (kind) => {
  // Every process starts a PGlite of its own, which takes seconds: one runner shows it.
  const runners = kind === "pglite" ? (["vitest"] as const) : (["node:test", "vitest"] as const);
  test.each(runners)("in parallel workers of %s", { timeout: 300_000 }, async (runner) => {
    const folder = projectOf(kind);
    const plain = testFile(kind, runner);
    write(folder, {
      "vitest.config.mjs": configuration,
      "a.test.mjs": testFile(kind, runner, calls[runner]),
      "b.test.mjs": plain,
      "c.test.mjs": plain,
    });
    const words =
      runner === "vitest"
        ? vitest
        : ["--test", "--test-concurrency=3", ...["a", "b", "c"].map((name) => `${name}.test.mjs`)];
    const { status, output } = await run(folder, ...words);
    expect(status, output).toBe(0);
    expect(output).toMatch(runner === "vitest" ? /Tests +13 passed/ : /# pass 13|ℹ pass 13/);
    expect(await left()).toEqual([]);
    const files = readdirSync(join(folder, "tmp"), { recursive: true, encoding: "utf8" });
    expect(files.filter((name) => /aludel_test_|building|lock$/.test(name))).toEqual([]);
  });
});

const makeTwo = `const { testDatabase } = await import("aludel/testing");
await testDatabase();
await testDatabase();`;
const kill = 'process.kill(process.pid, "SIGKILL");';
const one = `const { testDatabase } = await import("aludel/testing");
const database = await testDatabase();
await database.close();`;

describe("what a killed process leaves", () => {
  test("is gone after the next start, on a server", async () => {
    const folder = makeProject("postgres", server.url);
    expect((await script(folder, makeTwo + kill)).signal).toBe("SIGKILL");
    const before = await left();
    expect(before.length).toBeGreaterThanOrEqual(2);
    // Of another machine's process nothing is known, and what has another name is not ours.
    const elsewhere = `aludel_test_00000000_${process.pid}_0123456789abcd_1`;
    for (const name of [elsewhere, "aludel_test_of_somebody", "aludel_template_mine"]) {
      await query(server.url, `CREATE DATABASE "${name}"`);
    }
    const { status, output } = await script(folder, one);
    expect(status, output).toBe(0);
    expect((await left()).toSorted()).toEqual([elsewhere, "aludel_test_of_somebody"]);
    for (const name of [elsewhere, "aludel_test_of_somebody", "aludel_template_mine"]) {
      await query(server.url, `DROP DATABASE "${name}"`);
    }
  });

  test("is left alone as long as the process is there", async () => {
    const folder = makeProject("postgres", server.url);
    const child = start(folder, [
      "--input-type=module",
      "-e",
      `${makeTwo} console.log("ready"); setInterval(() => {}, 1000);`,
    ]);
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    const before = await left();
    expect((await script(folder, one)).status).toBe(0);
    expect(await left()).toEqual(before);
    child.kill("SIGKILL");
    await untilEnd(child);
    expect((await script(folder, one)).status).toBe(0);
    expect(await left()).toEqual([]);
  });

  test("is gone after the next start, whenever it was killed", async () => {
    const folder = makeProject("postgres", server.url);
    const loop = `const { testDatabase } = await import("aludel/testing");
for (;;) await (await testDatabase()).close();`;
    for (const delay of [250, 400, 600, 800, 1300]) {
      const child = start(folder, ["--input-type=module", "-e", loop]);
      await pause(delay);
      child.kill("SIGKILL");
      await untilEnd(child);
    }
    const { status, output } = await script(folder, one);
    expect(status, output).toBe(0);
    expect(await left()).toEqual([]);
  });

  test("is gone after the next start, as files", async () => {
    const folder = makeProject("sqlite", "sqlite:./dev.db");
    expect((await script(folder, makeTwo + kill)).signal).toBe("SIGKILL");
    const files = () =>
      readdirSync(join(folder, "tmp"), { recursive: true, encoding: "utf8" }).filter((name) =>
        /aludel_test_|run_/.test(name),
      );
    expect(files()).toHaveLength(3);
    expect((await script(folder, one)).status).toBe(0);
    expect(files()).toEqual([]);
  });
});

describe("the template", () => {
  test("is made once by processes that start together, and anew when the revisions change", async () => {
    const folder = makeProject("postgres", server.url, {
      files: {
        "revisions/2_count.mjs": `/**
 * count
 *
 * Revision: bbbb
 * Revises: aaaa
 * Created: 2026-11-21T05:31:00Z
 */
import { appendFileSync } from "node:fs";
import { defineRevision } from "aludel";
export default defineRevision({
  id: "bbbb",
  revises: "aaaa",
  async upgrade(op) {
    appendFileSync(new URL("../runs", import.meta.url), "x");
    await op.execute("INSERT INTO \\"Person\\" (id, name) VALUES (7, 'seven')");
  },
  downgrade: "it is a count",
});
`,
      },
    });
    const before = new Set(await templates());
    const ended = await Promise.all([1, 2, 3].map(() => script(folder, one)));
    for (const { status, output } of ended) expect(status, output).toBe(0);
    const made = (await templates()).filter((name) => !before.has(name));
    expect(made).toHaveLength(1);
    expect(
      (
        await script(folder, `console.log((await import("node:fs")).readFileSync("runs").length)`)
      ).output.trim(),
    ).toMatch(/^[12]$/);
    write(folder, {
      "revisions/3_third.sql": revision(
        "cccc",
        "bbbb",
        "CREATE TABLE third (id integer);",
        "DROP TABLE third;",
      ),
    });
    const look = `const { testDatabase } = await import("aludel/testing");
const { default: pg } = await import("pg");
const database = await testDatabase();
const client = new pg.Client(database.url);
await client.connect();
console.log(JSON.stringify((await client.query('SELECT (SELECT count(*) FROM third) AS third, name FROM "Person"')).rows));
await client.end();
await database.close();`;
    expect((await script(folder, look)).output).toContain('[{"third":"0","name":"seven"}]');
    const after = (await templates()).filter((name) => !before.has(name));
    expect(after).toHaveLength(1);
    expect(after).not.toEqual(made);
  });
});
