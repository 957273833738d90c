import { expect, test } from "vitest";
import { isLocalHost, parsePostgresUrl, showTarget } from "../../../src/dialect/postgres/url.js";
import { AludelError } from "../../../src/error/error.js";

const options = { directory: "/project" };
const parse = (url: string, environment: NodeJS.ProcessEnv = {}) =>
  parsePostgresUrl(url, options, environment);

function failure(url: string, environment: NodeJS.ProcessEnv = {}): AludelError {
  try {
    parse(url, environment);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(AludelError);
    expect((thrown as AludelError).code).toBe("url-invalid");
    return thrown as AludelError;
  }
  throw new Error(`${url} was taken`);
}

test.each([
  ["postgres://u:p@h/d", [{ host: "h", port: 5432 }], "u", "p", "d"],
  ["postgresql://u@h:1/d", [{ host: "h", port: 1 }], "u", null, "d"],
  [
    "POSTGRES://u:a%40b%2F%3A%25@h/na%C3%AFve%20%C3%BC",
    [{ host: "h", port: 5432 }],
    "u",
    "a@b/:%",
    "naïve ü",
  ],
  ["postgres://u:with@sign@h/d", [{ host: "h", port: 5432 }], "u", "with@sign", "d"],
  ["postgres://u:a:b@h/d", [{ host: "h", port: 5432 }], "u", "a:b", "d"],
  ["postgres://u@[::1]:2/d", [{ host: "::1", port: 2 }], "u", null, "d"],
  ["postgres://u@h/", [{ host: "h", port: 5432 }], "u", null, "u"],
  ["postgres://u@a:1,b:2,c/d", [1, 2, 5432].map((port, i) => ({ host: "abc"[i], port })), "u", null, "d"],
  ["postgres://u@a,b/d?port=7", ["a", "b"].map((host) => ({ host, port: 7 })), "u", null, "d"],
  ["postgres:///d?host=/var/run&user=u&password=p", [{ host: "/var/run", port: 5432 }], "u", "p", "d"],
  ["postgres://u@%2Fvar%2Frun/d", [{ host: "/var/run", port: 5432 }], "u", null, "d"],
  ["postgres://u@/d", [{ host: "localhost", port: 5432 }], "u", null, "d"],
])("%s", (url, hosts, user, password, database) => {
  expect(parse(url)).toMatchObject({ hosts, user, password, database });
});

test("the environment fills what the URL leaves out, and only that", () => {
  const environment = {
    ...{ PGHOST: "eh", PGPORT: "7", PGUSER: "eu", PGPASSWORD: "ep", PGDATABASE: "ed", PGSSLMODE: "disable" },
    ...{ PGAPPNAME: "ea", PGCONNECT_TIMEOUT: "3", PGOPTIONS: "-c a.b=c", PGPASSFILE: "/pass" },
  };
  expect(parse("postgres://", environment)).toMatchObject({
    hosts: [{ host: "eh", port: 7 }],
    ...{ user: "eu", password: "ep", database: "ed", applicationName: "ea", connectTimeoutMs: 3000 },
    ...{ serverOptions: "-c a.b=c", passwordFile: "/pass", tls: { mode: "disable" } },
  });
  expect(
    parse("postgres://u:p@h:1/d?sslmode=require&application_name=a&connect_timeout=0", environment),
  ).toMatchObject({
    hosts: [{ host: "h", port: 1 }],
    ...{ user: "u", password: "p", database: "d", applicationName: "a", connectTimeoutMs: 0 },
    tls: { mode: "require" },
  });
});

test("without a word about TLS it is preferred", () => {
  expect(parse("postgres://u@h/d")).toMatchObject({
    tls: { mode: "prefer", direct: false, rootCertificate: null },
    ...{ session: "any", channelBinding: "prefer", connectTimeoutMs: 10_000, applicationName: "aludel" },
  });
});

test.each([
  ["ssl=true", "require"],
  ["ssl=0", "disable"],
  ["sslmode=no-verify", "require"],
  ["ssl=true&sslmode=verify-full", "verify-full"],
  ["uselibpqcompat=true&sslmode=verify-ca", "verify-ca"],
])("%s is %s", (query, mode) => {
  expect(parse(`postgres://u@h/d?${query}`).tls.mode).toBe(mode);
});

