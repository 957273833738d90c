import { afterAll, beforeAll, expect, test } from "vitest";
import { type RevisionText, revisions } from "../run/project.js";
import { startServer, type TestServer } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

let server: TestServer;
beforeAll(async () => {
  // A server of its own: which databases are there is what is tested.
  server = await startServer();
});
afterAll(() => server.dispose());

/** A role outlives the scratch database: there is one for each time that the history has run. */
const countsItself = `DO $$ BEGIN
  EXECUTE format('CREATE ROLE ran_%s', (SELECT count(*) FROM pg_roles WHERE rolname LIKE 'ran_%'));
END $$`;

const history: RevisionText = {
  id: "aaaa",
  up: `await op.createTable("persons", { id: t.integer().notNull(), name: t.text(), old: t.text() });
    await op.createView("names", { as: sql\`SELECT name FROM persons\` });
    await op.execute(sql\`${countsItself}\`);`,
  down: `await op.dropView("names"); await op.dropTable("persons");`,
};

async function autogenerate(columns: string, ...flags: readonly string[]) {
  const folder = temporaryFolder({
    "aludel.config.json": JSON.stringify({
      schema: "schema.sql",
      dialect: "postgres",
      scratch: server.url,
    }),
    "schema.sql": `CREATE TABLE persons (id integer NOT NULL, ${columns}); CREATE VIEW names AS SELECT name FROM persons;`,
    ...revisions(history),
  });
  const before = await count("FROM pg_roles WHERE rolname LIKE 'ran_%'");
  const { exit, stderr } = await aludel(folder, ["revision", "--autogenerate", "-m", "more", ...flags]);
  const runs = (await count("FROM pg_roles WHERE rolname LIKE 'ran_%'")) - before;
  return { exit, stderr, runs, left: await count("FROM pg_database WHERE datname LIKE 'aludel%'") };
}

async function count(what: string): Promise<number> {
  const { connectPostgres } = await import("../../src/dialect/postgres/connect.js");
  const connection = await connectPostgres(server.url, { directory: process.cwd() });
  const [row] = await connection.query(`SELECT count(*)::int AS found ${what}`);
  await connection.close();
  return Number(row?.["found"]);
}

test("the proof goes on in the scratch database that the history has run in", async () => {
  const { exit, stderr, runs, left } = await autogenerate("name text, old text, email text");
  expect([exit, stderr]).toEqual([0, expect.stringContaining("proved on")]);
  expect({ runs, left }).toEqual({ runs: 1, left: 0 });
});

test.each([
  ["without a proof", "name text, old text, email text", ["--no-verify"], 0],
  ["when nobody answers what is asked", "name text, newer text", [], 1],
  ["when there is nothing to generate", "name text, old text", [], 0],
] as const)("it is removed %s", async (_when, columns, flags, expected) => {
  const { exit, runs, left } = await autogenerate(columns, ...flags);
  expect({ exit, runs, left }).toEqual({ exit: expected, runs: 1, left: 0 });
});
