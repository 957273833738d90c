import type { SmokeCheck } from "../../config/smoke-config.js";
import { mask, redact } from "../../error/redact.js";

const longest = 80;

/** What a check is called where it has no name: `GET https://app.example.com/health`. Safe to print. */
export function checkName(check: SmokeCheck): string {
  return check.name ?? shorten(redact(whatItAsks(check)));
}

function whatItAsks(check: SmokeCheck): string {
  switch (check.kind) {
    case "http":
      return `GET ${shownUrl(check.url)}`;
    case "command":
      return check.command;
    default:
      return check.sql;
  }
}

/** Without user and password, and without the values of a query, which may be keys. */
export function shownUrl(text: string): string {
  const url = new URL(text);
  url.username = "";
  url.password = "";
  for (const name of new Set(url.searchParams.keys())) url.searchParams.set(name, mask);
  return url.href;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
