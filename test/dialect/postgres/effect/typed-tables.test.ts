import { expect, test } from "vitest";
import { analysePostgres } from "../../../../src/dialect/postgres/effect/analyse.js";
import { statementRecord } from "../../../../src/effect/record.js";
import { onServer } from "../database.js";

const history = `CREATE TYPE ct AS (a int, b varchar(5));
CREATE TABLE tt OF ct;
CREATE TABLE ti () INHERITS (tt);
CREATE TABLE later (a int, b varchar(5));
ALTER TABLE later OF ct;`;

const statements = [
  "ALTER TYPE ct ADD ATTRIBUTE c int CASCADE",
  "ALTER TYPE ct ALTER ATTRIBUTE a TYPE bigint CASCADE",
  "ALTER TYPE ct ALTER ATTRIBUTE b TYPE varchar(9) CASCADE",
  "ALTER TYPE ct ALTER ATTRIBUTE b TYPE varchar(4) CASCADE",
  "ALTER TYPE ct DROP ATTRIBUTE c CASCADE",
  "ALTER TABLE later NOT OF",
  "ALTER TYPE ct ALTER ATTRIBUTE a TYPE numeric CASCADE",
];

const tables = ["later", "ti", "tt"];

test("ALTER TYPE … CASCADE locks and rewrites the tables of the type", { timeout: 60_000 }, async () => {
  const sources = [history, ...statements].map((text, at) => ({ file: `${at}.sql`, text }));
  const analysed = await analysePostgres(sources, { serverVersion: 18, inTransaction: true });
  const told = analysed.slice(-statements.length).map((statement) => {
    const { sql, locks, rewrites } = statementRecord(statement);
    return { sql, locks, rewrites: [...rewrites].sort() };
  });
  await onServer(async (connection) => {
    await connection.run(
      `${history}\nINSERT INTO tt VALUES (1, 'x'); INSERT INTO ti VALUES (1, 'x'); INSERT INTO later VALUES (1, 'x');`,
    );
    const files = async () =>
      (
        await connection.query(
          "SELECT relname, relfilenode::text AS file FROM pg_class WHERE relname = ANY ($1)",
          [tables],
        )
      ).map(({ relname, file }) => `${relname} ${file}`);
    for (const [at, sql] of statements.entries()) {
      const before = await files();
      await connection.run(`BEGIN; ${sql}`);
      const locked = await connection.query(
        "SELECT DISTINCT relname FROM pg_locks JOIN pg_class AS c ON c.oid = relation WHERE pid = pg_backend_pid() AND relname = ANY ($1) AND mode = 'AccessExclusiveLock'",
        [tables],
      );
      const rewritten = (await files())
        .filter((one) => !before.includes(one))
        .map((one) => `public.${one.split(" ")[0]}`);
      await connection.run("COMMIT");
      const locks = Object.fromEntries(
        locked.map(({ relname }) => [`public.${relname}`, "ACCESS EXCLUSIVE"]),
      );
      expect(told[at], sql).toEqual({ sql, locks, rewrites: rewritten.sort() });
    }
  });
});
