import type { RenameCandidate } from "../diff/contract.js";
import { parseRename } from "../diff/place.js";
import { noDecisions } from "./decision.js";
import type { Doubt } from "./doubt.js";
import type { Answered } from "./doubt-rows.js";
import { type AutogenerateOptions, ambiguous, type Change, type Finding } from "./find-change.js";
import { type Answer, doubtQuestion, type OpenQuestion, renameQuestions, undecided } from "./questions.js";

type Decisions = Pick<AutogenerateOptions, "renames" | "drops" | "rows">;

/** Who and what can be asked on the way to a change. */
export interface Informants {
  /** Asks a person; `null` when nobody is there. */
  readonly person: ((question: OpenQuestion) => Promise<Answer>) | null;
  /** Asks a database for rows; doubts that it knows nothing of may be left out. */
  readonly database: (doubts: readonly Doubt[]) => Promise<ReadonlyMap<Doubt, Answered>>;
}

/** A change with all that a person had to say about it. */
export interface Decided {
  readonly change: Change;
  /** What was answered on the way; on the command line it would have spared the questions. */
  readonly answers: readonly Answer[];
}

/**
 * Finds a change, asking until nothing is open: first what was renamed, which decides what is compared, then what becomes
 * of rows that are in the way.
 *
 * @throws AludelError `autogenerate-ambiguous` and `rows-in-the-way`, with every flag to choose from, when there is nobody
 * to ask.
 */
export async function decideChange<T extends Decisions>(
  options: T,
  find: (options: T) => Promise<Finding>,
  { person, database }: Informants,
): Promise<Decided> {
  const answers: Answer[] = [];
  for (let decided = options; ; decided = withAnswers(options, answers)) {
    const finding = await find(decided);
    if ("candidates" in finding) {
      if (person === null) throw ambiguous(finding.candidates);
      answers.push(...(await askRenames(finding.candidates, person)));
      continue;
    }
    const questions = await openQuestions(finding.change.doubts, database);
    if (questions.length === 0) return { change: finding.change, answers };
    if (person === null) throw undecided(questions);
    for (const question of questions) answers.push(await person(question));
    // What was allowed stays a doubt of the change, but is not asked about again.
  }
}

/** One thing cannot have become of two: what was chosen is no choice for the next question. */
async function askRenames(
  candidates: readonly RenameCandidate[],
  person: (question: OpenQuestion) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const taken = new Set<string>();
  for (const { text, choices } of renameQuestions(candidates)) {
    const left = choices.filter(({ answer }) => !taken.has(targetOf(answer)));
    // With nothing left but to be dropped there is nothing to ask.
    if (left.length < 2) continue;
    const answer = await person({ text, choices: left });
    answers.push(answer);
    if (answer.option === "rename") taken.add(targetOf(answer));
  }
  return answers;
}

function targetOf({ option, value }: Answer): string {
  return option === "rename" ? parseRename(value).to : `-- ${value}`;
}

async function openQuestions(
  doubts: readonly Doubt[],
  database: Informants["database"],
): Promise<readonly OpenQuestion[]> {
  if (doubts.length === 0) return [];
  const answered = await database(doubts);
  const open = doubts.filter((doubt) => {
    const found = answered.get(doubt);
    return found === undefined || !("rows" in found) || found.rows;
  });
  return open.map((doubt) => doubtQuestion(doubt, answered.get(doubt)));
}

function withAnswers<T extends Decisions>(options: T, answers: readonly Answer[]): T {
  const given = (option: Answer["option"]) =>
    answers.filter((answer) => answer.option === option).map(({ value }) => value);
  const rows = options.rows ?? noDecisions;
  return {
    ...options,
    renames: [...options.renames, ...given("rename").map(parseRename)],
    drops: [...options.drops, ...given("drop")],
    rows: {
      backfills: [...rows.backfills, ...given("backfill")],
      mapValues: [...rows.mapValues, ...given("map-value")],
      allow: [...rows.allow, ...given("allow")],
    },
  };
}
