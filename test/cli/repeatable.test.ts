import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Engine, revision, type TestProject, testProject } from "../run/project.js";

const persons = {
  id: "aaaa",
  message: "persons",
  up: 'await op.createTable("persons", { id: t.integer(), name: t.text() });',
  down: 'await op.dropTable("persons");',
};
const email = {
  id: "bbbb",
  revises: "aaaa",
  message: "email",
  up: 'await op.addColumn("persons", "email", t.text());',
  down: 'await op.dropColumn("persons", "email");',
};

/** A SQL file that makes the view `names` of what is selected. */
const names = (select: string, more = "") => `-- names of persons
--
-- Revision: names
-- Repeatable: yes
${more}-- Created: 2026-11-21T05:30:00Z

-- aludel:upgrade
DROP VIEW IF EXISTS names;
CREATE VIEW names AS SELECT ${select} FROM persons;

-- aludel:downgrade
DROP VIEW IF EXISTS names;
`;

const count = `/**
 * count of names
 *
 * Revision: count
 * Repeatable: yes
 * Created: 2026-11-21T05:30:00Z
 */
import { defineRevision } from "aludel";

export default defineRevision({
  id: "count",
  repeatable: true,
  dependsOn: "names",
  async upgrade(op) {
    await op.execute("DROP VIEW IF EXISTS count_of_names");
    await op.execute("CREATE VIEW count_of_names AS SELECT count(*) AS n FROM names");
  },
});
`;

async function project(engine: Engine, more: Readonly<Record<string, string>> = {}): Promise<TestProject> {
  return testProject(engine, {
    "revisions/1.ts": revision(persons),
    "revisions/2.ts": revision(email),
    "revisions/names.sql": names("id, name"),
    ...more,
  });
}

const columns = async (of: TestProject) => Object.keys((await of.query("SELECT * FROM names"))[0] ?? {});

