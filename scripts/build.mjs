// src/ → dist/: few modules, because a cold start pays for each, and the type declarations.
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { withoutFacades } from "./without-facades.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { dependencies, peerDependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const external = Object.keys({ ...dependencies, ...peerDependencies });

/** What every command that reads the revisions begins with. They and all that they import need nothing beside it. */
const reading = [
  ...["cli/context", "cli/history", "cli/target", "cli/print/table"],
  ...["cli/commands/heads", "cli/commands/current", "cli/commands/history", "cli/commands/validate"],
  "cli/commands/branches",
  ...["config/find", "config/load", "config/validate", "config/environment", "config/shape"],
  ...["revision/read-folder", "revision/repeatable", "revision/module-loader", "dialect/registry", "index"],
  ...["revision/git-revisions", "cli/write-answer"],
  ...["run/as-run", "run/kept", "run/project", "run/repeatables", "run/run-log", "run/version-table"],
];

/** What reads a command line, before any command is known. */
const commandLine = ["cli/command-line", "cli/signals", "cli/terminal", "run/tool-version"];

/** What linting revisions that are SQL needs, and no more: neither ops nor the rest of an engine. */
const lint = ["cli/commands/lint", "lint/lint-revisions"];

/** What says of PostgreSQL's statements what they do. */
const effects = ["postgres/effect/analyse", "postgres/narrowing", "postgres/split"].map(
  (name) => `dialect/${name}`,
);

/** Modules that these import, they themselves and what is imported in turn; not what is imported only when it is needed. */
function importedBy(entries, context) {
  const found = new Set(entries);
  for (const id of found) for (const one of context.getModuleInfo(id)?.importedIds ?? []) found.add(one);
  return found;
}

/**
 * Some modules with all that they import: were a part of that elsewhere, other modules that need a part of this would go round in
 * a circle.
 *
 * @param {string} name
 * @param {string[]} entries paths within src, without their ending
 * @returns {import("rolldown").CodeSplittingGroup["name"]}
 */
function withImports(name, entries) {
  let modules;
  return (id, context) => {
    modules ??= importedBy(
      entries.map((one) => `${root}src/${one}.ts`),
      context,
    );
    return modules.has(id) ? name : null;
  };
}

/** What is loaded together stands together: a cold command then opens five files instead of forty. */
const groups = [
  [withImports("command-line", commandLine), /\/src\/(?!error\/)|\/node_modules\/commander\//],
  ["testing", /\/src\/(?:testing\/|dialect\/(?:test-files|owner|private-folder))/],
  ["gate", /\/src\/gate\/|\/src\/cli\/(?:commands\/ci|print\/gate)\./],
  ["trace", /\/src\/(?:check\/trace\/|cli\/(?:commands|print)\/(?:trace|timeline))/],
  ["error", /\/src\/error\//],
  [
    withImports("reading", reading),
    /\/src\/(?!index\.|testing|dialect\/(?:postgres|sqlite)\/)|\/node_modules\/valibot\//,
  ],
  // Small things that both what lints and what runs is made of.
  [
    "parts",
    /\/src\/(?:schema\/|dialect\/(?:step|update-in-batches)\.|op\/type-change\.|plan\/(?:assertion|statement-steps)\.|revision\/write\/(?:literal|print|sql)\.)/,
  ],
  [withImports("postgres-words", effects), /\/src\/dialect\/postgres\/(?!effect\/)/],
  ["effect", /\/src\/effect\/|\/src\/dialect\/postgres\/effect\//],
  [withImports("lint", lint), /\/src\//],
  [
    "explain",
    /\/src\/cli\/(?:commands\/explain|explain-selection|print\/(?:explanation|explained-timeline))\./,
  ],
  ["lint-code", /\/src\/lint\/(?:prepare-code|call-place|fix\/(?:fixable-kinds|safe-calls))\./],
  ["lint-fix", /\/src\/lint\/|\/src\/cli\/(?:lint-|prove-fixed|print\/expanded)/],
  ["postgres", /\/src\/dialect\/postgres\//],
  ["sqlite", /\/src\/dialect\/sqlite\//],
  ["drizzle", /\/src\/source\/drizzle\//],
  ["op", /\/src\/(?:op|diff|schema)\/|\/src\/dialect\/[a-z-]+\.ts$/],
  [
    "run",
    /\/src\/(?:run|plan|check)\/(?!project|version-table)|\/src\/revision\/(?:directive|write|queue|create|record|load\.|new-id|file-name|rejections)/,
  ],
  [
    "deploy",
    /\/src\/deploy\/(?!plan|way-back|show-bytes)|\/src\/cli\/(?:commands\/deploy|deploy-|print\/deploy)/,
  ],
  ["command", /\/src\/cli\/(?:commands|print)\/(?!current|json|table)/],
  ["project", /\/src\/(?!cli\/main|index\.|graph\.|testing\.)|\/node_modules\/valibot\//],
].map(([name, test], position) => ({
  name,
  debugName: typeof name === "string" ? name : name.name,
  test,
  priority: 100 - position,
}));

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
    input: {
      index: "src/index.ts",
      graph: "src/graph.ts",
      testing: "src/testing.ts",
      "cli/main": "src/cli/main.ts",
    },
    platform: "node",
    external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
    tsconfig: false,
    preserveEntrySignatures: "allow-extension",
    // A module that is imported both ways is meant to be: from source the dynamic import saves loading it, and here the
    // groups have decided on purpose what it is loaded with. All other checks stay as they are.
    checks: { ineffectiveDynamicImport: false },
    plugins: [withoutFacades()],
  });
  const { output } = await bundled.write({
    dir: `${root}dist`,
    format: "esm",
    entryFileNames: "[name].js",
    // Two levels below the package, like dist/cli/main.js: code that looks for package.json finds it from both.
    chunkFileNames: "modules/[name]-[hash].js",
    // They are read at every start. What they say is in the declarations, too.
    comments: { legal: true, annotation: true, jsdoc: false },
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
