import { describe, expect, test } from "vitest";
import { revisions, testProject } from "../run/project.js";
import { temporaryFolder } from "../temporary-folder.js";
import { branched } from "./revisions.js";
import { aludel } from "./run.js";

const diamond = [
  { id: "aaaa", message: "aaaa", up: "", down: "" },
  { id: "bbbb", revises: "aaaa", message: "bbbb", up: "", down: "" },
  { id: "cccc", revises: "aaaa", message: "cccc", up: "", down: "" },
] as const;

describe("history --graph", () => {
  test("marks what is applied and what is pending, and says where", async () => {
    const project = await testProject("sqlite", revisions(...diamond));
    expect((await project.run("upgrade cccc")).exit).toBe(0);
    const { exit, stdout, stderr } = await project.run("history --graph");
    expect(stdout).toBe(
      "* cccc (head) (current), cccc\n| o bbbb (head), bbbb\n|/\n* aaaa (branchpoint), aaaa\n",
    );
    expect([exit, stderr]).toEqual([
      0,
      expect.stringMatching(/^\* applied, o pending in sqlite:.*dev\.db\n$/),
    ]);
  });

  test("without a database says so, and with -i it must be there", async () => {
    const folder = temporaryFolder(branched);
    const { exit, stdout, stderr } = await aludel(folder, ["history", "--graph"]);
    expect(stdout).toBe(
      [
        "* dddd (two) (head) (depends on cccc), fourth",
        "| * cccc (one) (head), third",
        "|/",
        "* bbbb (branchpoint), second, naïve ü",
        "* aaaa, first",
        "",
      ].join("\n"),
    );
    expect([exit, stderr]).toEqual([0, expect.stringMatching(/^No database was asked what is applied: /)]);
    expect((await aludel(folder, ["history", "--graph", "-i"])).exit).toBe(2);
    expect((await aludel(folder, ["history", "--graph", "-r", ":current"])).exit).toBe(2);
  });

  test("a range, a text of several lines, and JSON", async () => {
    const project = await testProject("sqlite", revisions(...diamond));
    await project.run("upgrade bbbb");
    expect((await project.run("history --graph -r cccc:")).stdout).toBe("o cccc (head), cccc\n");
    const { stdout } = await project.run("history --graph -v -r aaaa:cccc");
    expect(stdout).toBe(
      [
        "o Revision: cccc (head)",
        "| Revises: aaaa",
        "| Created: 2026-11-21T05:30:00.000Z",
        "| File: revisions/cccc.ts",
        "|",
        "|     cccc",
        "|",
        "* Revision: aaaa (branchpoint)",
        "  Revises: <base>",
        "  Branches into: bbbb, cccc",
        "  Created: 2026-11-21T05:30:00.000Z",
        "  File: revisions/aaaa.ts",
        "",
        "      aaaa",
        "",
      ].join("\n"),
    );
    const answer = JSON.parse((await project.run("history --graph --json")).stdout) as object[];
    expect(answer).toMatchObject([
      { id: "cccc", state: "pending", current: false },
      { id: "bbbb", state: "applied", current: true },
      { id: "aaaa", state: "applied", current: false },
    ]);
  });

  test("what the database has and no file does is drawn, too", async () => {
    const project = await testProject("sqlite", revisions(...diamond));
    await project.run("upgrade bbbb");
    project.remove("revisions/bbbb.ts");
    const { exit, stdout } = await project.run("history --graph");
    expect([exit, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^\? bbbb \(sqlite:.* has it, and no file does\)\no cccc \(head\), cccc\no aaaa, aaaa\n$/,
      ),
    ]);
    expect((await project.run("history --graph -r :current")).stderr).toContain("database-revision-unknown");
    expect((await project.run("history --mermaid")).stdout).toContain("no file does");
  });

  test("marks by what ran here, not by where a revision stands now", async () => {
    const [first, second, third] = diamond;
    const project = await testProject("sqlite", revisions(first, third));
    await project.run("upgrade");
    for (const [name, text] of Object.entries(revisions(second, { ...third, revises: "bbbb" }))) {
      project.write(name, text);
    }
    const { stdout } = await project.run("history --graph");
    expect(stdout).toBe("* cccc (head) (current), cccc\no bbbb, bbbb\n* aaaa, aaaa\n");
  });

  test("colours the marks on a terminal", async () => {
    const project = await testProject("sqlite", revisions(...diamond));
    await project.run("upgrade bbbb");
    const { stdout } = await project.run("history --graph", { answers: [] });
    expect(stdout).toContain("\u001b[32m*\u001b[39m");
    expect(stdout).toContain("\u001b[33mo\u001b[39m");
  });
});

describe("history --mermaid and --dot", () => {
  test("have classes and styles of what is applied", async () => {
    const project = await testProject("sqlite", revisions(...diamond));
    await project.run("upgrade bbbb");
    const mermaid = (await project.run("history --mermaid")).stdout;
    expect(mermaid).toMatch(/^flowchart BT\n/);
    expect(mermaid).toContain('["cccc<br/>cccc"]:::pending');
    expect(mermaid).toContain('["aaaa<br/>aaaa"]:::applied');
    const dot = (await project.run("history --dot")).stdout;
    expect(dot).toMatch(/^digraph revisions \{\n[\s\S]*\}\n$/);
    expect(dot).toContain('"cccc" [label="cccc\\ncccc", style=dashed];');
    expect(dot).toContain('"aaaa" -> "bbbb";');
  });

  test("only one of them at a time", async () => {
    const folder = temporaryFolder(branched);
    for (const words of [
      ["--graph", "--dot"],
      ["--mermaid", "--dot"],
      ["--graph", "--mermaid"],
    ]) {
      expect((await aludel(folder, ["history", ...words])).exit).toBe(2);
    }
  });

  test("of nothing", async () => {
    const folder = temporaryFolder({ "aludel.config.json": "{}" });
    expect((await aludel(folder, ["history", "--graph"])).stdout).toBe("");
    expect((await aludel(folder, ["history", "--dot"])).stdout).toMatch(/^digraph/);
  });
});
