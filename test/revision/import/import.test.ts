import { describe, expect, test } from "vitest";
import { loadDialect } from "../../../src/dialect/registry.js";
import { dbmate } from "../../../src/revision/import/dbmate.js";
import { checksumOf, flyway } from "../../../src/revision/import/flyway.js";
import { compareVersions, readVersion } from "../../../src/revision/import/flyway-version.js";
import type { FoundRevision, Way } from "../../../src/revision/import/found.js";
import { dateOf, idOf, messageOf } from "../../../src/revision/import/names.js";
import { place } from "../../../src/revision/import/place.js";
import { renderImported } from "../../../src/revision/import/render-imported.js";
import { translate } from "../../../src/revision/import/translate.js";
import { readSqlRevision } from "../../../src/revision/sql-file.js";
import { temporaryFolder } from "../../temporary-folder.js";

const found = (
  id: string,
  upgrade: Way = { sql: "SELECT 1", transaction: true },
  date: string | null = null,
): FoundRevision => ({
  id,
  revises: [],
  dependsOn: [],
  labels: [],
  message: `make ${id}`,
  createdAt: date === null ? null : new Date(date),
  file: `/x/${id}.sql`,
  upgrade,
  downgrade: "there is none",
  key: id,
  checksums: [],
});

describe("names", () => {
  test.each([
    ["20240131120000_add-users", "20240131120000_add_users", "add users", "2024-01-31T12:00:00.000Z"],
    ["20240131_x", "20240131_x", "x", "2024-01-31T00:00:00.000Z"],
    ["202401311205_x", "202401311205_x", "x", "2024-01-31T12:05:00.000Z"],
    ["20240231120000_no_such_day", "20240231120000_no_such_day", "no such day", null],
    ["0003_smiling_hulk", "0003_smiling_hulk", "smiling hulk", null],
    ["naïve ü: a@b", "naïve_ü_a_b", "naïve ü: a@b", null],
    ["head", "_head", "head", null],
    ["42", "42", "42", null],
  ])("%s", (name, id, message, date) => {
    expect([idOf(name), messageOf(name), dateOf(name)?.toISOString() ?? null]).toEqual([id, message, date]);
  });
});

describe("what the SQL begins and commits itself", () => {
  const way = async (sql: string, transaction = true) => {
    const { upgrade } = await translate(await loadDialect("postgres"), found("a", { sql, transaction }));
    return typeof upgrade === "string" ? upgrade : { ...upgrade, sql: upgrade.sql.trim().split(/\s*\n\s*/) };
  };

  test("is left to the runner", async () => {
    expect(await way("BEGIN;\nSELECT 1;\nCOMMIT;")).toEqual({ sql: ["SELECT 1;"], transaction: true });
    expect(await way("BEGIN; SELECT 1; COMMIT; SELECT 2")).toEqual({
      sql: ["SELECT 1;", "-- aludel:commit", "SELECT 2"],
      transaction: true,
    });
    expect(await way("SELECT 1;\nSTART TRANSACTION;\nSELECT 2;\nEND;\n", false)).toEqual({
      sql: ["SELECT 1;", "-- aludel:commit", "SELECT 2;"],
      transaction: true,
    });
    expect(await way("SELECT 'BEGIN; COMMIT;'", false)).toEqual({
      sql: ["SELECT 'BEGIN; COMMIT;'"],
      transaction: false,
    });
  });

  test("what has no place in one, and what is no SQL, says so", async () => {
    expect(await way("SELECT 1; SAVEPOINT a; SELECT 2")).toBe(
      "it has SAVEPOINT a, and the transaction is the runner's",
    );
    expect(await way("SELECT 1;\n\\connect other")).toMatch(/^its SQL could not be read \(line 2\)/);
    expect(await way("COPY a FROM stdin;\n1\n\\.\n")).toMatch(/^its SQL could not be read/);
  });
});

describe("the file", () => {
  test("has what was taken over, both ways", () => {
    const text = renderImported(
      { ...found("a"), downgrade: { sql: "DROP TABLE x\n", transaction: false } },
      "dbmate",
    );
    const { upgrade, downgrade } = readSqlRevision("a.sql", text);
    expect([upgrade, downgrade]).toMatchObject([
      { text: "-- Imported from dbmate: a.sql\nSELECT 1", transaction: true },
      { text: "-- aludel:no-transaction\nDROP TABLE x", transaction: false },
    ]);
  });

  test.each([
    "SELECT '\n-- aludel:downgrade\n'",
    "SELECT 1;\n-- aludel:upgrade",
    "SELECT 1\n-- aludel:no-transaction",
  ])("is refused where a line of the SQL would be read as its own: %j", (sql) => {
    expect(() => renderImported(found("a", { sql, transaction: true }), "dbmate")).toThrow(
      expect.objectContaining({ code: "import-unreadable" }),
    );
  });
});

