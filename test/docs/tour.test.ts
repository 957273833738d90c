import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { type Block, blocksOf, readPage, root, section } from "./blocks.js";
import { commandsOf, createPlain, fits, type Shown } from "./transcript.js";

const main = join(root, "dist/cli/main.js");

/** `npx aludel` is this checkout, and what would be installed is there already. */
function commandFolder(): string {
  const folder = temporaryFolder({
    npx: `#!/bin/sh\n[ "$1" = aludel ] || exit 1\nshift\nexec "${process.execPath}" "${main}" "$@"\n`,
    npm: `#!/bin/sh\n[ "$1" = install ] && exit 0\nPATH="$OLD_PATH" exec npm "$@"\n`,
  });
  for (const name of ["npx", "npm"]) chmodSync(join(folder, name), 0o755);
  return folder;
}

function linkPackages(folder: string): void {
  const own = join(folder, "node_modules");
  mkdirSync(own);
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(root, "node_modules", name), join(own, name));
  }
  symlinkSync(root, join(own, "aludel"));
}

/** Runs a line in a shell; stdout and stderr in the order in which they were written. */
function run(
  command: string,
  folder: string,
  commands: string,
): { readonly exit: number; readonly text: string } {
  const file = join(commands, "output");
  const output = openSync(file, "w");
  const { DATABASE_URL: _, ALUDEL_ENV: __, ...variables } = process.env;
  const { status } = spawnSync("sh", ["-c", command], {
    cwd: folder,
    env: { ...variables, OLD_PATH: process.env["PATH"], PATH: `${commands}:${process.env["PATH"]}` },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  return { exit: status ?? -1, text: readFileSync(file, "utf8") };
}

const lines = (text: string) => text.replace(/\n$/, "").split("\n");

/** Files of the tour: written, replaced in part, or compared with what a command wrote. */
function useFile(block: Block, title: string, folder: string, plain: (text: string) => string): void {
  const place = `README.md:${block.line}`;
  if (block.words.has("written")) {
    const stem = title.replace(/^.*\/\d{14}/, "");
    const near = readdirSync(join(folder, dirname(title))).find(
      (name) => name === title || name.endsWith(stem),
    );
    expect(near, `${place}: ${title}`).toBeDefined();
    const text = readFileSync(join(folder, dirname(title), near ?? ""), "utf8");
    expect(plain(text), place).toBe(plain(block.text));
    return;
  }
  const file = join(folder, title);
  const part = block.words.get("replace");
  if (part === undefined) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, block.text);
    return;
  }
  const before = readFileSync(file, "utf8");
  const after = before.replace(
    new RegExp(`^export const ${part} = [\\s\\S]*?^\\S*\\);\\n`, "m"),
    () => block.text,
  );
  expect(after, `${place}: nothing to replace`).not.toBe(before);
  writeFileSync(file, after);
}

/** Packages that the tour installs must be ones that this package knows. */
function checkInstall({ command }: Shown): void {
  const known = JSON.parse(readPage("package.json"));
  const names = command.split(" ").slice(2);
  for (const name of names.filter((one) => !one.startsWith("-"))) {
    expect(["aludel", ...Object.keys(known.peerDependencies)]).toContain(name);
  }
}

describe.skipIf(process.platform === "win32")("the tour in the README", () => {
  test("does what it says", { timeout: 120_000 }, () => {
    expect(existsSync(main), "run `npm run build` first").toBe(true);
    const commands = commandFolder();
    const folder = temporaryFolder();
    linkPackages(folder);
    const [ofPage, ofRun] = [createPlain(), createPlain()];
    const tour = section(readPage("README.md"), "## Five minutes on SQLite");
    const blocks = blocksOf(tour.text, tour.firstLine);
    expect(blocks.length).toBeGreaterThan(10);
    for (const block of blocks) {
      const title = block.words.get("title");
      if (title !== undefined) {
        // Ids in a file are known from the commands before it, in the page as in the run.
        const both = (text: string) => (text === block.text ? ofPage(text) : ofRun(text));
        useFile(block, title, folder, both);
        continue;
      }
      expect(block.language, `README.md:${block.line}`).toBe("sh");
      for (const shown of commandsOf(block.text, block.line + 1)) {
        const place = `README.md:${shown.line}: ${shown.command}`;
        if (shown.command.startsWith("npm install")) checkInstall(shown);
        const { exit, text } = run(shown.command, folder, commands);
        expect(exit, `${place}\n${text}`).toBe(shown.exit);
        if (shown.output.length === 0) continue;
        const actual = lines(ofRun(text));
        const expected = shown.output.map(ofPage);
        if (!fits(expected, actual)) expect(actual.join("\n"), place).toBe(expected.join("\n"));
      }
    }
  });
});
