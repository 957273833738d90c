import { describe, expect, test } from "vitest";
import type { Step } from "../../src/dialect/step.js";
import { AludelError } from "../../src/error/error.js";
import { readRevision } from "../../src/revision/read-header.js";
import { readSqlRevision } from "../../src/revision/sql-file.js";
import { renderSqlRevision } from "../../src/revision/write/render-sql-revision.js";

const file = "/revisions/one.sql";
const text = `-- add email to persons
--
-- Revision: 4f2a91c04b7d
-- Revises: 9c1d0b7e55aa, aaaa
-- Depends-On: bbbb
-- Labels: billing, x
-- Created: 2026-11-21T05:30:00Z

-- aludel:upgrade
ALTER TABLE persons ADD COLUMN email text;

-- aludel:downgrade
-- aludel:no-transaction
ALTER TABLE persons DROP COLUMN email;
`;

describe("reading", () => {
  test("header, sections and their lines", () => {
    const header = {
      id: "4f2a91c04b7d",
      revises: ["9c1d0b7e55aa", "aaaa"],
      dependsOn: ["bbbb"],
      labels: ["billing", "x"],
      message: "add email to persons",
      createdAt: new Date("2026-11-21T05:30:00Z"),
    };
    expect(readSqlRevision(file, text)).toEqual({
      header,
      upgrade: { text: "ALTER TABLE persons ADD COLUMN email text;", line: 10, transaction: true },
      downgrade: {
        text: "-- aludel:no-transaction\nALTER TABLE persons DROP COLUMN email;",
        line: 13,
        transaction: false,
      },
    });
    expect(readRevision(file, text)).toMatchObject({ ...header, format: "sql" });
    expect(readRevision(file, text.replaceAll("\n", "\r\n"))).toEqual(readRevision(file, text));
    expect(readSqlRevision(file, `\uFEFF${text}`).header).toEqual(header);
  });

  test("a block comment as header, and no way back with and without a reason", () => {
    const block = "/*\n * a message\n * Revision: a1\n * Revises:\n */\n-- aludel:upgrade\nselect 1\n";
    expect(readSqlRevision(file, block).header).toMatchObject({
      id: "a1",
      revises: [],
      message: "a message",
    });
    expect(readSqlRevision(file, block).downgrade).toBe("The file has no section for the way back");
    expect(readSqlRevision(file, `${block}-- aludel:downgrade none: rows are gone\n`).downgrade).toBe(
      "rows are gone",
    );
  });

  test.each<[string, string, string, number]>([
    ["no section", "-- Revision: a\n-- Revises: none\nselect 1", "no section", 1],
    ["a section twice", `${text}-- aludel:upgrade\n`, "second", 15],
    ["a misspelled section", text.replace("aludel:downgrade", "aludel:dowgrade"), 'no "aludel:dowgrade"', 12],
    ["a section in a quote", text.replace("email text", "email text DEFAULT '"), "inside a quoted", 12],
    ["no id", text.replace("-- Revision", "-- Id"), 'no "Revision:"', 1],
    ["no parents", text.replace("-- Revises", "-- Parents"), 'no "Revises:"', 1],
    ["SQL before the sections", `select 1;\n${text}`, "before the first section", 1],
    ["a bad id", text.replace("4f2a91c04b7d", "4f-2"), 'has the character "-"', 1],
    ["empty", "", "is empty", 1],
  ])("refused: %s", (_, bad, message, line) => {
    try {
      readRevision(file, bad);
      // A header in its usual form is read alone; the sections are looked at when the revision is used.
      readSqlRevision(file, bad);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(AludelError);
      const error = thrown as AludelError;
      expect(error.code).toBe("revision-unreadable");
      expect(error.message).toContain(message);
      expect(error.where).toMatchObject({ file, line });
      return;
    }
    throw new Error("nothing was refused");
  });
});

describe("writing", () => {
  const content = {
    id: "a1",
    revises: [],
    dependsOn: [],
    labels: ["x"],
    message: "do it",
    createdAt: new Date("2026-11-21T05:30:00Z"),
  };
  const step = (sql: string, transaction: Step["transaction"] = "joins") => ({ sql, transaction });

  test("what is written reads back", () => {
    const written = renderSqlRevision({
      ...content,
      upgrade: [step("create index concurrently i on t (a)", "forbidden"), step("select 1 -- one")],
      downgrade: "nothing\nbrings it back",
      notes: ["a note"],
    });
    expect(written).toBe(`-- do it
--
-- Revision: a1
-- Revises: none
-- Labels: x
-- Created: 2026-11-21T05:30:00Z

-- aludel:upgrade
-- a note

create index concurrently i on t (a);

select 1 -- one
;

-- aludel:downgrade none: nothing brings it back
`);
    const { header, upgrade, downgrade } = readSqlRevision(file, written);
    expect(header).toEqual(content);
    expect(upgrade).toMatchObject({ transaction: true });
    expect(downgrade).toBe("nothing brings it back");
  });

  test("commits are written where the runner would not know of them, and remarks above their statement", () => {
    const { upgrade } = readSqlRevision(
      file,
      renderSqlRevision({
        ...content,
        upgrade: [
          { ...step("alter table t add constraint c check (a > 0) not valid"), comments: ["At once."] },
          step("alter table t validate constraint c", "alone"),
          step("create index concurrently i on t (a)", "forbidden"),
          step("alter type mood add value 'ok'", "separate"),
          step("select 1"),
        ],
        downgrade: [],
      }),
    );
    expect(upgrade).toMatchObject({
      text: `
-- At once.
alter table t add constraint c check (a > 0) not valid;

-- aludel:commit

alter table t validate constraint c;

create index concurrently i on t (a);

alter type mood add value 'ok';

-- aludel:commit

select 1;`,
    });
  });

  test("statements that would be taken for a section are refused", () => {
    const upgrade = [step("select '\n-- aludel:downgrade\n'")];
    expect(() => renderSqlRevision({ ...content, upgrade, downgrade: [] })).toThrow("cannot stand");
  });
});
