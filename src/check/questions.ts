import type { RenameCandidate } from "../diff/contract.js";
import { formatPlace, shellWord } from "../diff/place.js";
import { AludelError } from "../error/error.js";
import { sameFamily } from "../op/type-change.js";
import { type Doubt, nameOfDoubt } from "./doubt.js";
import type { Answered } from "./doubt-rows.js";
import { groupByOld } from "./find-change.js";

/** What a person answers with, and what the option of that name takes on the command line. */
export interface Answer {
  readonly option: "rename" | "drop" | "backfill" | "map-value" | "allow";
  readonly value: string;
}

/** One of the answers to choose from. */
export interface Choice {
  readonly says: string;
  readonly answer: Answer;
  /** What has to be typed after the value that is there: `the expression (SQL) that rows get`. */
  readonly open?: string;
}

/** Something that only a person knows. */
export interface OpenQuestion {
  readonly text: string;
  readonly choices: readonly Choice[];
}

/** `--rename persons.name:persons.full_name`, quoted for a shell where needed. */
export function showAnswer({ option, value }: Answer): string {
  return `--${option} ${shellWord(value)}`;
}

function showChoice({ answer, open }: Choice): string {
  return showAnswer(open === undefined ? answer : { ...answer, value: `${answer.value}<${open}>` });
}

/** A question for each thing that goes, with all that it may have become. */
export function renameQuestions(candidates: readonly RenameCandidate[]): readonly OpenQuestion[] {
  return groupByOld(candidates).map((news) => {
    const [{ kind, from }] = news;
    const renames = news.map(
      ({ to }): Choice => ({
        says: `it is ${to} now`,
        answer: { option: "rename", value: `${from}:${to}` },
      }),
    );
    const drop: Choice = { says: "it is dropped", answer: { option: "drop", value: from } };
    return {
      text: `The ${kind.replace("-", " ")} ${from} is gone. What became of it?`,
      choices: [...renames, drop],
    };
  });
}

/** A question for each change that rows are in the way of, or may be. */
export function doubtQuestion(doubt: Doubt, answered: Answered | undefined): OpenQuestion {
  const name = nameOfDoubt(doubt);
  const seen = answered !== undefined && "rows" in answered;
  const allow: Choice = {
    says: seen
      ? "leave it: the rows are taken care of before it runs"
      : "leave it: no such row will be there",
    answer: { option: "allow", value: name },
  };
  return { text: textOf(doubt, name, seen), choices: [...remedies(doubt, name), allow] };
}

function textOf(doubt: Doubt, name: string, seen: boolean): string {
  switch (doubt.kind) {
    case "added":
      return seen
        ? `${name} is NOT NULL without a default, and there are rows that need a value`
        : `${name} is NOT NULL without a default: which value do rows get?`;
    case "not-null":
      return seen
        ? `${name} becomes NOT NULL, and there are rows with NULL in it`
        : `${name} becomes NOT NULL: which value do rows get that have none?`;
    case "narrowed":
      if (!sameFamily(doubt.old.column.type, doubt.to)) {
        return seen
          ? `${name} gets another type, and there are values that it refuses or changes`
          : `${name} gets another type: what becomes of its values?`;
      }
      return seen
        ? `${name} gets a narrower type, and there are values that do not fit`
        : `${name} gets a narrower type: what becomes of values that do not fit?`;
    case "value-removed":
      return seen
        ? `${name} is removed, and there are rows that hold it`
        : `${name} is removed: what becomes of rows that hold it?`;
  }
}

/** So many values of an enum are named, the rest can be typed. */
const mostValues = 5;

function remedies(doubt: Doubt, name: string): readonly Choice[] {
  if (doubt.kind === "value-removed") {
    const targets = doubt.left.slice(0, mostValues).map((member) => formatPlace({ ...doubt.place, member }));
    return targets.map((target) => ({
      says: `they hold ${target} from then on`,
      answer: { option: "map-value", value: `${name}:${target}` },
    }));
  }
  const says = doubt.kind === "narrowed" ? "make the new value with an expression" : "give the rows a value";
  return [{ says, answer: { option: "backfill", value: `${name}=` }, open: "SQL expression" }];
}

/** What a command stops with that has nobody to ask: every question with the flags that answer it. */
export function undecided(questions: readonly OpenQuestion[]): AludelError {
  return new AludelError(
    "rows-in-the-way",
    "Rows may be in the way of a change, and only you know what becomes of them",
    {
      details: questions.map(({ text, choices }) => `${text} ${choices.map(showChoice).join("  or  ")}`),
      data: {
        questions: questions.map(({ text, choices }) => ({
          text,
          choices: choices.map((choice) => ({ says: choice.says, flag: showChoice(choice) })),
        })),
      },
      remedy: "Run the command again with one of the flags for each line.",
    },
  );
}
