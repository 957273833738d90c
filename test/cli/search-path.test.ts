import { symlinkSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { loadDialect } from "../../src/dialect/registry.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const home = "?options=-csearch_path%3Dpublic";

/** A project whose models have a table of a schema, and one without; the server it runs on is its scratch database, too. */
async function makeProject(schema: string) {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const models = `CREATE SCHEMA ${schema};
CREATE TABLE ${schema}.carts (id integer PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY);`;
  const config = {
    schema: "schema.sql",
    environments: { plain: { url }, home: { url: url + home } },
    scratch: url,
  };
  const folder = temporaryFolder({
    "package.json": '{ "type": "module" }',
    "schema.sql": models,
    "aludel.config.json": JSON.stringify(config),
  });
  symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), `${folder}/node_modules`);
  const query = async (sql: string) => {
    const connection = await (await loadDialect("postgres")).connect(url, { directory: folder });
    return connection.query(sql).finally(() => connection.close());
  };
  return {
    query,
    run: (...words: readonly string[]) => aludel(folder, words),
    tables: async () =>
      (
        await query(
          `SELECT schemaname || '.' || tablename AS name FROM pg_tables
WHERE schemaname !~ '^(pg_|information_schema)' AND tablename !~ '^aludel' ORDER BY 1`,
        )
      ).map(({ name }) => name),
    setPath: (path: string) =>
      query(
        `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = ${path}', current_database()); END $$`,
      ),
  };
}

test("a revision that makes the schema of the user: nothing of it, and with a path it is where it was proved", async () => {
  const { run, tables } = await makeProject("postgres");
  const made = await run("revision", "--autogenerate", "-m", "shop", "--env", "plain");
  expect([made.exit, made.stderr]).toEqual([0, expect.stringContaining("proved on")]);
  const { exit, stderr } = await run("upgrade", "--env", "plain");
  expect([exit, await tables()]).toEqual([2, []]);
  expect(stderr).toContain("error[search-path]");
  expect(stderr).toContain(
    'Once the schema postgres is made, names without a schema lead there (search_path: "$user", public), and not to public',
  );
  expect(stderr).toMatch(/Nothing of revision \w+ is applied[\s\S]*\?options=-csearch_path%3Dpublic/);
  expect((await run("upgrade", "--env", "home")).exit).toBe(0);
  expect(await tables()).toEqual(["postgres.carts", "public.users"]);
  expect((await run("drift", "--env", "home")).exit).toBe(0);
});

test("a path that came to lead elsewhere: no upgrade, no invented drift, and both with a path of the URL", async () => {
  const { run, tables, setPath } = await makeProject("shop");
  expect((await run("revision", "--autogenerate", "-m", "shop", "--env", "plain")).exit).toBe(0);
  expect((await run("upgrade", "--env", "plain")).exit).toBe(0);
  await setPath("shop, public");
  expect((await run("revision", "-m", "nothing", "--env", "plain")).exit).toBe(0);
  const upgrade = await run("upgrade", "--env", "plain");
  expect([upgrade.exit, upgrade.stderr]).toEqual([
    2,
    expect.stringContaining(
      'Names without a schema lead to shop (search_path: shop, public), and the version table "aludel_version" is in public',
    ),
  ]);
  const drift = await run("drift", "--env", "plain");
  expect([drift.exit, drift.stdout]).toEqual([2, ""]);
  expect(drift.stderr).toContain("Names without a schema lead to shop for this user, and shop is also named");
  expect((await run("upgrade", "--env", "home")).exit).toBe(0);
  expect((await run("drift", "--env", "home")).exit).toBe(0);
  expect(await tables()).toEqual(["public.users", "shop.carts"]);
});

test("the default schema of a database that gets a baseline is not guessed", async () => {
  const { run, query, setPath } = await makeProject("shop");
  await query("CREATE SCHEMA shop");
  await query("CREATE TABLE shop.carts (id integer PRIMARY KEY)");
  await query("CREATE TABLE users (id integer PRIMARY KEY)");
  await setPath("shop, public");
  const { exit, stderr } = await run("revision", "--baseline", "--env", "plain");
  expect([exit, stderr]).toEqual([2, expect.stringContaining("do not lead to public here")]);
  const made = await run("revision", "--baseline", "--env", "home");
  expect([made.exit, made.stderr]).toEqual([0, expect.stringContaining("create table shop.carts")]);
});
