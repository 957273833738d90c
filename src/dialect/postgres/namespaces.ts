import type { ObjectName } from "../../schema/name.js";
import type { Connection } from "../connection.js";
import type { Home, Namespaces } from "../dialect.js";
import { quoteIdentifier, quoteName } from "./quote.js";

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

const homeQuery = `SELECT pg_catalog.current_schema()::text AS namespace, pg_catalog.current_setting('search_path') AS path,
  (SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = pg_catalog.to_regclass($1)) AS "ofTable"`;

/** The first schema of `search_path` that exists (manual 5.10.3). */
async function home(connection: Connection, table: ObjectName): Promise<Home> {
  const [row] = await connection.query(homeQuery, [quoteName(table)]);
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    namespace: text(row?.["namespace"]),
    ofTable: text(row?.["ofTable"]),
    path: `search_path: ${row?.["path"]}`,
  };
}

/** As a server option, which every driver and tool takes in a URL. */
function sayHome(namespace: string): string {
  return `Say in the URL that ${namespace} is meant: ?options=-csearch_path%3D${encodeURIComponent(namespace)}.`;
}

/** Schemas as databases of their own. A setting of the URL is what RESET and DISCARD go back to (manual 20.1.4). */
export const namespaces: Namespaces = {
  url: leadingTo,
  sharedUrl: (url) => leadingTo(url, nowhere),
  enter,
  home,
  mayMoveHome: (sql) => /\bcreate\s+schema\b/i.test(sql),
  sayHome,
  isUndoneBy: (text) => /\b(?:search_path|reset|discard)\b/i.test(text),
};
