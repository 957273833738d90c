import { describe, expect, test } from "vitest";
import { copiesColumn } from "../../src/lint/obligation/dual-write.js";
import { temporaryFolder } from "../temporary-folder.js";
import { aludel } from "./run.js";

const revision = (id: string, revises: string, created: string, up: string) =>
  `-- let orders be right
--
-- Revision: ${id}
-- Revises: ${revises}
-- Created: ${created}T00:00:00Z

-- aludel:upgrade
${up}

-- aludel:downgrade none: nothing can bring it back
`;

const copy = `CREATE FUNCTION copy_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.remark := NEW.note;
  RETURN NEW;
END $$;
CREATE TRIGGER orders_copy BEFORE INSERT OR UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION copy_note();`;

const today = new Date().toISOString().slice(0, 10);

function project(lint: object, ...more: readonly string[]): string {
  return temporaryFolder({
    "aludel.config.json": JSON.stringify({ dialect: "postgres", revisions: "revisions", lint }),
    "revisions/1.sql": revision(
      "aaaaaaaaaaaa",
      "none",
      "2020-01-01",
      `CREATE TABLE orders (id bigint PRIMARY KEY, note text, remark text, total int);
CREATE DOMAIN positive AS int;`,
    ),
    "revisions/2.sql": revision(
      "bbbbbbbbbbbb",
      "aaaaaaaaaaaa",
      "2020-02-01",
      `ALTER TABLE orders ADD CONSTRAINT dear CHECK (total > 5) NOT VALID;
ALTER TABLE orders ADD CONSTRAINT noted CHECK (note IS NOT NULL) NOT VALID;
ALTER DOMAIN positive ADD CONSTRAINT above CHECK (VALUE > 0) NOT VALID;
${copy}`,
    ),
    ...Object.fromEntries(
      more.map((text, at) => [
        `revisions/${at + 3}.sql`,
        revision(`cccccccccc${at + 10}`, at === 0 ? "bbbbbbbbbbbb" : `cccccccccc${at + 9}`, today, text),
      ]),
    ),
  });
}

interface Answer {
  readonly findings: readonly { rule: string; file: string; message: string }[];
  readonly obligations: readonly {
    kind: string;
    object: string;
    file: string;
    range: { line: number };
    revision: string;
    since: string | null;
    due: string | null;
    overdueDays: number | null;
    reason: string | null;
  }[];
}

async function obligations(folder: string, ...words: readonly string[]) {
  const { stdout, exit } = await aludel(folder, ["lint", "--obligations", "--json", ...words]);
  return { exit, ...(JSON.parse(stdout) as Answer) };
}

const short = (answer: Answer) =>
  answer.obligations.map(({ kind, object, due }) => `${kind} ${object} ${due}`);

