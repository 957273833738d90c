import type { Client, ClientConfig } from "pg";
import { AludelError } from "../../error/error.js";
import type { Connection, ConnectOptions, Row, Server } from "../connection.js";
import { describeStatements } from "./describe.js";
import { serverDescriber } from "./describe-on-server.js";
import { connectError } from "./driver-error.js";
import { loadPackage } from "./load-package.js";
import { passwordFromFile } from "./password-file.js";
import { statementQueue } from "./statement-queue.js";
import { type TlsAttempt, tlsAttempts } from "./tls.js";
import { type Host, type PostgresTarget, type SessionKind, showHost, showTarget } from "./url.js";
import { parserOf } from "./values.js";

/** The oldest server whose catalogue and DDL are known here. */
const oldestVersion = 140_000;

/** What is read from the wire protocol beside the client's own interface, all of it emitted by `Client.connection`. */
interface ProtocolEvents {
  on(
    event: "parameterStatus",
    listener: (message: { readonly parameterName: string; readonly parameterValue: string }) => void,
  ): unknown;
  on(
    event: "authenticationSASL",
    listener: (message: { readonly mechanisms: readonly string[] }) => void,
  ): unknown;
  readonly stream: { readonly localPort?: number; destroy(): void };
}

interface Opened {
  readonly client: Client;
  readonly host: Host;
  /** `server_version`, `in_hot_standby` …, as the server reports them when a session starts. */
  readonly parameters: ReadonlyMap<string, string>;
  /** What the connection died of, once it has. */
  readonly lost: () => unknown;
}

type ClientClass = new (config: ClientConfig) => Client;

function configOf(
  target: PostgresTarget,
  host: Host,
  tls: TlsAttempt,
  password: () => Promise<string>,
): ClientConfig {
  return {
    host: host.host,
    port: host.port,
    user: target.user,
    database: target.database,
    password,
    ssl: tls,
    application_name: target.applicationName,
    connectionTimeoutMillis: target.connectTimeoutMs,
    keepAlive: target.keepAlive,
    enableChannelBinding: target.channelBinding !== "disable",
    ...(target.serverOptions === null ? {} : { options: target.serverOptions }),
    ...(target.tls.direct && tls !== false ? { sslnegotiation: "direct" as const } : {}),
    types: { getTypeParser: ((oid: number) => parserOf(oid)) as never },
  };
}

async function openOnce(
  PgClient: ClientClass,
  target: PostgresTarget,
  host: Host,
  tls: TlsAttempt,
): Promise<Opened> {
  const parameters = new Map<string, string>();
  let bound = false;
  let lost: unknown;
  const refuseUnbound = () =>
    new AludelError("authentication-failed", `${showHost(host)} does not offer channel binding`, {
      remedy: "Connect with sslmode=require and a SCRAM password, or leave channel_binding=require out.",
    });
  const client = new PgClient(
    configOf(target, host, tls, async () => {
      // Asked for only once the server wants it: without channel binding it must not get to see it.
      if (target.channelBinding === "require" && !bound) throw refuseUnbound();
      const found = target.password ?? (await passwordFromFile(target.passwordFile, { ...target, host }));
      return found ?? (undefined as unknown as string);
    }),
  );
  // Without a listener the end of an idle connection would end the process.
  client.on("error", (error) => {
    lost ??= error;
  });
  const protocol = (client as unknown as { readonly connection: ProtocolEvents }).connection;
  protocol.on("parameterStatus", ({ parameterName, parameterValue }) => {
    parameters.set(parameterName, parameterValue);
  });
  protocol.on("authenticationSASL", ({ mechanisms }) => {
    bound = tls !== false && mechanisms.includes("SCRAM-SHA-256-PLUS");
  });
  try {
    await client.connect();
  } catch (thrown) {
    // A client that gives up on its side leaves the server waiting for the password, for a minute.
    protocol.stream.destroy();
    throw thrown;
  }
  if (target.channelBinding === "require" && !bound) {
    await client.end();
    throw refuseUnbound();
  }
  return { client, host, parameters, lost: () => lost };
}

