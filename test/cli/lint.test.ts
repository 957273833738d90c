import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../src/lint/finding.js";
import { temporaryFolder } from "../temporary-folder.js";
import { commit, git } from "./git.js";
import { aludel } from "./run.js";

interface Answer {
  readonly clean: boolean;
  readonly files: number;
  readonly statements: number;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Finding[];
}

async function lint(
  folder: string,
  ...words: readonly string[]
): Promise<Answer & { readonly exit: number }> {
  const { exit, stdout } = await aludel(folder, ["lint", "--json", ...words]);
  return { ...(JSON.parse(stdout) as Answer), exit };
}

/** `rule line`, of those that are not about timeouts, which nearly every statement lacks. */
const told = (findings: readonly Finding[]) =>
  findings
    .filter(({ rule }) => !rule.startsWith("missing-"))
    .map(({ rule, range, direction }) => `${rule} ${range.line}${direction === "upgrade" ? "" : " down"}`);

async function inFile(sql: string, ...words: readonly string[]) {
  const { findings, suppressed } = await lint(
    temporaryFolder({ "a.sql": sql }),
    "--from-file",
    "a.sql",
    ...words,
  );
  return { found: told(findings), quiet: told(suppressed) };
}

const quiet = ["--rule", "hygiene=info", "--rule", "unused-suppression=warning"];

describe("files of SQL", () => {
  test("need no configuration; the exit code says whether something was found", async () => {
    const folder = temporaryFolder({
      "bad.sql": "ALTER TABLE orders DROP COLUMN note;",
      "good.sql": "SET lock_timeout = '5s';\nALTER TABLE orders ADD COLUMN note text;\n",
    });
    expect((await aludel(folder, ["lint", "--from-file", "bad.sql"])).exit).toBe(1);
    expect(await aludel(folder, ["lint", "--from-file", "good.sql"])).toMatchObject({ exit: 0, stdout: "" });
    expect((await aludel(folder, ["lint", "--from-file", "none.sql"])).exit).toBe(2);
    expect((await aludel(folder, ["lint", "--from-file", "bad.sql", "--rule", "drop-colum=off"])).exit).toBe(
      2,
    );
    expect((await aludel(folder, ["lint", "--from-file", "bad.sql", "--rule", "drop-column=no"])).exit).toBe(
      2,
    );
    expect((await aludel(folder, ["lint"])).exit).toBe(2);
  });

  test("are one history: what an earlier file makes exists, what the same file makes is nobody's", async () => {
    const folder = temporaryFolder({
      "db/2_b.sql": "CREATE TABLE b (x int);\nCREATE INDEX b_x ON b (x);\nCREATE INDEX a_x ON a (x);",
      "db/1_a.sql": "CREATE TABLE a (x int, PRIMARY KEY (x));\nCREATE INDEX a_y ON a (x);",
      "db/10_c.sql": "CREATE INDEX b_y ON b (x);",
    });
    const { findings, files } = await lint(folder, "--from-file", "db");
    expect(files).toBe(3);
    const built = findings.filter(({ rule }) => rule === "index-not-concurrent");
    expect(built.map(({ file, range }) => `${file}:${range.line}`)).toEqual([
      "db/10_c.sql:1",
      "db/2_b.sql:3",
    ]);
    const after = await lint(folder, "--from-file", "db/10_c.sql", "--after", "db/1_a.sql", "db/2_b.sql");
    expect(after.files).toBe(1);
    expect(told(after.findings)).toContain("index-not-concurrent 1");
  });

  test("that do not parse have one finding for each place, and the rest is linted", async () => {
    const { found } = await inFile(
      "ALTER TABLE a DROP COLUMN b;\nALTER TABL a DROP c;\n\nALTER TABLE a DROP COLUMN d;\nSELECT 'open",
    );
    expect(found).toEqual(["drop-column 1", "syntax-error 2", "drop-column 4", "syntax-error 5"]);
  });

  test.each([
    ["nothing", Buffer.from("")],
    ["garbage", Buffer.from(Array.from({ length: 5_000 }, (_, at) => (at * 7919) % 256))],
    ["UTF-16", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("DROP TABLE a;", "utf16le")])],
    ["Latin 1", Buffer.from("DROP TABLE na\xefve; -- \xfc", "latin1")],
    ["a mark and returns", Buffer.from("\uFEFFSELECT 1;\r\nDROP TABLE a;\r\n")],
    ["nesting", Buffer.from(`SELECT ${"(".repeat(1_000)}1${")".repeat(1_000)};\nDROP TABLE a;`)],
    [
      "nesting that is too deep",
      Buffer.from(`SELECT ${"(".repeat(50_000)}1${")".repeat(50_000)};\nDROP TABLE a;`),
    ],
  ])("of %s are answered", async (name, bytes) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.sql"), bytes);
    const { exit, findings } = await lint(folder, "--from-file", "a.sql");
    expect([0, 1]).toContain(exit);
    for (const { range } of findings) expect(range.endByte).toBeLessThanOrEqual(bytes.length);
    if (/Latin|mark|UTF|nesting/.test(name)) expect(told(findings).join()).toContain("drop-table");
    if (/mark/.test(name)) expect(findings[0]?.range).toMatchObject({ line: 2, startByte: 14 });
  });

  test("may be new since a commit of git, with the others as their history", async () => {
    const folder = temporaryFolder({ "db/1.sql": "CREATE TABLE a (x int);\nDROP TABLE z;" });
    git(folder, "init", "-q", "-b", "main");
    commit(folder, "one");
    writeFileSync(join(folder, "db/2.sql"), "CREATE INDEX a_x ON a (x);");
    const { findings, files } = await lint(folder, "--from-file", "db", "--since", "main");
    expect(files).toBe(1);
    expect(told(findings)).toEqual(["index-not-concurrent 1"]);
  });

  test("have ways back under their marks", async () => {
    const { found } = await inFile(
      "-- +goose Up\nALTER TABLE a ADD COLUMN b int;\n-- +goose Down\nALTER TABLE a DROP COLUMN b;\nALTER TABLE a DROP COLUMN c;",
    );
    expect(found).toContain("drop-column 5 down");
    expect(found).not.toContain("drop-column 4 down");
  });
});

