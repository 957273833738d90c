// SQLite: the runner is ended, at a statement or by the clock. There is no server and no connection.
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeProject } from "./project.mjs";
import { start } from "./runner.mjs";
import { Database } from "./sqlite-class.mjs";

const preloaded = new URL("./statements.mjs", import.meta.url).href;

export async function openSqlite(folder) {
  const file = join(folder, "shop.db");
  writeProject(folder, "sqlite", "sqlite:shop.db");
  const ask = async (sql) => {
    const database = new Database(file);
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  };
  return {
    kinds: { runner: 1 },
    ask,
    catalogue: async () => {
      const rows = await ask(
        "SELECT type || ' ' || name || ': ' || coalesce(sql, '') AS line FROM sqlite_schema ORDER BY 1",
      );
      const [{ integrity_check: integrity }] = await ask("PRAGMA integrity_check");
      const broken = await ask("PRAGMA foreign_key_check");
      return [...rows.map(({ line }) => line), `integrity ${integrity}`, `broken keys ${broken.length}`];
    },
    async keep() {
      copyFileSync(file, `${file}.base`);
    },
    async reset() {
      for (const end of ["", "-journal", "-wal", "-shm", "-aludel-lock", "-aludel-lock-journal"])
        rmSync(file + end, { force: true });
      copyFileSync(`${file}.base`, file);
    },
    /** As that of PostgreSQL. */
    async run(words, { applied, fault }) {
      const requests = [];
      let hit = null;
      const lines = (line) => {
        const { sql, chosen } = JSON.parse(line);
        requests.push(sql);
        if (chosen === null) return;
        hit = chosen;
        if (fault.when === "inside") setTimeout(child.kill, fault.delayMs);
      };
      const isTimed = fault?.when === "clock";
      const child = start(folder, words, {
        node: ["--import", preloaded],
        environment: { ALUDEL_FAULT: JSON.stringify({ applied, fault: isTimed ? null : fault }) },
        lines,
      });
      if (isTimed) setTimeout(child.kill, fault.delayMs);
      const result = await child.ended;
      if (isTimed && result.signal !== null) hit = "clock";
      return { ...result, requests, hit };
    },
    async dispose() {},
  };
}
