import { homedir, userInfo } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { ConnectOptions } from "../connection.js";
import { complete, invalid, type Settings } from "./url-options.js";

export interface Host {
  /** A name, an address, or the folder of a unix socket when it starts with `/`. */
  readonly host: string;
  readonly port: number;
}

const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
const sessionKinds = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const;
const channelBindings = ["disable", "prefer", "require"] as const;

export type SslMode = (typeof sslModes)[number];
export type SessionKind = (typeof sessionKinds)[number];

export interface TlsSettings {
  readonly mode: SslMode;
  /** Absolute path; `system` for the certificates that Node trusts; `null` when not given. */
  readonly rootCertificate: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
  readonly keyPassword: string | null;
  readonly direct: boolean;
  readonly minimumVersion: string | null;
  readonly maximumVersion: string | null;
}

/** All that a connection URL and the environment say. */
export interface PostgresTarget {
  /** Tried in order. At least one. */
  readonly hosts: readonly Host[];
  readonly user: string;
  readonly password: string | null;
  readonly passwordFile: string;
  readonly database: string;
  readonly applicationName: string;
  /** For each host; 0 is no limit. */
  readonly connectTimeoutMs: number;
  /** Command-line options for the server session: `-c search_path=app`. */
  readonly serverOptions: string | null;
  readonly tls: TlsSettings;
  readonly channelBinding: (typeof channelBindings)[number];
  readonly session: SessionKind;
  readonly keepAlive: boolean;
}

const sessionSettings = [
  "search_path",
  "statement_timeout",
  "lock_timeout",
  "idle_in_transaction_session_timeout",
] as const;

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(
      `The ${part} in the database URL has a % that does not start an escape`,
      "Write % as %25 (and @ as %40, / as %2F, : as %3A, # as %23, ? as %3F).",
    );
  }
}

/** The URL's parts as settings by libpq's names, nothing checked yet. */
function splitUrl(url: string): Map<string, string> {
  const parts = /^postgres(?:ql)?:(?:\/\/([^/?#]*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/is.exec(url);
  if (!parts) {
    throw invalid(
      "The database URL could not be understood",
      "Write it as postgres://user:password@host:5432/database?option=value, with / ? # @ : in a password as %2F %3F %23 %40 %3A.",
    );
  }
  const [, authority = "", database = "", query = ""] = parts;
  const settings = new Map<string, string>();
  const at = authority.lastIndexOf("@");
  const login = at < 0 ? "" : authority.slice(0, at);
  const colon = login.indexOf(":");
  const user = colon < 0 ? login : login.slice(0, colon);
  if (user) settings.set("user", decode(user, "user"));
  if (colon >= 0) settings.set("password", decode(login.slice(colon + 1), "password"));
  if (database) settings.set("dbname", decode(database, "database name"));

  const hosts: string[] = [];
  const ports: string[] = [];
  for (const one of authority.slice(at + 1).split(",")) {
    const host = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(one);
    if (!host) {
      throw invalid(
        "The host in the database URL could not be understood",
        "Write host or host:port, an IPv6 address in brackets, several with commas; write : / @ in a password as %3A %2F %40.",
      );
    }
    hosts.push(decode((host[1] ?? "").replace(/^\[(.*)\]$/, "$1"), "host"));
    ports.push(host[2] ?? "");
  }
  if (hosts.some((host) => host !== "")) settings.set("host", hosts.join(","));
  if (ports.some((port) => port !== "")) settings.set("port", ports.join(","));

  for (const pair of query.split("&").filter((one) => one !== "")) {
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals), "name of an option");
    if (equals < 0)
      throw invalid(`The option ${name} in the database URL has no value`, `Write ${name}=value.`);
    settings.set(name, decode(pair.slice(equals + 1).replaceAll("+", "%20"), `option ${name}`));
  }
  return settings;
}

function oneOf<T extends string>(settings: Settings, name: string, values: readonly T[], otherwise: T): T {
  const given = settings.get(name);
  if (given === undefined) return otherwise;
  const found = values.find((value) => value === given);
  if (found === undefined) {
    throw invalid(`${name} cannot be "${given}"`, `Write one of ${values.join(", ")}.`);
  }
  return found;
}

function hostsOf(settings: Settings): Host[] {
  const names = (settings.get("host") ?? "").split(",").map((name) => name || "localhost");
  const ports = (settings.get("port") ?? "").split(",").map((port) => port || "5432");
  if (ports.length !== 1 && ports.length !== names.length) {
    throw invalid(
      `There are ${names.length} hosts and ${ports.length} ports in the database URL`,
      "Give one port for all hosts, or one for each.",
    );
  }
  return names.map((host, index) => {
    const text = ports.length === 1 ? ports[0] : ports[index];
    const port = Number(text);
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      throw invalid(`"${text}" is not a port`, "Write a number from 1 to 65535; PostgreSQL's own is 5432.");
    }
    return { host, port };
  });
}

function sslModeOf(settings: Settings): SslMode {
  const ssl = settings.get("ssl");
  const mode = settings.get("sslmode");
  // `no-verify` and `ssl` are node-postgres's own; what they mean there has a name in libpq.
  if (mode === "no-verify" || (mode === undefined && ssl === "no-verify")) return "require";
  if (mode === undefined && ssl !== undefined) {
    const on = oneOf(settings, "ssl", ["true", "1", "false", "0"], "true");
    return on === "true" || on === "1" ? "require" : "disable";
  }
  return oneOf(settings, "sslmode", sslModes, "prefer");
}

