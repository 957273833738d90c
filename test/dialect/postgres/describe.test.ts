import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { postgres } from "../../../src/dialect/postgres/postgres.js";
import { AludelError } from "../../../src/error/error.js";
import { createTestDatabase } from "../../server/postgres-server.js";

const schema = `CREATE TYPE "Mood ü" AS ENUM ('ok');
CREATE TABLE persons (id bigint PRIMARY KEY, email varchar(20) UNIQUE, "Mood" "Mood ü", n int);`;

const asked = [
  'SELECT id, email AS "E Mail", "Mood", n + $1 AS m FROM persons WHERE "Mood" = $2',
  "SELECT nope FROM persons",
  "INSERT INTO persons (id) VALUES ($1)",
  "SELECT jsonb_build_object('a', $2, 'b', $1) AS o",
  "SELEKT",
  "INSERT INTO persons (id) VALUES ($1) ON CONFLICT (email) DO NOTHING RETURNING *",
  "INSERT INTO persons (id) VALUES ($1) ON CONFLICT (n) DO NOTHING",
  "SELECT 1; SELECT 2",
  "DELETE FROM persons",
  "",
];

const enumName = '"Mood ü"';
const expected = [
  {
    parameters: ["integer", enumName],
    columns: `id bigint, E Mail character varying, Mood ${enumName}, m integer`,
  },
  'column "nope" does not exist',
  { parameters: ["bigint"], columns: "" },
  { parameters: ["text", "text"], columns: "o jsonb" },
  'syntax error at or near "SELEKT"',
  {
    parameters: ["bigint"],
    columns: `id bigint, email character varying, Mood ${enumName}, n integer`,
  },
  "there is no unique or exclusion constraint matching the ON CONFLICT specification",
  "cannot insert multiple commands into a prepared statement",
  { parameters: [], columns: "" },
  { parameters: [], columns: "" },
];

const databases = {
  "a server": async () => (await createTestDatabase()).url,
  PGlite: async () => "pglite:",
};

describe.each(Object.keys(databases) as (keyof typeof databases)[])("describing statements on %s", (name) => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await postgres.connect(await databases[name](), { directory: process.cwd() });
    await connection.run(schema);
  });
  afterAll(() => connection.close());

  test("each by itself, and none is run", async () => {
    const answers = await connection.describe(asked);
    const told = answers.map((answer) => {
      if (answer instanceof AludelError) return answer.message;
      const columns = answer.columns?.map((column) => `${column.name} ${column.type}`).join(", ");
      return { parameters: answer.parameters, columns };
    });
    expect(told).toEqual(expected);
    expect(await connection.query("SELECT count(*)::int AS n FROM persons")).toEqual([{ n: 0 }]);
  });

  test("inside a transaction, and none at all", async () => {
    expect(await connection.describe([])).toEqual([]);
    await connection.run("BEGIN; ALTER TABLE persons RENAME n TO m");
    const [answer] = await connection.describe(["SELECT m FROM persons"]);
    expect(answer).toMatchObject({ columns: [{ name: "m" }] });
    await connection.run("ROLLBACK");
  });
});