describe.each<Engine>(["sqlite", "postgres"])("a repeatable revision: %s", (engine) => {
  test("runs after the graph, again when it has changed, and is in no row", async () => {
    const at = await project(engine);
    const first = await at.run("upgrade");
    expect([first.exit, first.stderr]).toEqual([
      0,
      expect.stringMatching(
        /upgrade aaaa .*\n.*upgrade bbbb .*\n.*upgrade \(repeatable\) names names of persons/s,
      ),
    ]);
    expect(await at.rows()).toEqual(["bbbb"]);
    await at.execute("INSERT INTO persons (id, name, email) VALUES (1, 'a', 'b')");
    expect(await columns(at)).toEqual(["id", "name"]);
    expect((await at.run("upgrade")).stdout).toContain("Nothing to do");

    at.write("revisions/names.sql", names("id, name, email"));
    expect((await at.run("current")).stdout).toContain("names (repeatable, changed)  names of persons");
    expect((await at.run("current --check-heads")).exit).toBe(1);
    const dry = await at.run("upgrade --dry-run");
    expect(dry.stdout).toContain("-- upgrade repeatable names: names of persons");
    expect(dry.stdout).not.toContain("aaaa");
    const second = await at.run("upgrade");
    expect([second.exit, second.stderr]).toEqual([0, expect.not.stringContaining("aaaa")]);
    expect(await columns(at)).toEqual(["id", "name", "email"]);
    expect((await at.run("current --check-heads")).exit).toBe(0);
    expect(await at.rows()).toEqual(["bbbb"]);
    const log = await at.log();
    expect(log.map((row) => [row["revision"], row["direction"], row["result"]])).toEqual([
      ["aaaa", "upgrade", "succeeded"],
      ["bbbb", "upgrade", "succeeded"],
      ["names", "upgrade", "succeeded"],
      ["names", "upgrade", "succeeded"],
    ]);
  });

  test("is taken back before what it stands on, and waits until that is there again", async () => {
    const at = await project(engine);
    await at.run("upgrade");
    const down = await at.run("downgrade -1");
    expect([down.exit, down.stderr]).toEqual([
      0,
      expect.stringMatching(/downgrade \(repeatable\) names.*\n.*downgrade bbbb/s),
    ]);
    expect((await at.inspect()).views.size).toBe(0);
    expect((await at.run("current")).stdout).toContain("names (repeatable, waiting)");
    expect((await at.run("upgrade aaaa")).stdout).toContain("Nothing to do");
    expect((await at.run("upgrade")).exit).toBe(0);
    expect((await at.inspect()).views.size).toBe(1);
    expect((await at.run("downgrade base")).exit).toBe(0);
    expect((await at.run("upgrade")).exit).toBe(0);
  });

  test("that names what it depends on needs no more than that, and runs again after it", async () => {
    const at = await project(engine, {
      "revisions/names.sql": names("id, name", "-- Depends-On: aaaa\n"),
      "revisions/a_count.ts": count,
    });
    expect((await at.run("upgrade aaaa")).stderr).toMatch(/\(repeatable\) names.*\n.*\(repeatable\) count/s);
    expect((await at.run("upgrade")).stderr).not.toContain("repeatable");
    at.write("revisions/a_count.ts", count.replace("count(*)", "count(id)"));
    expect((await at.run("upgrade")).stderr).not.toContain("(repeatable) names");
    // A view cannot be dropped under another one, where the engine looks.
    at.write(
      "revisions/names.sql",
      names("id", "-- Depends-On: aaaa\n").replace(
        "EXISTS names;",
        `EXISTS names${engine === "postgres" ? " CASCADE" : ""};`,
      ),
    );
    expect((await at.run("upgrade")).stderr).toMatch(/\(repeatable\) names.*\n.*\(repeatable\) count/s);
    expect((await at.query("SELECT n FROM count_of_names")).map(({ n }) => Number(n))).toEqual([0]);
  });

  test("that fails leaves what was there, says so, and is tried again", async () => {
    const at = await project(engine);
    await at.run("upgrade aaaa");
    at.write("revisions/names.sql", names("id,, name"));
    const failed = await at.run("upgrade");
    expect([failed.exit, failed.stderr]).toEqual([2, expect.stringContaining("names")]);
    expect(failed.stderr).toContain("Nothing of revision names is applied: it was rolled back.");
    expect(failed.stderr).toContain("Done before it, and kept: bbbb.");
    expect(await at.rows()).toEqual(["bbbb"]);
    expect((await at.run("current")).stdout).toContain("names (repeatable, pending)");
    at.write("revisions/names.sql", names("id"));
    const again = await at.run("upgrade");
    expect([again.exit, again.stderr]).toEqual([0, expect.stringContaining("(repeatable) names")]);
  });

  test("is in a script, with the line of the run log and no row", async () => {
    const at = await project(engine);
    const script = (await at.run("upgrade --sql")).stdout;
    expect(script).toContain("-- upgrade repeatable names: names of persons");
    expect(script).not.toContain("VALUES ('names')");
    // Lines for the engine's shell.
    await at.execute(script.replace(/^[.\\\\].*$/gm, ""));
    expect((await at.run("upgrade")).stdout).toContain("Nothing to do");
    expect((await at.run("upgrade base:aaaa --sql")).stdout).not.toContain("names");
    expect((await at.run("downgrade bbbb:aaaa --sql")).stdout).toMatch(
      /downgrade repeatable names[\s\S]*downgrade bbbb/,
    );
    expect((await at.run("downgrade aaaa:base --sql")).stdout).not.toContain("names");
  });

  test("looks after what it makes: neither check nor autogenerate does", async () => {
    const at = await project(engine, {
      "schema.sql": "CREATE TABLE persons (id integer, name text, email text, age integer);\n",
    });
    at.write(
      "aludel.config.json",
      JSON.stringify({
        environments: { dev: at.url },
        schema: "schema.sql",
        ...(engine === "sqlite" && { dialect: "sqlite" }),
      }),
    );
    await at.run("upgrade");
    expect((await at.run("check --database")).stdout).not.toContain("names");
    const { stdout, stderr } = await at.run("revision --autogenerate -m age");
    expect(readFileSync(join(at.folder, stdout.trim()), "utf8")).not.toContain("names");
    expect(stderr).not.toContain("error");
    expect((await at.run("upgrade")).exit).toBe(0);
    expect((await at.run("check")).exit).toBe(0);
    expect((await at.run("check --database")).exit).toBe(0);
    expect((await at.run("verify")).exit).toBe(0);
  });
});

