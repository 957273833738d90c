// The same migrations in each peer's own form.
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const sqlOf = (position) =>
  `CREATE TABLE table_${position} (id integer NOT NULL PRIMARY KEY, name text NOT NULL);`;
const nameOf = (position) => `${20260101000000 + position}_make_table_${position}`;
const folderFor = (name) => mkdtempSync(join(tmpdir(), `aludel-bench-${name}-`));

export function knexFolder(count) {
  const folder = folderFor("knex");
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }');
  mkdirSync(join(folder, "migrations"));
  for (let position = 1; position <= count; position++) {
    writeFileSync(
      join(folder, "migrations", `${nameOf(position)}.js`),
      `exports.up = (knex) => knex.raw(${JSON.stringify(sqlOf(position))});\nexports.down = (knex) => knex.raw("DROP TABLE table_${position}");\n`,
    );
  }
  return join(folder, "migrations");
}

export function sqlFolder(count) {
  const folder = folderFor("sql");
  for (let position = 1; position <= count; position++) {
    writeFileSync(join(folder, `${nameOf(position)}.sql`), `${sqlOf(position)}\n`);
  }
  return folder;
}

export function drizzleFolder(count) {
  const folder = folderFor("drizzle");
  mkdirSync(join(folder, "meta"));
  const entries = [];
  for (let position = 1; position <= count; position++) {
    const tag = nameOf(position);
    writeFileSync(join(folder, `${tag}.sql`), sqlOf(position));
    entries.push({ idx: position - 1, version: "7", when: 1767225600000 + position, tag, breakpoints: true });
  }
  writeFileSync(
    join(folder, "meta/_journal.json"),
    JSON.stringify({ version: "7", dialect: "postgresql", entries }),
  );
  return folder;
}