describe("places", () => {
  const history = (revisions: readonly FoundRevision[]) => ({
    revisions,
    line: true,
    engine: null,
    leftOut: [],
  });
  const now = new Date("2026-01-01T00:00:00Z");
  const dates = (revisions: readonly FoundRevision[]) =>
    revisions.map(({ createdAt }) => createdAt?.toISOString());

  test("dates never run backwards, and missing ones are made", () => {
    const { fresh } = place(
      history([
        found("a"),
        found("b", "no", "2024-03-01"),
        found("c", "no", "2024-01-01"),
        found("d"),
        found("e"),
      ]),
      [],
      new Set(),
      null,
      now,
    );
    expect(fresh.map(({ revises }) => revises)).toEqual([[], ["a"], ["b"], ["c"], ["d"]]);
    expect(dates(fresh)).toEqual([
      "2024-02-29T23:59:59.000Z",
      "2024-03-01T00:00:00.000Z",
      "2024-03-01T00:00:00.000Z",
      "2025-12-31T23:59:59.000Z",
      "2026-01-01T00:00:00.000Z",
    ]);
  });

  test("what came late stands above what is there, and is not older", () => {
    const own = [
      { ...found("a"), createdAt: new Date("2024-01-01") },
      { ...found("c"), revises: ["a"], createdAt: new Date("2024-03-01") },
    ];
    const { fresh, known } = place(
      history([found("a"), found("b", "no", "2024-02-01"), found("c")]),
      own,
      new Set(),
      "c",
      now,
    );
    expect(known.map(({ id }) => id)).toEqual(["a", "c"]);
    expect([fresh[0]?.revises, dates(fresh)]).toEqual([["c"], ["2024-03-01T00:00:00.000Z"]]);
  });

  test("two of one name are refused", () => {
    expect(() => place(history([found("a"), found("a")]), [], new Set(), null, now)).toThrow(
      expect.objectContaining({ code: "revision-duplicate" }),
    );
  });
});

describe("Flyway", () => {
  test("versions are compared as numbers", () => {
    const sorted = ["10", "9.1", "1_2", "1.10", "01.2.0", "20240131120000", "1"]
      .map(readVersion)
      .sort(compareVersions);
    expect(sorted.map((version) => version?.text)).toEqual([
      "1",
      "1.2",
      "01.2.0",
      "1.10",
      "9.1",
      "10",
      "20240131120000",
    ]);
    expect(readVersion("01.2.0")?.key).toBe(readVersion("1_2")?.key);
    expect(["", "x", "1..2", "1a"].map(readVersion)).toEqual([null, null, null, null]);
  });

  test("the checksum does not know line ends and the byte order mark", () => {
    // CRC-32 of "123456789", as every table of checksums has it: 0xCBF43926.
    expect(checksumOf("\uFEFF123\r\n456\n789\n")).toBe(0xcbf43926 | 0);
  });

  test("two files of one version are refused, and a script's own settings are read", async () => {
    const folder = temporaryFolder({
      "V1__a.sql": "VACUUM;",
      "V1__a.sql.conf": "# why\nexecuteInTransaction=false\nplaceholderReplacement = false\n",
      "V2__b.sql": "SELECT 1",
      "views.sql": "",
      "Very.java": "",
    });
    const { revisions, leftOut } = flyway.read([folder]);
    expect(revisions[0]?.upgrade).toEqual({ sql: "VACUUM;", transaction: false });
    expect(revisions.map(({ id }) => id)).toEqual(["V1", "V2"]);
    expect(leftOut.map(({ file }) => file)).toEqual([expect.stringContaining("views.sql")]);
    const twin = temporaryFolder({ "V2.0__c.sql": "SELECT 1" });
    expect(() => flyway.read([folder, twin])).toThrow("is there twice");
  });
});

describe("dbmate", () => {
  const read = (text: string) => dbmate.read([temporaryFolder({ "1_a.sql": text })]).revisions[0];

  test("several pairs in a file run in their order, and back in the other", () => {
    const revision = read(
      "-- migrate:up\nA;\n-- migrate:down\nB;\n-- migrate:up transaction:false\nC;\n--  migrate:down\nD;",
    );
    expect(revision?.upgrade).toEqual({ sql: "A;\n\nC;", transaction: false });
    expect(revision?.downgrade).toEqual({ sql: "D;\n\nB;", transaction: true });
  });

  test.each([
    ["CREATE TABLE a (id integer);", "There is SQL before"],
    ["-- migrate:down\nDROP TABLE a;", "does not begin with"],
    ["", "does not begin with"],
    ["SELECT 1;\n-- migrate:up\nSELECT 2", "There is SQL before"],
  ])("%j", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