/** With `prefer` and `allow` the next attempt follows when TLS, or its absence, may have been the reason. */
function maybeBecauseOfTls(thrown: unknown): boolean {
  if (thrown instanceof AludelError) return false;
  const { code, message } = thrown as { readonly code?: string; readonly message?: string };
  if (code === "28000" || /SSL/i.test(message ?? "")) return true;
  return /TLS|SSL|CERT|EPROTO|SELF_SIGNED|ECONNRESET/.test(code ?? "");
}

async function openHost(PgClient: ClientClass, target: PostgresTarget, host: Host): Promise<Opened> {
  let last: unknown;
  for (const tls of await tlsAttempts(target.tls, host)) {
    try {
      return await openOnce(PgClient, target, host, tls);
    } catch (thrown) {
      // The last reason is the one to tell: it is about the connection that came nearest to being opened.
      last = thrown;
      if (!maybeBecauseOfTls(thrown)) break;
    }
  }
  throw connectError(last, showHost(host), target.user, target.database);
}

async function ask(opened: Opened, parameter: string, sql: string): Promise<string> {
  const known = opened.parameters.get(parameter);
  if (known !== undefined) return known;
  const { rows } = await opened.client.query<{ answer: string }>(sql);
  return String(rows[0]?.answer);
}

/** Why a server is not the one that `target_session_attrs` wants; `null` when it is. */
async function unfit(opened: Opened, kind: SessionKind): Promise<string | null> {
  if (kind === "any") return null;
  const standby = await ask(
    opened,
    "in_hot_standby",
    "SELECT CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END AS answer",
  );
  const readOnly =
    standby === "on" ||
    (await ask(
      opened,
      "default_transaction_read_only",
      "SELECT current_setting('default_transaction_read_only') AS answer",
    )) === "on";
  const where = showHost(opened.host);
  if (kind === "read-write") return readOnly ? `${where} is read-only` : null;
  if (kind === "read-only") return readOnly ? null : `${where} is not read-only`;
  if (kind === "primary") return standby === "on" ? `${where} is a standby` : null;
  return standby === "on" ? null : `${where} is not a standby`;
}

async function openAny(PgClient: ClientClass, target: PostgresTarget, kind: SessionKind): Promise<Opened> {
  const failures: AludelError[] = [];
  for (const host of target.hosts) {
    try {
      const opened = await openHost(PgClient, target, host);
      let reason: string | null = "it could not be asked";
      try {
        reason = await unfit(opened, kind);
        if (reason === null) return opened;
      } finally {
        if (reason !== null) await endClient(opened.client);
      }
      failures.push(
        new AludelError("connection-failed", `${reason}, and the URL asks for ${kind}`, {
          remedy: "Add the right host to the URL, or change target_session_attrs.",
        }),
      );
    } catch (thrown) {
      // As in libpq: who is refused by one host is not tried on the next.
      if (!(thrown instanceof AludelError) || thrown.code !== "connection-failed") throw thrown;
      failures.push(thrown);
    }
  }
  const [only] = failures;
  if (failures.length === 1 && only) throw only;
  throw new AludelError("connection-failed", `None of ${failures.length} hosts could be used`, {
    remedy: "Check that one of the servers runs and can be reached from here.",
    details: failures.map(({ message }) => message),
    data: { hosts: target.hosts.map(showHost) },
  });
}

