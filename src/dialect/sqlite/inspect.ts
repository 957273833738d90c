import { AludelError } from "../../error/error.js";
import { definedKey } from "../../schema/address.js";
import { draftSchema, table as newTable } from "../../schema/build.js";
import { nameKey } from "../../schema/name.js";
import type { Column, Defined, Origin, Schema, Table, View } from "../../schema/schema.js";
import type { Connection } from "../connection.js";
import type { Scope, Uninspected } from "../dialect.js";
import { normalize } from "./normalize.js";
import { parseCreateIndex } from "./parse/create-index.js";
import { parseCreateTable } from "./parse/create-table.js";
import { parseCreateView } from "./parse/create-view.js";
import { foldName } from "./parse/tokenize.js";

/** One row of `sqlite_schema`. */
interface Entry {
  readonly type: "table" | "index" | "view" | "trigger";
  readonly name: string;
  /** The table or view it belongs to. */
  readonly owner: string;
  readonly sql: string;
}

const entriesSql = `SELECT type, name, tbl_name AS owner, sql FROM main.sqlite_schema
WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid`;

const kindsSql = `SELECT name, type FROM pragma_table_list WHERE schema = 'main'`;

const columnsSql = `SELECT t.name AS owner, c.name, c."notnull" AS not_null, c.pk, c.hidden
FROM pragma_table_list AS t, pragma_table_xinfo(t.name, 'main') AS c
WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
ORDER BY t.name, c.cid`;

async function readEntries(connection: Connection): Promise<readonly Entry[]> {
  return (await connection.query(entriesSql)) as unknown as readonly Entry[];
}

async function readKinds(connection: Connection): Promise<ReadonlyMap<string, string>> {
  const rows = await connection.query(kindsSql);
  return new Map(rows.map((row) => [String(row["name"]), String(row["type"])]));
}

/**
 * Reads the database in three queries: the statements SQLite keeps, what kind of table each is, and the columns as
 * SQLite itself understood them. The statements are parsed; the columns are held against the result, so that a
 * statement that was misread is an error and not a wrong schema.
 *
 * Virtual tables and their shadow tables are not part of the schema: `uninspected` names them.
 * @throws AludelError `schema-unreadable`.
 */
export async function inspect(connection: Connection, scope: Scope): Promise<Schema> {
  const entries = await readEntries(connection);
  const kinds = await readKinds(connection);
  const columns = groupBy(await connection.query(columnsSql), (row) => String(row["owner"]));
  const ignored = new Set(scope.ignoreTables.map((name) => foldName(name.name)));
  const draft = draftSchema("sqlite");
  const byOwner = groupBy(entries, (entry) => foldName(entry.owner));
  for (const entry of entries) {
    if (ignored.has(foldName(entry.name))) continue;
    if (entry.type === "trigger") {
      const trigger = readTrigger(entry);
      if (!ignored.has(foldName(entry.owner))) draft.defined.set(definedKey(trigger), trigger);
    }
    const origin = originOf(entry, byOwner.get(foldName(entry.name)) ?? []);
    if (entry.type === "table" && kinds.get(entry.name) === "table") {
      const table = readTable(entry, origin, columns.get(entry.name) ?? []);
      draft.tables.set(nameKey(table), table);
    }
    if (entry.type === "view") {
      const view = readView(entry, origin);
      draft.views.set(nameKey(view), view);
    }
  }
  const alone = entries.filter(({ type, name }) => type === "table" && isLeftAlone(kinds.get(name)));
  const schema = normalize.schema(draft);
  return alone.length === 0
    ? schema
    : { ...schema, leftAlone: new Set(alone.map(({ name }) => foldName(name))) };
}

type Row = Readonly<Record<string, unknown>>;

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function originOf(entry: Entry, own: readonly Entry[]): Origin {
  const indexes = own.filter((one) => one.type === "index").map((one) => [one.name, one.sql] as const);
  return { sql: entry.sql, indexes: new Map(indexes) };
}

