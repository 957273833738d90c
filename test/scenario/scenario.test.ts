import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Archive, formatArchive, parseArchive } from "./archive.js";
import { type Engine, majorOf, pglite, postgres, sqlite } from "./engine.js";
import { runScenario, type Sections } from "./run-scenario.js";

const folder = import.meta.dirname;
const isUpdate = process.env["UPDATE"] === "1";
/** `SCENARIO=enum,view` runs those with one of them in their name. */
const wanted = (process.env["SCENARIO"] ?? "").split(",");

const sectionNames = [
  "before.sql",
  "after.sql",
  "models.before.ts",
  "models.ts",
  "models.before.sql",
  "models.sql",
  "filters",
  "options",
  "error",
  "ops",
  "warnings",
  "loses",
  "revision",
  "upgrade",
  "downgrade",
  "rows.sql",
  "rows.after",
  "rows.back",
];

/** Where an engine finds a section: `ops.postgres`, `after.postgres.sql`, or the one for all. */
function placeOf(archive: Archive, name: string, engine: Engine): string | null {
  const [first = "", ...rest] = name.split(".");
  const named = ["sql", "ts"].includes(rest.at(-1) ?? "")
    ? [first, ...rest.slice(0, -1), engine.dialect, rest.at(-1)].join(".")
    : `${name}.${engine.dialect}`;
  return [named, name].find((one) => archive.sections.has(one)) ?? null;
}

/** The engines that a scenario names by its sections; one without an engine in its sections is for all. */
function enginesOf(archive: Archive): readonly Engine[] {
  const named = (engine: Engine) =>
    ["after.sql", "models.ts", "models.sql"].some((name) => placeOf(archive, name, engine) !== null);
  const also = archive.sections.get("engines")?.split(/\s+/);
  if (also !== undefined) return [sqlite, postgres, pglite].filter((engine) => also.includes(engine.name));
  return [sqlite, postgres].filter(named);
}

/** The sections that have the engine's own texts, of views for example, which are spelled otherwise before a version. */
const spelled: ReadonlySet<string> = new Set(["revision", "upgrade", "downgrade"]);

function sectionsOf(
  archive: Archive,
  engine: Engine,
  update: Map<string, string>,
  sameTexts: boolean,
): Sections {
  return {
    read: (name) => {
      const place = placeOf(archive, name, engine);
      return place === null ? null : (archive.sections.get(place) ?? null);
    },
    expect: (name, found) => {
      const place = placeOf(archive, name, engine);
      if (place === null || (!sameTexts && spelled.has(name))) return;
      // Engines that do not agree need a section each.
      if (isUpdate) expect(found, place).toBe(update.get(place) ?? found);
      if (isUpdate) update.set(place, found);
      else expect(found, place).toBe(archive.sections.get(place));
    },
  };
}

/** A section with a wrong name would be asserted by nobody. */
function unknownSections(archive: Archive): readonly string[] {
  const known = new Set(["engines", "since", "texts-since"]);
  for (const name of sectionNames) {
    known.add(name);
    for (const engine of ["sqlite", "postgres"]) {
      known.add(`${name}.${engine}`);
      known.add(name.replace(/\.(sql|ts)$/, `.${engine}.$1`));
    }
  }
  return [...archive.sections.keys()].filter((name) => !known.has(name));
}

const files = readdirSync(folder)
  .filter((name) => name.endsWith(".scenario") && wanted.some((part) => name.includes(part)))
  .sort();

describe.each(files)("%s", (name) => {
  const file = join(folder, name);
  const archive = parseArchive(readFileSync(file, "utf8"));
  const update = new Map<string, string>();

  test("says why it is there, and nothing that nobody asserts", () => {
    expect(archive.comment).not.toBe("");
    expect(unknownSections(archive)).toEqual([]);
    expect(enginesOf(archive)).not.toEqual([]);
    if (!isUpdate) expect(readFileSync(file, "utf8")).toBe(formatArchive(archive));
  });

  test.for(enginesOf(archive))("$name", async (engine, { skip }) => {
    const since = archive.sections.get("since");
    if (since !== undefined && Number(since) > (await majorOf(engine))) skip(`needs version ${since}`);
    const texts = archive.sections.get("texts-since");
    const sameTexts =
      texts === undefined || engine.dialect !== "postgres" || Number(texts) <= (await majorOf(engine));
    await runScenario(engine, sectionsOf(archive, engine, update, sameTexts));
    if (!isUpdate) return;
    const sections = new Map([...archive.sections].map(([key, text]) => [key, update.get(key) ?? text]));
    writeFileSync(file, formatArchive({ ...archive, sections }));
  });
});
