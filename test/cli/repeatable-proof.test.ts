import { describe, expect, test } from "vitest";
import { type Engine, revision, type TestProject, testProject } from "../run/project.js";

const persons = revision({
  id: "aaaa",
  message: "persons",
  up: 'await op.createTable("persons", { id: t.integer(), name: t.text() });',
  down: 'await op.dropTable("persons");',
});
const email = revision({
  id: "bbbb",
  revises: "aaaa",
  message: "email",
  up: 'await op.addColumn("persons", "email", t.text());',
  down: 'await op.dropColumn("persons", "email");',
});
const phone = revision({
  id: "cccc",
  revises: "bbbb",
  message: "phone",
  up: 'await op.addColumn("persons", "phone", t.text());',
  down: 'await op.dropColumn("persons", "phone");',
});

const header = (more = "") =>
  `-- names of persons\n--\n-- Revision: names\n-- Repeatable: yes\n${more}-- Created: 2026-11-21T05:30:00Z\n\n`;
const drop = "DROP VIEW IF EXISTS names;\n";
const create = "CREATE VIEW names AS SELECT id, email FROM persons;\n";
const names = (up = drop + create, down: string | null = drop, more = "") =>
  `${header(more)}-- aludel:upgrade\n${up}${down === null ? "" : `\n-- aludel:downgrade\n${down}`}`;

const project = (engine: Engine, text: string, more: Readonly<Record<string, string>> = {}) =>
  testProject(engine, {
    "revisions/1.ts": persons,
    "revisions/2.ts": email,
    "revisions/names.sql": text,
    ...more,
  });

const verified = async (at: TestProject, line = "verify") => {
  const { exit, stdout } = await at.run(line);
  return [exit, stdout.replace(/ on .* in [\d.]+ \w+(?= ?:)/g, "")];
};

describe.each<Engine>(["sqlite", "postgres"])("the proof of a repeatable revision: %s", (engine) => {
  test("runs it twice, and back", async () => {
    const at = await project(engine, names());
    expect(await verified(at)).toEqual([
      0,
      expect.stringContaining(
        "names proved: upgrade, run again, run again equal, downgrade, start equal, upgrade again, same again",
      ),
    ]);
    expect((await verified(at))[1]).toContain("bbbb proved");
    expect((await verified(at, "verify names"))[1]).not.toContain("bbbb");
    expect((await verified(at, "verify aaaa"))[1]).not.toContain("names");
    expect((await verified(at, "verify :"))[1]).toMatch(/aaaa proved[\s\S]*bbbb proved[\s\S]*names proved/);
    expect((await verified(at, "verify :aaaa"))[1]).not.toContain("names");
  });

  test("finds one that cannot run a second time", async () => {
    const at = await project(engine, names(create));
    expect(await verified(at)).toEqual([
      1,
      expect.stringMatching(/names not proved: upgrade\n {2}run again failed:/),
    ]);
  });

  test("finds one that makes something else the second time", async () => {
    const up = "CREATE TABLE IF NOT EXISTS log (id integer);\nALTER TABLE log RENAME TO log_of_names;\n";
    const at = await project(
      engine,
      names(`${up}CREATE TABLE IF NOT EXISTS log (id integer);\nDROP TABLE log;\n`, null),
    );
    expect((await verified(at))[0]).toBe(1);
  });

  test("finds a way back that leaves something", async () => {
    const at = await project(engine, names(drop + create, "SELECT 1;\n"));
    expect(await verified(at)).toEqual([1, expect.stringMatching(/start equal failed:\n.*names/)]);
  });

  test("has none of the way back where there is none", async () => {
    const at = await project(engine, names(drop + create, null));
    expect(await verified(at)).toEqual([
      0,
      expect.stringMatching(/names proved: upgrade, run again, run again equal\n {2}downgrade skipped: /),
    ]);
  });

  test("is made where all is that it depends on", async () => {
    const count = names(
      "DROP VIEW IF EXISTS n;\nCREATE VIEW n AS SELECT count(*) AS n FROM names;\n",
      "DROP VIEW n;\n",
    )
      .replace("Revision: names", "Revision: count")
      .replace("-- Created", "-- Depends-On: names\n-- Created");
    const at = await project(engine, names(undefined, undefined, "-- Depends-On: bbbb\n"), {
      "revisions/a_count.sql": count,
      "revisions/3.ts": phone,
    });
    expect((await verified(at, "verify count"))[0]).toBe(0);
    expect((await at.json("verify")).answer["proofs"]).toMatchObject([
      { revision: "cccc", holds: true },
      { revision: "names", holds: true, rows: null },
      { revision: "count", holds: true },
    ]);
    at.write("revisions/names.sql", names(undefined, undefined, "-- Depends-On: aaaa\n"));
    // The column comes with bbbb, which it does not name. SQLite looks at a view only when it is asked for its rows.
    if (engine === "postgres")
      expect(await verified(at, "verify names")).toEqual([
        1,
        expect.stringMatching(/not proved[\s\S]*email/),
      ]);
  });
});