/** A trigger, with its statement as SQLite keeps it: without IF NOT EXISTS and TEMP, else to the letter. */
function readTrigger(entry: Entry): Defined {
  return {
    kind: "trigger",
    namespace: null,
    name: entry.name,
    table: { namespace: null, name: entry.owner },
    signature: "",
    definition: entry.sql,
    settings: [],
    comment: null,
  };
}

function readTable(entry: Entry, origin: Origin, rows: readonly Row[]): Table {
  try {
    const parsed = parseCreateTable(entry.sql);
    verify(entry, parsed.columns, rows);
    const names = parsed.columns.map((column) => column.name);
    const indexes = [...origin.indexes.values()].map((sql) => parseCreateIndex(sql, names));
    const { columns, constraints, options } = parsed;
    return newTable(entry.name, { columns, constraints, options, indexes, origin });
  } catch (error) {
    throw error instanceof AludelError ? error.at({ object: entry.name }) : error;
  }
}

/** The parse must agree with SQLite's own: names in order, NOT NULL, generated or not. */
function verify(entry: Entry, columns: readonly Column[], rows: readonly Row[]): void {
  const hidden = (column: Column) =>
    column.generated === null ? 0 : column.generated.storage === "virtual" ? 2 : 3;
  const ours = columns.map((column) => `${column.name} ${hidden(column)}`);
  const theirs = rows.map((row) => `${row["name"]} ${row["hidden"]}`);
  const isSame = ours.length === theirs.length && ours.every((one, at) => one === theirs[at]);
  // Keys add NOT NULL to what the text says, never the other way round.
  const isLoose = columns.some((column, at) => !column.nullable && rows[at]?.["not_null"] === 0);
  if (isSame && !isLoose) return;
  throw new AludelError("schema-unreadable", `The statement of table ${entry.name} was not understood`, {
    where: { statement: entry.sql, object: entry.name },
    details: [`Read: ${ours.join(", ")}.`, `SQLite: ${theirs.join(", ")}.`],
    remedy: "Please report this with the statement.",
  });
}

function readView(entry: Entry, origin: Origin): View {
  const { columns, definition } = parseCreateView(entry.sql);
  return {
    namespace: null,
    name: entry.name,
    materialized: false,
    definition,
    parameters: {},
    withData: true,
    method: null,
    tablespace: null,
    indexes: [],
    comment: null,
    ...(columns === null ? {} : { columns }),
    origin,
  };
}

function isLeftAlone(kind: string | undefined): boolean {
  return kind === "virtual" || kind === "shadow";
}

/**
 * What the database has that `inspect` leaves out: virtual tables, and the tables that these keep for themselves.
 * Nothing touches them.
 */
export async function uninspected(connection: Connection, scope: Scope): Promise<readonly Uninspected[]> {
  const ignored = new Set(scope.ignoreTables.map((name) => foldName(name.name)));
  const kinds = await readKinds(connection);
  const found: Uninspected[] = [];
  const named = (name: string) => ({ namespace: null, name });
  const add = (kind: string, entry: Entry) => found.push({ kind, name: named(entry.name), table: null });
  for (const entry of await readEntries(connection)) {
    if (ignored.has(foldName(entry.owner))) continue;
    const kind = kinds.get(entry.name);
    if (entry.type === "table" && kind === "virtual") add("virtual table", entry);
    else if (entry.type === "table" && kind === "shadow") add("shadow table", entry);
  }
  return found;
}

/** Rows that point at rows that do not exist, a line each (`PRAGMA foreign_key_check`). */
export async function foreignKeyViolations(connection: Connection): Promise<readonly string[]> {
  const rows = await connection.query("PRAGMA foreign_key_check");
  return rows.map(
    (row) =>
      `${row["table"]}${row["rowid"] === null ? "" : ` row ${row["rowid"]}`} points at a row that ${row["parent"]} does not have`,
  );
}
