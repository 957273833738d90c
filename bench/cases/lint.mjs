// Linting: a folder of 1,000 files of SQL, beside squawk, and one new revision at the end of 1,000.
import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { must, race } from "../measure.mjs";
import { printTable } from "../print.mjs";
import { cli, makeFolder, writeConfig, writeRevisions } from "../project.mjs";

const node = process.execPath;
const nothing = { name: "node -e 0", command: [node, "-e", "0"] };
const squawk = join(createRequire(import.meta.url).resolve("squawk-cli/package.json"), "../js/bin/squawk");

export async function run() {
  await files();
  await oneRevision();
}

/** 1,000 files with 1.2 MB and 8,500 statements, on which both linters have something to say. */
async function files() {
  const folder = join(makeFolder("lint"), "migrations");
  must([node, "-e", `fs.mkdirSync(${JSON.stringify(folder)})`], ".");
  for (let file = 0; file < 1_000; file += 1)
    writeFileSync(join(folder, `${String(file).padStart(4, "0")}.sql`), fileText(file));
  const all = readdirSync(folder).map((name) => join(folder, name));
  // What both find in it is the reason for 1.
  const contenders = [
    { name: "squawk", command: [node, squawk, "--assume-in-transaction", ...all], expect: 1 },
    { name: "aludel lint", command: [node, cli, "lint", "--from-file", folder], expect: 1 },
  ];
  printTable("1,000 files of SQL", await race(contenders, { runs: 5 }), [
    "squawk's peak is that of its launcher, which is a script for node.",
  ]);
}

function fileText(file) {
  const lines = [];
  for (let at = 0; at < 8; at += 1) {
    const table = `orders_${Math.max(0, file - at)}`;
    const name = `${file}_${at}`;
    lines.push(
      [
        `CREATE TABLE orders_${file}${at === 0 ? "" : `_${at}`} (id bigserial PRIMARY KEY, name varchar(40) NOT NULL, total numeric(12, 2) DEFAULT 0, placed timestamptz NOT NULL DEFAULT now());`,
        `CREATE INDEX by_name_${name} ON ${table} (name, placed DESC);`,
        `ALTER TABLE ${table} ADD CONSTRAINT named_${name} CHECK (length(name) > 0);`,
        `ALTER TABLE ${table} ADD COLUMN added_${name} integer;`,
        `ALTER TABLE ${table} ADD CONSTRAINT parent_${name} FOREIGN KEY (added_${file}_3) REFERENCES orders_0 (id);`,
        `UPDATE ${table} SET total = total * 1.19 WHERE placed < now() - interval '1 year' AND name <> 'it''s';`,
        `ALTER TABLE ${table} ALTER COLUMN total SET NOT NULL;`,
        `CREATE INDEX CONCURRENTLY later_${name} ON ${table} (total) WHERE total > 100;`,
      ][(file + at) % 8],
    );
    lines.push(`-- ${"what the statement above is good for, at length ".repeat(2)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** As a pull request has it: what came before is remembered from the run before. */
async function oneRevision() {
  const folder = makeFolder("lint-one");
  writeConfig(folder, "postgres://bench.invalid/bench");
  writeRevisions(folder, 1_000, "sql");
  const git = (...rest) =>
    must(["git", "-c", "user.name=bench", "-c", "user.email=bench@bench.invalid", ...rest], folder);
  writeFileSync(join(folder, ".gitignore"), "node_modules\n");
  git("init", "-q", "-b", "main");
  git("add", ".");
  git("commit", "-qm", "all but one");
  git("checkout", "-qb", "change");
  must([node, cli, "revision", "-m", "name the customer", "--sql"], folder);
  const [last] = readdirSync(join(folder, "revisions")).filter((name) => name.includes("customer"));
  const path = join(folder, "revisions", last);
  appendFileSync(path, "");
  const lint = { name: "aludel lint", command: [node, cli, "lint"], cwd: folder, expect: 1 };
  must([node, "-e", editRevision, path], folder);
  printTable("one new revision after 1,000", await race([nothing, lint], { runs: 7, processorRuns: 5 }));
}

const editRevision = `
const path = process.argv[1];
const text = fs.readFileSync(path, "utf8");
fs.writeFileSync(path, text.replace(/-- aludel:upgrade[^]*/, \`-- aludel:upgrade
ALTER TABLE table_7 ADD COLUMN customer text;
CREATE INDEX by_customer ON table_7 (customer);

-- aludel:downgrade
DROP INDEX by_customer;
ALTER TABLE table_7 DROP COLUMN customer;
\`));`;
