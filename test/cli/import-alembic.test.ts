import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { on } from "../run/project.js";
import { createTestDatabase } from "../server/postgres-server.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

function python(
  id: string,
  body: string,
  message = `make ${id}`,
  date = "2024-01-02 03:04:05.678901",
): string {
  return `"""${message}

Revision ID: ${id}
Revises: whatever
Create Date: ${date}

"""
from typing import Sequence, Union
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = '${id}'
${body}


def upgrade() -> None:
    revision = "local"
    op.create_table("t", sa.Column("x", sa.String(), comment=f"{revision!r}"))


def downgrade() -> None:
    pass
`;
}

const config = {
  dialect: "sqlite",
  versionTable: "alembic_version",
  environments: { dev: "sqlite:dev.db" },
};

/** a → { b [shop], c [bill, depends on b] } → d */
const versions: Readonly<Record<string, string>> = {
  "alembic/env.py": "raise Exception('never run')",
  "alembic/versions/__init__.py": "",
  "alembic/versions/aaa1_a.py": python("aaa1", "down_revision: Union[str, None] = None", 'naïve "ü"'),
  "alembic/versions/bbb1_b.py": python("bbb1", "down_revision = 'aaa1'\nbranch_labels = ('shop',)"),
  "alembic/versions/ccc1_c.py": python(
    "ccc1",
    'down_revision = r"aaa1"\nbranch_labels = "bill"; depends_on = [\n    "bb" "b1",  # parts\n]',
  ),
  "alembic/versions/ddd1_d.py": python(
    "ddd1",
    'down_revision: Union[str, Sequence[str]] = (\n    "bbb1",\n    "ccc1",\n)',
    "join\n\nthem",
    "2024-01-03 01:00:00+02:00",
  ),
};

function project(more: Readonly<Record<string, string>> = {}, settings = {}) {
  const folder = temporaryFolder({
    "aludel.config.json": JSON.stringify({ ...config, ...settings }),
    ...versions,
    ...more,
  });
  const run = (line: string) => aludel(folder, line.split(" "));
  return { folder, run, names: () => readdirSync(join(folder, "revisions")).sort() };
}

async function atRevision(folder: string, sql: string, url = "sqlite:dev.db"): Promise<void> {
  await on(url, folder, (connection) =>
    connection.run(
      `CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY); ${sql}; CREATE TABLE persons (id integer PRIMARY KEY, "full name" text)`,
    ),
  );
}