function tlsOf(settings: Settings, directory: string): TlsSettings {
  const path = (name: string): string | null => {
    const given = settings.get(name);
    return !given ? null : isAbsolute(given) ? given : resolve(directory, given);
  };
  const mode = sslModeOf(settings);
  const direct = oneOf(settings, "sslnegotiation", ["postgres", "direct"], "postgres") === "direct";
  if (direct && ["disable", "allow", "prefer"].includes(mode)) {
    throw invalid(
      `sslnegotiation=direct does not go with sslmode=${mode}`,
      "Add sslmode=require or verify-full.",
    );
  }
  const versions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;
  const version = (name: string) => (settings.get(name) ? oneOf(settings, name, versions, "TLSv1.2") : null);
  return {
    mode,
    direct,
    rootCertificate: settings.get("sslrootcert") === "system" ? "system" : path("sslrootcert"),
    certificate: path("sslcert"),
    key: path("sslkey"),
    keyPassword: settings.get("sslpassword") ?? null,
    minimumVersion: version("ssl_min_protocol_version"),
    maximumVersion: version("ssl_max_protocol_version"),
  };
}

function serverOptionsOf(settings: Settings): string | null {
  const parts = [settings.get("options") ?? ""];
  for (const name of sessionSettings) {
    const value = settings.get(name);
    // In these options white space separates, and a backslash takes that from it (libpq-connect, `options`).
    if (value !== undefined) parts.push(`-c ${name}=${value.replace(/[\s\\]/g, "\\$&")}`);
  }
  return parts.filter((part) => part !== "").join(" ") || null;
}

function timeoutOf(settings: Settings, options: ConnectOptions): number {
  const text = settings.get("connect_timeout");
  if (text === undefined) return options.connectTimeoutMs ?? 10_000;
  const seconds = Number(text);
  if (!Number.isInteger(seconds)) {
    throw invalid(`connect_timeout cannot be "${text}"`, "Write a whole number of seconds; 0 is no limit.");
  }
  return Math.max(0, seconds) * 1000;
}

/** Options that have a meaning only when they ask for something that is not there. */
function refuseValues(settings: Settings): void {
  const encoding = settings.get("client_encoding")?.toLowerCase().replace(/[-_]/g, "");
  if (encoding !== undefined && !["utf8", "unicode", "auto"].includes(encoding)) {
    throw invalid("client_encoding can only be UTF8", "Leave it out: the server converts what it stores.");
  }
  oneOf(settings, "gssencmode", ["disable", "prefer"], "disable");
  oneOf(settings, "sslcompression", ["0"], "0");
  oneOf(settings, "sslsni", ["1"], "1");
  oneOf(settings, "uselibpqcompat", ["true", "1"], "true");
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    throw invalid("The database URL has no user", "Write postgres://user@host/database, or set PGUSER.");
  }
}

/**
 * Reads a `postgres:` URL as libpq does, with PG* environment variables for what it leaves out.
 *
 * Differences to libpq: without a host it is localhost, not the unix socket. Relative certificate paths start at
 * `options.directory`.
 *
 * @throws AludelError `url-invalid`, never with a password in it.
 * Source: PostgreSQL manual, "Connection URIs" and "Parameter Key Words" (libpq-connect).
 */
export function parsePostgresUrl(
  url: string,
  options: ConnectOptions,
  environment: NodeJS.ProcessEnv = process.env,
): PostgresTarget {
  const settings = complete(splitUrl(url), environment);
  refuseValues(settings);
  const user = settings.get("user") ?? userName();
  const hosts = hostsOf(settings);
  if (oneOf(settings, "load_balance_hosts", ["disable", "random"], "disable") === "random") {
    hosts.sort(() => Math.random() - 0.5);
  }
  return {
    hosts,
    user,
    password: settings.get("password") ?? null,
    passwordFile: settings.get("passfile") ?? defaultPasswordFile(environment),
    database: settings.get("dbname") ?? user,
    applicationName:
      settings.get("application_name") ??
      settings.get("fallback_application_name") ??
      options.applicationName ??
      "aludel",
    connectTimeoutMs: timeoutOf(settings, options),
    serverOptions: serverOptionsOf(settings),
    tls: tlsOf(settings, options.directory),
    channelBinding: oneOf(settings, "channel_binding", channelBindings, "prefer"),
    session: oneOf(settings, "target_session_attrs", sessionKinds, "any"),
    keepAlive: oneOf(settings, "keepalives", ["0", "1"], "1") === "1",
  };
}

function defaultPasswordFile(environment: NodeJS.ProcessEnv): string {
  return process.platform === "win32"
    ? join(environment["APPDATA"] ?? homedir(), "postgresql", "pgpass.conf")
    : join(homedir(), ".pgpass");
}

/** `localhost:5432`, or the folder of a unix socket. */
export function showHost({ host, port }: Host): string {
  if (host.startsWith("/")) return `${host}/.s.PGSQL.${port}`;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** A URL that leads there and is safe to print: no password, no options. */
export function showTarget(target: PostgresTarget, host: Host): string {
  const user = encodeURIComponent(target.user);
  const database = encodeURIComponent(target.database);
  return host.host.startsWith("/")
    ? `postgres://${user}@/${database}?host=${host.host}&port=${host.port}`
    : `postgres://${user}@${showHost(host)}/${database}`;
}

/** True when a host is this machine: localhost, 127.0.0.0/8, ::1, a unix socket. */
export function isLocalHost(host: string): boolean {
  return (
    host.startsWith("/") ||
    /^localhost\.?$/i.test(host) ||
    /^127(\.\d{1,3}){3}$/.test(host) ||
    /^(::1|0{0,4}(:0{0,4}){6}:0{0,3}1)$/.test(host)
  );
}
