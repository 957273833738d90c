import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type RevisionText, revision, revisions } from "../run/project.js";
import { temporaryFolder } from "../temporary-folder.js";
import { commit, git } from "./git.js";
import { aludel } from "./run.js";

const base: RevisionText = {
  id: "base1",
  message: "persons",
  up: 'await op.createTable("persons", { id: t.integer().notNull() }, { primaryKey: ["id"] });',
  down: 'await op.dropTable("persons");',
};
const alice: RevisionText = {
  id: "alice1",
  revises: "base1",
  message: "email",
  up: 'await op.addColumn("persons", "email", t.text());',
  down: 'await op.dropColumn("persons", "email");',
};
const bob: RevisionText = {
  id: "bob1",
  revises: "base1",
  message: "phone",
  up: 'await op.addColumn("persons", "phone", t.text());',
  down: 'await op.dropColumn("persons", "phone");',
};
const carol: RevisionText = { ...bob, id: "carol1", message: "email, too", up: alice.up ?? "" };

const config = { environments: { dev: "sqlite:dev.db" } };

function project(more: Readonly<Record<string, unknown>>, ...texts: readonly RevisionText[]): string {
  return temporaryFolder({
    "aludel.config.json": JSON.stringify({ ...config, ...more }),
    ".gitignore": "*.db*\n",
    ...revisions(...texts),
  });
}

const conflicts = (folder: string, ...words: readonly string[]) => aludel(folder, ["conflicts", ...words]);