describe("comments", () => {
  test("keep quiet the next statement, the one they stand behind, or the one they stand in", async () => {
    const { found, quiet: suppressed } = await inFile(`-- aludel:ignore drop-column nobody reads it

ALTER TABLE a DROP COLUMN b;
ALTER TABLE a DROP COLUMN c; -- aludel:ignore drop-column nor this
ALTER TABLE a
  -- aludel:ignore drop-column nor this
  DROP COLUMN d;
ALTER TABLE a DROP COLUMN e;
/* aludel:ignore drop-column, set-not-null */ ALTER TABLE a DROP COLUMN f;`);
    expect(found).toEqual(["drop-column 8", "unused-suppression 9"].slice(0, found.length));
    expect(suppressed).toEqual(["drop-column 3", "drop-column 4", "drop-column 7", "drop-column 9"]);
  });

  test("keep quiet a range, or a file", async () => {
    const range = `-- aludel:ignore-start drop-column they are old
ALTER TABLE a DROP COLUMN b;
ALTER TABLE a DROP COLUMN c;
-- aludel:ignore-end drop-column
ALTER TABLE a DROP COLUMN d;`;
    expect((await inFile(range)).found).toEqual(["drop-column 5"]);
    const file =
      "ALTER TABLE a DROP COLUMN b;\n-- aludel:ignore-file drop-column old\nALTER TABLE a DROP COLUMN c;";
    expect((await inFile(file)).found).toEqual([]);
  });

  test("within the body of a DO block are about its statements", async () => {
    const { found, quiet: suppressed } = await inFile(`DO $$
BEGIN
  ALTER TABLE a DROP COLUMN b;
  -- aludel:ignore drop-column nobody reads it
  ALTER TABLE a DROP COLUMN c;
END $$;`);
    expect(found.filter((one) => one.startsWith("drop"))).toEqual(["drop-column 3"]);
    expect(suppressed).toEqual(["drop-column 5"]);
  });

  test("that name no rule, or have nothing to do, are findings", async () => {
    const { found } = await inFile(`-- aludel:ignore drop-colum nobody reads it
ALTER TABLE a DROP COLUMN b;
-- aludel:ignore drop-table nobody reads it
ALTER TABLE a ADD COLUMN c int;`);
    expect(found).toEqual(["unknown-suppression 1", "drop-column 2", "unused-suppression 3"]);
  });

  test("of other linters are understood", async () => {
    const { found, quiet: suppressed } = await inFile(
      `-- atlas:nolint DS103

-- squawk-ignore ban-drop-column
ALTER TABLE a DROP COLUMN b;
-- eugene: ignore E6
CREATE INDEX a_x ON a (x);
CREATE INDEX a_y ON a (y); -- pgsafe:ignore add-index-non-concurrent it is small
ALTER TABLE a DROP COLUMN c;
-- squawk-ignore ban-char-field
SELECT 1;`,
      ...quiet,
    );
    expect(found.filter((one) => /drop|index/.test(one))).toEqual([]);
    expect(suppressed).toEqual([
      "drop-column 4",
      "index-not-concurrent 6",
      "index-not-concurrent 7",
      "drop-column 8",
    ]);
  });

  test("with a policy's tag permit it for the next statement, or at the top for all", async () => {
    const one = await inFile(`ALTER TABLE a ADD COLUMN z int;
-- destructive: approved (dba: nobody reads it)
ALTER TABLE a DROP COLUMN b;
ALTER TABLE a DROP COLUMN c;`);
    expect(one).toEqual({ found: ["drop-column 4"], quiet: ["drop-column 3"] });
    const all = await inFile(
      "-- destructive: approved (dba: nobody reads it)\n\nALTER TABLE a DROP COLUMN b;\nALTER TABLE a DROP COLUMN c;",
    );
    expect(all).toEqual({ found: [], quiet: ["drop-column 3", "drop-column 4"] });
    const wrong = await inFile(
      "-- destructve: approved\nALTER TABLE a DROP COLUMN b;\n-- backfill: ok\nSELECT 1;",
    );
    expect(wrong.found).toEqual(["unknown-tag 1", "drop-column 2", "unused-tag 3"]);
    const unsigned = await inFile(
      "-- destructive: approved\nALTER TABLE a DROP COLUMN b;",
      ...["--rule", "tag-without-reason=error", "--rule", "tag-without-approver=error"],
    );
    expect(unsigned.found).toEqual(["tag-without-approver 1", "tag-without-reason 1"]);
  });
});

