import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DialectName } from "../../src/schema/name.js";
import { type Archive, parseArchive } from "../scenario/archive.js";
import { root } from "./blocks.js";

/** What can happen to a thing, in the order of the table's columns. */
export const changes = ["seen", "added", "dropped", "changed"] as const;
export type Change = (typeof changes)[number];

/** A scenario, and the text in it that shows the change. */
export interface Evidence {
  readonly scenario: string;
  readonly text: string;
}

/** What a cell says: evidence, that there is nothing to it (a switch has no third position), or why the engine cannot. */
export type Cell = Evidence | "nothing" | { readonly cannot: string };

export interface Row {
  readonly title: string;
  readonly cells: Readonly<Record<Change, Cell>>;
  /** Why there is no way back; `null` where there is one. */
  readonly irreversible: string | null;
}

export interface Group {
  readonly title: string;
  readonly rows: readonly Row[];
}

/**
 * The claims, as text: a line `# title` opens a group, the others are `title | scenario | seen | added | dropped |
 * changed`. A cell is the text to find; `other-scenario: text` finds it elsewhere, `-` is nothing to say, `! reason` is
 * what the engine cannot do. A sixth cell is the reason why there is no way back.
 */
export function readClaims(claims: string): readonly Group[] {
  const groups: { title: string; rows: Row[] }[] = [];
  for (const line of claims.split("\n").filter((one) => one.trim() !== "")) {
    if (line.startsWith("# ")) groups.push({ title: line.slice(2), rows: [] });
    else groups.at(-1)?.rows.push(readRow(line));
  }
  return groups;
}

function readRow(line: string): Row {
  const [title = "", own = "", seen = "", added = "", dropped = "", changed = "", back = ""] = line
    .split(" | ")
    .map((part) => part.trim());
  const cell = (text: string): Cell => {
    if (text === "-") return "nothing";
    if (text.startsWith("! ")) return { cannot: text.slice(2) };
    const [, scenario, rest] = /^([a-z][a-z-]+): (.*)$/.exec(text) ?? [];
    return { scenario: scenario ?? own, text: rest ?? text };
  };
  if (changed === "") throw new Error(`The line has too few cells: ${line}`);
  return {
    title,
    cells: { seen: cell(seen), added: cell(added), dropped: cell(dropped), changed: cell(changed) },
    irreversible: back.startsWith("! ") ? back.slice(2) : null,
  };
}

export function readScenario(name: string): Archive {
  return parseArchive(readFileSync(join(root, "test/scenario", `${name}.scenario`), "utf8"));
}

/** The sections of a scenario that one engine sees, whose names begin with one of the words. */
export function sectionsOf(archive: Archive, words: readonly string[], dialect: DialectName): string {
  const other = dialect === "postgres" ? "sqlite" : "postgres";
  return [...archive.sections]
    .filter(([name]) => words.some((word) => name === word || name.startsWith(`${word}.`)))
    .filter(([name]) => !name.split(".").includes(other))
    .map(([, text]) => text)
    .join("\n");
}

/** The table as the page has it. */
export function renderClaims(groups: readonly Group[]): string {
  const lines = ["| | seen | added | dropped | changed | back |", "|---|---|---|---|---|---|"];
  const notes: string[] = [];
  const note = (reason: string) => {
    if (!notes.includes(reason)) notes.push(reason);
    return `no (${notes.indexOf(reason) + 1})`;
  };
  for (const { title, rows } of groups) {
    lines.push(`| **${title}** | | | | | |`);
    for (const row of rows) {
      const cells = changes.map((change) => {
        const cell = row.cells[change];
        if (cell === "nothing") return "–";
        return "cannot" in cell ? note(cell.cannot) : link(cell.scenario);
      });
      const back = row.irreversible === null ? link(scenariosOf(row).at(-1) ?? "") : note(row.irreversible);
      lines.push(`| ${row.title} | ${[...cells, back].join(" | ")} |`);
    }
  }
  return [...lines, "", ...notes.map((reason, place) => `(${place + 1}) ${reason}  `)].join("\n").trimEnd();
}

function link(scenario: string): string {
  return `[✓][${scenario}]`;
}

/** The scenarios that change something, in the order of the cells. */
export function scenariosOf(row: Row): readonly string[] {
  const found = changes
    .filter((change) => change !== "seen")
    .flatMap((change) => {
      const cell = row.cells[change];
      return typeof cell === "object" && "scenario" in cell ? [cell.scenario] : [];
    });
  return [...new Set(found)];
}

/** Where the links of the tables lead. */
export function renderLinks(groups: readonly Group[]): string {
  const names = groups.flatMap(({ rows }) =>
    rows.flatMap((row) => {
      const { seen } = row.cells;
      return [
        ...scenariosOf(row),
        ...(typeof seen === "object" && "scenario" in seen ? [seen.scenario] : []),
      ];
    }),
  );
  return [...new Set(names)]
    .sort()
    .map((name) => `[${name}]: ../test/scenario/${name}.scenario`)
    .join("\n");
}
