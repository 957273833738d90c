import type { Row } from "../connection.js";

function shorten(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** The columns of `pg_stat_activity`, here called `a`, that `describeSession` reads. */
export const sessionColumns = `a.pid, a.usename::text AS user, a.application_name AS application,
  pg_catalog.host(a.client_addr) AS address, a.backend_start AS since, a.state, a.query,
  extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::float8 AS open_seconds`;

/** `process 4711, user app, application "aludel", from 10.0.0.5, connected since …, running: ALTER TABLE …`. */
export function describeSession(row: Row): string {
  const text = (name: string) => (typeof row[name] === "string" && row[name] !== "" ? row[name] : null);
  const parts = [`process ${row["pid"]}`];
  if (text("user")) parts.push(`user ${text("user")}`);
  if (text("application")) parts.push(`application "${text("application")}"`);
  parts.push(text("address") ? `from ${text("address")}` : "on the server itself");
  if (row["since"] instanceof Date) parts.push(`connected since ${row["since"].toISOString()}`);
  const seconds = row["open_seconds"];
  if (typeof seconds === "number") parts.push(`its transaction open for ${seconds.toFixed(1)} s`);
  const doing = text("state") === "active" ? "running" : "last statement";
  if (text("query")) parts.push(`${doing}: ${shorten(text("query") ?? "")}`);
  return parts.join(", ");
}