describe("repeatable revisions", () => {
  test("are told by history, show and validate, and are no heads", async () => {
    const at = await project("sqlite", { "revisions/a_count.ts": count });
    expect((await at.run("history")).stdout).toBe(
      [
        "count (repeatable) (depends on names), count of names",
        "names (repeatable), names of persons",
        "aaaa -> bbbb (head), email",
        "<base> -> aaaa, persons",
        "",
      ].join("\n"),
    );
    expect((await at.run("history -r :aaaa")).stdout).toBe("<base> -> aaaa, persons\n");
    expect((await at.run("heads")).stdout).toBe("bbbb (head)\n");
    expect((await at.run("show names")).stdout).toContain("Repeatable: yes");
    expect((await at.run("show cou --json")).exit).toBe(2);
    expect((await at.run("validate --json")).stdout).toContain('"valid": true');
    await at.run("upgrade aaaa");
    expect((await at.run("history -i")).stdout).toContain("names (repeatable, waiting), names of persons");
    expect((await at.run("history --graph")).stdout).toContain("o names (repeatable, waiting)");
    expect((await at.run("history --dot")).stdout).toContain('"names" -> "count" [style=dashed];');
    await at.run("upgrade");
    expect((await at.run("history --graph")).stdout).toContain("* count (repeatable, applied)");
  });

  test.each([
    [
      "an id of the graph",
      names("id").replace("names\n-- Repeatable", "aaaa\n-- Repeatable"),
      "revision-duplicate",
    ],
    ["an unknown dependency", names("id", "-- Depends-On: nope\n"), "revision-parent-missing"],
    ["a circle", names("id", "-- Depends-On: count\n"), "revision-cycle"],
    ["parents", names("id", "-- Revises: aaaa\n"), "revision-unreadable"],
    ["labels", names("id", "-- Labels: x\n"), "revision-unreadable"],
    [
      "neither yes nor no",
      names("id").replace("Repeatable: yes", "Repeatable: perhaps"),
      "revision-unreadable",
    ],
  ])("with %s are an error, everywhere and for validate", async (_what, text, code) => {
    const at = await project("sqlite", {
      "revisions/names.sql": text,
      ...(code === "revision-cycle" && { "revisions/a_count.ts": count }),
    });
    expect((await at.run("upgrade")).stderr).toContain(`error[${code}]`);
    const { exit, stdout } = await at.run("validate");
    expect([exit, stdout]).toEqual([1, expect.stringContaining(`error[${code}]`)]);
  });

  test("that are computed cannot be read; that lie are found when they run", async () => {
    const at = await project("sqlite", {
      "revisions/a_count.ts": count.replace("repeatable: true", "repeatable: !0"),
    });
    expect((await at.run("history")).stderr).toContain("repeatable: true");
    at.write(
      "revisions/a_count.ts",
      `${count.replace("});", "})")}\n`
        .replace("export default", "const it =")
        .concat("export default { ...it, repeatable: false };\n"),
    );
    expect((await at.run("upgrade")).exit).toBe(2);
  });

  test("are written with revision --repeatable", async () => {
    const at = await project("sqlite");
    at.write("aludel.config.json", JSON.stringify({ environments: { dev: at.url }, fileName: "{id}" }));
    expect((await at.run("revision -m view --repeatable --rev-id vvvv --depends-on names")).exit).toBe(0);
    const text = readFileSync(join(at.folder, "revisions/vvvv.ts"), "utf8");
    expect(text).toContain(" * Repeatable: yes");
    expect(text).toContain('  repeatable: true,\n  dependsOn: "names",');
    expect((await at.run("revision -m view --repeatable --sql --rev-id ssss")).exit).toBe(0);
    expect(readdirSync(join(at.folder, "revisions"))).toContain("ssss.sql");
    expect((await at.run("validate")).stdout).not.toContain("error");
    expect((await at.run("upgrade")).exit).toBe(0);
    expect((await at.run("revision -m x --repeatable --head aaaa")).stderr).toContain("error[usage]");
    expect((await at.run("revision -m x --repeatable --rev-id names")).stderr).toContain(
      "revision-duplicate",
    );
  });

  test("with statements outside a transaction go on where they stopped, or begin anew in another text", async () => {
    const alone = (second: string) =>
      names("id")
        .replace("-- aludel:upgrade\n", "-- aludel:upgrade\n-- aludel:no-transaction\n")
        .replace(/CREATE VIEW.*\n/, `CREATE VIEW names AS SELECT id FROM persons;\n${second};\n`);
    const at = await project("sqlite", {
      "revisions/names.sql": alone("CREATE VIEW more AS SELECT * FRM x"),
    });
    const failed = await at.run("upgrade");
    expect(failed.stderr).toContain("2 statements of it are committed and stay");
    expect((await at.run("current")).stdout).toContain("names (repeatable, pending)");
    at.write("revisions/names.sql", alone("DROP VIEW IF EXISTS more"));
    const again = await at.run("upgrade");
    expect([again.exit, again.stderr]).toEqual([0, expect.not.stringContaining("goes on")]);
  });

  test("are in no aludel.sum, because they are meant to change", async () => {
    const at = await project("sqlite");
    at.write("aludel.config.json", JSON.stringify({ environments: { dev: at.url }, sum: true }));
    expect((await at.run("validate --fix-sum")).exit).toBe(0);
    expect(readFileSync(join(at.folder, "revisions/aludel.sum"), "utf8")).not.toContain("names");
    at.write("revisions/names.sql", names("id"));
    expect((await at.run("upgrade")).exit).toBe(0);
    expect((await at.run("validate")).stdout).not.toContain("sum");
  });
});