async function serverOf(opened: Opened): Promise<Server> {
  const text = await ask(opened, "server_version", "SELECT current_setting('server_version') AS answer");
  const [, major = "0", minor = "0"] = /^(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  const version = Number(major) * 10_000 + Number(minor);
  const product = `PostgreSQL ${text.replace(/ .*/, "")}`;
  if (version >= oldestVersion) return { product, version };
  throw new AludelError("server-unsupported", `${showHost(opened.host)} is ${product}`, {
    remedy: "Use PostgreSQL 14 or newer.",
    data: { version },
  });
}

async function endClient(client: Client): Promise<void> {
  const { connection } = client as unknown as { readonly connection: ProtocolEvents };
  // A dead network never confirms the end.
  const timer = setTimeout(() => connection.stream.destroy(), 2000);
  try {
    await client.end();
  } finally {
    clearTimeout(timer);
  }
}

/** The server sees the very port that the connection has here; who stands in between has one of its own. */
async function isDirect(client: Client): Promise<boolean> {
  const { connection } = client as unknown as { readonly connection: ProtocolEvents };
  const { localPort } = connection.stream;
  const { rows } = await client.query<{ port: number | null }>(
    "SELECT pg_catalog.inet_client_port() AS port",
  );
  const seen = rows[0]?.port ?? -1;
  // The server has no port for who comes through a unix socket.
  return localPort === undefined ? seen === -1 : seen === localPort;
}

async function cancelThrough(PgClient: ClientClass, target: PostgresTarget, opened: Opened): Promise<void> {
  const { processID } = opened.client as unknown as { readonly processID: number | null };
  if (processID === null) return;
  const other = await openHost(PgClient, target, opened.host);
  try {
    await other.client.query("SELECT pg_catalog.pg_cancel_backend($1)", [processID]);
  } finally {
    await endClient(other.client);
  }
}

const writing: ReadonlySet<string> = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

function changedBy(
  results: readonly { readonly command: string; readonly rowCount: number | null }[],
): number {
  return results.reduce(
    (sum, { command, rowCount }) => sum + (writing.has(command) ? (rowCount ?? 0) : 0),
    0,
  );
}

/**
 * Opens a session on a server with node-postgres.
 *
 * @throws AludelError `connection-failed`, `authentication-failed`, `database-not-found`, `permission-denied`,
 * `server-unsupported`, `dependency-missing`, `file-unreadable`; none holds a password.
 */
export async function openServerSession(
  target: PostgresTarget,
  options: ConnectOptions,
): Promise<Connection> {
  const { Client: PgClient } = await loadPackage<typeof import("pg")>("pg", options.directory, "PostgreSQL");
  const opened =
    target.session === "prefer-standby"
      ? await openAny(PgClient, target, "standby").catch((thrown: unknown) => {
          if (!(thrown instanceof AludelError) || thrown.code !== "connection-failed") throw thrown;
          return openAny(PgClient, target, "any");
        })
      : await openAny(PgClient, target, target.session);
  const { client } = opened;
  let server: Server;
  try {
    server = await serverOf(opened);
  } catch (thrown) {
    await endClient(client);
    throw thrown;
  }
  const shown = showTarget(target, opened.host);

  const queue = statementQueue(shown, opened.lost);
  let changed = 0;
  return {
    dialect: "postgres",
    server,
    target: shown,
    query: (sql, parameters = []) =>
      queue.send(sql, async (): Promise<readonly Row[]> => {
        const result = await client.query(sql, [...parameters]);
        const results = Array.isArray(result) ? result : [result];
        changed += changedBy(results);
        return results.at(-1)?.rows ?? [];
      }),
    run: (script) =>
      queue.send(script, async () => {
        changed += changedBy([await client.query(script)].flat());
      }),
    changedRows: async () => changed,
    describe: (statements) =>
      queue.send("", () => describeStatements(statements, serverDescriber(client, shown, server.version))),
    hear: (hear) => {
      const heard = ({ message }: { readonly message?: string | undefined }) => hear(message ?? "");
      client.on("notice", heard);
      return () => void client.off("notice", heard);
    },
    holdProcess: (holds) => {
      const socket = client as unknown as { ref(): void; unref(): void };
      if (holds) socket.ref();
      else socket.unref();
    },
    isDirect: () => isDirect(client),
    cancel: () => cancelThrough(PgClient, target, opened),
    // What runs would go on for as long as it likes: who closes in between does not wait for it.
    close: () => queue.close(() => endClient(client), "at-once"),
  };
}
