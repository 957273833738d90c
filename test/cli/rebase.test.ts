import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Engine, inspectUrl, newDatabase, on, type RevisionText, revision } from "../run/project.js";
import { temporaryFolder } from "../temporary-folder.js";
import { commit, git } from "./git.js";
import { aludel, type Result } from "./run.js";

const base: RevisionText = {
  id: "base1",
  up: 'await op.createTable("persons", { id: t.integer().notNull() }, { primaryKey: ["id"] }); await op.execute("INSERT INTO persons (id) VALUES (1)");',
  down: 'await op.dropTable("persons");',
};
const alice: RevisionText = {
  id: "alice1",
  revises: "base1",
  up: 'await op.addColumn("persons", "email", t.text()); await op.execute("UPDATE persons SET email = \'a\' WHERE id = 1");',
  down: 'await op.dropColumn("persons", "email");',
};
const bob: RevisionText = {
  id: "bob1",
  revises: "base1",
  up: 'await op.addColumn("persons", "phone", t.text()); await op.execute("UPDATE persons SET phone = \'1\' WHERE id = 1");',
  down: 'await op.dropColumn("persons", "phone");',
};

const file = (one: RevisionText) => `revisions/${one.id}.ts`;

interface Repository {
  readonly folder: string;
  run(line: string): Promise<Result>;
  write(one: RevisionText): void;
  read(name: string): string;
}

function at(folder: string): Repository {
  return {
    folder,
    run: (line) => aludel(folder, line.split(" ")),
    write: (one) => writeFileSync(join(folder, file(one)), revision(one)),
    read: (name) => readFileSync(join(folder, name), "utf8"),
  };
}

/** A repository whose main branch has a base; alice's revision came to main, bob's branch has main merged into it. */
async function merged(engine: Engine = "sqlite"): Promise<Repository & { readonly url: string }> {
  const url = await newDatabase(engine);
  const folder = temporaryFolder({
    "aludel.config.json": JSON.stringify({ environments: { dev: url } }),
    ".gitignore": "*.db*\n",
    [file(base)]: revision(base),
  });
  const repository = at(folder);
  git(folder, "init", "-q", "-b", "main");
  commit(folder, "base");
  git(folder, "checkout", "-q", "-b", "bob");
  repository.write(bob);
  commit(folder, "phone");
  git(folder, "checkout", "-q", "main");
  repository.write(alice);
  commit(folder, "email");
  git(folder, "checkout", "-q", "bob");
  git(folder, "merge", "-q", "--no-edit", "main");
  return { ...repository, url };
}

async function stateOf(url: string, folder: string) {
  const schema = await inspectUrl(url, folder);
  const columns = [...schema.tables.values()].flatMap((table) =>
    table.columns.map(({ name, type }) => ({ name, type })),
  );
  const rows = await on(url, folder, async (connection) => ({
    persons: await connection.query("SELECT id, email, phone FROM persons"),
    versions: await connection.query("SELECT version_num FROM aludel_version"),
    ran: (await connection.query("SELECT revision, direction FROM aludel_run_log ORDER BY id"))
      .filter((row) => row["direction"] === "upgrade")
      .map((row) => String(row["revision"]))
      .sort(),
  }));
  return { columns: columns.sort((a, b) => (a.name < b.name ? -1 : 1)), ...rows };
}

describe.each<Engine>(["sqlite", "postgres"])("two developers: %s", (engine) => {
  test("both add a revision; rebase fixes; each database gets what it lacks, once", async () => {
    const urls: Record<string, string> = {};
    for (const who of ["alice", "bob", "nobody"])
      urls[who] = engine === "sqlite" ? `sqlite:${who}.db` : await newDatabase(engine);
    // Each with a checkout of their own.
    const repository = await merged(engine);
    const { folder, run } = repository;
    for (const [who, revisionId] of [
      ["alice", "alice1"],
      ["bob", "bob1"],
    ] as const) {
      const result = await run(`upgrade ${revisionId} --url ${urls[who]}`);
      expect([who, result.exit, result.stderr]).toEqual([who, 0, expect.stringContaining(revisionId)]);
    }
    expect((await run("heads")).stdout).toBe("alice1 (head)\nbob1 (head)\n");
    expect((await run("upgrade")).stderr).toContain("error[multiple-heads]");

    const rebased = await run("rebase");
    expect([rebased.exit, rebased.stdout]).toEqual([
      0,
      "bob1 revises alice1 instead of base1: revisions/bob1.ts\n",
    ]);
    expect(rebased.stderr).toContain("bob1 proved");
    expect((await run("heads")).stdout).toBe("bob1 (head)\n");

    const states = [];
    for (const who of ["alice", "bob", "nobody"]) {
      const result = await run(`upgrade --url ${urls[who]}`);
      expect([who, result.exit, result.stderr]).toEqual([who, 0, expect.any(String)]);
      states.push(await stateOf(urls[who] ?? "", folder));
      expect((await run(`upgrade --url ${urls[who]}`)).stdout).toContain("Nothing to do");
      expect((await run(`current --check-heads --url ${urls[who]}`)).exit).toBe(0);
    }
    expect(states[0]).toMatchObject({
      persons: [{ id: 1, email: "a", phone: "1" }],
      versions: [{ version_num: "bob1" }],
      ran: ["alice1", "base1", "bob1"],
    });
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
    // And back again, from the database that had them the other way round.
    expect((await run(`downgrade base --url ${urls["bob"]}`)).exit).toBe(0);
    expect((await run(`upgrade --url ${urls["bob"]}`)).exit).toBe(0);
  }, 120_000);
});

