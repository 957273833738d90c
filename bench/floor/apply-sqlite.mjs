// The floor for applying on SQLite: the driver alone, the same statements in the same transactions.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";

const [, , file, folder] = process.argv;
const database = new Database(file);
database.exec("CREATE TABLE floor_version (version_num VARCHAR(255) PRIMARY KEY)");
database.exec(
  "CREATE TABLE floor_log (id INTEGER PRIMARY KEY, revision TEXT, direction TEXT, started_at TEXT, duration_ms REAL, checksum TEXT, result TEXT)",
);
const insert = database.prepare("INSERT INTO floor_version VALUES (?)");
const update = database.prepare("UPDATE floor_version SET version_num = ? WHERE version_num = ?");
const log = database.prepare(
  "INSERT INTO floor_log (revision, direction, started_at, duration_ms, checksum, result) VALUES (?, ?, ?, ?, ?, ?)",
);
for (const name of readdirSync(folder).sort()) {
  const text = readFileSync(join(folder, name), "utf8");
  const sql = /-- aludel:upgrade\n([\s\S]*?)\n-- aludel:downgrade/.exec(text)[1].trim();
  const id = /Revision: (\S+)/.exec(text)[1];
  const parent = /Revises: (\S+)/.exec(text)[1];
  database.exec("BEGIN IMMEDIATE");
  database.exec(sql);
  if (parent === "none") insert.run(id);
  else update.run(id, parent);
  log.run(
    id,
    "upgrade",
    new Date().toISOString(),
    1,
    createHash("sha256").update(text).digest("hex"),
    "succeeded",
  );
  database.exec("COMMIT");
}
database.close();
