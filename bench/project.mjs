// Makes projects to measure: a folder with a configuration, revisions and, where asked for, models.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
export const cli = join(root, "dist/cli/main.js");
const made = [];

/** A new folder that finds `aludel` and the drivers as an installed project does. */
export function makeFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `aludel-bench-${name}-`));
  made.push(folder);
  mkdirSync(join(folder, "revisions"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/aludel"), "dir");
  for (const one of ["pg", "libsql", "drizzle-orm", "@libsql", "@electric-sql"]) {
    symlinkSync(join(root, "node_modules", one), join(folder, "node_modules", one), "dir");
  }
  writeFileSync(join(folder, "package.json"), '{ "name": "bench", "type": "module" }\n');
  return folder;
}

export function removeFolders() {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** The configuration as a user writes it, in TypeScript. */
export function writeConfig(folder, url, more = "") {
  writeFileSync(
    join(folder, "aludel.config.ts"),
    `import { defineConfig } from "aludel";

export default defineConfig({
  schema: "./schema.ts",
  revisions: "./revisions",
  environments: { bench: { url: ${JSON.stringify(url)} } },
  defaultEnvironment: "bench",${more}
});
`,
  );
}

export const revisionId = (position) => `r${String(position).padStart(11, "0")}`;

function stamp(position) {
  const date = new Date(Date.UTC(2026, 0, 1) + position * 60_000);
  return {
    iso: date.toISOString().replace(".000Z", "Z"),
    compact: date.toISOString().replace(/\D/g, "").slice(0, 14),
  };
}

/** The parents of a revision in a line. */
const inLine = (position) => (position === 1 ? [] : [position - 1]);

/**
 * The parents in a line of which every tenth part goes as two for a while: after a branch point four revisions on each side,
 * and a merge point. Ten revisions have one branch and one merge.
 */
export function branching(position) {
  const at = (position - 1) % 10;
  if (position === 1) return [];
  // 0 is the branch point; 1 to 4 are one side, 5 to 8 the other; 9 joins them.
  if (at === 5) return [position - 5];
  if (at === 9) return [position - 5, position - 1];
  return [position - 1];
}

/** `count` revisions, in a line unless it is said otherwise, each making one table, as `.sql` or `.ts` files. */
export function writeRevisions(folder, count, format, parentsOf = inLine) {
  for (let position = 1; position <= count; position++) {
    const id = revisionId(position);
    const parents = parentsOf(position).map(revisionId);
    const parent = parents.length < 2 ? (parents[0] ?? null) : parents;
    const { iso, compact } = stamp(position);
    const table = `table_${position}`;
    const text =
      format === "sql"
        ? `-- make ${table}
--
-- Revision: ${id}
-- Revises: ${parents.join(", ") || "none"}
-- Created: ${iso}

-- aludel:upgrade
CREATE TABLE ${table} (id integer NOT NULL PRIMARY KEY, name text NOT NULL);

-- aludel:downgrade
DROP TABLE ${table};
`
        : `/**
 * make ${table}
 *
 * Revision: ${id}
 * Revises: ${parents.join(", ") || "none"}
 * Created: ${iso}
 */
import { defineRevision, t } from "aludel";

export default defineRevision({
  id: "${id}",
  revises: ${JSON.stringify(parent)},
  async upgrade(op) {
    await op.createTable("${table}", {
      id: t.integer().notNull(),
      name: t.text().notNull(),
    }, { primaryKey: ["id"] });
  },
  async downgrade(op) {
    await op.dropTable("${table}");
  },
});
`;
    writeFileSync(join(folder, "revisions", `${compact}_make_${table}.${format}`), text);
  }
}

/** Drizzle models of `tables` tables with `columns` columns and `indexes` indexes each. */
export function writeModels(folder, tables, columns, indexes = 0) {
  const lines = [
    'import { bigint, boolean, index, integer, jsonb, numeric, pgTable, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core";',
    "",
  ];
  const kinds = [
    (name) => `text("${name}").notNull()`,
    (name) => `varchar("${name}", { length: 255 })`,
    (name) => `integer("${name}").notNull().default(0)`,
    (name) => `boolean("${name}").notNull().default(false)`,
    (name) => `timestamp("${name}", { withTimezone: true }).notNull().defaultNow()`,
    (name) => `numeric("${name}", { precision: 12, scale: 2 })`,
    (name) => `uuid("${name}")`,
    (name) => `jsonb("${name}")`,
    (name) => `bigint("${name}", { mode: "number" })`,
  ];
  for (let table = 0; table < tables; table++) {
    lines.push(
      `export const table${table} = pgTable("table_${table}", {`,
      '  id: integer("id").primaryKey(),',
    );
    for (let column = 1; column < columns; column++) {
      lines.push(`  column${column}: ${kinds[(column - 1) % kinds.length](`column_${column}`)},`);
    }
    const own = Array.from(
      { length: indexes },
      (_, at) => `index("table_${table}_index_${at}").on(t.column${at * 3 + 1})`,
    );
    lines.push(own.length === 0 ? "});" : `}, (t) => [${own.join(", ")}]);`, "");
  }
  writeFileSync(join(folder, "schema.ts"), lines.join("\n"));
}