describe("a database that had a moved revision", () => {
  async function ahead() {
    const repository = await merged();
    await repository.run("upgrade bob1");
    expect((await repository.run("rebase --allow-applied --no-verify")).exit).toBe(0);
    return repository;
  }

  test("says what it lacks, and is not at the heads", async () => {
    const { run } = await ahead();
    const { exit, stdout, stderr } = await run("current --check-heads");
    expect([exit, stdout]).toEqual([1, "bob1 (head)  revision bob1\n"]);
    expect(stderr).toContain("alice1 stands below it and has not run here");
    expect(JSON.parse((await run("current --json")).stdout)).toMatchObject({
      atHeads: false,
      late: ["alice1"],
    });
  });

  test("goes down as it came up", async () => {
    const { run, url, folder } = await ahead();
    expect((await run("downgrade -1")).exit).toBe(0);
    expect((await run("current --json")).stdout).toContain('"base1"');
    expect((await run("upgrade")).exit).toBe(0);
    expect((await stateOf(url, folder)).versions).toEqual([{ version_num: "bob1" }]);
  });

  test("with both applied, only the version table is put right", async () => {
    const { run, url, folder } = await merged();
    await run("upgrade heads");
    await run("rebase --allow-applied --no-verify");
    const { exit, stderr } = await run("upgrade");
    expect([exit, stderr]).toEqual([0, expect.stringContaining("bob1 ran here before")]);
    expect(await stateOf(url, folder)).toMatchObject({
      versions: [{ version_num: "bob1" }],
      ran: ["alice1", "base1", "bob1"],
    });
  });

  test("a revision that was edited as well counts as edited", async () => {
    const { run, folder } = await ahead();
    const text = readFileSync(join(folder, file(bob)), "utf8");
    writeFileSync(join(folder, file(bob)), text.replace("'1'", "'2'"));
    expect((await run("upgrade")).stderr).toContain("error[revision-edited]");
  });

  test("one transaction around all", async () => {
    const { run, url, folder } = await ahead();
    expect((await run("upgrade --transaction all")).exit).toBe(0);
    expect((await stateOf(url, folder)).versions).toEqual([{ version_num: "bob1" }]);
  });
});