describe("severities, sizes, versions and what is known", () => {
  const sql = "ALTER TABLE a DROP COLUMN b;\nCREATE INDEX a_x ON a (x);";

  test("come from the configuration and the command line", async () => {
    const folder = temporaryFolder({
      "a.sql": sql,
      "old/a.sql": sql,
      "aludel.config.json": JSON.stringify({
        dialect: "postgres",
        lint: {
          rules: { transaction: "off", design: "off", locks: "warning" },
          overrides: [{ files: "old/**", rules: { "drop-column": "info" } }],
        },
      }),
    });
    const severities = async (...words: readonly string[]) => {
      const { findings } = await lint(folder, "--from-file", "a.sql", "old/a.sql", ...words);
      return findings.map(({ file, rule, severity }) => `${file} ${rule} ${severity}`);
    };
    expect(await severities()).toEqual([
      "a.sql drop-column error",
      "a.sql index-not-concurrent warning",
      "old/a.sql drop-column info",
      "old/a.sql index-not-concurrent warning",
    ]);
    expect(await severities("--rule", "drop-column=off", "--rule", "index-not-concurrent=info")).toEqual([
      "a.sql index-not-concurrent info",
      "old/a.sql index-not-concurrent info",
    ]);
  });

  test("leave locks of small tables alone, but not what is lost", async () => {
    const folder = temporaryFolder({ "a.sql": sql, "stats.json": '{ "public.a": 200 }' });
    const { findings, suppressed } = await lint(folder, "--from-file", "a.sql", "--stats", "stats.json");
    expect(told(findings)).toEqual(["drop-column 1"]);
    expect(suppressed.map(({ suppressed: why }) => why)).toContainEqual({
      by: "size",
      reason: "200 rows",
      line: null,
    });
  });

  test("know what was there before, wherever it stands now", async () => {
    const folder = temporaryFolder({ "a.sql": sql });
    const file = ["--from-file", "a.sql"];
    expect(await aludel(folder, ["lint", ...file, "--write-baseline", "known.json"])).toMatchObject({
      exit: 0,
    });
    expect(await lint(folder, ...file, "--baseline", "known.json")).toMatchObject({ exit: 0, findings: [] });
    writeFileSync(join(folder, "a.sql"), `SELECT 1;\n\n${sql}\nALTER TABLE a DROP COLUMN c;`);
    const { findings } = await lint(folder, ...file, "--baseline", "known.json");
    expect(told(findings)).toEqual(["drop-column 5"]);
    writeFileSync(join(folder, "known.json"), "{}");
    expect((await aludel(folder, ["lint", ...file, "--baseline", "known.json"])).exit).toBe(2);
  });

  test("of several versions tell a finding once", async () => {
    const folder = temporaryFolder({
      "1.sql":
        "CREATE TABLE a (id int PRIMARY KEY, x int);\nALTER TABLE a ADD CONSTRAINT p CHECK (x IS NOT NULL) NOT VALID;",
      "2.sql": "ALTER TABLE a VALIDATE CONSTRAINT p;",
      "3.sql": "ALTER TABLE a ALTER x SET NOT NULL;",
    });
    const words = ["--after", "1.sql", "2.sql", "--from-file", "3.sql", "--server-version", "11,16"];
    const { findings } = await lint(folder, ...words);
    const scans = findings.filter(({ rule }) => rule === "set-not-null");
    expect(scans.map(({ serverVersions }) => serverVersions)).toEqual([[11]]);
  });
});