describe("what revisions have left to be done", () => {
  test("is listed with its date, and is an error when that is past", async () => {
    const folder = project({});
    const answer = await obligations(folder);
    expect(answer.exit).toBe(1);
    expect(short(answer).sort()).toEqual([
      "dual-write public.orders.orders_copy 2020-03-02",
      "unvalidated public.orders.dear 2020-03-02",
      "unvalidated public.orders.noted 2020-03-02",
      "unvalidated public.positive.above 2020-03-02",
    ]);
    expect(answer.obligations[0]).toMatchObject({
      file: "revisions/2.sql",
      revision: "bbbbbbbbbbbb",
      since: "2020-02-01",
    });
    expect(answer.obligations[0]?.overdueDays).toBeGreaterThan(2000);
    expect(new Set(answer.findings.map(({ rule }) => rule))).toEqual(new Set(["overdue-obligation"]));
    expect(answer.findings).toHaveLength(4);

    const { stdout, exit } = await aludel(folder, ["lint", "--obligations"]);
    expect(exit).toBe(1);
    expect(stdout).toContain("error[overdue-obligation] public.orders.orders_copy writes note into remark");
    expect(stdout).toContain("left to be done\n");
    expect(stdout).toMatch(/revisions\/2\.sql:\d+, since 2020-02-01, due 2020-03-02, \d+ days ago/);
    expect((await aludel(folder, ["lint", "--all"])).stdout).toContain("left to be done\n");
  });

  test("is gone when a later revision has done it", async () => {
    const folder = project(
      {},
      `ALTER TABLE orders VALIDATE CONSTRAINT dear;
ALTER TABLE orders VALIDATE CONSTRAINT noted;
ALTER DOMAIN positive VALIDATE CONSTRAINT above;
DROP TRIGGER orders_copy ON orders;`,
    );
    expect(await obligations(folder)).toMatchObject({ exit: 0, obligations: [] });
    const set = project(
      {},
      "ALTER TABLE orders VALIDATE CONSTRAINT noted;",
      "ALTER TABLE orders ALTER note SET NOT NULL;",
    );
    expect(short(await obligations(set))).toContain("leftover-check public.orders.noted 2020-03-02");
    const dropped = project({}, "DROP TABLE orders; DROP DOMAIN positive;");
    expect(await obligations(dropped)).toMatchObject({ exit: 0, obligations: [] });
  });

  test("is due when the configuration or a comment says so", async () => {
    const later = await obligations(project({ obligations: { days: 100_000 } }));
    expect(later).toMatchObject({ exit: 0, findings: [] });
    expect(later.obligations).toHaveLength(4);
    expect(await aludel(project({ obligations: { days: -1 } }), ["lint"])).toMatchObject({ exit: 2 });

    const folder = project(
      { obligations: { days: 100_000 } },
      `-- aludel:until 2020-12-31 the worker mends the rows
ALTER TABLE orders ADD CONSTRAINT cheap CHECK (total < 9) NOT VALID;
-- aludel:until 2999-12-31 for the reports of 4.1
ALTER TABLE orders ADD COLUMN old_note text;
ALTER TABLE orders ADD COLUMN kept text;`,
    );
    const answer = await obligations(folder, "head");
    expect(answer.obligations).toMatchObject([
      { object: "public.orders.cheap", due: "2020-12-31", since: today, reason: "the worker mends the rows" },
      { kind: "temporary", object: "public.orders.old_note", due: "2999-12-31", overdueDays: null },
    ]);
    expect(answer.findings.map(({ message }) => message).join()).toContain("(the worker mends the rows)");
  });

  test("a date that is none, or stands at nothing, is a finding", async () => {
    const folder = project(
      {},
      `-- aludel:until 2026-02-30 soon
ALTER TABLE orders ADD CONSTRAINT cheap CHECK (total < 9) NOT VALID;
-- aludel:until 2026-12-31
ALTER TABLE orders ALTER remark SET STATISTICS 5;
-- aludel:untill 2026-12-31
SELECT 1;`,
    );
    const { stdout } = await aludel(folder, ["lint", "head", "--json"]);
    const { findings } = JSON.parse(stdout) as Answer;
    const hygiene = findings.filter(({ rule }) => /-(?:tag|suppression)$/.test(rule));
    expect(hygiene.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
      'unknown-tag: "aludel:until 2026-02-30" gives no day',
      'unused-tag: "aludel:until 2026-12-31" stands at what leaves nothing behind',
      'unknown-suppression: There is no "aludel:untill"',
    ]);
  });

  test("of files is dated by their names", async () => {
    const sql = "ALTER TABLE orders ADD CONSTRAINT cheap CHECK (total < 9) NOT VALID;";
    const folder = temporaryFolder({
      "20200131120000_a.sql": sql,
      "V2__b.sql": sql.replace("cheap", "dear"),
    });
    const answer = await obligations(folder, "--from-file", "20200131120000_a.sql", "V2__b.sql");
    expect(answer.obligations).toMatchObject([
      { since: "2020-01-31", due: "2020-03-01" },
      { since: null, due: null, overdueDays: null },
    ]);
    expect(answer.exit).toBe(1);
  });
});

test.each([
  ["BEGIN NEW.remark := NEW.note; RETURN NEW; END", ["note", "remark"]],
  ["BEGIN NEW.b = coalesce(NEW.a, NEW.b)::bigint; END", ["a", "b"]],
  ['BEGIN NEW."New id" := CAST(NEW.id AS bigint); END', ["id", "New id"]],
  ["BEGIN IF NEW.a IS NULL THEN NEW.a := NEW.b; END IF; END", ["b", "a"]],
  ["BEGIN NEW.updated_at := now(); RETURN NEW; END", null],
  ["BEGIN NEW.tsv := to_tsvector(NEW.body); RETURN NEW; END", null],
  ["BEGIN NEW.a := NEW.a; RETURN NEW; END", null],
  ["BEGIN -- NEW.a := NEW.b;\n RETURN NEW; END", null],
])("a trigger's function that copies a column: %s", (body, expected) => {
  expect(copiesColumn(body)).toEqual(expected);
});
