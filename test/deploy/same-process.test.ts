import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { loadConfig } from "../../src/config/load.js";
import { staysTheSame } from "../../src/deploy/same-process.js";
import type { Connection } from "../../src/dialect/connection.js";
import { loadDialect } from "../../src/dialect/registry.js";
import { migrate } from "../../src/run/migrate.js";
import { readProject } from "../../src/run/read-project.js";
import { revisions, testProject } from "../run/project.js";
import { configure } from "./project.js";

/** Sends everything to `first`, and from the statement with this text on to `second`, as a pooler in between may. */
function swapped(first: Connection, second: Connection, text: string): Connection {
  let isSwapped = false;
  const now = (sql: string) => {
    const connection = isSwapped ? second : first;
    if (sql.includes(text)) isSwapped = true;
    return connection;
  };
  return {
    ...first,
    query: (sql, parameters) => now(sql).query(sql, parameters),
    run: (sql) => now(sql).run(sql),
  };
}

test("a run whose session becomes another process of the server stops before the next statement", async () => {
  const up = 'await op.createIndex("one", "t", ["a"], { concurrently: true });';
  const project = await testProject(
    "postgres",
    revisions({
      id: "aaaa",
      up: `await op.createTable("t", { a: t.integer() }); ${up} ${up.replace("one", "two")}`,
    }),
  );
  const file = join(project.folder, "aludel.config.json");
  const { config } = await loadConfig({ file, environment: null, arguments: {}, variables: {} });
  const dialect = await loadDialect("postgres");
  const open = async () => {
    const connection = await dialect.connect(project.url, { directory: project.folder });
    onTestFinished(() => connection.close());
    return connection;
  };
  const connection = swapped(await open(), await open(), 'CONCURRENTLY "one"');
  const run = migrate(await readProject(config, dialect, {}), connection, {
    command: "upgrade",
    targets: ["head"],
    transaction: "each",
    lockTimeoutMs: 0,
    allowEdited: false,
    around: await staysTheSame(dialect, connection),
    signal: new AbortController().signal,
    report: () => undefined,
  });
  await expect(run).rejects.toMatchObject({
    code: "connection-lost",
    message: expect.stringMatching(/^Process \d+ .* and it was process \d+ that took the lock/),
  });
  expect(await project.query("SELECT indexname FROM pg_indexes WHERE tablename = 't'")).toEqual([
    { indexname: "one" },
  ]);
});

test("a deploy whose session the server has ended stops before the next step, and the next one goes on", async () => {
  const project = await testProject(
    "postgres",
    revisions({
      id: "aaaa",
      up: `await op.createTable("t", { a: t.integer() });
        await op.commit();
        await op.execute("INSERT INTO t VALUES (1)");
        const [{ pid }] = await op.query("SELECT pg_backend_pid() AS pid");
        await globalThis.betweenSteps(pid);
        await op.execute("INSERT INTO t VALUES (2)");`,
    }),
  );
  configure(project, {});
  let isEnded = false;
  vi.stubGlobal("betweenSteps", async (pid: number) => {
    if (!isEnded) await project.query(`SELECT pg_terminate_backend(${pid}, 5000)`);
    isEnded = true;
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  const first = await project.json("deploy --env production");
  expect(first).toMatchObject({ exit: 2, answer: { error: { code: "connection-lost" } } });
  expect(await project.query("SELECT a FROM t")).toEqual([]);
  expect(await project.run("deploy --env production")).toMatchObject({ exit: 0 });
  expect(await project.query("SELECT a FROM t ORDER BY a")).toEqual([{ a: 1 }, { a: 2 }]);
});
