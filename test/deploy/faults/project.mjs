// A database with rows, and a deploy of twelve revisions to it that shows what ran how often.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Rows of `people`, each of which every backfill and every UPDATE of all rows has to reach once. */
export const people = 300;
export const orders = 40;
export const pairs = 120;

/** How often each step is to be found in `ledger`, and how far it has counted in `counters`. */
export const steps = [
  ...["01.1", "01.2", "02.1", "02.2", "04.1", "05.1", "05.2", "06.1", "07.1", "08.1", "09.1"],
  ...["10.1", "10.2", "10.3", "11.1", "11.2", "12.1", "12.2"],
];

/** A row more, and one higher: each is seen if it happens twice, or not at all. */
const mark = (step) =>
  `INSERT INTO ledger (step) VALUES ('${step}'); UPDATE counters SET n = n + 1 WHERE step = '${step}';`;
const marked = (step) => `await op.execute(${JSON.stringify(mark(step))});`;

/** Long enough to be cut off in the middle. */
const slow = {
  postgres: "SELECT pg_sleep(0.03)",
  sqlite:
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000) UPDATE people SET touched = touched WHERE id = (SELECT max(i) FROM n)",
};

/** What is there before, as one script. */
export function baseScript(engine) {
  const numbers = (upTo) =>
    engine === "postgres"
      ? `generate_series(1, ${upTo}) AS n(i)`
      : `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${upTo}) SELECT i FROM n) AS n`;
  const places = steps.map((step) => `('${step}', 0)`).join(", ");
  return [
    "CREATE TABLE people (id integer PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, touched integer NOT NULL, writes integer NOT NULL)",
    `INSERT INTO people SELECT i, 'first ' || i, 'last ' || i, 0, 0 FROM ${numbers(people)}`,
    "CREATE TABLE ledger (step text NOT NULL)",
    "CREATE TABLE counters (step text PRIMARY KEY, n integer NOT NULL)",
    `INSERT INTO counters VALUES ${places}`,
    "CREATE TABLE pairs (a integer NOT NULL, b integer NOT NULL, writes integer NOT NULL, PRIMARY KEY (a, b))",
    `INSERT INTO pairs SELECT i % 7, i, 0 FROM ${numbers(pairs)}`,
  ].join(";\n");
}

const orderRows = JSON.stringify(
  Array.from({ length: orders }, (_, at) => ({ id: at + 1, person_id: at + 1, state: "new" })),
);