const configuration = JSON.stringify({ dialect: "postgres", lint: { rules: { transaction: "off" } } });

function revision(id: string, revises: string | null, up: string, down: string, header = ""): string {
  return `/**
 * change of ${id}
 *
 * Revision: ${id}
 * Revises: ${revises ?? "none"}
 * Created: 2026-11-21T05:30:00Z
 ${header}*/
import { defineRevision, sql, t } from "aludel";

export default defineRevision({
  id: "${id}",
  revises: ${JSON.stringify(revises)},
  async upgrade(op) {
${up}
  },
  async downgrade(op) {
${down}
  },
});
`;
}

const first = revision(
  "aaaa",
  null,
  `    await op.createTable("orders", { id: t.bigint(), note: t.text() });
    await op.createIndex("orders_id", "orders", ["id"]);`,
  `    await op.dropTable("orders");`,
);

describe("revisions", () => {
  test("are linted both ways, with the place of the call", async () => {
    const second = revision(
      "bbbb",
      "aaaa",
      `    await op.addColumn("orders", "email", t.text());
    await op.createIndex("orders_email", "orders", ["email"]); // aludel:ignore index-not-concurrent it is new
    await op
      .dropColumn("orders", "note");
    await op.execute(\`
      SELECT 1;
      ALTER TABLE orders
        ALTER COLUMN id SET NOT NULL;
    \`);`,
      `    await op.dropColumn("orders", "email");
    // destructive: approved (dba: it comes from elsewhere)
    await op.dropColumn("orders", "id");
    await op.createIndex("orders_note", "orders", ["id"]);`,
    );
    const folder = temporaryFolder({
      "aludel.config.json": configuration,
      "revisions/1_a.ts": first,
      "revisions/2_b.ts": second,
    });
    const { findings, suppressed, exit } = await lint(folder, "bbbb");
    expect(exit).toBe(1);
    const wanted = ["drop-column", "set-not-null", "index-not-concurrent"];
    const seen = (all: readonly Finding[]) => told(all.filter(({ rule }) => wanted.includes(rule)));
    expect(seen(findings)).toEqual(["drop-column 17", "set-not-null 21", "index-not-concurrent 28 down"]);
    expect(seen(suppressed)).toEqual(["index-not-concurrent 15", "drop-column 27 down"]);
    const [dropped] = findings;
    expect(dropped).toMatchObject({ revision: "bbbb", sql: 'ALTER TABLE "orders" DROP COLUMN "note"' });
    expect(
      (await lint(folder, "bbbb", "--no-downgrades")).findings.every(
        ({ direction }) => direction === "upgrade",
      ),
    ).toBe(true);
    expect((await lint(folder, "aaaa")).findings.map(({ rule }) => rule)).not.toContain(
      "index-not-concurrent",
    );
  });

  test("of SQL, too, whose header may have a tag for both ways", async () => {
    const text = `-- drop it
-- Revision: bbbb
-- Revises: aaaa
-- destructive: approved (dba: nobody reads it)
-- aludel:upgrade
ALTER TABLE orders DROP COLUMN note;
CREATE INDEX CONCURRENTLY orders_x ON orders (id);
ALTER TABL orders;
-- aludel:downgrade
ALTER TABLE orders ADD COLUMN note text;
ALTER TABLE orders DROP COLUMN id;
`;
    const folder = temporaryFolder({
      "aludel.config.json": configuration,
      "revisions/1_a.ts": first,
      "revisions/2_b.sql": text,
    });
    const wanted = /drop-column|syntax-error|unused/;
    const { findings, suppressed } = await lint(folder, "bbbb");
    expect(told(findings).filter((one) => wanted.test(one))).toEqual(["syntax-error 8"]);
    expect(told(suppressed)).toEqual(["drop-column 6", "drop-column 11 down"]);
  });

  test("are those that are new since the main branch, unless others are asked for", async () => {
    const second = revision("bbbb", "aaaa", `    await op.dropColumn("orders", "note");`, "");
    const folder = temporaryFolder({ "aludel.config.json": configuration, "revisions/1_a.ts": first });
    git(folder, "init", "-q", "-b", "main");
    commit(folder, "one");
    expect(await aludel(folder, ["lint"])).toMatchObject({ exit: 0 });
    git(folder, "switch", "-q", "-c", "mine");
    writeFileSync(join(folder, "revisions/2_b.ts"), second);
    const files = async (...words: readonly string[]) => (await lint(folder, ...words)).files;
    expect(await files()).toBe(1);
    commit(folder, "two");
    expect(await files()).toBe(1);
    expect(await files("--all")).toBe(2);
    expect(await files("--since", "HEAD")).toBe(0);
    expect(await files("base:head")).toBe(2);
    expect((await aludel(folder, ["lint", "--all", "--since", "main"])).exit).toBe(2);
    expect((await aludel(folder, ["lint", "--since", "nothing"])).exit).toBe(2);
    // What came before is remembered, and answers the same.
    expect((await lint(folder)).findings).toEqual((await lint(folder)).findings);
  });

  test("that fail without a database, or are irreversible, are answered", async () => {
    const folder = temporaryFolder({
      "aludel.config.json": configuration,
      "revisions/1_a.ts": revision("aaaa", null, "    null.x;", ""),
    });
    const { exit, stderr } = await aludel(folder, ["lint"]);
    expect(exit).toBe(2);
    expect(stderr).toContain("1_a.ts:14");
    writeFileSync(
      join(folder, "revisions/1_a.ts"),
      revision("aaaa", null, "    await op.query('SELECT 1');", "").replace(
        /async downgrade[\s\S]*\n {2}},\n/,
        'downgrade: "rows are gone",\n',
      ),
    );
    expect([0, 1]).toContain((await aludel(folder, ["lint"])).exit);
  });
});

