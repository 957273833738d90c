import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.js";
import { type Block, blocksOf, readPage, section } from "./blocks.js";
import { commandFolder, linkPackages, main, runLine } from "./shell.js";
import { commandsOf, createPlain, fits, type Shown } from "./transcript.js";

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
        const { exit, text } = runLine(shown.command, folder, commands);
        expect(exit, `${place}\n${text}`).toBe(shown.exit);
        if (shown.output.length === 0) continue;
        const actual = lines(ofRun(text));
        const expected = shown.output.map(ofPage);
        if (!fits(expected, actual)) expect(actual.join("\n"), place).toBe(expected.join("\n"));
      }
    }
  });
});
