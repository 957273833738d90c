// A rollout at its full size: 1,000 schemas of PostgreSQL and 500 files of SQLite, killed twice in the middle and gone on
// with, with one tenant that fails. `node scripts/rollout.mjs 100 50` does it with fewer. `npm test` has 20 and 10.
import { spawnSync } from "node:child_process";

const [, , schemas = "1000", files = "500"] = process.argv;
const vitest = new URL("../node_modules/vitest/vitest.mjs", import.meta.url).pathname;
const { status } = spawnSync(process.execPath, [vitest, "run", "test/deploy/rollout-killed"], {
  env: { ...process.env, ROLLOUT_SCHEMAS: schemas, ROLLOUT_FILES: files },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