describe("conflicts", () => {
  test("one head: none, and no revision is run for it", async () => {
    const folder = project({}, { ...base, before: 'throw new Error("a revision was run");' });
    const { exit, stdout, stderr } = await conflicts(folder);
    expect([exit, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/^No database was asked: .*\nNo conflicts\.\n$/);
  });

  test("two heads that go together", async () => {
    const { exit, stdout } = await conflicts(project({}, base, alice, bob));
    expect([exit, stdout]).toEqual([
      1,
      `2 heads:
  alice1 email (revisions/alice1.ts)
  bob1 phone (revisions/bob1.ts)

No two revisions change the same object.

→ aludel merge heads
`,
    ]);
  });

  test("two revisions that change one column, and the command for a history that is one line", async () => {
    const { stdout } = await conflicts(project({ history: "linear" }, base, alice, carol), "-q");
    expect(stdout).toContain("clash: alice1 email and carol1 email, too\n  column persons.email\n");
    expect(stdout.trimEnd().endsWith("→ aludel rebase")).toBe(true);
  });

  test("what is new on the two sides and changes the same objects", async () => {
    const folder = parted();
    const none = "What is new on the two sides changes no object in common.";
    expect((await conflicts(folder, "--base", "main")).stdout).toContain(none);
    const write = (one: RevisionText) => writeFileSync(join(folder, `revisions/${one.id}.ts`), revision(one));
    write({ ...carol, id: "bob1" });
    const clash = await conflicts(folder, "--base", "main");
    expect(clash.stdout).toContain("clash: bob1 email, too and alice1 email\n  column persons.email");
    const run = 'globalThis.wasRun = true; await op.dropTable("x".repeat(3));';
    write({ ...bob, before: "globalThis.wasRun = true;", up: run });
    const unread = await conflicts(folder, "--base", "main");
    expect(unread.stdout).toContain("anything: bob1 could not be read without running it");
    expect(unread.stdout).toMatch(
      /not analysed:\n {2}bob1 phone: it could not be read without running it: .*line/,
    );
    expect(unread.stdout).not.toContain("no object in common");
    const { found } = await beside(folder, "main");
    expect(found["clashes"]).toMatchObject([{ revisions: [{ id: "bob1" }, { id: "alice1" }] }]);
    // Neither here nor where both stand beside each other.
    write(alice);
    expect((await conflicts(folder)).stdout).toContain("anything: bob1 could not be read");
    expect(Reflect.get(globalThis, "wasRun")).toBeUndefined();
  });

  test("the command that it names mends it", async () => {
    const folder = project({}, base, alice, bob);
    expect((await aludel(folder, ["merge", "heads", "--no-verify"])).exit).toBe(0);
    expect((await conflicts(folder)).exit).toBe(0);
  });

  test("what is merged already is not looked at again", async () => {
    const merge: RevisionText = { id: "merge1", revises: ["alice1", "carol1"], message: "merge" };
    expect((await conflicts(project({}, base, alice, carol, merge))).exit).toBe(0);
  });

  test("revisions that are missing", async () => {
    const folder = project({}, base, { ...alice, revises: "gone" });
    const { exit, stdout } = await conflicts(folder);
    expect(exit).toBe(1);
    expect(stdout).toContain(
      "missing:\n  revisions/alice1.ts: Revision alice1 revises gone, which does not exist",
    );
  });

  test("a database at a revision that no file has", async () => {
    const folder = project({}, base, alice);
    expect((await aludel(folder, ["upgrade"])).exit).toBe(0);
    rmSync(join(folder, "revisions/alice1.ts"));
    const { exit, stdout } = await conflicts(folder, "--json");
    expect([exit, (JSON.parse(stdout) as { database: unknown }).database]).toEqual([
      1,
      { asked: true, name: expect.stringContaining("dev.db"), unknown: ["alice1"] },
    ]);
  });

  test("a circle is an error", async () => {
    const folder = project({}, { ...base, revises: "alice1" }, alice);
    const { exit, stderr } = await conflicts(folder);
    expect([exit, stderr.includes("error[revision-cycle]")]).toEqual([2, true]);
  });
});

/** Main has alice's revision, the branch that is checked out has bob's. */
function parted(more: Readonly<Record<string, unknown>> = {}): string {
  const folder = project(more, base);
  const write = (one: RevisionText) => writeFileSync(join(folder, `revisions/${one.id}.ts`), revision(one));
  git(folder, "init", "-q", "-b", "main");
  commit(folder, "base");
  git(folder, "checkout", "-q", "-b", "bob");
  write(bob);
  commit(folder, "phone");
  git(folder, "checkout", "-q", "main");
  write({ ...alice, before: 'throw new Error("a revision of the other branch was run");' });
  commit(folder, "email");
  git(folder, "checkout", "-q", "bob");
  return folder;
}

interface BaseAnswer {
  readonly conflicts: boolean;
  readonly fix: string | null;
  readonly base: Readonly<Record<string, readonly { readonly id: string; readonly changed?: string }[]>>;
}

async function beside(folder: string, reference: string) {
  const { exit, stdout } = await conflicts(folder, "--base", reference, "--json");
  const { base: found, fix } = JSON.parse(stdout) as BaseAnswer;
  const ids = (name: string) => found[name]?.map(({ id }) => id);
  return { exit, fix, found, ids };
}

describe("conflicts --base", () => {
  test("what is new on each side, and the heads of a merge", async () => {
    const folder = parted();
    const status = git(folder, "status", "--porcelain");
    const { exit, fix, ids } = await beside(folder, "main");
    expect([exit, ids("newHere"), ids("newThere"), ids("heads"), fix]).toEqual([
      1,
      ["bob1"],
      ["alice1"],
      ["bob1", "alice1"],
      "git merge main && aludel rebase --base main",
    ]);
    expect(git(folder, "status", "--porcelain")).toBe(status);
    const { stdout } = await conflicts(folder, "--base", "main");
    expect(stdout).toContain("new on main:\n  alice1 email (revisions/alice1.ts)");
  });

  test("the command that it names mends it", async () => {
    const folder = parted();
    writeFileSync(join(folder, "revisions/alice1.ts"), "");
    rmSync(join(folder, "revisions/alice1.ts"));
    git(folder, "checkout", "-q", "main");
    writeFileSync(join(folder, "revisions/alice1.ts"), revision(alice));
    commit(folder, "as it should be");
    git(folder, "checkout", "-q", "bob");
    git(folder, "merge", "-q", "main", "-m", "merge");
    expect((await conflicts(folder)).exit).toBe(1);
    expect((await aludel(folder, ["rebase", "--base", "main", "--no-verify"])).exit).toBe(0);
    expect((await conflicts(folder, "--base", "main")).exit).toBe(0);
  });

  test("one id with two contents, and who changed it; what was taken away", async () => {
    const folder = parted();
    const file = join(folder, "revisions/base1.ts");
    writeFileSync(file, `${revision(base)}// here\n`);
    expect((await beside(folder, "main")).found["different"]).toEqual([
      expect.objectContaining({ id: "base1", changed: "here" }),
    ]);
    writeFileSync(file, revision(base).replaceAll("\n", "\r\n"));
    expect((await beside(folder, "main")).found["different"]).toEqual([]);
    rmSync(file);
    writeFileSync(join(folder, "revisions/bob1.ts"), revision({ ...bob, revises: null }));
    const { ids } = await beside(folder, "main");
    expect([ids("removedHere"), ids("newThere")]).toEqual([["base1"], ["alice1"]]);
  });

  test("files there that are no revisions, and a link", async () => {
    const folder = parted();
    git(folder, "checkout", "-q", "main");
    writeFileSync(join(folder, "revisions/broken.ts"), "export default {");
    symlinkSync("/etc/passwd", join(folder, "revisions/link.ts"));
    commit(folder, "broken");
    git(folder, "checkout", "-q", "bob");
    const { found, ids } = await beside(folder, "main");
    expect((found["unreadable"] as readonly unknown[]).length).toBe(2);
    expect(ids("newThere")).toEqual(["alice1"]);
  });

  test("a name that git does not know, one that looks like an option, and no repository", async () => {
    const folder = parted();
    for (const reference of ["nope", "--upload-pack=x"]) {
      const { exit, stderr } = await conflicts(folder, `--base=${reference}`);
      expect([reference, exit, stderr.split("]")[0]]).toEqual([reference, 2, "error[git-failed"]);
    }
    const { exit, stderr } = await conflicts(project({}, base), "--base", "main");
    expect([exit, stderr.split("]")[0]]).toEqual([2, "error[git-failed"]);
  });

  test("aludel.sum makes git report a conflict, which validate names", async () => {
    const folder = project({ sum: true }, base);
    await aludel(folder, ["validate", "--fix-sum"]);
    git(folder, "init", "-q", "-b", "main");
    commit(folder, "base");
    const add = async (branch: string, id: string) => {
      git(folder, "checkout", "-q", "-b", branch, "main");
      await aludel(folder, ["revision", "-m", id, "--rev-id", id]);
      commit(folder, id);
    };
    await add("one", "aaaa");
    await add("two", "zzzz");
    expect(() => git(folder, "merge", "-q", "one", "-m", "merge")).toThrow();
    const { stdout } = await aludel(folder, ["validate"]);
    expect(stdout).toContain("revisions/aludel.sum:1 error[sum-unreadable] aludel.sum has a conflict");
  });
});
