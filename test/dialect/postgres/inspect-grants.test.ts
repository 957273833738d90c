import { expect, it } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { inspectPostgres } from "../../../src/dialect/postgres/inspect/inspect.js";
import { postgres } from "../../../src/dialect/postgres/postgres.js";
import { diff } from "../../../src/diff/diff.js";
import type { Op } from "../../../src/op/op.js";
import { draftSchema } from "../../../src/schema/build.js";
import type { Schema } from "../../../src/schema/schema.js";
import { everyNamespace, onPglite, runOps } from "./database.js";

const scope = { ...everyNamespace, grants: true };
const roles = `CREATE ROLE app; CREATE ROLE "Role ""x"""; CREATE ROLE reader`;

const sql = `CREATE SCHEMA "My App"; CREATE TABLE "My App".t (a int, "b b" text); CREATE TABLE plain (a int);
CREATE SEQUENCE s; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE mood AS ENUM ('a');
CREATE PROCEDURE p() LANGUAGE sql AS ''; CREATE FOREIGN DATA WRAPPER w; CREATE SERVER srv FOREIGN DATA WRAPPER w;
GRANT SELECT, INSERT ON "My App".t TO app; GRANT UPDATE ON "My App".t TO app WITH GRANT OPTION;
GRANT SELECT (a), UPDATE ("b b") ON "My App".t TO "Role ""x"""; GRANT ALL ON s TO reader; GRANT SELECT ON plain TO PUBLIC;
REVOKE EXECUTE ON FUNCTION f(int) FROM PUBLIC; GRANT EXECUTE ON FUNCTION f(int) TO app; REVOKE DELETE ON plain FROM postgres;
REVOKE USAGE ON TYPE mood FROM PUBLIC; GRANT USAGE ON SCHEMA "My App" TO reader; GRANT EXECUTE ON PROCEDURE p() TO reader;
GRANT USAGE ON FOREIGN SERVER srv TO app; GRANT CREATE ON SCHEMA public TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA "My App" GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES FOR ROLE app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT USAGE ON TYPES TO reader`;

function between(from: Schema, to: Schema): readonly Op[] {
  return diff(from, to, { sameExpression: postgres.sameExpression, can: postgres.can }).ops;
}

async function run(connection: Connection, text: string): Promise<Schema> {
  await connection.run(text);
  return inspectPostgres(connection, scope);
}

it("gives grants and default privileges when it is asked for them, and they can be made, changed and undone", async () => {
  const wanted = await onPglite(async (connection) => {
    const schema = await run(connection, `${roles}; ${sql}`);
    const unasked = await inspectPostgres(connection, everyNamespace);
    expect([...unasked.defined.values()].map((one) => one.kind)).not.toContain("grant");
    return schema;
  });
  const grants = [...wanted.defined.values()].filter(
    (one) => one.kind === "grant" || one.kind === "default-privileges",
  );
  expect(
    grants.map(({ definition, settings, signature }) => [definition, ...settings, `-- ${signature}`]),
  ).toMatchSnapshot();
  await onPglite(async (connection) => {
    await connection.run(roles);
    const empty = await inspectPostgres(connection, scope);
    await runOps(connection, between(empty, wanted));
    const found = await inspectPostgres(connection, scope);
    expect(found.defined).toEqual(wanted.defined);
    const changed = await run(
      connection,
      'REVOKE INSERT ON "My App".t FROM app; GRANT DELETE ON plain TO postgres',
    );
    expect(between(changed, wanted).length).toBeGreaterThan(1);
    await runOps(connection, between(changed, wanted));
    expect((await inspectPostgres(connection, scope)).defined).toEqual(wanted.defined);
    await runOps(connection, between(wanted, draftSchema("postgres")), true);
    expect((await inspectPostgres(connection, scope)).defined).toEqual(empty.defined);
  });
}, 120_000);