describe("rebase", () => {
  test("refuses what the chosen database has", async () => {
    const { run, read } = await merged();
    await run("upgrade bob1");
    const { exit, stderr } = await run("rebase");
    expect([exit, stderr]).toEqual([2, expect.stringContaining("error[revision-applied]")]);
    expect(stderr).toContain("--allow-applied");
    expect(read(file(bob))).toBe(revision(bob));
  });

  test("moves the other one when only that is applied, by name", async () => {
    const { run, read } = await merged();
    await run("upgrade bob1");
    expect((await run("rebase alice1 --no-verify")).exit).toBe(0);
    expect(read(file(alice))).toBe(
      revision(alice)
        .replace("Revises: base1", "Revises: bob1")
        .replace('revises: "base1"', 'revises: "bob1"'),
    );
  });

  test("says when no database was asked", async () => {
    const { run } = await merged();
    const { exit, stderr } = await run("rebase --no-verify");
    expect([exit, stderr]).toEqual([
      0,
      expect.stringContaining("no database was asked whether it has these revisions"),
    ]);
  });

  test("keeps a line of several, and answers in JSON", async () => {
    const repository = await merged();
    repository.write({ ...bob, id: "bob2", revises: "bob1", up: "", down: "" });
    const { exit, stdout } = await repository.run("rebase --json");
    expect([exit, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({
        base: "main",
        moved: [
          {
            revision: "bob1",
            from: ["base1"],
            to: ["alice1"],
            file: join(repository.folder, file(bob)),
            createdAt: expect.any(String),
          },
        ],
        proofs: [expect.objectContaining({ revision: "bob1", holds: true })],
        database: null,
      }),
    ]);
    expect((await repository.run("heads")).stdout).toBe("bob2 (head)\n");
    expect((await repository.run("rebase")).stdout).toContain("Nothing to move");
  });

  test("--dates moves the date and the time in the file's name", async () => {
    const repository = await merged();
    const written = await repository.run("revision -m newest --head bob1");
    const name = written.stdout.trim();
    commit(repository.folder, "newest");
    const { exit, stdout } = await repository.run("rebase --dates --no-verify");
    expect([exit, stdout]).toEqual([0, expect.stringContaining(`was ${name}`)]);
    const names = readdirSync(join(repository.folder, "revisions")).filter((one) =>
      one.endsWith("newest.ts"),
    );
    expect(names).toHaveLength(1);
    expect(names).not.toContain(name.slice("revisions/".length));
    expect(repository.read(file(bob))).not.toContain("2026-11-21T05:30:00Z");
    expect((await repository.run("history --json")).exit).toBe(0);
  });

  test("changes nothing when it does not work there", async () => {
    const repository = await merged();
    repository.write({ ...bob, up: 'await op.addColumn("persons", "email", t.text());' });
    const before = repository.read(file(bob));
    const { exit, stderr } = await repository.run("rebase");
    expect([exit, stderr]).toEqual([1, expect.stringContaining("error[proof-failed]")]);
    expect(repository.read(file(bob))).toBe(before);
    expect(readdirSync(join(repository.folder, "revisions")).sort()).toEqual([
      "alice1.ts",
      "base1.ts",
      "bob1.ts",
    ]);
  });

  test.skipIf(process.getuid?.() === 0)("writes all or nothing", async () => {
    const repository = await merged();
    chmodSync(join(repository.folder, "revisions"), 0o555);
    const { exit } = await repository.run("rebase --no-verify");
    chmodSync(join(repository.folder, "revisions"), 0o755);
    expect(exit).toBe(2);
    expect(repository.read(file(bob))).toBe(revision(bob));
  });

  test("aludel.sum, which git left in conflict, is written anew", async () => {
    const repository = await merged();
    const { folder, run } = repository;
    git(folder, "checkout", "-q", "main");
    git(folder, "reset", "-q", "--hard", "HEAD^");
    writeFileSync(
      join(folder, "aludel.config.json"),
      '{ "sum": true, "environments": { "dev": "sqlite:dev.db" } }',
    );
    await run("validate --fix-sum");
    commit(folder, "sum");
    git(folder, "checkout", "-q", "-b", "carol");
    await run("revision -m carol --rev-id carol1 --no-verify");
    commit(folder, "carol");
    git(folder, "checkout", "-q", "main");
    await run("revision -m dave --rev-id dave1 --no-verify");
    commit(folder, "dave");
    git(folder, "checkout", "-q", "carol");
    expect(() => git(folder, "merge", "-q", "main")).toThrow();
    const { exit, stdout, stderr } = await run("rebase --no-verify --dates");
    expect([exit, stdout]).toEqual([0, expect.stringContaining("carol1 revises dave1 instead of base1")]);
    expect(stderr).toContain("aludel.sum had a conflict");
    expect((await run("validate")).exit).toBe(0);
    expect((await run("upgrade")).exit).toBe(0);
  });

  test("works while git waits for the merge to be committed", async () => {
    const repository = await merged();
    git(repository.folder, "reset", "-q", "--hard", "HEAD^");
    git(repository.folder, "merge", "-q", "--no-commit", "--no-ff", "main");
    expect((await repository.run("rebase --no-verify")).stdout).toContain("bob1 revises alice1");
  });

  test("before git has merged there is nothing to do", async () => {
    const repository = await merged();
    git(repository.folder, "reset", "-q", "--hard", "HEAD^");
    expect((await repository.run("rebase")).stdout).toContain("bob1 comes after base1 already");
  });

  test("two lines that are both new have to be named", async () => {
    const repository = await merged();
    git(repository.folder, "branch", "-q", "-f", "main", "main^");
    const { exit, stderr } = await repository.run("rebase");
    expect([exit, stderr]).toEqual([2, expect.stringContaining("aludel rebase bob1")]);
    expect((await repository.run("rebase bob1 --no-verify")).stdout).toContain("bob1 revises alice1");
  });

  test("--onto takes a branch of git", async () => {
    const repository = await merged();
    expect((await repository.run("rebase bob1 --onto main --no-verify")).stdout).toContain(
      "bob1 revises alice1",
    );
  });

  test.each([
    ["rebase --base nowhere", "git-failed"],
    ["rebase nope", "revision-unknown"],
    ["rebase bob1 --onto nope", "revision-unknown"],
    ["rebase bob1 --onto bob1", "rebase-refused"],
    ["rebase base1 --onto alice1", "rebase-refused"],
  ])("%s is refused", async (line, code) => {
    const { exit, stderr } = await (await merged()).run(line);
    expect([exit, stderr]).toEqual([2, expect.stringContaining(`error[${code}]`)]);
  });

  test("outside a repository it asks for names", async () => {
    const folder = temporaryFolder({
      "aludel.config.json": '{ "dialect": "sqlite" }',
      [file(base)]: revision(base),
    });
    const { exit, stderr } = await aludel(folder, ["rebase"], { variables: {} });
    expect([exit, stderr]).toEqual([2, expect.stringContaining("error[git-failed]")]);
  });
});
