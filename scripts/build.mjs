// src/ → dist/: few modules, because a cold start pays for each, and the type declarations.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { dependencies, peerDependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

/** The package that a bundled file belongs to; `null` for a file of our own. */
const packageOf = (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? null;

/** The licences of what is bundled, as they ask for. */
function licences(inputs) {
  const names = [...new Set(Object.keys(inputs).map(packageOf))].filter((name) => name !== null).sort();
  const texts = names.map((name) => {
    const folder = `${root}node_modules/${name}/`;
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} is bundled but has no licence file`);
    return `${name}\n${"=".repeat(name.length)}\n\n${readFileSync(folder + file, "utf8").trim()}\n`;
  });
  return `Parts of these packages are contained in the files of this folder.\n\n${texts.join("\n\n")}`;
}

async function bundle() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["src/index.ts", "src/graph.ts", "src/cli/main.ts"],
    outdir: "dist",
    outbase: "src",
    // Two levels below the package, like dist/cli/main.js: code that looks for package.json finds it from both.
    chunkNames: "modules/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    external: [...builtinModules, ...Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => [name, `${name}/*`])],
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  writeFileSync(`${root}dist/THIRD-PARTY-LICENSES.txt`, licences(metafile.inputs));
}

function declarations() {
  const compiler = `${root}node_modules/typescript/bin/tsc`;
  const running = spawn(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: root, stdio: "inherit" });
  return new Promise((resolve) => running.on("exit", resolve));
}

rmSync(`${root}dist`, { recursive: true, force: true });
const [status] = await Promise.all([declarations(), bundle()]);
process.exitCode = status === 0 && existsSync(`${root}dist/cli/main.js`) ? 0 : 1;