describe("the answer", () => {
  test("may be written to a file, in any form", async () => {
    const folder = temporaryFolder({ "a.sql": "ALTER TABLE a DROP COLUMN b;" });
    const words = ["lint", "--from-file", "a.sql", "--format", "sarif", "-o", "out/a.sarif"];
    expect(await aludel(folder, words)).toMatchObject({ exit: 1, stdout: "" });
    const sarif = JSON.parse(readFileSync(join(folder, "out/a.sarif"), "utf8"));
    const found = sarif.runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId);
    expect(found).toContain("drop-column");
  });

  test("for GitHub has a summary of the build", async () => {
    const folder = temporaryFolder({ "a.sql": "ALTER TABLE a DROP COLUMN b;", "summary.md": "" });
    const variables = { GITHUB_STEP_SUMMARY: join(folder, "summary.md") };
    const words = ["lint", "--from-file", "a.sql", "--format", "github"];
    const { stdout } = await aludel(folder, words, { variables });
    expect(stdout).toContain("::error file=a.sql,line=1,endLine=1,col=27,");
    expect(readFileSync(join(folder, "summary.md"), "utf8")).toContain("drop-column");
  });

  test("explains a rule, and lists them", async () => {
    const folder = temporaryFolder();
    const { stdout } = await aludel(folder, ["lint", "--explain", "drop-column"]);
    expect(stdout).toContain("ALTER TABLE orders DROP COLUMN note;");
    expect((await aludel(folder, ["lint", "--explain"])).stdout).toContain("index-not-concurrent");
    const unknown = await aludel(folder, ["lint", "--explain", "drop-colunm"]);
    expect(unknown.exit).toBe(2);
    expect(unknown.stderr).toContain("Did you mean drop-column?");
  });
});

