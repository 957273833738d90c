import { describe, expect, test } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import type { Dialect } from "../../../src/dialect/dialect.js";
import { postgres } from "../../../src/dialect/postgres/postgres.js";
import { sqlite } from "../../../src/dialect/sqlite/sqlite.js";
import { judge } from "../../../src/gate/compat/judge.js";
import { findingsOf, withoutAllowed } from "../../../src/gate/compat/said.js";
import type { Stage } from "../../../src/gate/compat/stages.js";
import type { Revision } from "../../../src/revision/revision.js";
import { createTestDatabase } from "../../server/postgres-server.js";
import { temporaryFolder } from "../../temporary-folder.js";

interface Change {
  readonly before: string;
  /** One script a revision. */
  readonly revisions: readonly string[];
  readonly deployed: readonly string[];
  readonly fresh?: readonly string[];
}

const engines = {
  postgres: {
    dialect: postgres,
    open: async () => postgres.connect((await createTestDatabase()).url, { directory: process.cwd() }),
  },
  sqlite: {
    dialect: sqlite,
    open: () => sqlite.connect("sqlite::memory:", { directory: process.cwd() }),
  },
} as const;

async function* stagesOf(connection: Connection, dialect: Dialect, revisions: readonly Revision[]) {
  const stage = (revision: Revision | null): Stage => ({
    revision,
    database: "a database",
    ask: async (queries) => {
      const answers = await connection.describe(queries.map(({ sql }) => sql));
      return new Map(queries.flatMap(({ sql }, at) => [[sql, answers[at] ?? expect.unreachable()] as const]));
    },
    inspect: () => dialect.inspect(connection, { namespaces: "all", ignoreTables: [] }),
  });
  yield stage(null);
  for (const revision of revisions) {
    await connection.run(revision.message);
    yield stage(revision);
  }
}

/** `code revision:line reason`, and the queries by their numbers. */
async function told(engine: keyof typeof engines, change: Change) {
  const { dialect, open } = engines[engine];
  const connection = await open();
  try {
    await connection.run(change.before);
    const folder = temporaryFolder(
      Object.fromEntries(change.revisions.map((text, at) => [`r${at + 1}.sql`, text])),
    );
    const revisions = change.revisions.map(
      (message, at) =>
        ({ id: `r${at + 1}`, file: `${folder}/r${at + 1}.sql`, message }) as unknown as Revision,
    );
    const queries = (texts: readonly string[], name: string) =>
      texts.map((sql, at) => ({ sql, file: `/${name}`, line: at + 1, place: `${name}${at + 1}` }));
    const sides = { deployed: queries(change.deployed, "old"), fresh: queries(change.fresh ?? [], "new") };
    const { said } = await judge(stagesOf(connection, dialect, revisions), sides, dialect);
    return said.map(({ code, severity, query, reason, revision }) =>
      [severity, code, query.place, revision?.id ?? "-", reason].join(" ").trim(),
    );
  } finally {
    await connection.close();
  }
}

const both = describe.each(["postgres", "sqlite"] as const);

both("queries of deployed code on %s", (engine) => {
  test("the revision that breaks a query is named, and later ones are not", async () => {
    const found = await told(engine, {
      before: "CREATE TABLE persons (id int, email text)",
      revisions: [
        "CREATE TABLE other (id int)",
        "ALTER TABLE persons RENAME COLUMN email TO mail",
        "DROP TABLE persons",
      ],
      deployed: ["SELECT email FROM persons", "DELETE FROM persons", "SELECT id FROM other", "SELECT nope"],
    });
    expect(found.map((one) => one.split(" ").slice(0, 4).join(" "))).toEqual([
      "warning query-broken-already old3 -",
      "warning query-broken-already old4 -",
      "error query-broken old1 r2",
      "error query-broken old2 r3",
    ]);
  });

  test("what a query gives: a column less, one more at the end, another type", async () => {
    const found = await told(engine, {
      before: "CREATE TABLE persons (id int, email text, age int)",
      revisions: ["ALTER TABLE persons ADD COLUMN name text", "ALTER TABLE persons DROP COLUMN email"],
      deployed: ["SELECT * FROM persons", "SELECT id FROM persons", "SELECT p.*, 1 AS one FROM persons AS p"],
    });
    expect(found).toEqual([
      "info columns-added old1 r1 it has column name at its end",
      "warning columns-moved old3 r1 it has column name between others",
      "error columns-changed old1 r2 it has no column email any more",
      "error columns-changed old3 r2 it has no column email any more",
    ]);
  });

  test("an INSERT that leaves out what has to be given from now on", async () => {
    const found = await told(engine, {
      before: "CREATE TABLE persons (id integer PRIMARY KEY, name text)",
      revisions: ["ALTER TABLE persons ADD COLUMN fine text NOT NULL DEFAULT ''", again(engine)],
      deployed: [
        "INSERT INTO persons (id) VALUES (1)",
        "INSERT INTO persons (id, NAME) VALUES (1, '')",
        "INSERT INTO persons VALUES (1, '')",
      ],
    });
    // Without names of columns SQLite wants a value for each.
    const refused = "error query-broken old3 r1 table persons has 3 columns but 2 values were supplied";
    expect(found).toEqual([
      ...(engine === "sqlite" ? [refused] : []),
      "error insert-incomplete old1 r2 it leaves out persons.name, which is NOT NULL without a default",
    ]);
  });

  test("new code needs the last schema alone", async () => {
    const found = await told(engine, {
      before: "CREATE TABLE persons (id int, email text)",
      revisions: ["ALTER TABLE persons ADD COLUMN mail text", "ALTER TABLE persons ADD COLUMN age int"],
      deployed: ["SELECT email FROM persons"],
      fresh: [
        "SELECT mail FROM persons",
        "SELECT age FROM persons",
        "SELECT id FROM persons",
        "SELECT zip FROM persons",
      ],
    });
    expect(found.slice(0, 2)).toEqual([
      "info query-needs-revision new1 r1",
      "info query-needs-revision new2 r2",
    ]);
    expect(found.slice(2)).toEqual([expect.stringMatching(/^error query-invalid new4 - .*zip/)]);
  });
});

