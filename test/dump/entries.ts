/** One object of a dump, as pg_dump's own headlines divide it. */
export interface DumpEntry {
  /** `TABLE`, `FK CONSTRAINT`, `COMMENT` …: pg_dump's words. */
  readonly type: string;
  /** `null` for what belongs to no namespace: extensions, event triggers, namespaces themselves. */
  readonly namespace: string | null;
  /** As pg_dump tags it: with its table (`users users_pkey`) or its arguments (`f(integer)`), unquoted. */
  readonly name: string;
  /** Statements, and as comments what the settings before them say of the object: tablespace, access method. */
  readonly text: string;
}

/** Tables whose entries are no part of what is measured. Names without a namespace are sought in all of them. */
export interface DumpOptions {
  readonly ignoreTables?: readonly string[];
}

/** The version table and the run log, as they are named where nothing else is configured. */
export const bookkeepingTables: readonly string[] = ["aludel_version", "aludel_run_log"];

const headline =
  /^--\n-- (?:Data for )?Name: (.*); Type: ([A-Z ]+); Schema: (.*?); Owner: .*?(?:; Tablespace: (.*))?\n--\n/gm;
/** Says what holds for the objects that come after it, until the next of its kind. */
const setting = /^SET default_(tablespace|table_access_method) = (.*);$/;
const notSchema = /^(?:\\(?:un)?restrict .*|-- PostgreSQL database dump complete|--)?$/;

/** Lines at the end of an entry that belong to what comes next, or to nothing: taken off, with the settings in them. */
function trimmed(lines: readonly string[]): {
  readonly body: string;
  readonly accessMethod: string | undefined;
} {
  let end = lines.length;
  let accessMethod: string | undefined;
  for (; end > 0; end--) {
    const line = lines[end - 1] ?? "";
    const [, name, value] = setting.exec(line) ?? [];
    if (name === undefined && !notSchema.test(line)) break;
    if (name === "table_access_method") accessMethod ??= value;
  }
  return { body: lines.slice(0, end).join("\n").replace(/^\n+/, ""), accessMethod };
}

/** Whether the object takes the access method that is set: a partitioned table says its own, others have none. */
function takesAccessMethod(type: string, body: string): boolean {
  return (type === "TABLE" && !/^\)?\s*PARTITION BY /m.test(body)) || type === "MATERIALIZED VIEW";
}

/** Whether the entry is a table's own, or of a part of it: a constraint, a comment, the sequence of its identity. */
function isPartOf(name: string, table: string): boolean {
  const named = name.replace(/^(?:TABLE|COLUMN|SEQUENCE) /, "");
  return named.startsWith(table) && /^(?:$|[ .]|_id_seq$)/.test(named.slice(table.length));
}

/**
 * Divides what `pg_dump --schema-only` has written into its objects, without what is not schema: settings of the
 * session, versions, empty lines. The order of the entries is that of the dump.
 *
 * The headlines are pg_dump's (`_printTocEntry` writes them); a name with a line break has none in its headline.
 */
export function dumpEntries(
  dump: string,
  { ignoreTables = bookkeepingTables }: DumpOptions = {},
): DumpEntry[] {
  const text = dump.replaceAll("\r\n", "\n");
  const heads = [...text.matchAll(headline)];
  let accessMethod =
    trimmed(text.slice(0, heads[0]?.index ?? text.length).split("\n")).accessMethod ?? "heap";
  const entries: DumpEntry[] = [];
  for (const [index, head] of heads.entries()) {
    const [whole, name = "", type = "", namespace = "-", tablespace] = head;
    const end = heads[index + 1]?.index ?? text.length;
    const { body, accessMethod: next } = trimmed(text.slice(head.index + whole.length, end).split("\n"));
    const settings = [
      ...(tablespace === undefined ? [] : [`-- tablespace: ${tablespace}`]),
      ...(accessMethod !== "heap" && takesAccessMethod(type, body)
        ? [`-- access method: ${accessMethod}`]
        : []),
    ];
    accessMethod = next ?? accessMethod;
    if (ignoreTables.some((table) => isPartOf(name, table))) continue;
    entries.push({
      type,
      namespace: namespace === "-" ? null : namespace,
      name,
      text: [...settings, body].join("\n"),
    });
  }
  return entries;
}
