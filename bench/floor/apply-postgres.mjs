// The floor for applying on PostgreSQL: the driver alone, the same statements in the same transactions.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";

const [, , url, folder] = process.argv;
const client = new pg.Client(url);
await client.connect();
await client.query("CREATE TABLE floor_version (version_num varchar(255) PRIMARY KEY)");
await client.query(
  "CREATE TABLE floor_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, revision text, direction text, started_at timestamptz, duration_ms double precision, checksum text, result text)",
);
for (const file of readdirSync(folder).sort()) {
  const text = readFileSync(join(folder, file), "utf8");
  const sql = /-- aludel:upgrade\n([\s\S]*?)\n-- aludel:downgrade/.exec(text)[1].trim();
  const id = /Revision: (\S+)/.exec(text)[1];
  const parent = /Revises: (\S+)/.exec(text)[1];
  const started = new Date();
  await client.query("BEGIN");
  await client.query(sql);
  if (parent === "none") await client.query("INSERT INTO floor_version VALUES ($1)", [id]);
  else await client.query("UPDATE floor_version SET version_num = $1 WHERE version_num = $2", [id, parent]);
  await client.query(
    "INSERT INTO floor_log (revision, direction, started_at, duration_ms, checksum, result) VALUES ($1, $2, $3, $4, $5, $6)",
    [id, "upgrade", started, 1, createHash("sha256").update(text).digest("hex"), "succeeded"],
  );
  await client.query("COMMIT");
}
await client.end();
