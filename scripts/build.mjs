// src/ → dist/: few modules, because a cold start pays for each, and the type declarations.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const { dependencies, peerDependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const external = Object.keys({ ...dependencies, ...peerDependencies });

/** What is loaded together stands together: a cold command then opens five files instead of forty. */
const groups = [
  [
    "command-line",
    /\/src\/cli\/(?:command-line|command-modules|program|declare-|argument|help-examples|signals|terminal)|\/node_modules\/commander\/|\/src\/run\/tool-version/,
  ],
  ["postgres", /\/src\/dialect\/postgres\//],
  ["sqlite", /\/src\/dialect\/sqlite\//],
  ["drizzle", /\/src\/source\/drizzle\//],
  ["op", /\/src\/(?:op|diff)\//],
  ["error", /\/src\/error\//],
  [
    "run",
    /\/src\/(?:run|plan|check)\/(?!project|version-table)|\/src\/revision\/(?:directive|write|queue|create|record|load\.|new-id|file-name|rejections)/,
  ],
  ["command", /\/src\/cli\/(?:commands|print)\/(?!current|json|table)/],
  ["project", /\/src\/(?!cli\/main)|\/node_modules\/valibot\//],
].map(([name, test], position) => ({ name, test, priority: 100 - position }));

/** The package that a bundled file belongs to; `null` for a file of our own. */
const packageOf = (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? null;

/** The licences of what is bundled, as they ask for. */
function licences(modules) {
  const names = [...new Set(modules.map(packageOf))].filter((name) => name !== null).sort();
  const texts = names.map((name) => {
    const folder = `${root}node_modules/${name}/`;
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} is bundled but has no licence file`);
    return `${name}\n${"=".repeat(name.length)}\n\n${readFileSync(folder + file, "utf8").trim()}\n`;
  });
  return `Parts of these packages are contained in the files of this folder.\n\n${texts.join("\n\n")}`;
}

async function bundle() {
  const bundled = await rolldown({
    cwd: root,
    input: { index: "src/index.ts", graph: "src/graph.ts", "cli/main": "src/cli/main.ts" },
    platform: "node",
    external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
    tsconfig: false,
    preserveEntrySignatures: "allow-extension",
    // A module that is imported both ways is meant to be: from source the dynamic import saves loading it, and here the
    // groups have decided on purpose what it is loaded with. All other checks stay as they are.
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await bundled.write({
    dir: `${root}dist`,
    format: "esm",
    entryFileNames: "[name].js",
    // Two levels below the package, like dist/cli/main.js: code that looks for package.json finds it from both.
    chunkFileNames: "modules/[name]-[hash].js",
    codeSplitting: { groups, includeDependenciesRecursively: false },
  });
  const modules = output.flatMap((chunk) => (chunk.type === "chunk" ? Object.keys(chunk.modules) : []));
  writeFileSync(`${root}dist/THIRD-PARTY-LICENSES.txt`, licences(modules));
}

function declarations() {
  const compiler = `${root}node_modules/typescript/bin/tsc`;
  const running = spawn(process.execPath, [compiler, "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  });
  return new Promise((resolve) => running.on("exit", resolve));
}

rmSync(`${root}dist`, { recursive: true, force: true });
const [status] = await Promise.all([declarations(), bundle()]);
process.exitCode = status === 0 ? 0 : 1;
