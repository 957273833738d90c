import { existsSync } from "node:fs";
import { createServer, connect as dial } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { startServer, type TestServer } from "../server/postgres-server.js";
import { makeProject, query } from "../testing/project.js";
import { aludel } from "./run.js";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.dispose());

const at = (name: string, port: number = server.port) =>
  `postgres://${server.user}:${server.password}@127.0.0.1:${port}/${name}`;
const databases = async () =>
  (await query(server.url, "SELECT datname FROM pg_database ORDER BY 1")).map((row) => row["datname"]);

describe("test-db on PostgreSQL", () => {
  test("makes one that stays, lists it, makes it anew, and drops it", async () => {
    const folder = makeProject("postgres", server.url);
    const made = await aludel(folder, ["test-db", "create"]);
    expect(made, made.stderr).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/:\*\*\*@.*aludel_test_\w+\n$/),
    });
    const name = /aludel_test_\w+/.exec(made.stdout)?.[0] ?? "";
    const whole = await aludel(folder, ["test-db", "create", "--with-password", "-q"]);
    expect(await query(whole.stdout.trim(), 'SELECT * FROM "Person"')).toEqual([]);
    const listed = await aludel(folder, ["test-db", "list", "--json"]);
    expect(JSON.parse(listed.stdout).databases).toContainEqual(
      expect.objectContaining({ name, kind: "test", owner: "kept" }),
    );
    expect(listed.stdout).not.toContain(server.password);
    await query(at(name), `INSERT INTO "Person" VALUES (1, 'Ada')`);
    expect((await aludel(folder, ["test-db", "reset", name])).exit).toBe(0);
    expect(await query(at(name), 'SELECT * FROM "Person"')).toEqual([]);
    const wrong = await aludel(folder, ["test-db", "drop", `${name}x`]);
    expect(wrong).toMatchObject({ exit: 2, stderr: expect.stringContaining(`Did you mean "${name}"?`) });
    expect(await aludel(folder, ["test-db", "drop", name])).toMatchObject({
      exit: 0,
      stdout: `dropped ${name}\n`,
    });
    expect((await aludel(folder, ["test-db", "drop", "--all"])).exit).toBe(0);
    expect(await databases()).toEqual(["postgres", "template0", "template1"]);
  });

  test("resets a local database only when it is allowed to", async () => {
    const folder = makeProject("postgres", at("Shop, mine"));
    await query(server.url, 'CREATE DATABASE "Shop, mine"');
    await query(at("Shop, mine"), "CREATE TABLE precious (id integer)");
    const refused = await aludel(folder, ["test-db", "reset"]);
    expect(refused).toMatchObject({ exit: 1, stderr: expect.stringContaining("error[question-unanswered]") });
    const no = await aludel(folder, ["test-db", "reset"], { answers: ["no"] });
    expect(no.stderr).toContain("error[test-database-refused]");
    expect(await query(at("Shop, mine"), "SELECT * FROM precious")).toEqual([]);
    const yes = await aludel(folder, ["test-db", "reset"], { answers: ["yes"] });
    expect(yes.exit, yes.stderr).toBe(0);
    expect(await query(at("Shop, mine"), 'SELECT * FROM "Person"')).toEqual([]);
    expect((await aludel(folder, ["test-db", "drop", "--yes", at("Shop, mine")])).exit).toBe(0);
    expect(await databases()).not.toContain("Shop, mine");
    await aludel(folder, ["test-db", "drop", "--all"]);
  });

  test("refuses while somebody is connected, and what the server cannot do without", async () => {
    const folder = makeProject("postgres", at("busy"));
    await query(server.url, "CREATE DATABASE busy");
    const { default: pg } = await import("pg");
    const client = new pg.Client(at("busy"));
    client.on("error", () => {});
    await client.connect();
    const busy = await aludel(folder, ["test-db", "reset", "--yes"]);
    expect(busy).toMatchObject({ exit: 2, stderr: expect.stringContaining("a session is connected to it") });
    expect((await aludel(folder, ["test-db", "reset", "--yes", "--force"])).exit).toBe(0);
    await client.end().catch(() => {});
    const own = await aludel(folder, ["test-db", "drop", "--yes", server.url]);
    expect(own).toMatchObject({ exit: 2, stderr: expect.stringContaining("belongs to the server itself") });
    await query(server.url, "DROP DATABASE busy");
  });

  test("refuses what is elsewhere without connecting, and what only seems to be here", async () => {
    const folder = makeProject("postgres", server.url);
    const far = await aludel(folder, [
      "test-db",
      "reset",
      "--yes",
      "--force",
      "postgres://u:geheim@10.0.0.1/shop",
    ]);
    expect(far).toMatchObject({ exit: 2, stderr: expect.stringContaining("error[test-database-refused]") });
    expect(far.stderr).not.toContain("geheim");
    const tunnel = createServer((socket) => {
      const onward = dial(server.port, "127.0.0.1");
      socket.pipe(onward).pipe(socket);
      for (const one of [socket, onward]) one.on("error", () => {});
    });
    await new Promise<void>((resolve) => tunnel.listen(0, "127.0.0.1", resolve));
    const address = tunnel.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const through = await aludel(folder, ["test-db", "reset", "--yes", at("shop", port)]);
    expect(through).toMatchObject({ exit: 2, stderr: expect.stringContaining("a tunnel, a proxy") });
    const named = makeProject("postgres", server.url, { config: { scratch: at("postgres", port) } });
    const allowed = await aludel(named, ["test-db", "reset", at("shop", port)]);
    expect(allowed.exit, allowed.stderr).toBe(0);
    await aludel(named, ["test-db", "drop", at("shop", port)]);
    tunnel.close();
  });
});

test("test-db on SQLite makes, resets and drops files", async () => {
  const folder = makeProject("sqlite", "sqlite:./dev.db");
  vi.stubEnv("TMPDIR", join(folder, "tmp"));
  onTestFinished(() => void vi.unstubAllEnvs());
  const { file, name } = JSON.parse((await aludel(folder, ["test-db", "create", "--json"])).stdout);
  expect(existsSync(file)).toBe(true);
  expect((await aludel(folder, ["test-db", "list"])).stdout).toMatch(new RegExp(`^${name} +test +kept`, "m"));
  expect((await aludel(folder, ["test-db", "reset", "--yes"])).exit).toBe(0);
  expect((await aludel(folder, ["current"])).stdout).toContain("aaaa (head)");
  await aludel(folder, ["test-db", "drop", "--all"]);
  expect(existsSync(file)).toBe(false);
  expect(existsSync(join(folder, "dev.db"))).toBe(true);
});

test("test-db: mistakes of the command line", async () => {
  const folder = makeProject("sqlite", "sqlite:./dev.db");
  for (const [words, said] of [
    [["lst"], 'Did you mean "list"?'],
    [["drop"], "Nothing says what to drop"],
    [["drop", "x", "--all"], "--all leaves nothing"],
    [["list", "x"], '"x" has no meaning here'],
    [["reset", "--all"], "--all has no meaning here"],
    [["reset", "sqlite::memory:"], "in memory is gone"],
  ] as const) {
    const { exit, stderr } = await aludel(folder, ["test-db", ...words]);
    expect(stderr).toContain(said);
    expect(exit).toBe(2);
  }
});
