import { describe, expect, test } from "vitest";
import { revision, revisions, testProject } from "./project.js";

const history = [
  { id: "aaaa", up: 'await op.execute("CREATE TABLE a (id integer)");', down: 'await op.dropTable("a");' },
  {
    id: "bbbb",
    revises: "aaaa",
    up: 'await op.execute("CREATE TABLE b (id integer)");',
    down: 'await op.dropTable("b");',
  },
] as const;
const files = revisions(...history);

describe.each(["sqlite", "postgres"] as const)("on %s", (engine) => {
  test("tables without a version table are refused, and stamping is the way on", async () => {
    const project = await testProject(engine, files);
    await project.execute("CREATE TABLE a (id integer); INSERT INTO a VALUES (7)");
    const refused = await project.run("upgrade");
    expect(refused).toMatchObject({ exit: 2, stdout: "" });
    expect(refused.stderr).toContain("error[database-unversioned]");
    expect(refused.stderr).toContain("Tables: a");
    expect([...(await project.inspect()).tables.values()].map(({ name }) => name)).toEqual(["a"]);
    expect(await project.run("stamp aaaa")).toMatchObject({ exit: 0 });
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    expect(await project.rows()).toEqual(["bbbb"]);
    expect(await project.query("SELECT id FROM a")).toEqual([{ id: 7 }]);
  });

  test("an unknown revision in the version table is refused; stamp --purge is the way on", async () => {
    const project = await testProject(engine, files);
    await project.run("upgrade");
    project.remove("revisions/bbbb.ts");
    for (const line of ["upgrade", "downgrade base", "stamp aaaa"]) {
      const refused = await project.run(line);
      expect(refused.exit, line).toBe(2);
      expect(refused.stderr).toContain("error[database-revision-unknown]");
      expect(refused.stderr).toContain("bbbb");
      expect(refused.stderr).toContain("aludel stamp --purge");
    }
    expect(await project.rows()).toEqual(["bbbb"]);
    const { answer } = await project.json("stamp --purge aaaa");
    expect(answer).toMatchObject({ before: ["bbbb"], after: ["aaaa"] });
    expect(await project.rows()).toEqual(["aaaa"]);
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  });

  test("an edited applied revision is refused, also when there is nothing to do; --allow-edited and stamp are the ways on", async () => {
    const project = await testProject(engine, files);
    await project.run("upgrade aaaa");
    project.write("revisions/aaaa.ts", `${revision(history[0])}// a comment\n`);
    for (const line of ["upgrade", "upgrade aaaa"]) {
      const refused = await project.run(line);
      expect(refused.exit).toBe(2);
      expect(refused.stderr).toContain("error[revision-edited]");
      expect(refused.stderr).toContain("revisions/aaaa.ts");
    }
    expect(await project.rows()).toEqual(["aaaa"]);
    expect(await project.run("upgrade aaaa --allow-edited")).toMatchObject({ exit: 0 });
    expect(await project.run("stamp aaaa")).toMatchObject({ exit: 0 });
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
    expect(await project.rows()).toEqual(["bbbb"]);
  });

  test("stamp writes rows and lines of the run log, and runs nothing", async () => {
    const project = await testProject(engine, files);
    const { answer } = await project.json("stamp head");
    expect(answer).toMatchObject({ before: [], after: ["bbbb"] });
    expect((await project.inspect()).tables.size).toBe(0);
    await project.run("stamp base");
    expect(await project.rows()).toEqual([]);
    expect((await project.log()).map((row) => [row["direction"], row["revision"], row["result"]])).toEqual([
      ["stamp", "bbbb", "succeeded"],
      ["stamp", "base", "succeeded"],
    ]);
    expect(await project.run("upgrade")).toMatchObject({ exit: 0 });
  });

  test("a revision that does not load stops the run before the first one", async () => {
    const project = await testProject(engine, {
      ...files,
      ...revisions({ id: "cccc", revises: "bbbb", before: 'throw new Error("no");' }),
    });
    const refused = await project.run("upgrade");
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain("revisions/cccc.ts");
    expect((await project.inspect()).tables.size).toBe(0);
    await expect(project.rows(), "its own tables are not there, either").rejects.toThrow("aludel_version");
  });

  test("no way back is found before anything is undone", async () => {
    const project = await testProject(
      engine,
      revisions(...history, { id: "cccc", revises: "bbbb", down: null }, { id: "dddd", revises: "cccc" }),
    );
    await project.run("upgrade");
    const refused = await project.run("downgrade base");
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain("error[irreversible]");
    expect(refused.stderr).toContain("there is no way back");
    expect(await project.rows()).toEqual(["dddd"]);
  });
});
