// `npm run bench [-- NAME …]`: Aludel beside a floor of the raw driver and beside peers that do the same job.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { removeFolders } from "./project.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const asked = process.argv.slice(2);
const onlyOf = (names) => asked.length > 0 && asked.every((name) => names.includes(name));
/** Those that start their own server, or need none. */
const withoutServer = ["gate", "graph", "testing"];
const withoutPeers = [...withoutServer, "rollout", "backfill", "traffic"];
if (!onlyOf(withoutPeers) && !existsSync(`${here}node_modules`)) {
  console.error("Installing the peers into bench/ …");
  const installed = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-save"], {
    cwd: here,
    stdio: "inherit",
  });
  if (installed.status !== 0) process.exit(installed.status ?? 1);
}

const cases = {
  start: () => import("./cases/start.mjs"),
  graph: () => import("./cases/graph.mjs"),
  lint: () => import("./cases/lint.mjs"),
  apply: () => import("./cases/apply.mjs"),
  schema: () => import("./cases/schema.mjs"),
  large: () => import("./cases/large.mjs"),
  size: () => import("./cases/size.mjs"),
  gate: () => import("./cases/gate.mjs"),
  testing: () => import("./cases/testing.mjs"),
  rollout: () => import("./cases/rollout.mjs"),
  backfill: () => import("./cases/backfill.mjs"),
  traffic: () => import("./cases/traffic.mjs"),
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in cases));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(cases).join(", ")}.`);
  process.exit(2);
}

const { prepareSharedServer, stopSharedServer } = await import("../test/server/server.mjs");
if (!onlyOf(withoutServer)) await prepareSharedServer();
console.log(
  `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}, ${process.platform}`,
);
try {
  for (const name of wanted.length > 0 ? wanted : Object.keys(cases)) await (await cases[name]()).run();
} finally {
  removeFolders();
  await stopSharedServer();
}
