import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DialectName } from "../../src/schema/name.js";
import { root } from "./blocks.js";
import {
  changes,
  type Row,
  readClaims,
  readScenario,
  renderClaims,
  renderLinks,
  scenariosOf,
  sectionsOf,
} from "./coverage.js";
import { postgresClaims } from "./coverage-postgres.js";
import { sqliteClaims } from "./coverage-sqlite.js";

/** `UPDATE=1` writes the tables into the page. */
const isUpdate = process.env["UPDATE"] === "1";
const page = join(root, "docs/autogenerate.md");
const tables = { postgres: readClaims(postgresClaims), sqlite: readClaims(sqliteClaims) } as const;

const before = ["before", "models.before"];
const after = ["after", "models"];

/** What a row claims and its scenarios do not show. */
function missing(row: Row, dialect: DialectName): readonly string[] {
  const found: string[] = [];
  for (const change of changes) {
    const cell = row.cells[change];
    if (typeof cell === "string" || "cannot" in cell) continue;
    const archive = readScenario(cell.scenario);
    const words = change === "seen" ? [...before, ...after] : ["ops", "upgrade"];
    if (!sectionsOf(archive, words, dialect).includes(cell.text)) {
      found.push(`${row.title}, ${change}: ${cell.scenario} has no ${cell.text}`);
    }
  }
  for (const scenario of scenariosOf(row)) {
    // The runner of the scenarios fills the section only where the way back was run and led to the start.
    const way = sectionsOf(readScenario(scenario), ["downgrade"], dialect);
    if (way === "" && row.irreversible === null)
      found.push(`${row.title}, back: ${scenario} has no way back`);
    if (way !== "" && row.irreversible !== null) found.push(`${row.title}, back: ${scenario} has a way back`);
  }
  return found;
}

describe.each(Object.entries(tables))("%s", (dialect, groups) => {
  test("every cell is shown by a scenario", () => {
    const rows = groups.flatMap((group) => group.rows);
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.flatMap((row) => missing(row, dialect as DialectName))).toEqual([]);
  });

  test("is what the page says", () => {
    const text = readFileSync(page, "utf8");
    const marked = new RegExp(`(<!-- ${dialect}: .*? -->\\n\\n)[\\s\\S]*?(\\n\\n<!-- end -->)`);
    const written = text.replace(
      marked,
      (_, start: string, end: string) => `${start}${renderClaims(groups)}${end}`,
    );
    if (isUpdate) writeFileSync(page, written);
    else expect(text).toBe(written);
    expect(text).toMatch(marked);
  });
});

test("links of the tables lead to the scenarios", () => {
  const text = readFileSync(page, "utf8");
  const links = renderLinks(Object.values(tables).flat());
  const marked = /(<!-- links -->\n\n)[\s\S]*$/;
  const written = text.replace(marked, (_, start: string) => `${start}${links}\n`);
  if (isUpdate) writeFileSync(page, written);
  else expect(text).toBe(written);
  expect(text).toMatch(marked);
});
