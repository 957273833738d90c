// Run by lock.test.ts in a process of its own: takes the lock of a database, says so, and keeps it until it is killed
// or, with a number of milliseconds, that long.
import { sqlite } from "../../../src/dialect/sqlite/sqlite.js";

const [url = "", keepMs] = process.argv.slice(2);
const connection = await sqlite.connect(url, { directory: process.cwd() });
const bookkeeping = {
  versionTable: { namespace: null, name: "v" },
  runLogTable: { namespace: null, name: "r" },
};
const lock = await sqlite.lock(connection, { bookkeeping, timeoutMs: 20_000, onWait: () => {} });
process.stdout.write("held\n");
await new Promise((resolve) => setTimeout(resolve, keepMs === undefined ? 60_000 : Number(keepMs)));
process.stdout.write("releasing\n");
await lock.release();
await connection.close();
