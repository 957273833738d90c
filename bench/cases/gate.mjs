// `aludel ci` on a pull request of the example application: 27 tables, 30 revisions on main and one on the branch. Cold: a
// process of its own, with no caches but what installing leaves, as on a machine of a build server.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "../../test/server/server.mjs";
import { median, must } from "../measure.mjs";
import { printCells } from "../print.mjs";
import { cli, makeFolder } from "../project.mjs";

const examples = fileURLToPath(new URL("../../examples/clinic/", import.meta.url));
const node = process.execPath;
const revisions = 30;
const rounds = 3;

const engines = {
  postgres: { make: "pgTable", package: "drizzle-orm/pg-core", dialect: "postgres" },
  sqlite: { make: "sqliteTable", package: "drizzle-orm/sqlite-core", dialect: "sqlite" },
};

export async function run() {
  const results = [];
  const folder = await repository("postgres", "pglite:");
  results.push(measure("PGlite", folder, "pglite:"));
  const server = await startServer();
  try {
    results.push(measure("PostgreSQL 18", folder, server.url));
  } finally {
    await server.dispose();
  }
  results.push(measure("SQLite", await repository("sqlite", ""), ""));
  print(results);
}

/** A repository whose main branch has the revisions, and whose branch has one more. */
async function repository(engine, scratch) {
  const folder = makeFolder("gate");
  const { dialect } = engines[engine];
  cpSync(join(examples, engine, "schema"), join(folder, "schema"), { recursive: true });
  writeFileSync(join(folder, ".gitignore"), "node_modules\n");
  writeFileSync(
    join(folder, "aludel.config.ts"),
    `import { defineConfig } from "aludel";

export default defineConfig({
  schema: "./schema/*.ts",
  dialect: ${JSON.stringify(dialect)},
  ci: { queries: "queries/*.sql" },
});
`,
  );
  must([node, cli, "revision", "--autogenerate", "-m", "first", "--no-verify"], folder, environment(scratch));
  const tables = tablesOf(folder, engine);
  writeQueries(folder, tables);
  for (let number = 2; number <= revisions; number++) addColumn(folder, engine, tables, number);
  git(folder, "init", "-q", "-b", "main");
  commit(folder, "the application");
  git(folder, "checkout", "-q", "-b", "change");
  addColumn(folder, engine, tables, revisions + 1);
  commit(folder, "one more column");
  return folder;
}

function tablesOf(folder, engine) {
  const schema = join(folder, "schema");
  return readdirSync(schema).flatMap((file) => {
    const pattern = new RegExp(`${engines[engine].make}\\(\\s*"(\\w+)",\\s*\\{`, "g");
    return [...readFileSync(join(schema, file), "utf8").matchAll(pattern)].map(([, name]) => ({
      name,
      file,
    }));
  });
}

/** Queries of deployed code: two of every table. */
function writeQueries(folder, tables) {
  mkdirSync(join(folder, "queries"));
  const texts = tables.flatMap(({ name }) => [`SELECT * FROM ${name};`, `DELETE FROM ${name} WHERE true;`]);
  writeFileSync(join(folder, "queries/all.sql"), `${texts.join("\n")}\n`);
}

/** A revision by hand, and its column in the models. */
function addColumn(folder, engine, tables, number) {
  const { name, file } = tables[number % tables.length];
  const column = `bench_${number}`;
  const models = join(folder, "schema", file);
  const alias = "benchText";
  const pattern = new RegExp(`(${engines[engine].make}\\(\\s*"${name}",\\s*\\{)`);
  const text = readFileSync(models, "utf8").replace(pattern, `$1\n${column}: ${alias}("${column}"),`);
  const imported = `import { text as ${alias} } from "${engines[engine].package}";\n`;
  writeFileSync(models, text.includes(imported) ? text : imported + text);
  const folderOfRevisions = join(folder, "revisions");
  const last = readdirSync(folderOfRevisions).sort().at(-1);
  const parent = /(?<=id: ")\w+/.exec(readFileSync(join(folderOfRevisions, last), "utf8"))?.[0];
  const id = `r${String(number).padStart(11, "0")}`;
  const created = new Date(Date.UTC(2030, 0, 1) + number * 60_000).toISOString().replace(".000", "");
  const stamp = created.replace(/\D/g, "");
  writeFileSync(
    join(folderOfRevisions, `${stamp}_${column}.ts`),
    `/**
 * ${column}
 *
 * Revision: ${id}
 * Revises: ${parent}
 * Created: ${created}
 */
import { defineRevision, t } from "aludel";

export default defineRevision({
  id: "${id}",
  revises: "${parent}",
  async upgrade(op) {
    await op.addColumn("${name}", "${column}", t.text());
  },
  async downgrade(op) {
    await op.dropColumn("${name}", "${column}");
  },
});
`,
  );
}

const environment = (scratch) => (scratch === "" ? {} : { ALUDEL_SCRATCH: scratch });

function git(folder, ...words) {
  const identity = [
    "-c",
    "user.name=bench",
    "-c",
    "user.email=bench@example.org",
    "-c",
    "commit.gpgsign=false",
  ];
  must(["git", ...identity, ...words], folder, {
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
  });
}

function commit(folder, message) {
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", message);
}

/** Totals and the parts of the median run, without caches and with them. */
function measure(name, folder, scratch) {
  const cold = Array.from({ length: rounds }, () => {
    const temporary = makeFolder("gate-temporary");
    rmSync(join(folder, "node_modules/.cache"), { recursive: true, force: true });
    return once(folder, { ...environment(scratch), TMPDIR: temporary });
  });
  const warm = Array.from({ length: rounds }, () => once(folder, environment(scratch)));
  return { name, cold, warm };
}

function once(folder, variables) {
  const started = performance.now();
  const result = spawnSync(node, [cli, "ci", "--base", "main", "--json"], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...variables },
    maxBuffer: 1 << 30,
  });
  const total = performance.now() - started;
  if (result.status !== 0)
    throw new Error(`aludel ci: exit ${result.status}\n${result.stderr}${result.stdout}`);
  return { total, parts: JSON.parse(result.stdout).checks };
}

function print(results) {
  const parts = results[0].cold[0].parts.map(({ check }) => check);
  const of = (runs, check) =>
    median(runs.map((one) => one.parts.find((part) => part.check === check)?.milliseconds ?? 0)).toFixed(0);
  const columns = results.flatMap(({ cold, warm }) => [cold, warm]);
  printCells(`aludel ci, ${revisions} revisions and one more, median ms of ${rounds} runs`, [
    ["", ...results.flatMap(({ name }) => [`${name}, cold`, `${name}, again`])],
    ["in all", ...columns.map((runs) => median(runs.map(({ total }) => total)).toFixed(0))],
    ...parts.map((check) => [check, ...columns.map((runs) => of(runs, check))]),
  ]);
}
