import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { AludelError } from "../error/error.js";
import { suggest } from "../error/suggest.js";
import type { Output } from "./output.js";
import type { Terminal } from "./terminal.js";

/** A question for the person at the terminal. */
export interface Question {
  readonly text: string;
  /** The answers there are; none takes any text. */
  readonly choices: readonly string[];
  /** The answer of an empty line; `null` when there must be one. */
  readonly default: string | null;
  /** How to answer on the command line instead: `--yes`, `--rename persons.name:full_name`. */
  readonly flag: string;
}

/**
 * Asks, again until the answer is one of the choices. A unique beginning of a choice is enough.
 *
 * @throws AludelError `question-unanswered` when nobody is there to ask, with the flag to use; `interrupted`.
 */
export async function ask(
  question: Question,
  terminal: Terminal,
  out: Output,
  json: boolean,
): Promise<string> {
  if (json || terminal.stdin.isTTY !== true || terminal.stderr.isTTY !== true) throw unanswered(question);
  out.status(null);
  // stdout is for data, so that a question can be answered while the output goes into a file.
  const prompt = new Writable({
    write: (chunk, _encoding, done) => {
      terminal.stderr.write(String(chunk));
      done();
    },
  });
  const lines = createInterface({ input: terminal.stdin, output: prompt, terminal: false });
  try {
    for (;;) {
      const answer = choose(
        question,
        (await lines.question(promptOf(question), { signal: terminal.signal })).trim(),
      );
      if (answer !== null) return answer;
    }
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
    throw new AludelError("interrupted", "The question was not answered", {
      remedy: `Run the command again, or answer with ${question.flag}.`,
      cause: error,
    });
  } finally {
    lines.close();
  }
}

function promptOf({ text, choices, default: standard }: Question): string {
  const shown = choices.map((choice) => (choice === standard ? choice.toUpperCase() : choice)).join("/");
  return `${text}${shown === "" ? "" : ` [${shown}]`}${shown === "" && standard !== null ? ` (${standard})` : ""} `;
}

function choose(question: Question, answer: string): string | null {
  const { choices } = question;
  if (answer === "") return question.default;
  if (choices.length === 0 || choices.includes(answer)) return answer;
  const begun = choices.filter((choice) => choice.toLowerCase().startsWith(answer.toLowerCase()));
  if (begun.length === 1) return begun[0] ?? null;
  return begun.length === 0
    ? suggest(
        answer,
        choices.filter((choice) => choice.length > 4),
      )
    : null;
}

function unanswered({ text, choices, flag }: Question): AludelError {
  return new AludelError("question-unanswered", text.replace(/[?:]?\s*$/, "?"), {
    details: choices.length === 0 ? [] : [`the answers are ${choices.join(", ")}`],
    data: { flag, choices },
    remedy: `Answer with ${flag}, or run the command in a terminal.`,
  });
}
