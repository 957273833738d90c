import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

/** A fenced block of code in a page. */
export interface Block {
  readonly language: string;
  /** The words after the language: `title="a.ts"` is `title` → `a.ts`, a word alone is itself → `""`. */
  readonly words: ReadonlyMap<string, string>;
  /** Ends with a line end. */
  readonly text: string;
  /** The line of its fence, from 1. */
  readonly line: number;
}

/** The text of a page of this repository. */
export function readPage(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

/** The fenced blocks of a text, in order; `firstLine` is the number of its first line. */
export function blocksOf(text: string, firstLine = 1): readonly Block[] {
  const blocks: Block[] = [];
  for (const match of text.matchAll(/^```(\w*)([^\n]*)\n([\s\S]*?)^```$/gm)) {
    const [, language = "", info = "", content = ""] = match;
    const words = new Map(
      [...info.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name = "", value = ""]) => [name, value]),
    );
    const line = firstLine + text.slice(0, match.index).split("\n").length - 1;
    blocks.push({ language, words, text: content, line });
  }
  return blocks;
}

/** The part of a page under a heading, up to the next heading of its level. */
export function section(
  text: string,
  heading: string,
): { readonly text: string; readonly firstLine: number } {
  const lines = text.split("\n");
  const start = lines.indexOf(heading);
  if (start === -1) throw new Error(`There is no heading "${heading}"`);
  const level = /^#+ /.exec(heading)?.[0] ?? "# ";
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith(level));
  const end = length === -1 ? lines.length : start + 1 + length;
  return { text: lines.slice(start, end).join("\n"), firstLine: start + 1 };
}