describe("import alembic", () => {
  test("the graph is that of the files, and can be read, validated and continued", async () => {
    const { folder, run, names } = project();
    await atRevision(folder, "INSERT INTO alembic_version VALUES ('ddd1')");
    const { exit, stderr } = await run("import alembic alembic/versions");
    expect([exit, stderr]).toEqual([
      0,
      expect.stringContaining("4 revisions of Alembic are imported now; the head is ddd1"),
    ]);
    expect(names()).toHaveLength(4);
    const history = await run("history -v");
    expect(history.stdout).toContain("Depends on: bbb1");
    expect((await run("heads")).stdout).toContain("ddd1");
    expect((await run("validate")).stdout + (await run("validate")).stderr).not.toContain("error");
    expect((await run("current --json")).stdout).toContain('"atHeads": true');
    expect((await run("show shop --json")).stdout).toContain('"id": "bbb1"');
    expect((await run("show ddd1 --json")).stdout).toContain("2024-01-02T23:00:00");
    expect((await run("show aaa1")).stdout).toContain('naïve "ü"');
    expect((await run("upgrade")).exit).toBe(0);
    expect((await run("revision -m next --sql --no-verify")).exit).toBe(0);
    expect((await run("upgrade")).stderr).toContain("next");
    expect((await run("downgrade -1")).exit).toBe(0);
    expect((await run("downgrade aaa1")).stderr).toContain("error[irreversible]");
  });

  test("what was imported is never run", async () => {
    const { run, folder } = project();
    await run("import alembic alembic");
    const { exit, stderr } = await run("upgrade");
    expect([exit, stderr]).toEqual([2, expect.stringContaining("error[revision-imported]")]);
    for (const line of ["upgrade --sql", "squash : -m x", "verify aaa1"]) {
      const answer = await run(line);
      expect(answer.exit, line).not.toBe(0);
      expect(answer.stdout + answer.stderr, line).toContain("imported from Alembic");
    }
    expect(existsSync(join(folder, "revisions/_squashed"))).toBe(false);
  });

  test.each([
    ["computed", "down_revision = compute()", 14, "down_revision is not written as"],
    ["another name", "down_revision = revision", 14, "down_revision is not written as"],
    ["in a condition", "if True:\n    down_revision = None", 15, "cannot be read without running"],
    ["twice", "down_revision = None\ndown_revision = 'aaa1'", 15, "a second time"],
    ["unpacked", "down_revision, x = None, 1", 14, "cannot be read without running"],
    [
      "added to",
      "down_revision = None\nbranch_labels = ()\nbranch_labels += ('x',)",
      16,
      "branch_labels is assigned a second time",
    ],
    ["missing", "", 13, "no down_revision"],
    ["a format string", "down_revision = f'{x}'", 14, "down_revision is not written as"],
    ["no end", "down_revision = 'aaa", 14, "never ends"],
    ["an odd label", "down_revision = None\nbranch_labels = 'a@b'", 13, 'has the character "@"'],
    ["a bracket", "down_revision = ('aaa1'", null, "inside a bracket"],
  ])("%s: file and line", async (_name, body, line, message) => {
    const { run, folder } = project({ "alembic/versions/eee1_e.py": python("eee1", body) });
    const { exit, stderr } = await run("import alembic alembic/versions");
    expect([exit, stderr]).toEqual([2, expect.stringContaining("error[import-unreadable]")]);
    expect(stderr).toContain(message);
    expect(stderr).toContain(`eee1_e.py${line === null ? "" : `:${line}`}`);
    expect(existsSync(join(folder, "revisions"))).toBe(false);
  });

  test("what stands below the fields of the docstring is kept, and what a header cannot hold is refused", async () => {
    const body = "down_revision = None";
    const below = python("eee1", body).replace("678901\n", "678901\n\n    Ask Ann first.\n");
    const kept = project({ "alembic/versions/eee1_e.py": below.replaceAll("\n", "\r\n") });
    await kept.run("import alembic alembic");
    expect((await kept.run("show eee1 --json")).stdout).toContain('"make eee1\\n\\n    Ask Ann first."');
    const odd = project({ "alembic/versions/eee1_e.py": python("eee1", body, "make\n\nLabels: none") });
    const { stderr } = await odd.run("import alembic alembic");
    expect(stderr).toContain("error[import-unreadable] The message of eee1 cannot stand in a header");
    expect(existsSync(join(odd.folder, "revisions"))).toBe(false);
  });

  test("a file that is not UTF-8 is refused, not read wrongly", async () => {
    const { folder, run } = project();
    const text = python("eee1", "down_revision = None", "größe");
    writeFileSync(join(folder, "alembic/versions/eee1_e.py"), text, "latin1");
    const { stderr } = await run("import alembic alembic");
    expect(stderr).toContain("error[import-unreadable] The file is not UTF-8");
  });

  test("a graph that cannot be is refused before a file is written", async () => {
    const { run, folder } = project({
      "alembic/versions/eee1_e.py": python("eee1", "down_revision = 'nope'"),
    });
    expect((await run("import alembic alembic/versions")).stderr).toContain("error[revision-parent-missing]");
    expect(existsSync(join(folder, "revisions"))).toBe(false);
    expect((await run("import alembic nowhere")).stderr).toContain("error[file-unreadable]");
  });

  test("a second import adds what is new, and leaves the first", async () => {
    const { run, names, folder } = project();
    await run("import alembic alembic");
    expect((await run("import alembic alembic")).stderr).toContain("all 4 revisions of Alembic were there");
    expect(names()).toHaveLength(4);
    writeFileSync(join(folder, "alembic/versions/eee1_e.py"), python("eee1", "down_revision = 'ddd1'"));
    const { stdout, stderr } = await run("import alembic alembic");
    expect(stdout.trim()).toMatch(/_make_eee1\.sql$/);
    expect(stderr).toContain("the head is eee1. 4 were there already");
    expect(names()).toHaveLength(5);
  });
});

/** The table as Alembic makes it. */
const alembicTable = (name: string) => `CREATE TABLE ${name} (
  version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)`;

