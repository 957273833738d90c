import { expect, onTestFinished, test } from "vitest";
import { revisions, testProject } from "./project.js";

const files = revisions(
  { id: "aaaa", up: 'await op.execute("CREATE TABLE persons (id integer)");' },
  { id: "bbbb", revises: "aaaa", up: 'await op.execute("ALTER TABLE persons ADD COLUMN name text");' },
);

test("who may make no tables brings a database up whose bookkeeping is there", async () => {
  const project = await testProject("postgres", files);
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  await project.execute(
    `CREATE ROLE owner_of_one LOGIN PASSWORD 'x';
     GRANT SELECT, INSERT, UPDATE, DELETE ON aludel_version, aludel_run_log TO owner_of_one;
     GRANT owner_of_one TO CURRENT_USER; GRANT CREATE ON SCHEMA public TO owner_of_one;
     ALTER TABLE persons OWNER TO owner_of_one; REVOKE CREATE ON SCHEMA public FROM owner_of_one, PUBLIC`,
  );
  onTestFinished(() => project.execute("DROP OWNED BY owner_of_one; DROP ROLE owner_of_one"));
  const url = new URL(project.url);
  url.username = "owner_of_one";
  url.password = "x";
  const { exit, stderr } = await project.run(`upgrade --url ${url.href}`);
  expect({ exit, stderr }).toMatchObject({ exit: 0 });
  expect(await project.rows()).toEqual(["bbbb"]);
});

test("bookkeeping that is found further on along search_path is used where it is meant, and none is made before it", async () => {
  const project = await testProject("postgres", files);
  expect((await project.run("upgrade aaaa")).exit).toBe(0);
  await project.execute("CREATE SCHEMA app");
  const url = new URL(project.url);
  url.searchParams.set("search_path", "app, public");
  const line = `upgrade --url ${url.href.replaceAll("+", "%20")}`;
  const refused = await project.run(line);
  expect([refused.exit, refused.stderr]).toEqual([
    2,
    expect.stringContaining('versionTable: { schema: "public", name: "aludel_version" }'),
  ]);
  expect(await project.rows()).toEqual(["aaaa"]);
  const config = {
    environments: { test: project.url },
    versionTable: { schema: "public", name: "aludel_version" },
  };
  project.write("aludel.config.json", JSON.stringify(config));
  const { exit, stderr } = await project.run(line);
  expect({ exit, stderr }).toMatchObject({ exit: 0 });
  expect(await project.rows()).toEqual(["bbbb"]);
  expect(await project.query("SELECT tablename FROM pg_tables WHERE schemaname = 'app'")).toEqual([]);
});