/** The bodies of the twelve. Between them they have every place that a step can have. */
function bodies(engine) {
  const isPostgres = engine === "postgres";
  const only = (text) => (isPostgres ? text : "");
  return {
    "01": `await op.addColumn("people", "full_name", t.text());
      ${marked("01.1")}
      await op.createTable("orders", { id: t.integer().notNull(), person_id: t.integer().notNull(), state: t.text().notNull() }, { primaryKey: ["id"] });
      ${only('await op.createEnum("mood", ["good", "bad"]);')}
      ${marked("01.2")}`,
    "02": `await op.bulkInsert("orders", ${orderRows});
      ${marked("02.1")}
      await op.execute(${JSON.stringify(slow[engine])});
      ${marked("02.2")}`,
    // Nothing is committed before its only statement, which no rollback takes back.
    "03": 'await op.createIndex("ix_people_last", "people", ["last_name"], { concurrently: true });',
    "04": `await op.backfill("people", {
        set: { full_name: sql\`first_name || ' ' || last_name\`, writes: sql\`writes + 1\` },
        where: sql\`full_name IS NULL\`,
        batchSize: 100,
      });
      ${marked("04.1")}`,
    "05": `${marked("05.1")}
      await op.createIndex("ix_orders_person", "orders", ["person_id"], { concurrently: true });
      await op.alterColumn("people", "full_name", { nullable: false });
      ${marked("05.2")}`,
    "06": `await op.execute("UPDATE people SET touched = touched + 1");
      await op.execute(${JSON.stringify(slow[engine])});
      ${marked("06.1")}`,
    "07": `await op.dropIndex("ix_people_last", { table: "people", concurrently: true });
      await op.createIndex("ux_people_full", "people", ["full_name"], { unique: true, concurrently: true });
      ${marked("07.1")}
      await op.execute(${JSON.stringify(isPostgres ? "CREATE INDEX CONCURRENTLY ix_orders_state ON orders (state)" : "CREATE INDEX ix_orders_state ON orders (state)")});`,
    "08": `${only('await op.addEnumValue("mood", "fine");')}
      await op.addColumn("people", "mood", ${isPostgres ? 't.enum("mood")' : "t.text()"});
      await op.execute("UPDATE people SET mood = 'fine', touched = touched + 1");
      ${marked("08.1")}
      ${only('await op.execute("DROP INDEX CONCURRENTLY ix_orders_state");')}
      ${only('await op.execute("CREATE INDEX CONCURRENTLY ix_orders_state ON orders (state, id)");')}`,
    "09": `await op.addColumn("pairs", "total", t.integer());
      await op.backfill("pairs", { set: { total: sql\`a + b\`, writes: sql\`writes + 1\` }, where: sql\`total IS NULL\`, batchSize: 60 });
      await op.backfill("people", { set: { mood: sql\`'good'\`, writes: sql\`writes + 1\` }, where: sql\`mood = 'fine'\`, batchSize: 150 });
      await op.alterColumn("pairs", "total", { nullable: false });
      ${marked("09.1")}`,
    11: `${marked("11.1")}
      await op.autocommit(async () => {
        ${marked("11.2")}
        await op.execute("VACUUM${isPostgres ? " people" : ""}");
      });
      await op.commit();
      await op.execute("UPDATE people SET touched = touched + 1");`,
    12: `${marked("12.1")}
      await op.createForeignKey("orders", "fk_orders_person", { columns: ["person_id"], references: { table: "people", columns: ["id"] }${only(", notValid: true")} });
      ${only('await op.validateConstraint("orders", "fk_orders_person");')}
      await op.commit();
      ${marked("12.2")}
      await op.execute(${JSON.stringify(slow[engine])});`,
  };
}

const typescript = (id, parent, up) => `/**
 * revision ${id}
 *
 * Revision: ${id}
 * Revises: ${parent}
 * Created: 2026-11-21T05:30:00Z
 */
import { defineRevision, sql, t } from "aludel";

export default defineRevision({
  id: "${id}",
  revises: "${parent}",
  async upgrade(op) {
    ${up}
  },
  downgrade: "there is no way back",
});
`;

/** One of SQL, committed in three parts. */
const inSql = (id, parent, engine) => `-- revision ${id}
--
-- Revision: ${id}
-- Revises: ${parent}
-- Created: 2026-11-21T05:30:00Z

-- aludel:upgrade
${mark("10.1")}
-- aludel:commit
${mark("10.2")}
${slow[engine]};
-- aludel:commit
CREATE INDEX ix_ledger ON ledger (step);
${mark("10.3")}

-- aludel:downgrade
DROP INDEX ix_ledger;
`;

const nameOf = (number) => `fa${number}`;

/** The ids of all revisions, the one that stands for the base first. */
export const ids = Array.from({ length: 13 }, (_, at) => nameOf(String(at).padStart(2, "0")));

/** Writes the project into a folder. */
export function writeProject(folder, engine, url) {
  mkdirSync(join(folder, "revisions"), { recursive: true });
  const production = { url, preflight: { git: false }, backup: { when: "never" } };
  const config = { environments: { production: { ...production, smoke: [{ query: "SELECT 1" }] } } };
  writeFileSync(join(folder, "aludel.config.json"), JSON.stringify(config));
  const [base = ""] = ids;
  const write = (name, text) => writeFileSync(join(folder, "revisions", name), text);
  const statements = baseScript(engine).replaceAll(";\n", ";\n\n");
  write(
    `${base}.sql`,
    `-- base\n--\n-- Revision: ${base}\n-- Revises: none\n-- Created: 2026-11-21T05:30:00Z\n\n-- aludel:upgrade\n${statements};\n`,
  );
  for (const [at, id] of ids.entries()) {
    if (at === 0) continue;
    const parent = ids[at - 1];
    const number = id.slice(2);
    if (number === "10") write(`${id}.sql`, inSql(id, parent, engine));
    else write(`${id}.ts`, typescript(id, parent, bodies(engine)[number]));
  }
}