test("certificates are files of the project unless they are absolute", () => {
  const { tls } = parse("postgres://u@h/d?sslrootcert=certs/ca.pem&sslcert=/abs/c.pem&sslkey=k.pem");
  expect(tls).toMatchObject({
    rootCertificate: "/project/certs/ca.pem",
    certificate: "/abs/c.pem",
    key: "/project/k.pem",
  });
  expect(parse("postgres://u@h/d?sslrootcert=system").tls.rootCertificate).toBe("system");
});

test("settings of the session become options of the server", () => {
  const url = "postgres://u@h/d?options=-c%20geqo%3Doff&search_path=%22my%20app%22,public&lock_timeout=5s";
  expect(parse(url).serverOptions).toBe('-c geqo=off -c search_path="my\\ app",public -c lock_timeout=5s');
});

test.each([
  ["postgres://u@h/d?sslmod=require", /unknown option: sslmod/],
  ["postgres://u@h/d?pgbouncer=true&connection_limit=1", /unknown options: pgbouncer, connection_limit/],
  ["postgres://u@h/d?schema=app", /schema/, /search_path/],
  ["postgres://u@h/d?service=x", /service/, /host/],
  ["postgres://u@h/d?sslmode=on", /sslmode cannot be "on"/, /verify-full/],
  ["postgres://u@h/d?target_session_attrs=master", /target_session_attrs/, /read-write/],
  ["postgres://u@h/d?client_encoding=latin1", /UTF8/],
  ["postgres://u@h/d?gssencmode=require", /gssencmode/],
  ["postgres://u@h/d?connect_timeout=soon", /connect_timeout/],
  ["postgres://u@h/d?sslmode=prefer&sslnegotiation=direct", /direct/],
  ["postgres://u@h/d?application_name", /no value/],
  ["postgres://u@h:0/d", /not a port/],
  ["postgres://u@h:99999/d", /not a port/],
  ["postgres://u@a,b,c/d?port=1,2", /3 hosts and 2 ports/],
  ["postgres:nonsense", /could not be understood/],
])("%s is refused", (url, message, remedy = /./) => {
  const error = failure(url);
  expect(error.message).toMatch(message);
  expect(error.remedy).toMatch(remedy);
});

test("environment variables that cannot be honoured are refused", () => {
  expect(failure("postgres://u@h/d", { PGSERVICE: "x" }).message).toContain("PGSERVICE");
  expect(failure("postgres://u@h/d", { PGSSLMODE: "sometimes" }).message).toContain("sometimes");
});

test.each([
  "postgres://u:s3cret%@h/d",
  "postgres://u:s3cret/x@h:1:2/d",
  "postgres://u:s3cret#x@h/d",
  "postgres://u:s3cret@h/d?nope=1",
  "postgres://u@h/d?password=s3cret&nope=1",
  "postgres://u:s3cret@h:port/d",
])("no password in the error of %s", (url) => {
  const error = failure(url);
  expect(JSON.stringify({ ...error, message: error.message, cause: error.cause })).not.toContain("s3cret");
});

test("what is shown has no password and no options", () => {
  const target = parse("postgres://us%40er:secret@h:1/na%C3%AFve?sslpassword=secret2&password=secret3");
  const [host] = target.hosts;
  expect(host && showTarget(target, host)).toBe("postgres://us%40er@h:1/na%C3%AFve");
});

test("which hosts are this machine", () => {
  for (const host of [
    "localhost",
    "LOCALHOST",
    "127.0.0.1",
    "127.8.9.10",
    "::1",
    "0:0:0:0:0:0:0:1",
    "/var/run",
  ]) {
    expect(isLocalHost(host), host).toBe(true);
  }
  for (const host of [
    "db",
    "10.0.0.1",
    "localhost.example.com",
    "127.0.0.1.nip.io",
    "::2",
    "1127.0.0.1",
    "::",
  ]) {
    expect(isLocalHost(host), host).toBe(false);
  }
});
