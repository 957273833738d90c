import type { Connection } from "../../../src/dialect/connection.js";
import { type DumpDifference, describeDumpDifferences, dumpDifferences } from "../../dump/differences.js";
import { dumpServer } from "../../dump/pg-dump.mjs";
import { EmptiedDatabases } from "../../server/emptied-databases.js";
import type { Bench, LawEngine } from "./law.js";

/**
 * Columns that were added later are the last ones, and that is no difference, neither for what lists them; nor is the comma
 * behind a line.
 */
function isOrder({ kind, type, lines }: DumpDifference): boolean {
  if (kind !== "different" || !["TABLE", "TYPE", "VIEW", "STATISTICS"].includes(type)) return false;
  const words = (line: string) => (type === "STATISTICS" ? line.split(/[ ,]+/).sort().join(" ") : line);
  const side = (sign: string) =>
    lines
      .filter((line) => line.startsWith(sign))
      .map((line) => words(line.slice(2).replace(/,$/, "")))
      .sort()
      .join("\n");
  return side("- ") === side("+ ");
}

async function open(databases: EmptiedDatabases): Promise<Bench> {
  const database = await databases.take();
  const { connection, url } = database;
  return {
    connection,
    dump: async () => comparable(await dumpServer(url)),
    dispose: () => databases.give(database),
  };
}

/**
 * The engine prints a list of texts of a limited length in a form that it reads as another one: a dump that is restored
 * gives another dump, too.
 */
function comparable(dump: string): string {
  const list = /\(ARRAY\[((?:'(?:[^']|'')*'::character varying(?:, )?)+)\]\)::text\[\]/g;
  // A NOT NULL that nobody named is called whatever it is called in the database.
  const unnamed = dump.replace(/ CONSTRAINT (?:"(?:[^"]|"")+"|\w+) NOT NULL/g, " NOT NULL");
  // Two words for one thing, between which nobody wants an op.
  const now = unnamed.replaceAll("DEFAULT CURRENT_TIMESTAMP", "DEFAULT now()");
  // The order in which options were given, too.
  const sorted = now.replace(/\bWITH \(([^()]+)\)/g, (_, options: string) => {
    return `WITH (${options.split(", ").sort().join(", ")})`;
  });
  return sorted.replace(list, (_, values: string) => {
    const each = values.replace(/'(?:[^']|'')*'::character varying/g, (value) => `(${value})::text`);
    return `ARRAY[${each}]`;
  });
}

/**
 * Whether a table that inherits has a column or check of its own beside that of its parent is how it came about: ALTER TABLE
 * gives it that when it leaves its parents for others and takes it when it is made anew, and nobody wants either. It makes
 * a difference for one thing, which the diff looks after: what a parent loses the table keeps unless it is told.
 */
async function settleHeirs(connection: Connection): Promise<void> {
  await connection.run(
    `UPDATE pg_catalog.pg_attribute SET attislocal = false WHERE attislocal AND attinhcount > 0;
UPDATE pg_catalog.pg_constraint SET conislocal = false WHERE conislocal AND coninhcount > 0`,
  );
  if (process.env["LAW_RENAMES"] !== undefined) await connection.run(nameSequences);
}

/** A sequence that nobody named is called after what its table and column were when it was made, and nobody wants more. */
const nameSequences = `DO $$ DECLARE one record; BEGIN
  FOR one IN
    SELECT format('%s.%I', s.relnamespace::regnamespace, s.relname) AS name,
      md5(format('%s %s', d.refobjid::regclass, a.attname)) AS place
    FROM pg_catalog.pg_class s
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid
      AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE s.relkind = 'S' AND s.relname ~ '_seq[0-9]*$' AND d.refobjid::regclass::text !~ '^aludel_'
  LOOP
    EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', one.name, one.place);
  END LOOP;
END $$`;

/** A real server. */
export async function postgresEngine(): Promise<LawEngine & { close(): Promise<void> }> {
  const databases = new EmptiedDatabases();
  const idle = await open(databases);
  return {
    dialect: "postgres",
    open: () => open(databases),
    idle: idle.connection,
    settleHeirs,
    differ: (expected, actual) =>
      describeDumpDifferences(dumpDifferences(expected, actual).filter((one) => !isOrder(one))),
    close: async () => {
      await idle.dispose();
      await databases.close();
    },
  };
}
