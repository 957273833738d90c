// Sizes: what a later revision adds to the repository, and what an installation takes.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cli, makeFolder, writeConfig, writeModels } from "../project.mjs";

const node = process.execPath;
const root = fileURLToPath(new URL("../..", import.meta.url));

function must(command, cwd) {
  const result = spawnSync(command[0], command.slice(1), { cwd, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${command.join(" ")}\n${result.stderr}${result.stdout}`);
  return result.stdout;
}

function folderBytes(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(2)} MB`;

export async function run() {
  const folder = makeFolder("size");
  writeConfig(folder, "postgres://unused");
  writeModels(folder, 500, 10);
  const autogenerate = (message) =>
    must([node, cli, "revision", "--autogenerate", "-m", message, "--no-verify"], folder);
  autogenerate("first");
  const first = folderBytes(join(folder, "revisions"));
  const models = readFileSync(join(folder, "schema.ts"), "utf8");
  writeFileSync(
    join(folder, "schema.ts"),
    models.replace('id: integer("id")', 'extra: text("extra"),\n  id: integer("id")'),
  );
  autogenerate("one column");
  const second = folderBytes(join(folder, "revisions")) - first;
  console.log("\n### Size\n");
  console.log(`first revision of 500 tables × 10 columns: ${kilobytes(first)}`);
  console.log(`a later revision that adds one column: ${kilobytes(second)} in all, no snapshot beside it`);

  const install = mkdtempSync(join(tmpdir(), "aludel-bench-install-"));
  try {
    const [packed] = JSON.parse(must(["npm", "pack", "--json", "--pack-destination", install], root));
    writeFileSync(join(install, "package.json"), '{ "name": "install", "private": true }');
    must(
      ["npm", "install", "--no-audit", "--no-fund", "--omit=peer", join(install, packed.filename)],
      install,
    );
    const modules = join(install, "node_modules");
    const count = readdirSync(modules).flatMap((name) =>
      name.startsWith("@") ? readdirSync(join(modules, name)) : name.startsWith(".") ? [] : [name],
    ).length;
    console.log(
      `installed package: ${megabytes(folderBytes(join(modules, "aludel")))}; with its ${count - 1} dependencies: ${megabytes(folderBytes(modules))}`,
    );
  } finally {
    rmSync(install, { recursive: true, force: true });
  }
}