test("files of SQLite have ways back under their marks, too", async () => {
  const folder = temporaryFolder({
    "1.sql": `-- +goose Up
CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT);
-- +goose Down
DROP TABLE orders;
`,
    "2.sql": `-- migrate:up
ALTER TABLE orders ADD COLUMN total INTEGER;
-- migrate:down
ALTER TABLE orders DROP COLUMN total;
ALTER TABLE orders DROP COLUMN note;
`,
  });
  const { findings } = await lint(folder, "--from-file", "1.sql", "2.sql", "--dialect", "sqlite");
  const lost = findings.filter(({ rule }) => /^drop-/.test(rule));
  expect(lost.map(({ file, range, direction }) => `${file}:${range.line} ${direction}`)).toEqual([
    "2.sql:5 downgrade",
  ]);
});

test("what a version of SQLite does not know is found where it is the target", async () => {
  const folder = (lint: object) =>
    temporaryFolder({
      "a.sql": "ALTER TABLE orders DROP COLUMN note;",
      "aludel.config.json": JSON.stringify({ dialect: "sqlite", revisions: "revisions", lint }),
    });
  const words = ["--from-file", "a.sql", "--rule", "drop-column=off"];
  expect(await lint(folder({}), ...words)).toMatchObject({ findings: [], serverVersions: ["3.40"] });
  const { findings } = await lint(folder({ serverVersion: "3.34" }), ...words);
  expect(findings.map(({ message }) => message)).toEqual([
    "DROP COLUMN is a syntax error before SQLite 3.35",
  ]);
  expect((await lint(folder({}), ...words, "--server-version", "3.34,3.53")).findings).toMatchObject([
    { serverVersions: ["3.34"] },
  ]);
  const wrong = await aludel(folder({ serverVersion: 16 }), ["lint", ...words]);
  expect(wrong).toMatchObject({ exit: 2, stderr: expect.stringContaining("16 is no version of sqlite") });
});