describe.each<Engine>(["sqlite", "postgres"])("a downgrade under a repeatable revision: %s", (engine) => {
  test("that has no way back says what stands in the way, and what to do", async () => {
    const at = await project(engine, names(drop + create, null));
    expect((await at.run("upgrade")).exit).toBe(0);
    const failed = await at.run("downgrade -1");
    expect([failed.exit, failed.stderr]).toEqual([2, expect.stringContaining("error[upgrade-failed]")]);
    expect(failed.stderr).toContain("Repeatable revisions that ran here and stay: names.");
    expect(failed.stderr).toMatch(/made stands in the way: give it a\s+downgrade/);
    expect(await at.rows()).toEqual(["bbbb"]);
    at.write("revisions/names.sql", names());
    expect((await at.run("downgrade -1")).exit).toBe(0);
    expect(await at.rows()).toEqual(["aaaa"]);
    expect((await at.run("upgrade")).exit).toBe(0);
    expect((await at.inspect()).views.size).toBe(1);
  });

  test("that does not name what it stands on says so, too", async () => {
    const at = await project(engine, names(undefined, undefined, "-- Depends-On: aaaa\n"));
    expect((await at.run("upgrade")).exit).toBe(0);
    expect((await at.run("downgrade -1")).stderr).toContain("ran here and stay: names.");
    at.write("revisions/names.sql", names(undefined, undefined, "-- Depends-On: bbbb\n"));
    expect((await at.run("downgrade -1")).exit).toBe(0);
  });

  test("that is not in the way is not named", async () => {
    const at = await project(engine, names());
    expect((await at.run("upgrade")).exit).toBe(0);
    at.write(
      "revisions/2.ts",
      email.replace('dropColumn("persons", "email")', 'execute("DROP TABLE nothing")'),
    );
    const failed = await at.run("downgrade -1 --json");
    expect([failed.exit, failed.stdout + failed.stderr]).toEqual([2, expect.not.stringContaining("staying")]);
  });
});

describe("squash beside a repeatable revision", () => {
  const depending = (on: string) => names(undefined, undefined, `-- Depends-On: ${on}\n`);

  test("that names one of those that go is refused, with file and remedy", async () => {
    const at = await project("sqlite", depending("bbbb"), { "revisions/3.ts": phone });
    const refused = await at.run("squash aaaa:cccc -m all");
    expect([refused.exit, refused.stderr]).toEqual([
      expect.any(Number),
      expect.stringContaining("error[squash-refused]"),
    ]);
    expect(refused.stderr).toContain("The repeatable revision names depends on bbbb");
    expect(refused.stderr).toContain("names.sql");
    expect(refused.stderr).toContain("Let names depend on cccc instead");
    expect((await at.run("validate")).exit).toBe(0);
    expect((await at.run("checkpoint -m all")).stderr).toContain("error[squash-refused]");
  });

  test("that names the last of them stays right", async () => {
    const at = await project("sqlite", depending("cccc"), { "revisions/3.ts": phone });
    await at.run("upgrade bbbb");
    expect((await at.run("squash aaaa:cccc -m all")).exit).toBe(0);
    expect((await at.run("upgrade")).exit).toBe(0);
    expect(await at.rows()).toEqual(["cccc"]);
    expect((await at.inspect()).views.size).toBe(1);
  });
});
