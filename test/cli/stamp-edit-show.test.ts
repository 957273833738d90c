import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type RevisionText, revisions, type TestProject, testProject } from "../run/project.js";

const table = (id: string, revises: string | null, more: Partial<RevisionText> = {}): RevisionText => ({
  id,
  revises,
  message: `make ${id}`,
  up: `await op.createTable("t_${id}", { id: t.integer() });`,
  down: `await op.dropTable("t_${id}");`,
  ...more,
});
const chain = [table("aaaa", null), table("bbbb", "aaaa"), table("cccc", "bbbb"), table("dddd", "cccc")];
const branches = [
  table("aaaa", null),
  table("bbbb", "aaaa", { more: 'labels: ["one"],' }),
  table("cccc", "aaaa", { more: 'labels: ["two"],' }),
];

function editor(project: TestProject): Record<string, string> {
  const script = join(project.folder, "editor.sh");
  writeFileSync(script, '#!/bin/sh\nfor one; do echo "// edited" >> "$one"; done\n', { mode: 0o755 });
  return { EDITOR: script };
}
const isEdited = (project: TestProject, id: string) =>
  readFileSync(join(project.folder, `revisions/${id}.ts`), "utf8").includes("// edited");

describe("edit", () => {
  test("opens the head, a target, what the database is at, and several", async () => {
    const project = await testProject("sqlite", revisions(...branches));
    const variables = editor(project);
    expect((await project.run("edit", { variables })).stderr).toContain("error[multiple-heads]");
    await project.run("upgrade bbbb");
    expect((await project.run("edit current", { variables })).exit).toBe(0);
    expect(["aaaa", "bbbb", "cccc"].map((id) => isEdited(project, id))).toEqual([false, true, false]);
    expect((await project.run("edit two", { variables })).exit).toBe(0);
    expect((await project.run("edit one@-1", { variables })).exit).toBe(0);
    expect(["aaaa", "cccc"].map((id) => isEdited(project, id))).toEqual([true, true]);
    expect((await project.run("edit heads", { variables })).exit).toBe(0);
    expect((await project.run("edit base", { variables })).stderr).toContain("There is no revision to edit");
    expect((await project.run("edit nope", { variables })).stderr).toContain("error[revision-unknown]");
  });
});

describe("show", () => {
  test("takes what upgrade takes, and asks the database only for what is said from there", async () => {
    const project = await testProject("sqlite", revisions(...chain));
    const shown = async (target: string) =>
      (JSON.parse((await project.run(`show ${target} --json`)).stdout) as { id: string }[]).map(
        ({ id }) => id,
      );
    expect(await shown("head")).toEqual(["dddd"]);
    expect(await shown("head-1")).toEqual(["cccc"]);
    expect(await shown("base+2")).toEqual(["bbbb"]);
    expect((await project.run("show current")).exit).toBe(2);
    await project.run("upgrade bbbb");
    expect(await shown("current")).toEqual(["bbbb"]);
    expect(await shown("+1")).toEqual(["cccc"]);
    expect((await project.run("show bbbb")).stdout).toMatch(
      /^Revision: bbbb\nRevises: aaaa\nCreated: .*\nFile: /,
    );
    expect((await project.run("show head+1")).stderr).toContain("error[target-unreachable]");
  });
});

describe("stamp --purge", () => {
  test("puts the target in the place of all rows, whatever they are", async () => {
    const project = await testProject("sqlite", revisions(...branches));
    await project.run("upgrade heads");
    expect(await project.rows()).toEqual(["bbbb", "cccc"]);
    await project.execute("INSERT INTO aludel_version VALUES ('gone')");
    expect((await project.run("stamp aaaa")).stderr).toContain("error[database-revision-unknown]");
    const { exit, answer } = await project.json("stamp --purge one");
    expect([exit, answer]).toMatchObject([0, { before: ["bbbb", "cccc", "gone"], after: ["bbbb"] }]);
    expect(await project.rows()).toEqual(["bbbb"]);
    expect((await project.run("stamp --purge bbbb cccc")).exit).toBe(0);
    expect(await project.rows()).toEqual(["bbbb", "cccc"]);
    expect((await project.run("stamp --purge base")).exit).toBe(0);
    expect(await project.rows()).toEqual([]);
    // A target that is none changes nothing.
    await project.run("stamp heads");
    expect((await project.run("stamp --purge nope")).exit).toBe(2);
    expect(await project.rows()).toEqual(["bbbb", "cccc"]);
  });

  test("without it rows of other branches stay", async () => {
    const project = await testProject("sqlite", revisions(...branches));
    await project.run("stamp heads");
    await project.run("stamp one@base");
    expect(await project.rows()).toEqual(["cccc"]);
  });
});

