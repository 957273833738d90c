import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { buildProgram } from "../../src/cli/program.js";
import { readPage, section } from "./blocks.js";

const page = readPage("docs/commands.md");
const program = buildProgram("0", async () => undefined, {
  write: () => undefined,
  writeError: () => undefined,
  columns: 100,
});
const commands = program.commands.filter((command) => command.name() !== "help");

/** `-m`, `--message` of every option. */
function flagsOf(command: Command): readonly string[] {
  return command.options.flatMap(({ short, long }) => [short, long].flatMap((flag) => flag ?? []));
}

const globalFlags = ["-h", "--help", ...flagsOf(program)];

/** Words that look like an option, inside backquotes or a line of an example. */
function mentioned(text: string): readonly string[] {
  const code = [...text.matchAll(/`([^`\n]+)`/g)].map(([, inner = ""]) => inner);
  const examples = [...text.matchAll(/^aludel .*$/gm)].map(([line]) => line);
  return [...code, ...examples].flatMap((one) => one.match(/(?<=^|\s)--?[a-z][\w-]*/g) ?? []);
}

describe("docs/commands.md", () => {
  test("has a heading for each command and for no other", () => {
    const headings = [...page.matchAll(/^## (\S+)$/gm)].map(([, name]) => name);
    expect(headings.sort()).toEqual(commands.map((command) => command.name()).sort());
  });

  test("has the options of every command", () => {
    const { text } = section(page, "## Options of every command");
    expect(globalFlags.filter((flag) => !text.includes(`\`${flag}`))).toEqual([]);
  });

  test.each(commands.map((command) => [command.name(), command] as const))(
    "%s: what it takes",
    (name, command) => {
      const { text } = section(page, `## ${name}`);
      const flags = flagsOf(command);
      expect(flags.filter((flag) => !text.includes(`\`${flag}`))).toEqual([]);
      for (const { flags: spelled } of command.options) {
        const value = /<[^>]+>/.exec(spelled)?.[0];
        if (value !== undefined) expect(text).toContain(`${/--[\w-]+/.exec(spelled)?.[0]} ${value}\``);
      }
      const known = [...flags, ...globalFlags];
      expect(mentioned(text).filter((flag) => !known.includes(flag))).toEqual([]);
      const usage = command.registeredArguments.map((one) => {
        const inner = `${one.name()}${one.variadic ? "..." : ""}`;
        return one.required ? `<${inner}>` : `[${inner}]`;
      });
      if (usage.length > 0) expect(text).toContain(`\`aludel ${[name, ...usage].join(" ")}\``);
    },
  );

  test("its examples can be parsed", async () => {
    const lines = [...page.matchAll(/^aludel .*$/gm)].map(([line]) => line);
    expect(lines.length).toBeGreaterThan(30);
    for (const line of lines) {
      const ran: string[] = [];
      const parser = buildProgram("0", async (name) => void ran.push(name), {
        write: () => undefined,
        writeError: () => undefined,
        columns: 100,
      });
      const words = line.replace(/ > \S+$/, "").match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
      await parser.parseAsync(
        words.slice(1).map((word) => word.replace(/^["']|["']$/g, "")),
        { from: "user" },
      );
      expect(ran, line).toEqual([words[1]]);
    }
  });
});
