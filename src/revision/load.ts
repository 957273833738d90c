import { AludelError } from "../error/error.js";
import { loadModule } from "./module-loader.js";
import type { Operations, RevisionDefinition } from "./operations.js";
import type { Revision } from "./revision.js";
import { imported, readSqlSections, type SqlDirection } from "./sql-file.js";

function invalid(revision: Revision, message: string, remedy: string): AludelError {
  return new AludelError("revision-invalid", message, {
    remedy,
    where: { file: revision.file, revision: revision.id },
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The default export, however CommonJS and ESM have been wrapped in one another. */
function defaultExport(revision: Revision, loaded: unknown): Readonly<Record<string, unknown>> {
  let found = loaded;
  for (let depth = 0; depth < 2 && isRecord(found) && "default" in found; depth++) found = found["default"];
  if (isRecord(found) && "upgrade" in found) return found;
  throw invalid(
    revision,
    "The file's default export is no revision",
    "Write export default defineRevision({ id, revises, upgrade, downgrade }).",
  );
}

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

const sameList = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((one, at) => one === b[at]);

/** The graph is made of what the file says; what it says when it runs must be the same. */
function checkHeader(revision: Revision, found: Readonly<Record<string, unknown>>): void {
  const read = {
    id: [revision.id],
    revises: revision.revises,
    dependsOn: revision.dependsOn,
    labels: revision.labels,
    phase: listOf(revision.phase),
    waitsFor: revision.waitsFor ?? [],
  };
  for (const [name, expected] of Object.entries(read)) {
    const loaded = listOf(found[name]);
    if (sameList(loaded, expected)) continue;
    throw invalid(
      revision,
      `The revision's ${name} is ${JSON.stringify(loaded)} when it runs, but its text says ${JSON.stringify(expected)}`,
      `Write ${name} as a literal in the file, and change it nowhere else.`,
    );
  }
}

/** Of a repeatable revision that has none: what it made stays. */
const noWayBack = "it is repeatable, and has no downgrade";

function checkDefinition(revision: Revision, found: Readonly<Record<string, unknown>>): RevisionDefinition {
  checkHeader(revision, found);
  if ((found["repeatable"] === true) !== (revision.repeatable === true)) {
    throw invalid(
      revision,
      "Whether the revision is repeatable is something else when it runs than its text says",
      "Write repeatable: true as a literal in the file, and change it nowhere else.",
    );
  }
  if (typeof found["upgrade"] !== "function") {
    throw invalid(revision, "The revision's upgrade is no function", "Write async upgrade(op) { … }.");
  }
  if (revision.repeatable === true && found["downgrade"] === undefined)
    return { ...found, downgrade: noWayBack } as unknown as RevisionDefinition;
  const downgrade = found["downgrade"];
  if (typeof downgrade !== "function" && (typeof downgrade !== "string" || downgrade.trim() === "")) {
    throw invalid(
      revision,
      "The revision has no downgrade",
      'Write async downgrade(op) { … }, or as text why there is no way back: downgrade: "…".',
    );
  }
  return found as unknown as RevisionDefinition;
}

function runSection(section: SqlDirection): RevisionDefinition["downgrade"] {
  if (section.kind === "irreversible") return section.reason;
  const execute = async (op: Operations) => {
    if (section.sql.trim() !== "") await op.execute(section.sql);
  };
  return section.noTransaction ? (op) => op.autocommit(() => execute(op)) : execute;
}

function sqlDefinition(revision: Revision): RevisionDefinition {
  const { upgrade, downgrade } = readSqlSections(revision);
  const run = runSection(upgrade);
  if (typeof run === "string") throw imported(revision, run);
  const { id, revises, dependsOn, labels } = revision;
  return { id, revises, dependsOn, labels, upgrade: run, downgrade: runSection(downgrade) };
}

/**
 * Loads a revision so that it can be run. TypeScript needs no build step; a SQL revision becomes one that executes its
 * sections.
 *
 * @throws AludelError `revision-unreadable` for a file that cannot be loaded (syntax, imports), with the place;
 * `revision-invalid` for one that exports no revision, or another one than its text says.
 */
export async function loadRevision(
  revision: Revision,
  options: { readonly root: string },
): Promise<RevisionDefinition> {
  if (revision.format === "sql") return sqlDefinition(revision);
  const loaded = await loadModule(revision.file, {
    root: options.root,
    code: "revision-unreadable",
    what: `Revision ${revision.id}`,
  });
  return checkDefinition(revision, defaultExport(revision, loaded));
}

/** Loads several revisions, one after another: what each imports is then loaded once. Throws like `loadRevision`. */
export async function loadRevisions(
  revisions: readonly Revision[],
  options: { readonly root: string },
): Promise<readonly RevisionDefinition[]> {
  const definitions: RevisionDefinition[] = [];
  for (const revision of revisions) definitions.push(await loadRevision(revision, options));
  return definitions;
}
