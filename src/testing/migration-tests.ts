import { besideRepeatables } from "../check/beside-repeatables.js";
import type { Proof } from "../check/proof.js";
import { proveAll } from "../check/prove.js";
import { readModels } from "../check/read-models.js";
import { withStandIns } from "../check/stand-ins.js";
import { expectNoDrift, failure } from "./expect-no-drift.js";
import { openProject, type ProjectOptions } from "./open-project.js";
import { findRunner, type Runner } from "./runner.js";
import { firstDifference } from "./stepwise.js";
import { told } from "./told.js";

export interface MigrationTestsOptions extends ProjectOptions, Partial<Runner> {
  /** Milliseconds that each of the tests may take; default: five minutes. */
  readonly timeoutMs?: number | undefined;
  /** The way up and down is tried with rows, too, which have to be there after it; default: false. */
  readonly rows?: boolean | undefined;
}

/**
 * Declares the tests that every project with revisions should have:
 *
 * - there is a single head,
 * - every revision can go up, down and up again, and leaves what it should,
 * - the models are what the revisions make,
 * - a new database is the same as one that got one revision after the other.
 *
 * ```ts
 * migrationTests();                    // node:test, jest, and vitest with `globals`
 * migrationTests({ describe, test });  // any runner whose functions are imported
 * ```
 *
 * @throws AludelError `test-runner-unknown`; everything else makes a test fail.
 */
export function migrationTests(options: MigrationTestsOptions = {}): void {
  const { describe, test } = findRunner(options);
  const timeoutMs = options.timeoutMs ?? 300_000;
  describe("revisions", () => {
    test("have a single head", () => told(() => expectSingleHead(options)), timeoutMs);
    test("go up, down and up again", () => told(() => expectWayBack(options)), timeoutMs);
    test("make what the models say", () => told(() => expectModels(options)), timeoutMs);
    test("make the same at once and one by one", () => told(() => expectSameStepwise(options)), timeoutMs);
  });
}

async function expectSingleHead(options: ProjectOptions): Promise<void> {
  const { project } = await openProject(options);
  const heads = project.graph.finalHeads.map(({ id }) => id);
  if (heads.length <= 1) return;
  const lines = project.revisions
    .filter(({ id }) => heads.includes(id))
    .map(({ id, message, file }) => `${id} ${message} (${file})`);
  throw failure(
    `There are ${heads.length} heads`,
    lines,
    'Let one revise the other with `aludel rebase`, or join them: aludel merge -m "…"',
  );
}

async function expectWayBack(options: MigrationTestsOptions): Promise<void> {
  const opened = await openProject(options);
  const project = await besideRepeatables(opened.project);
  const models =
    project.config.schema.length === 0
      ? null
      : await readModels(project.config, project.dialect.name, opened.openScratch);
  const open =
    models === null ? opened.openScratch : withStandIns(project, models.standIns, opened.openScratch);
  const failed: Proof[] = [];
  const revisions = [...project.graph.order].flatMap(
    ({ id }) => project.revisions.find((one) => one.id === id) ?? [],
  );
  const all = [...revisions, ...project.repeatables];
  // The models have a test of their own.
  for await (const proof of proveAll(project, all, () => null, open, { rows: options.rows ?? false })) {
    if (!proof.holds) failed.push(proof);
  }
  if (failed.length === 0) return;
  const lines = failed.flatMap((proof) => {
    const revision = all.find(({ id }) => id === proof.revision);
    return linesOf(proof, `${proof.revision} ${revision?.message ?? ""} (${revision?.file ?? ""})`);
  });
  const count = failed.length === 1 ? "A revision does" : `${failed.length} revisions do`;
  const [first] = failed;
  throw failure(
    `${count} not do what ${failed.length === 1 ? "it" : "they"} should`,
    lines,
    `${remedyOf(first)} See it again with: aludel verify ${first?.revision ?? ""}`,
  );
}

function linesOf({ steps }: Proof, name: string): readonly string[] {
  return steps
    .filter(({ result }) => result === "failed")
    .map(({ part, lines, statement }) => {
      const said = lines.map((line) => `\n      ${line}`).join("");
      return `${name}\n    ${part} failed${said}${statement === undefined ? "" : `\n      in: ${statement.replace(/\s+/g, " ").slice(0, 200)}`}`;
    });
}

function remedyOf(proof: Proof | undefined): string {
  const step = proof?.steps.find(({ result }) => result === "failed");
  if (step?.remedy !== undefined) return step.remedy;
  switch (step?.part) {
    case "downgrade":
    case "start equal":
      return 'Let downgrade() undo what upgrade() does, or say why there is no way back: downgrade: "reason".';
    case "upgrade again":
    case "same again":
      return "Something is left behind by downgrade(): let it take that away, too.";
    case "rows kept":
      return "Let the revision carry the rows over, or say with `loses` that it does not.";
    default:
      return "Correct the revision.";
  }
}

async function expectModels(options: ProjectOptions): Promise<void> {
  const { project } = await openProject(options);
  if (project.config.schema.length > 0) await expectNoDrift(undefined, options);
}

async function expectSameStepwise(options: ProjectOptions): Promise<void> {
  const { project, openScratch } = await openProject(options);
  const found = await firstDifference(project, openScratch);
  if (found === null) return;
  const { revision, squashed, lines } = found;
  const name = `${revision.id} ${revision.message} (${revision.file})`;
  throw failure(
    squashed
      ? `A database that got the revisions which ${name} was made of is not what a new one is`
      : `${name} makes something else when it runs after the others in one session`,
    lines,
    squashed
      ? "Old and new databases differ: correct the squashed revision, or write a revision that makes old databases the same."
      : "A revision before it has left a setting, such as search_path, or a temporary object: let it reset what it sets.",
  );
}
