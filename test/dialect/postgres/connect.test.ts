import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../../../src/dialect/connection.js";
import { connectPostgres } from "../../../src/dialect/postgres/connect.js";
import { AludelError } from "../../../src/error/error.js";
import {
  createTestDatabase,
  type ServerAddress,
  sharedServer,
  startServer,
  type TestDatabase,
} from "../../server/postgres-server.js";

const options = { directory: process.cwd() };

async function failure(promise: Promise<unknown>): Promise<AludelError> {
  const thrown = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(AludelError);
  return thrown as AludelError;
}

/** All that an error could show to anybody. */
function everything(error: AludelError): string {
  const cause = error.cause instanceof Error ? { ...error.cause, m: error.cause.message } : error.cause;
  return JSON.stringify({ ...error, message: error.message, stack: error.stack, cause });
}

let folder: string;
let server: ServerAddress;
let database: TestDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "aludel-connect-"));
  server = await sharedServer();
  database = await createTestDatabase();
});

afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

const values = `SELECT true AS bool, 1::int8 AS int8, 1.10::numeric AS numeric, 2::int4 AS int4, 0.5::float8 AS float8,
  '{"a":[1]}'::jsonb AS jsonb, '\\x00ff'::bytea AS bytea, '2020-02-29'::date AS date,
  '2020-01-01 00:00:00.5'::timestamp AS "timestamp", '2020-01-01 00:00:00.123456+02'::timestamptz AS timestamptz,
  'infinity'::timestamptz AS never, '1 day'::interval AS interval, NULL::text AS nothing,
  ARRAY['a,"b', NULL, 'NULL', '{}']::text[] AS texts, ARRAY[[1,2],[3,4]] AS numbers, ARRAY[1::int8] AS int8s,
  ARRAY['n'::name] AS names, '{}'::int4[] AS empty, ARRAY[true] AS bools, '[0:1]={7,8}'::int4[] AS bounds`;
const expected = {
  bool: true,
  int8: "1",
  numeric: "1.10",
  int4: 2,
  float8: 0.5,
  jsonb: { a: [1] },
  bytea: Buffer.from([0, 255]),
  date: "2020-02-29",
  timestamp: "2020-01-01 00:00:00.5",
  timestamptz: new Date("2019-12-31T22:00:00.123Z"),
  never: "infinity",
  interval: "1 day",
  nothing: null,
  texts: ['a,"b', null, "NULL", "{}"],
  numbers: [
    [1, 2],
    [3, 4],
  ],
  int8s: ["1"],
  names: ["n"],
  empty: [],
  bools: [true],
  bounds: [7, 8],
};

