import { AludelError } from "../../error/error.js";

/** What a URL and the environment say, by libpq's names of options, as text. */
export type Settings = ReadonlyMap<string, string>;

export function invalid(message: string, remedy: string): AludelError {
  return new AludelError("url-invalid", message, { remedy });
}

/** Options that are taken, with the environment variable that stands in for each (libpq-envars in the manual). */
const supported: Readonly<Record<string, string | null>> = {
  host: "PGHOST",
  port: "PGPORT",
  user: "PGUSER",
  password: "PGPASSWORD",
  passfile: "PGPASSFILE",
  dbname: "PGDATABASE",
  application_name: "PGAPPNAME",
  fallback_application_name: null,
  connect_timeout: "PGCONNECT_TIMEOUT",
  client_encoding: "PGCLIENTENCODING",
  options: "PGOPTIONS",
  sslmode: "PGSSLMODE",
  ssl: null,
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  sslpassword: null,
  sslnegotiation: "PGSSLNEGOTIATION",
  sslcompression: "PGSSLCOMPRESSION",
  sslsni: "PGSSLSNI",
  ssl_min_protocol_version: "PGSSLMINPROTOCOLVERSION",
  ssl_max_protocol_version: "PGSSLMAXPROTOCOLVERSION",
  gssencmode: "PGGSSENCMODE",
  channel_binding: "PGCHANNELBINDING",
  target_session_attrs: "PGTARGETSESSIONATTRS",
  load_balance_hosts: "PGLOADBALANCEHOSTS",
  keepalives: null,
  uselibpqcompat: null,
  // Settings of the session that other drivers take from the URL, too.
  search_path: null,
  statement_timeout: null,
  lock_timeout: null,
  idle_in_transaction_session_timeout: null,
};

/** Options that exist, and that node-postgres cannot honour: what to write instead. */
const refused: Readonly<Record<string, { readonly variable?: string; readonly remedy: string }>> = {
  hostaddr: { variable: "PGHOSTADDR", remedy: "Write the address as the host." },
  service: { variable: "PGSERVICE", remedy: "Write host, user and database of the service into the URL." },
  servicefile: { remedy: "Write host, user and database of the service into the URL." },
  require_auth: { variable: "PGREQUIREAUTH", remedy: "Leave it out, or use channel_binding=require." },
  requirepeer: { variable: "PGREQUIREPEER", remedy: "Leave it out." },
  sslcrl: { variable: "PGSSLCRL", remedy: "Leave it out: revocation lists are not checked." },
  sslcrldir: { variable: "PGSSLCRLDIR", remedy: "Leave it out: revocation lists are not checked." },
  sslcertmode: {
    variable: "PGSSLCERTMODE",
    remedy: "Leave it out; give sslcert and sslkey if they are needed.",
  },
  krbsrvname: { variable: "PGKRBSRVNAME", remedy: "Leave it out: Kerberos is not supported." },
  gsslib: { variable: "PGGSSLIB", remedy: "Leave it out: GSSAPI is not supported." },
  gssdelegation: { variable: "PGGSSDELEGATION", remedy: "Leave it out: GSSAPI is not supported." },
  replication: { remedy: "Leave it out: migrations need an ordinary session." },
  keepalives_idle: { remedy: "Leave it out; keepalives=1 is the default." },
  keepalives_interval: { remedy: "Leave it out; keepalives=1 is the default." },
  keepalives_count: { remedy: "Leave it out; keepalives=1 is the default." },
  tcp_user_timeout: { remedy: "Leave it out, or use connect_timeout." },
  schema: { remedy: "Write search_path=<namespace> instead; `schema` is Prisma's own." },
  currentSchema: { remedy: "Write search_path=<namespace> instead; `currentSchema` is JDBC's own." },
};

/** Refuses what is unknown or cannot be had, then fills the gaps from the environment. */
export function complete(given: Map<string, string>, environment: NodeJS.ProcessEnv): Settings {
  const unknown = [...given.keys()].filter((name) => !(name in supported) && !(name in refused));
  if (unknown.length > 0) {
    throw invalid(
      `The database URL has ${unknown.length === 1 ? "an unknown option" : "unknown options"}: ${unknown.join(", ")}`,
      "Take it out of the URL, or correct its spelling: libpq's names are known, such as sslmode, connect_timeout and application_name.",
    );
  }
  for (const [name, { variable, remedy }] of Object.entries(refused)) {
    if (given.has(name)) throw invalid(`The option ${name} in the database URL is not supported`, remedy);
    if (variable && environment[variable]) {
      throw invalid(
        `The environment variable ${variable} is set, which is not supported`,
        `${remedy} Then unset it.`,
      );
    }
  }
  const settings = new Map(given);
  for (const [name, variable] of Object.entries(supported)) {
    const value = variable === null ? undefined : environment[variable];
    if (!settings.has(name) && value) settings.set(name, value);
  }
  return settings;
}