describe("a database that Alembic managed goes on with its rows", () => {
  const heads: Readonly<Record<string, string>> = {
    "alembic/versions/aaa1_a.py": python("aaa1", "down_revision = None"),
    "alembic/versions/bbb1_b.py": python("bbb1", "down_revision = 'aaa1'"),
    "alembic/versions/ccc1_c.py": python("ccc1", "down_revision = 'aaa1'"),
  };
  const ours = (id: string, revises: string) =>
    `-- ${id}\n--\n-- Revision: ${id}\n-- Revises: ${revises}\n-- Created: 2026-01-01T00:00:00Z\n\n-- aludel:upgrade\nCREATE TABLE ${id} (id integer PRIMARY KEY);\n\n-- aludel:downgrade\nDROP TABLE ${id};\n`;

  test.each([
    ["sqlite", null],
    ["postgres", null],
    ["postgres", "Ops x"],
  ] as const)("two heads, on %s, in the schema %s", async (engine, schema) => {
    const versionTable = schema === null ? "alembic_version" : { schema, name: "alembic_version" };
    const database = engine === "sqlite" ? null : await createTestDatabase();
    if (database !== null) onTestFinished(() => database.drop());
    const url = database?.url ?? "sqlite:dev.db";
    const folder = temporaryFolder({
      "aludel.config.json": JSON.stringify({ versionTable, environments: { dev: url } }),
      ...heads,
    });
    const run = (line: string) => aludel(folder, line.split(" "));
    const table = schema === null ? "alembic_version" : `"${schema}".alembic_version`;
    const rows = () =>
      on(url, folder, async (connection) => {
        const found = await connection.query(`SELECT version_num FROM ${table} ORDER BY 1`);
        return found.map((row) => row["version_num"]);
      });
    await on(url, folder, (connection) =>
      connection.run(
        `${schema === null ? "" : `CREATE SCHEMA "${schema}";`} ${alembicTable(table)}; INSERT INTO ${table} VALUES ('ccc1'); INSERT INTO ${table} VALUES ('bbb1')`,
      ),
    );
    expect((await run("import alembic alembic/versions")).stderr).toContain("the heads are bbb1, ccc1");
    expect((await run("current --json")).stdout).toContain('"atHeads": true');
    expect((await run("upgrade heads")).stdout).toContain("Nothing to do");
    writeFileSync(join(folder, "revisions/ddd1.sql"), ours("ddd1", "bbb1"));
    expect((await run("upgrade heads")).exit).toBe(0);
    expect(await rows()).toEqual(["ccc1", "ddd1"]);
    writeFileSync(join(folder, "revisions/eee1.sql"), ours("eee1", "ddd1, ccc1"));
    expect((await run("upgrade")).exit).toBe(0);
    expect(await rows()).toEqual(["eee1"]);
    expect((await run("downgrade ddd1")).exit).toBe(0);
    expect(await rows()).toEqual(["ccc1", "ddd1"]);
    expect((await run("downgrade ddd1@-1")).exit).toBe(0);
    expect(await rows()).toEqual(["bbb1", "ccc1"]);
    expect((await run("downgrade ccc1@-1")).stderr).toContain("error[irreversible]");
    expect(await rows()).toEqual(["bbb1", "ccc1"]);
    expect((await run("import alembic alembic/versions --stamp")).stderr).toContain("which has all of them");
  });

  test("with another version table Alembic's rows are stamped into it, and stay", async () => {
    const { run, folder } = project({}, { versionTable: "aludel_version" });
    await on("sqlite:dev.db", folder, (connection) =>
      connection.run(
        `${alembicTable("alembic_version")}; INSERT INTO alembic_version VALUES ('bbb1'), ('ccc1')`,
      ),
    );
    const { stderr } = await run("import alembic alembic --stamp");
    expect(stderr).toContain("Alembic has applied 3 of 4 revisions");
    expect(stderr).toContain("is now stamped with ccc1.");
    // It is a record: Alembic has to bring the database there.
    expect(stderr).toContain("not applied: 1 revision that only Alembic can run: ddd1");
    expect((await run("current")).stdout).toContain("ccc1");
  });
});

describe("import alembic --from-database", () => {
  test("databases at the head go on, new ones begin with the baseline, others are refused", async () => {
    const { folder, run } = project();
    await atRevision(folder, "INSERT INTO alembic_version VALUES ('ddd1')");
    const { exit, stderr } = await run("import alembic alembic --from-database");
    expect([exit, stderr]).toEqual([0, expect.stringContaining("A new database begins with ddd1")]);
    expect((await run("current --json")).stdout).toContain('"atHeads": true');
    expect((await run("upgrade")).exit).toBe(0);
    expect((await run("diff heads database")).exit).toBe(0);
    expect((await run("validate")).exit).toBe(0);
    expect((await run("upgrade --url sqlite:new.db")).stderr).toContain("upgrade ddd1");
    expect((await run("diff heads database --url sqlite:new.db")).exit).toBe(0);
    await on("sqlite:dev.db", folder, (connection) =>
      connection.run("UPDATE alembic_version SET version_num = 'bbb1'"),
    );
    expect((await run("current")).stdout).toContain("bbb1");
    expect((await run("upgrade")).stderr).toContain("error[revision-imported]");
  });

  test("on PostgreSQL", async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const settings = { dialect: "postgres", environments: { dev: database.url } };
    const { folder, run } = project({}, settings);
    await atRevision(folder, "INSERT INTO alembic_version VALUES ('ddd1')", database.url);
    const { exit, stdout, stderr } = await run("import alembic alembic --from-database");
    expect([exit, stderr]).toEqual([0, expect.stringContaining("ddd1 proved")]);
    const text = readFileSync(join(folder, stdout.trim()), "utf8");
    expect(text).toContain('"full name"');
    expect(text).not.toContain("alembic_version");
    expect((await run("upgrade")).exit).toBe(0);
    expect((await run("diff heads database")).exit).toBe(0);
  });

  test.each([
    [
      "a database elsewhere",
      "INSERT INTO alembic_version VALUES ('bbb1')",
      {},
      "is at bbb1, and the head is ddd1",
    ],
    ["another version table", "", { versionTable: "aludel_version" }, "is at no revision"],
  ])("%s is refused, and nothing is written", async (_name, sql, settings, message) => {
    const { folder, run } = project({}, settings);
    await atRevision(folder, sql || "SELECT 1");
    const { exit, stderr } = await run("import alembic alembic --from-database");
    expect([exit, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(join(folder, "revisions"))).toBe(false);
  });
});
