import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { type Block, blocksOf, readPage, root } from "./blocks.js";
import { Names } from "./pattern.js";
import { play } from "./shell.js";
import { commandsOf, type Shown } from "./transcript.js";

/** Where a page is played. */
export interface Stage {
  readonly folder: string;
  /** Scripts that go before everything else on the `PATH`. */
  readonly commands: string;
  readonly variables: Readonly<Record<string, string>>;
  /** What stands in the page, and what it is here: the address of a server, say. */
  readonly stands: Readonly<Record<string, string>>;
  /** How the page begins anew at a heading of its own: called with that heading. */
  readonly enter?: (heading: string) => Promise<void> | void;
}

/** `UPDATE=1` writes what the commands print into the page, where it is something else. */
const isUpdate = process.env["UPDATE"] === "1";

/** Blocks of the tools of others, which are not run: `elsewhere` says whose. */
export function elsewhereOf(page: string): readonly string[] {
  return blocksOf(readPage(page)).flatMap(({ words, text }) => {
    const tool = words.get("elsewhere");
    return tool === undefined ? [] : [`${page}: ${tool}: ${text.trim()}`];
  });
}

/** Everything in a page, in its order: files are written, commands run, and what they print is held against the page. */
export async function playPage(page: string, stage: Stage): Promise<void> {
  const names = new Names();
  for (const [shown, here] of Object.entries(stage.stands)) names.learn(shown, here);
  const updates: Update[] = [];
  const text = readPage(page);
  let line = 0;
  for (const block of blocksOf(text)) {
    if (block.words.has("elsewhere")) continue;
    for (const one of text.split("\n").slice(line, block.line)) {
      const heading = /^###? (.*)$/.exec(one)?.[1];
      if (heading !== undefined) await stage.enter?.(heading);
    }
    line = block.line;
    await playBlock(block, { page, stage, names, updates });
  }
  if (updates.length > 0) writeFileSync(join(root, page), updated(text, updates));
}

interface Update {
  /** From 0. */
  readonly line: number;
  readonly count: number;
  readonly lines: readonly string[];
}

interface Play {
  readonly page: string;
  readonly stage: Stage;
  readonly names: Names;
  readonly updates: Update[];
}

async function playBlock(block: Block, at: Play): Promise<void> {
  const place = `${at.page}:${block.line}`;
  const title = block.words.get("title");
  if (title !== undefined) {
    if (block.words.has("written")) compareFile(block, title, at);
    else writeShown(block, title, at);
    return;
  }
  expect(block.language, `${place}: what is neither a file nor commands cannot be run`).toBe("sh");
  for (const shown of commandsOf(block.text, block.line + 1)) await playCommand(shown, at);
}

function writeShown({ text }: Block, title: string, { stage, names }: Play): void {
  const file = join(stage.folder, names.toRun(title));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, names.toRun(text));
}

const linesOf = (text: string) => (text === "" ? [] : text.replace(/\n$/, "").split("\n"));

/** A file that a command has written; the time in its name is another one. */
function compareFile(block: Block, title: string, at: Play): void {
  const { stage, names } = at;
  const stem = title.replace(/^.*\/\d{14}/, "");
  const folder = join(stage.folder, dirname(title));
  const name = readdirSync(folder).find((one) => one.endsWith(stem)) ?? "";
  compare({ shown: linesOf(block.text), line: block.line }, readFileSync(join(folder, name), "utf8"), at);
  names.fits([title.replace(/^.*\//, "")], [name]);
}

async function playCommand(shown: Shown, at: Play): Promise<void> {
  const { stage, names, page } = at;
  const { exit, text } = await play(
    names.toRun(shown.command),
    stage.folder,
    stage.commands,
    stage.variables,
  );
  const place = `${page}:${shown.line}: ${shown.command}`;
  if (!isUpdate) expect(exit, `${place}\n${text}`).toBe(shown.exit);
  else if (exit !== shown.exit) process.stderr.write(`${place}: exit ${exit}\n${text}`);
  if (shown.output.length > 0) compare({ shown: shown.output, line: shown.line }, text, at);
}

/** @param line of the page, from 1, after which the text is shown. */
function compare({ shown, line }: { shown: readonly string[]; line: number }, text: string, at: Play): void {
  const { stage, names, page, updates } = at;
  const actual = linesOf(text.replaceAll(stage.folder, "/app"));
  const server = new Names();
  for (const [one, here] of Object.entries(stage.stands)) server.learn(one, here);
  const plain = actual.map((one) => server.toPage(one));
  if (names.fits(shown, plain)) return;
  if (isUpdate) updates.push({ line, count: shown.length, lines: plain.map((one) => names.toPage(one)) });
  else expect(plain.join("\n"), `${page}:${line}`).toBe(names.toRun(shown.join("\n")));
}

function updated(text: string, updates: readonly Update[]): string {
  const lines = text.split("\n");
  for (const { line, count, lines: instead } of [...updates].reverse()) lines.splice(line, count, ...instead);
  return lines.join("\n");
}
