import type { Connection } from "../connection.js";
import type { Namespaces } from "../dialect.js";
import { quoteIdentifier } from "./quote.js";

/** Where names would lead if a revision undid what `enter` set: into no schema, instead of into somebody else's. */
const nowhere = "no schema: search_path was reset in a shared session";

function leadingTo(url: string, namespace: string): string {
  const option = `search_path=${encodeURIComponent(quoteIdentifier(namespace))}`;
  return `${url}${url.includes("?") ? "&" : "?"}${option}`;
}

async function enter(connection: Connection, namespace: string): Promise<void> {
  // Cannot be in one round trip with anything else: several statements are a transaction (manual, DISCARD).
  await connection.run("DISCARD ALL");
  await connection.run(`SET search_path = ${quoteIdentifier(namespace)}`);
}

/** Schemas as databases of their own. A setting of the URL is what RESET and DISCARD go back to (manual 20.1.4). */
export const namespaces: Namespaces = {
  url: leadingTo,
  sharedUrl: (url) => leadingTo(url, nowhere),
  enter,
  isUndoneBy: (text) => /\b(?:search_path|reset|discard)\b/i.test(text),
};