/** `name` becomes NOT NULL. */
function again(engine: keyof typeof engines): string {
  if (engine === "postgres") return "ALTER TABLE persons ALTER COLUMN name SET NOT NULL";
  return `CREATE TABLE made (id integer PRIMARY KEY, name text NOT NULL, fine text NOT NULL DEFAULT '');
DROP TABLE persons; ALTER TABLE made RENAME TO persons`;
}

test("types of results and parameters, and what a trigger may fill, on PostgreSQL", async () => {
  const found = await told("postgres", {
    before: `CREATE TABLE persons (id int, age int, code varchar(3), note text);
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN new.note := 1; RETURN new; END';
CREATE TRIGGER fill BEFORE INSERT ON persons FOR EACH ROW EXECUTE FUNCTION fill();`,
    revisions: [
      "ALTER TABLE persons ALTER COLUMN age TYPE bigint, ALTER COLUMN code TYPE varchar(9)",
      "ALTER TABLE persons ALTER COLUMN note SET NOT NULL",
    ],
    deployed: [
      "SELECT age, code FROM persons",
      "SELECT id FROM persons WHERE age = $1 AND code = $2",
      "INSERT INTO persons (id) VALUES ($1)",
    ],
  });
  expect(found).toEqual([
    "error columns-changed old1 r1 its column age was integer and is bigint",
    "warning parameter-changed old2 r1 its parameter 1 was integer and is bigint",
    "warning insert-incomplete old3 r2 it leaves out persons.note, which is NOT NULL without a default, unless a trigger fills it",
  ]);
});

test("queries that break alike are one finding, and what is allowed is none", () => {
  const folder = temporaryFolder({
    "r1.ts":
      '/** email is mail */\nexport default {\n  async upgrade(op) {\n    op.renameColumn("persons", "email", "mail");',
  });
  const revision = { id: "r1", file: `${folder}/r1.ts` } as unknown as Revision;
  const said = Array.from({ length: 13 }, (_, at) => ({
    code: "query-broken" as const,
    severity: "error" as const,
    query: { sql: `SELECT email, ${at}`, file: "/q.sql", line: at, place: `q.sql:${at}` },
    reason: "no such column: email",
    revision,
    names: ["email"],
  }));
  const allowed = [
    { match: "email, 12", reason: "nobody asks" },
    { match: "phone", reason: "gone" },
  ];
  const { open, told } = withoutAllowed(said, allowed, "/config");
  expect(findingsOf(open, false)).toMatchObject([
    {
      file: revision.file,
      line: 4,
      message:
        "After revision r1 12 queries of the deployed code fail: no such column: email (q.sql:0, q.sql:1, q.sql:2, q.sql:3, q.sql:4, q.sql:5, q.sql:6, q.sql:7, q.sql:8, q.sql:9, and 2 more)",
    },
  ]);
  expect(told.map(({ code, message }) => `${code} ${message}`)).toEqual([
    "break-allowed ci.allowedBreaks lets a query through, q.sql:12: SELECT email, 12: nobody asks",
    'break-allowed-unused The change breaks no query that has "phone" in it (gone)',
  ]);
});