/** What both kinds of connection promise. */
function contract(open: () => Promise<Connection>): () => Connection {
  let connection: Connection;
  beforeAll(async () => {
    connection = await open();
  });
  afterAll(() => connection.close());

  test("values come back as documented", async () => {
    expect(await connection.query(values)).toEqual([expected]);
    expect(await connection.query(`SELECT * FROM (${values}) AS v WHERE $1`, [true])).toEqual([expected]);
  });

  test("values are bound, whatever is in them", async () => {
    const text = `'); DROP TABLE x; -- naïve ü "`;
    const rows = await connection.query(
      "SELECT $1::text AS text, $2::int8 AS big, $3::jsonb AS json, $4::text[] AS list, $5::text AS nothing",
      [text, "9007199254740993", { a: 1 }, ["a", 'b"'], null],
    );
    expect(rows).toEqual([
      { text, big: "9007199254740993", json: { a: 1 }, list: ["a", 'b"'], nothing: null },
    ]);
  });

  test("a script of many statements runs in one go, and one that fails undoes it", async () => {
    await connection.run('CREATE TABLE "Order ""x""" (a int); INSERT INTO "Order ""x""" VALUES (1), (2)');
    expect(await connection.query('SELECT count(*)::int4 AS n FROM "Order ""x"""')).toEqual([{ n: 2 }]);
    await failure(connection.run('DROP TABLE "Order ""x"""; SELECT 1/0'));
    expect(await connection.query('SELECT count(*)::int4 AS n FROM "Order ""x"""')).toEqual([{ n: 2 }]);
    await connection.run('DROP TABLE "Order ""x"""');
  });

  test("a statement that fails says what the server said and where", async () => {
    const statement = "SELECT '😀ü',\n  1\nFROM missing";
    const error = await failure(connection.query(statement));
    expect(error.code).toBe("sql-failed");
    expect(error.message).toBe('relation "missing" does not exist');
    expect(error.where.statement).toBe(statement);
    expect(error.data).toMatchObject({ sqlState: "42P01", line: 3 });
    expect(error.remedy).toMatch(/table/);
  });

  test("a violated constraint is named", async () => {
    await connection.run(
      "CREATE TABLE parent (id int CONSTRAINT one_only UNIQUE); INSERT INTO parent VALUES (1)",
    );
    const error = await failure(connection.query("INSERT INTO parent VALUES ($1)", [1]));
    expect(error.data).toMatchObject({ sqlState: "23505", constraint: "one_only", table: "parent" });
    expect(error.details).toContain("Key (id)=(1) already exists.");
    await connection.run("DROP TABLE parent");
  });

  test("a transaction survives between calls, and can be given up", async () => {
    await connection.run("BEGIN; CREATE TABLE t (a int)");
    await failure(connection.query("SELECT * FROM nowhere"));
    const error = await failure(connection.query("SELECT 1"));
    expect(error.data["sqlState"]).toBe("25P02");
    await connection.run("ROLLBACK");
    expect(await connection.query("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });

  test("calls that are not awaited run one after the other", async () => {
    const order: string[] = [];
    await Promise.all([
      connection.query("SELECT pg_sleep(0.05)").then(() => order.push("slow")),
      connection.query("SELECT 1").then(() => order.push("quick")),
      connection.run("SELECT 1; SELECT 2").then(() => order.push("script")),
    ]);
    expect(order).toEqual(["slow", "quick", "script"]);
  });

  test("permission and read-only have errors of their own", async () => {
    await connection.run("BEGIN READ ONLY");
    expect((await failure(connection.query("CREATE TABLE t (a int)"))).code).toBe("database-unwritable");
    await connection.run("ROLLBACK");
    await connection.run(
      "CREATE ROLE nobody_special; CREATE TABLE secret (a int); CREATE SCHEMA hidden; SET ROLE nobody_special",
    );
    for (const [statement, remedy] of [
      ["SELECT * FROM secret", /GRANT SELECT ON TABLE "secret" TO/],
      ["DELETE FROM secret", /GRANT DELETE ON TABLE "secret" TO/],
      ["CREATE TABLE hidden.t (a int)", /GRANT USAGE, CREATE ON SCHEMA "hidden" TO/],
      ["ALTER TABLE secret ADD b int", /a member of the role that owns the table/],
      ["CREATE DATABASE another", /ALTER ROLE … CREATEDB/],
    ] as const) {
      const error = await failure(connection.query(statement));
      expect(error.code).toBe("permission-denied");
      expect(error.remedy).toMatch(remedy);
    }
    // The statement of a script that is meant is where the server says.
    const script = await failure(connection.run("BEGIN; SELECT '🌴'; CREATE TABLE hidden.t (a int); COMMIT"));
    expect(script.remedy).toContain('GRANT USAGE, CREATE ON SCHEMA "hidden" TO');
    await connection.run(
      "ROLLBACK; RESET ROLE; DROP TABLE secret; DROP SCHEMA hidden; DROP ROLE nobody_special",
    );
  });

  test("a closed connection says so, and closes twice", async () => {
    const other = await open();
    await other.close();
    await other.close();
    expect((await failure(other.query("SELECT 1"))).code).toBe("connection-lost");
  });

  return () => connection;
}

describe("a server", () => {
  contract(() => connectPostgres(database.url, options));

  test("names itself, and the target has no password", async () => {
    const connection = await connectPostgres(database.url, { ...options, applicationName: "my tool" });
    expect(connection.server.version).toBeGreaterThan(140_000);
    expect(connection.server.product).toMatch(/^PostgreSQL \d/);
    expect(connection.target).toBe(`postgres://postgres@127.0.0.1:${server.port}/${database.name}`);
    expect(await connection.query("SELECT current_setting('application_name') AS name")).toEqual([
      { name: "my tool" },
    ]);
    await connection.close();
  });

  test("options in the URL reach it", async () => {
    const url = `${database.url}?options=-c%20search_path%3Dapp%2Cpublic&application_name=from+url&lock_timeout=1234`;
    const connection = await connectPostgres(url, { ...options, applicationName: "not this" });
    expect(
      await connection.query(
        `SELECT current_setting('search_path') AS path, current_setting('application_name') AS name,
          current_setting('lock_timeout') AS lock`,
      ),
    ).toEqual([{ path: "app,public", name: "from url", lock: "1234ms" }]);
    await connection.close();
  });

  test("a search path with a space in a name", async () => {
    const connection = await connectPostgres(`${database.url}?search_path=%22my%20app%22,public`, options);
    expect(await connection.query("SELECT current_setting('search_path') AS path")).toEqual([
      { path: '"my app",public' },
    ]);
    await connection.close();
  });

  test("a unix socket", async () => {
    const url = `postgres://postgres:${server.password}@/${database.name}?host=${server.socketDirectory}&port=${server.port}`;
    const connection = await connectPostgres(url, options);
    expect(connection.target).toContain(server.socketDirectory);
    expect(await connection.query("SELECT inet_client_addr() AS address")).toEqual([{ address: null }]);
    await connection.close();
  });

  test("a list of hosts is tried in order", async () => {
    const url = `postgres://postgres:${server.password}@127.0.0.1:1,127.0.0.1:${server.port}/${database.name}`;
    const connection = await connectPostgres(url, options);
    expect(connection.target).toContain(`:${server.port}/`);
    await connection.close();
    const none = await failure(connectPostgres(`postgres://u:p@127.0.0.1:1,127.0.0.1:2/x`, options));
    expect(none.code).toBe("connection-failed");
    expect(none.details.join()).toMatch(/127\.0\.0\.1:1.*127\.0\.0\.1:2/);
  });

  test("target_session_attrs is looked at", async () => {
    const connection = await connectPostgres(`${database.url}?target_session_attrs=read-write`, options);
    await connection.close();
    for (const kind of ["standby", "read-only"]) {
      const error = await failure(connectPostgres(`${database.url}?target_session_attrs=${kind}`, options));
      expect(error.code).toBe("connection-failed");
      expect(error.message).toContain(kind);
    }
    await (await connectPostgres(`${database.url}?target_session_attrs=prefer-standby`, options)).close();
  });

  test("a wrong password, user or database", async () => {
    const wrong = await failure(
      connectPostgres(`postgres://postgres:not-the-password@127.0.0.1:${server.port}/postgres`, options),
    );
    expect(wrong.code).toBe("authentication-failed");
    expect(everything(wrong)).not.toContain("not-the-password");
    const noDatabase = await failure(connectPostgres(`${server.url}_missing`, options));
    expect(noDatabase.code).toBe("database-not-found");
    expect(noDatabase.message).toContain("postgres_missing");
    expect(everything(noDatabase)).not.toContain(server.password);
    const noPassword = await failure(
      connectPostgres(`postgres://postgres@127.0.0.1:${server.port}/postgres?passfile=/nowhere`, options),
    );
    expect(noPassword.code).toBe("authentication-failed");
    expect(noPassword.message).toContain("there is none");
  });

  test("a server that is not there", async () => {
    const refused = await failure(connectPostgres("postgres://u:hidden-word@127.0.0.1:1/x", options));
    expect(refused.code).toBe("connection-failed");
    expect(refused.message).toContain("127.0.0.1:1");
    expect(everything(refused)).not.toContain("hidden-word");
    const localhost = await failure(connectPostgres("postgres://u:p@localhost:1/x", options));
    expect(localhost.message).toMatch(/localhost:1 .*nothing listens/);
    const socket = await failure(connectPostgres("postgres://u:p@/x?host=/nowhere", options));
    expect(socket.message).toContain("/nowhere/.s.PGSQL.5432");
    const unknown = await failure(connectPostgres("postgres://u:p@no-such-host.invalid/x", options));
    expect(unknown.code).toBe("connection-failed");
  });

  test("a server that never answers is given up", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const address = silent.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const start = Date.now();
    const error = await failure(
      connectPostgres(`postgres://u:p@127.0.0.1:${port}/x?sslmode=disable`, {
        ...options,
        connectTimeoutMs: 200,
      }),
    );
    expect(error.code).toBe("connection-failed");
    expect(error.message).toContain("did not answer in time");
    expect(Date.now() - start).toBeLessThan(3000);
    silent.close();
  });

  test("a server that is too old", async () => {
    // No such server can be had here. This is what one says until it is ready for the first query.
    const message = (type: string, body: Buffer) => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(body.length + 4);
      return Buffer.concat([Buffer.from(type), length, body]);
    };
    const old = createServer((socket) => {
      socket.once("data", () => {
        socket.write(message("R", Buffer.alloc(4)));
        socket.write(message("S", Buffer.from("server_version\0" + "13.22 (Debian)\0")));
        socket.write(message("Z", Buffer.from("I")));
      });
      socket.on("error", () => {});
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => old.once("listening", resolve));
    const address = old.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const error = await failure(
      connectPostgres(`postgres://u:p@127.0.0.1:${port}/x?sslmode=disable`, options),
    );
    expect(error.code).toBe("server-unsupported");
    expect(error.message).toContain("PostgreSQL 13.22");
    old.close();
  });

  test("sslmode=require on a server without TLS", async () => {
    const error = await failure(connectPostgres(`${database.url}?sslmode=require`, options));
    expect(error.code).toBe("connection-failed");
    expect(error.message).toContain("TLS");
  });

  test("channel_binding=require without TLS gives no password away", async () => {
    const error = await failure(connectPostgres(`${database.url}?channel_binding=require`, options));
    expect(error.code).toBe("authentication-failed");
    expect(error.message).toContain("channel binding");
  });

  test("a password file", async () => {
    const file = join(folder, "pass\\word: file");
    const odd = "p:a\\ss ü";
    const admin = await connectPostgres(database.url, options);
    await admin.run(`CREATE ROLE "odd ü" LOGIN PASSWORD '${odd}'`);
    writeFileSync(
      file,
      `# comment\nother:*:*:odd ü:wrong\n127.0.0.1:${server.port}:*:odd ü:p\\:a\\\\ss ü\n*:*:*:*:wrong\n`,
      { mode: 0o600 },
    );
    const url = `postgres://${encodeURIComponent("odd ü")}@127.0.0.1:${server.port}/${database.name}`;
    const withFile = `${url}?passfile=${encodeURIComponent(file)}`;
    const connection = await connectPostgres(withFile, options);
    expect(await connection.query("SELECT current_user AS u")).toEqual([{ u: "odd ü" }]);
    await connection.close();
    chmodSync(file, 0o644);
    expect((await failure(connectPostgres(withFile, options))).code).toBe("authentication-failed");
    await admin.run('DROP ROLE "odd ü"');
    await admin.close();
  });

  test("cancel stops the running statement", async () => {
    const connection = await connectPostgres(database.url, options);
    const sleeping = failure(connection.query("SELECT pg_sleep(30)"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await connection.cancel();
    const error = await sleeping;
    expect(error.data["sqlState"]).toBe("57014");
    expect(await connection.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await connection.close();
  });

  test("a session that is ended while idle or busy is lost, and the process lives on", async () => {
    const admin = await connectPostgres(database.url, options);
    const idle = await connectPostgres(database.url, options);
    const busy = await connectPostgres(database.url, options);
    const pid = async (connection: Connection) =>
      (await connection.query("SELECT pg_backend_pid() AS pid"))[0]?.["pid"];
    const pids = [await pid(idle), await pid(busy)];
    const running = failure(busy.query("SELECT pg_sleep(30)"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await admin.query("SELECT pg_terminate_backend(p) FROM unnest($1::int[]) AS p", [pids]);
    expect((await running).code).toBe("connection-lost");
    await new Promise((resolve) => setTimeout(resolve, 50));
    const error = await failure(idle.query("SELECT 1"));
    expect(error.code).toBe("connection-lost");
    expect(everything(error)).not.toContain(server.password);
    await Promise.all([idle.close(), busy.close(), admin.close()]);
  });

  test("a server that crashes", async () => {
    const own = await startServer();
    try {
      const connection = await connectPostgres(own.url, options);
      const running = failure(connection.query("SELECT pg_sleep(30)"));
      await new Promise((resolve) => setTimeout(resolve, 50));
      await own.stop("immediate");
      expect((await running).code).toBe("connection-lost");
      expect((await failure(connection.query("SELECT 1"))).code).toBe("connection-lost");
      await connection.close();
      expect((await failure(connectPostgres(own.url, options))).code).toBe("connection-failed");
    } finally {
      await own.dispose();
    }
  });

  test("a missing driver says how to get it", async () => {
    // Resolution starts at the project's folder and then at Aludel's own; both find it here, so ask for another.
    const { loadPackage } = await import("../../../src/dialect/postgres/load-package.js");
    const error = await failure(loadPackage("no-such-driver", folder, "PostgreSQL"));
    expect(error.code).toBe("dependency-missing");
    expect(error.remedy).toContain("npm install --save-dev no-such-driver");
  });
});

describe("TLS", () => {
  const openssl = (...args: string[]) => {
    const done = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
    expect(done.status, done.stderr).toBe(0);
  };
  const available = spawnSync("openssl", ["version"]).status === 0;

  test.runIf(available)("every sslmode means what libpq says", async () => {
    openssl(
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"],
      ...["-addext", "subjectAltName=DNS:localhost", "-keyout", "server.key", "-out", "server.crt"],
    );
    openssl(
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=other"],
      ...["-keyout", "other.key", "-out", "other.crt"],
    );
    const own = await startServer();
    try {
      const admin = await connectPostgres(`${own.url}?sslmode=disable`, options);
      const { version } = admin.server;
      // The server's own user must own its key.
      const { readFileSync } = await import("node:fs");
      const write = async (name: string, text: string) => {
        const rows = await admin.query("SELECT lo_from_bytea(0, convert_to($1, 'UTF8')) AS id", [text]);
        await admin.query("SELECT lo_export($1, $2)", [rows[0]?.["id"], name]);
      };
      await write("server.crt", readFileSync(join(folder, "server.crt"), "utf8"));
      await write("server.key", readFileSync(join(folder, "server.key"), "utf8"));
      await admin.run("COPY (SELECT 1) TO PROGRAM 'chmod 600 server.key'");
      await admin.run("ALTER SYSTEM SET ssl = on");
      await admin.close();
      await own.stop("fast");
      await own.start();

      const encrypted = async (query: string, host = "localhost"): Promise<unknown> => {
        const url = `postgres://postgres:${own.password}@${host}:${own.port}/postgres?${query}`;
        const connection = await connectPostgres(url, { directory: folder });
        try {
          const rows = await connection.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
          return rows[0]?.["ssl"];
        } finally {
          await connection.close();
        }
      };
      expect(await encrypted("sslmode=disable")).toBe(false);
      expect(await encrypted("sslmode=allow")).toBe(false);
      expect(await encrypted("")).toBe(true);
      expect(await encrypted("sslmode=require")).toBe(true);
      expect(await encrypted("sslmode=require&channel_binding=require")).toBe(true);
      expect(await encrypted("ssl=true")).toBe(true);
      // PostgreSQL 17 was the first to take TLS from the first byte on.
      if (version >= 170_000) expect(await encrypted("sslmode=require&sslnegotiation=direct")).toBe(true);
      expect(await encrypted("sslmode=verify-ca&sslrootcert=server.crt", "127.0.0.1")).toBe(true);
      expect(await encrypted("sslmode=verify-full&sslrootcert=server.crt")).toBe(true);
      const refused = [
        ["sslmode=verify-full&sslrootcert=server.crt", "127.0.0.1"],
        ["sslmode=verify-full", "localhost"],
        ["sslmode=verify-ca&sslrootcert=other.crt", "localhost"],
        ["sslmode=require&sslrootcert=other.crt", "localhost"],
      ] as const;
      for (const [query, host] of refused) {
        const error = await failure(encrypted(query, host));
        expect(error.code).toBe("connection-failed");
        expect(error.message).toContain("certificate");
      }
      expect((await failure(encrypted("sslmode=verify-full&sslrootcert=gone.crt"))).code).toBe(
        "file-unreadable",
      );
    } finally {
      await own.dispose();
    }
  });
});

describe("PGlite", () => {
  const shared = contract(() => connectPostgres("pglite:", options));

  test("names itself, and has nothing to cancel", async () => {
    expect(shared().server.product).toMatch(/^PGlite \(PostgreSQL \d/);
    expect(shared().target).toBe("pglite:");
    await shared().cancel();
  });

  test("extensions that it brings along can be created", async () => {
    await shared().run('CREATE EXTENSION citext; create extension if not exists "uuid-ossp"');
    await shared().run("BEGIN; CREATE EXTENSION earthdistance CASCADE; COMMIT");
    expect(await shared().query("SELECT 'A'::citext = 'a' AS same, uuid_nil()::text AS id")).toEqual([
      { same: true, id: "00000000-0000-0000-0000-000000000000" },
    ]);
    const missing = await failure(shared().run("CREATE EXTENSION no_such_thing"));
    expect(missing.data["sqlState"]).toBe("0A000");
  });

  test("a URL that means nothing", async () => {
    for (const url of ["pglite:./a?b=c", "pglite:./100%"]) {
      expect((await failure(connectPostgres(url, options))).code).toBe("url-invalid");
    }
  });

  test("a folder keeps its rows, and has to exist where that is asked for", async () => {
    const inFolder = { directory: folder };
    const missing = await failure(connectPostgres("pglite:./db", { ...inFolder, mustExist: true }));
    expect(missing.code).toBe("database-not-found");
    const first = await connectPostgres("pglite:./db", inFolder);
    expect(first.target).toBe(`pglite:${join(folder, "db")}`);
    await first.run("CREATE TABLE kept AS SELECT 1 AS one");
    await first.close();
    const second = await connectPostgres("pglite:./db", { ...inFolder, mustExist: true });
    expect(await second.query("SELECT * FROM kept")).toEqual([{ one: 1 }]);
    const third = await failure(connectPostgres("pglite:./db", inFolder));
    expect(third.code).toBe("connection-failed");
    expect(third.message).toContain(`process ${process.pid}`);
    await second.close();
    // Left by a process that was killed.
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    writeFileSync(join(folder, "db.lock"), `${pid}\n`);
    await (await connectPostgres("pglite:./db", inFolder)).close();
  });
});
