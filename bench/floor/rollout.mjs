// The floor for a rollout: the drivers alone, the same statements in the same transactions, as many databases at a time. On
// PostgreSQL with a session for each schema, or (`shared`) for each of those that are worked at at once.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import pg from "pg";

const [, , engine, where, folder, parallel, sessions] = process.argv;
const revisions = readdirSync(folder)
  .sort()
  .map((name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const [, sql] = /-- aludel:upgrade\n([\s\S]*?)\n-- aludel:downgrade/.exec(text);
    return { id: /Revision: (\S+)/.exec(text)[1], parent: /Revises: (\S+)/.exec(text)[1], sql: sql.trim() };
  });
const own = `CREATE TABLE floor_version (version_num VARCHAR(255) PRIMARY KEY);
CREATE TABLE floor_log (revision TEXT, direction TEXT, started_at TEXT, duration_ms REAL, result TEXT)`;

const version = ({ id, parent }) =>
  parent === "none"
    ? `INSERT INTO floor_version VALUES ('${id}')`
    : `UPDATE floor_version SET version_num = '${id}' WHERE version_num = '${parent}'`;

function script(revision) {
  const log = `INSERT INTO floor_log VALUES ('${revision.id}', 'upgrade', '${new Date().toISOString()}', 1, 'succeeded')`;
  return `${revision.sql};\n${version(revision)};\n${log}`;
}

async function upgradeFile(file) {
  const database = new Database(file);
  database.exec(own);
  for (const revision of revisions) database.exec(`BEGIN IMMEDIATE;\n${script(revision)};\nCOMMIT`);
  database.close();
}

async function upgradeSchema(client, schema) {
  await client.query(`SET search_path = ${schema}`);
  await client.query(own);
  for (const revision of revisions) await client.query(`BEGIN;\n${script(revision)};\nCOMMIT`);
}

async function inSession(use) {
  const client = new pg.Client(where);
  await client.connect();
  await use(client);
  await client.end();
}

async function upgradeSchemas(left) {
  if (sessions === "shared")
    return inSession(async (client) => {
      for (const schema of left) await upgradeSchema(client, schema);
    });
  for (const schema of left) await inSession((client) => upgradeSchema(client, schema));
}

async function schemas() {
  const client = new pg.Client(where);
  await client.connect();
  const { rows } = await client.query("SELECT name FROM tenants ORDER BY name");
  await client.end();
  return rows.map(({ name }) => name);
}

const members =
  engine === "sqlite"
    ? readdirSync(where)
        .filter((name) => name.endsWith(".tenant.db"))
        .map((name) => join(where, name))
    : await schemas();
const left = members.values();
const work = async () => {
  if (engine === "postgres") return upgradeSchemas(left);
  for (const member of left) await upgradeFile(member);
};
await Promise.all(Array.from({ length: Number(parallel) }, work));
