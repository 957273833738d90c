// Makes `npm test` and `npm run demo` complete on a fresh clone: installs what the lock file names, once.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

const root = new URL("..", import.meta.url);
const modified = (path) => statSync(new URL(path, root), { throwIfNoEntry: false })?.mtimeMs ?? 0;

const installed = modified("node_modules/.package-lock.json");
if (installed === 0 || installed < modified("package-lock.json")) {
  console.error("Installing the dependencies …");
  // Not `npm ci`: it refuses a lock file in which another platform's optional binary is missing.
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(npm, ["install", "--no-save", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) process.exit(result.status ?? 1);
}