describe("revisions that were squashed", () => {
  async function inTheMiddle(): Promise<TestProject> {
    const project = await testProject("sqlite", revisions(...chain));
    await project.run("upgrade bbbb");
    expect((await project.run("squash bbbb:cccc -m both")).exit).toBe(0);
    return project;
  }

  test("history -i and --graph show the old ones where the database is in the middle of them", async () => {
    const project = await inTheMiddle();
    expect((await project.run("history")).stdout).not.toContain("bbbb,");
    expect((await project.run("history -i")).stdout).toBe(
      [
        "cccc -> dddd (head), make dddd",
        "bbbb -> cccc, make cccc",
        "aaaa -> bbbb (current), make bbbb",
        "<base> -> aaaa, make aaaa",
        "",
      ].join("\n"),
    );
    expect((await project.run("history --graph")).stdout).toContain("o cccc, make cccc\n* bbbb (current)");
    expect((await project.run("history -r current:")).stdout.split("\n")).toHaveLength(4);
    await project.run("upgrade");
    expect((await project.run("history -i")).stdout).toContain("aaaa -> cccc, both");
  });

  test("stamp goes on from one of them, and to one of them", async () => {
    const project = await inTheMiddle();
    expect((await project.run("stamp cccc")).exit).toBe(0);
    expect(await project.rows()).toEqual(["cccc"]);
    expect((await project.run("stamp bbbb")).exit).toBe(0);
    expect(await project.rows()).toEqual(["bbbb"]);
    expect((await project.run("stamp --purge bbbb")).exit).toBe(0);
    expect((await project.run("stamp dddd")).exit).toBe(0);
    expect(await project.rows()).toEqual(["dddd"]);
    expect((await project.run("stamp aaaa")).exit).toBe(0);
    expect((await project.run("stamp nope")).stderr).toContain("error[revision-unknown]");
  });
});

describe("upgrade --dry-run of revisions that arrive late", () => {
  test("of a branch that was merged: what is not applied is pending, whatever its date", async () => {
    const [first, , third] = branches;
    if (first === undefined || third === undefined) throw new Error("there are three");
    const project = await testProject("sqlite", revisions(first, third));
    await project.run("upgrade");
    const merge = { id: "mmmm", revises: ["bbbb", "cccc"], message: "merge" };
    for (const [name, text] of Object.entries(revisions(...branches, merge))) project.write(name, text);
    const { answer } = await project.json("upgrade --dry-run");
    expect(answer["steps"]).toMatchObject([{ revision: "bbbb" }, { revision: "mmmm" }]);
    const script = (await project.run("upgrade --dry-run")).stdout;
    expect(await project.rows()).toEqual(["cccc"]);
    await project.execute(script.replace(/^\..*$/gm, ""));
    expect(await project.rows()).toEqual(["mmmm"]);
    expect((await project.run("upgrade")).stdout).toContain("Nothing to do");
  });

  test("of ones that were put below what ran: its script does what the upgrade does", async () => {
    const [first, second] = chain;
    if (first === undefined || second === undefined) throw new Error("there are four");
    const results: unknown[] = [];
    for (const how of ["script", "upgrade"]) {
      const project = await testProject("sqlite", revisions(first, table("cccc", "aaaa")));
      await project.run("upgrade");
      for (const [name, text] of Object.entries(
        revisions(second, table("cccc", "bbbb"), table("dddd", "cccc")),
      ))
        project.write(name, text);
      const dry = await project.run("upgrade --dry-run");
      expect(dry.stderr).toContain("Would run 2 revisions");
      expect(dry.stdout).toContain("cccc ran here before being put elsewhere in the graph");
      if (how === "script") await project.execute(dry.stdout.replace(/^\..*$/gm, ""));
      else await project.run("upgrade");
      const log = await project.log();
      results.push([
        await project.rows(),
        log.map((row) => [row["revision"], row["direction"], row["result"], row["checksum"]]),
        [...(await project.inspect()).tables.keys()],
      ]);
      expect((await project.run("upgrade")).stdout).toContain("Nothing to do");
      expect((await project.run("current")).stderr).toBe("");
    }
    expect(results[0]).toEqual(results[1]);
  });
});
