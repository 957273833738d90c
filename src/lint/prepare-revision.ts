import { readFileSync } from "node:fs";
import type { Dialect, Statement } from "../dialect/dialect.js";
import { loadSplitScript } from "../dialect/registry.js";
import type { Step } from "../dialect/step.js";
import { AludelError } from "../error/error.js";
import { statementSteps } from "../plan/statement-steps.js";
import type { Revision } from "../revision/revision.js";
import { readSqlSections, type SqlDirection } from "../revision/sql-file.js";
import { type FileText, fileText, placeOf } from "./place.js";
import type { PrepareOptions } from "./prepare-options.js";
import type { Prepared, Way } from "./prepared.js";
import { givenStatement, wayWith } from "./way.js";

/** A revision as the SQL that it would run, statement by statement, each with its place in the file. No database is asked. */
export async function prepareRevision(revision: Revision, options: PrepareOptions): Promise<Prepared> {
  const { shown, linted } = options;
  const source = fileText(readFileSync(revision.file));
  const { id, message, revises, phase } = revision;
  const isSql = revision.format === "sql";
  const ways = isSql
    ? await prepareSections(revision, source, options)
    : await (await import("./prepare-code.js")).prepareCode(revision, source, options);
  return {
    shown,
    source,
    language: isSql ? "sql" : "typescript",
    revision: { id, message, revises, format: isSql ? "sql" : "ts", ...(phase && { phase }) },
    linted,
    createdAt: revision.createdAt,
    ...ways,
  };
}

async function prepareSections(
  revision: Revision,
  source: FileText,
  options: PrepareOptions,
): Promise<Pick<Prepared, "upgrade" | "downgrade">> {
  const back = options.linted && options.downgrade;
  return {
    upgrade: await sqlWay(revision, "upgrade", source, options),
    downgrade: back ? await sqlWay(revision, "downgrade", source, options) : null,
  };
}

async function sqlWay(
  revision: Revision,
  direction: "upgrade" | "downgrade",
  source: FileText,
  { project, shown }: PrepareOptions,
): Promise<Way> {
  const section = readSqlSections(revision)[direction];
  if (section.kind === "irreversible") return wayWith(shown, { irreversible: section.reason });
  const inTransaction = !section.noTransaction;
  const offset = source.lines[section.line - 1] ?? 0;
  const steps = await sectionSteps(await loadSplitScript(project.dialect.name), revision, section);
  if (steps === null) {
    // What does not parse is read piece by piece; what stands around the section counts as blank.
    const before = source.text.slice(0, offset).replace(/[^\n]/g, " ");
    const sql = { file: shown, text: before + section.sql, inTransaction };
    return { sql, irreversible: null, queried: false, failures: [] };
  }
  const places = steps.statements.map(({ start, end }) => placeOf(source, offset + start, offset + end));
  const statements = steps.steps.map((step, at) =>
    givenStatement(step, null, places[at], section.noTransaction),
  );
  return wayWith(shown, { sql: { file: shown, text: source.text, statements, inTransaction }, places });
}

async function sectionSteps(
  splitScript: Dialect["splitScript"],
  { file }: Revision,
  section: Extract<SqlDirection, { kind: "statements" }>,
): Promise<{ readonly steps: readonly Step[]; readonly statements: readonly Statement[] } | null> {
  try {
    const statements = await splitScript(section.sql);
    const once = { splitScript: async () => statements };
    return { steps: await statementSteps(once, section.sql, null, { file, line: section.line }), statements };
  } catch (error) {
    if (!(error instanceof AludelError)) throw error;
    return null;
  }
}
