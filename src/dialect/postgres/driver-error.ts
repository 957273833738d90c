import type { Code } from "../../error/codes.js";
import { AludelError, messageOf } from "../../error/error.js";
import { missingGrant } from "./missing-grant.js";

/** What both drivers put on an error that came from the server (PostgreSQL manual, "Error and Notice Message Fields"). */
interface ServerError {
  readonly message: string;
  readonly code: string;
  readonly severity?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
  readonly where?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

/** SQLSTATE is five upper-case letters and digits; the codes of Node and its TLS are longer or no code at all. */
function serverError(thrown: unknown): ServerError | null {
  if (!(thrown instanceof Error)) return null;
  const { code, severity } = thrown as Partial<ServerError>;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) && severity !== undefined
    ? (thrown as unknown as ServerError)
    : null;
}

/** Where a statement went wrong. The server counts characters from 1, JavaScript UTF-16 units. */
function textBefore(statement: string, position: number): string {
  let offset = 0;
  for (let left = position - 1; left > 0 && offset < statement.length; left--) {
    offset += (statement.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return statement.slice(0, offset);
}

/** Of a script, the statement that went wrong, as far as the server said where. */
function failedStatement(error: ServerError, script: string): string {
  if (error.position === undefined) return script;
  return script.slice(textBefore(script, Number(error.position)).lastIndexOf(";") + 1);
}

function dataOf(error: ServerError, statement: string | null): Readonly<Record<string, unknown>> {
  const position = error.position === undefined ? undefined : Number(error.position);
  const all = {
    sqlState: error.code,
    severity: error.severity,
    detail: error.detail,
    hint: error.hint,
    namespace: error.schema,
    table: error.table,
    column: error.column,
    constraint: error.constraint,
    position,
    line:
      position === undefined || statement === null
        ? undefined
        : textBefore(statement, position).split("\n").length,
    context: error.where,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function detailsOf(error: ServerError): readonly string[] {
  return [
    ...(error.detail ? [error.detail] : []),
    ...(error.hint ? [`Hint: ${error.hint}`] : []),
    ...(error.where ? error.where.split("\n") : []),
  ];
}

/** What to do about a failed statement, by SQLSTATE; what is missing here gets the remedy of its class or the last. */
const remedies: Readonly<Record<string, string>> = {
  "23502": "Give the rows a value first, or add the column with a default.",
  "23503": "Delete or correct the rows that point nowhere.",
  "23505": "Remove the duplicates.",
  "23514": "Correct the rows that violate the constraint.",
  "2BP01": "Drop what depends on it first, in the same revision.",
  "3F000": "Create the schema first, or correct its name.",
  "40001": "Run it again: another transaction was in the way.",
  "40P01": "Run it again: it and another session waited for each other.",
  "42601": "Correct the statement's syntax.",
  "42701":
    "The column is there already: was the change made by hand? Compare with the database, or stamp it.",
  "42710": "It is there already: was the change made by hand? Compare with the database, or stamp it.",
  "42P07": "It is there already: was the change made by hand? Compare with the database, or stamp it.",
  "42703": "Correct the column's name, or create it in an earlier revision.",
  "42P01": "Correct the table's name, or create it in an earlier revision.",
  "42704": "Correct the name, or create the object in an earlier revision (a type, an extension).",
  "42883":
    "Correct the function's name and the types it is given, or create it, or the extension it comes from, in an earlier revision.",
  "0A000": "The server cannot do this: look for another way to write it.",
  "25001": "Run it outside a transaction.",
  "25P02": "An earlier statement of this transaction failed: look for the first error.",
  "53100": "Make room on the server's disk.",
  "55006": "End the other sessions that use it.",
  "55P04":
    "Commit the new value before it is used: run with --transaction each (the default), or add it in an earlier revision.",
  "55P03":
    "Another session holds a lock on it: run it again when there is less traffic, or raise the lock timeout.",
  "57014":
    "It was cancelled, or took longer than statement_timeout: raise the limit, or make the statement smaller.",
};

const classRemedies: Readonly<Record<string, string>> = {
  "22": "Correct the value, or the rows that hold it.",
  "23": "Correct the rows that violate the constraint.",
  "42": "Correct the statement; the names in it are those of the database it ran on.",
  "53": "The server is short of resources: free some.",
};

/** Classes and codes that have an error of their own; everything else that a statement can meet is `sql-failed`. */
function codeOf(error: ServerError): Code {
  if (error.severity === "FATAL" || error.severity === "PANIC") return "connection-lost";
  if (error.code.startsWith("57P") || error.code.startsWith("08")) return "connection-lost";
  if (error.code === "42501") return "permission-denied";
  if (error.code === "25006") return "database-unwritable";
  if (error.code === "55P03") return "lock-timeout";
  if (error.code === "28P01" || error.code === "28000") return "authentication-failed";
  if (error.code === "3D000") return "database-not-found";
  return "sql-failed";
}

/** A GIN or GiST index over a plain value, which an extension of PostgreSQL's own makes possible (manual, F.8 and F.9). */
const keysWithoutClass = /no default operator class for access method "(gin|gist)"/;
const unavailableExtension = /^(?:extension ".*" is not available$|could not open extension control file )/;

/**
 * Undefined function, object (role, type, extension, operator class), schema and table, by SQLSTATE (manual, appendix
 * A); an extension whose files are not on the server is told by its message, for its codes say more than that.
 */
export function isMissingObject(error: AludelError): boolean {
  const missing = ["42883", "42704", "3F000", "42P01"].includes(String(error.data["sqlState"]));
  return missing || unavailableExtension.test(error.message);
}

/**
 * Beside what `isMissingObject` tells: an undefined column (42703), no key for a foreign key (42830) or for ON CONFLICT
 * (42P10), and a column that only a primary key would let a grouped query select (42803).
 */
export function isMissingPart(error: AludelError): boolean {
  const part = ["42703", "42830", "42P10", "42803"].includes(String(error.data["sqlState"]));
  return part || isMissingObject(error);
}

function remedyOf(code: Code, error: ServerError, statement: string): string {
  if (code === "permission-denied") {
    const known = missingGrant(error.message, failedStatement(error, statement));
    return known ?? "Grant the right to the user of the URL, or use another user.";
  }
  if (code === "database-unwritable") {
    return "Connect to the primary (target_session_attrs=read-write), or make the session writable.";
  }
  if (code === "connection-lost") return "See the server's log for the reason, then run it again.";
  const keys = keysWithoutClass.exec(error.message)?.[1];
  if (keys !== undefined) {
    return `Create the extension btree_${keys} in an earlier revision (op.createExtension("btree_${keys}")), or name an operator class for the column.`;
  }
  if (unavailableExtension.test(error.message)) {
    return "Install the extension's package on that server, or work on one that has it.";
  }
  return (
    remedies[error.code] ??
    classRemedies[error.code.slice(0, 2)] ??
    "Correct the statement, or the data it ran on."
  );
}

/** The error of a session whose other end is gone. */
export function connectionLost(target: string, statement: string | null, cause: unknown): AludelError {
  return new AludelError("connection-lost", `The connection to ${target} was lost: ${reasonOf(cause)}`, {
    remedy: "See the server's log for the reason, then run it again.",
    ...(statement === null ? {} : { where: { statement } }),
    cause,
  });
}

/** Errors of Node's sockets come several at a time where a name has several addresses, then without a message. */
function reasonOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return messageOf(thrown.errors[0]);
  return messageOf(thrown);
}

const lostMessages =
  /connection terminated|connection error and is not queryable|client was closed|socket|closed/i;
const lostCodes = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED", "ENETRESET"]);

/**
 * The error of a statement that failed on an open session. `cause` is kept only when it did not come from the server:
 * what the server said is in `data`, without the bound values that drivers add.
 */
export function statementError(thrown: unknown, statement: string, target: string): AludelError {
  if (thrown instanceof AludelError) return thrown;
  const error = serverError(thrown);
  if (error) {
    const code = codeOf(error);
    return new AludelError(code, error.message, {
      remedy: remedyOf(code, error, statement),
      where: { statement },
      details: detailsOf(error),
      data: dataOf(error, statement),
    });
  }
  const { code } = thrown as { readonly code?: unknown };
  if (lostCodes.has(String(code)) || lostMessages.test(messageOf(thrown))) {
    return connectionLost(target, statement, thrown);
  }
  return new AludelError("sql-failed", messageOf(thrown), {
    remedy: "Correct the statement or its values; the database has not answered.",
    where: { statement },
    cause: thrown,
  });
}

const tlsCodes = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)|CERT/;

function unreachable(host: string, reason: string, remedy: string, cause?: unknown): AludelError {
  return new AludelError("connection-failed", `${host} could not be reached: ${reason}`, {
    remedy,
    data: { host },
    cause,
  });
}

/** What Node or its driver said while a connection was opened, in words. */
function clientSideError(thrown: unknown, host: string, user: string): AludelError {
  const code = String((thrown as { code?: unknown }).code ?? "");
  const reason = reasonOf(thrown);
  if (/client password must be/i.test(reason)) {
    return new AludelError(
      "authentication-failed",
      `${host} asks for the password of "${user}", and there is none`,
      {
        remedy: "Put the password into the URL, PGPASSWORD, or a password file that only you can read.",
        data: { host, user },
      },
    );
  }
  if (/does not support SSL/i.test(reason)) {
    return unreachable(host, "it does not speak TLS", "Turn TLS on there, or write sslmode=prefer.", thrown);
  }
  if (tlsCodes.test(code)) {
    const remedy =
      "Give the authority's certificate with sslrootcert=<file>; the host in the URL must be in it.";
    return unreachable(host, `its certificate was not accepted (${reason})`, remedy, thrown);
  }
  if (/timeout/i.test(reason)) {
    const remedy = "Check host, port and firewall, or raise connect_timeout.";
    return unreachable(host, "it did not answer in time", remedy, thrown);
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return unreachable(host, "its name is not known", "Correct the host in the URL.", thrown);
  }
  if (code === "ECONNREFUSED" || code === "ENOENT") {
    return unreachable(host, "nothing listens there", "Start the server, or correct host and port.", thrown);
  }
  return unreachable(host, reason, "Check that the server runs and can be reached from here.", thrown);
}

/**
 * The error of a connection that could not be opened. `host` is for people, `localhost:5432`.
 *
 * Source of the codes: PostgreSQL manual, appendix "Error Codes".
 */
export function connectError(thrown: unknown, host: string, user: string, database: string): AludelError {
  if (thrown instanceof AludelError) return thrown;
  const error = serverError(thrown);
  if (!error) return clientSideError(thrown, host, user);
  const parts = { details: detailsOf(error), data: { host, user, database, ...dataOf(error, null) } };
  const said = `${host} refused the connection: ${error.message}`;
  if (error.code === "28P01" || error.code === "28000") {
    const remedy =
      error.code === "28P01"
        ? "Correct user and password in the URL; write @ : / in a password as %40 %3A %2F."
        : "Correct the user, or let it in from here (pg_hba.conf on the server; some want sslmode=require).";
    return new AludelError("authentication-failed", said, { remedy, ...parts });
  }
  if (error.code === "3D000") {
    const remedy = `Create the database "${database}", or correct its name in the URL.`;
    return new AludelError("database-not-found", said, { remedy, ...parts });
  }
  if (error.code === "42501") {
    const remedy = `Grant CONNECT on database "${database}" to "${user}".`;
    return new AludelError("permission-denied", said, { remedy, ...parts });
  }
  const remedy =
    error.code === "53300"
      ? "Close other connections, or raise max_connections on the server."
      : error.code === "57P03"
        ? "Wait until the server has started, then try again."
        : "See the server's log for the reason, then try again.";
  return new AludelError("connection-failed", said, { remedy, ...parts });
}
