import { createInterface, type Interface } from "node:readline";
import { AludelError } from "../error/error.js";
import { suggest } from "../error/suggest.js";
import type { Output } from "./output.js";
import { canAsk, type Terminal } from "./terminal.js";

/** A question for the person at the terminal. */
export interface Question {
  readonly text: string;
  /** The answers there are; none takes any text. */
  readonly choices: readonly string[];
  /** What each choice means; they then stand in a list under the question. */
  readonly explained?: readonly string[];
  /** The answer of an empty line; `null` when there must be one. */
  readonly default: string | null;
  /** How to answer on the command line instead: `--yes`, `--rename persons.name:persons.full_name`. */
  readonly flag: string;
}

/** Asks the person at a terminal, again until the answer is one of the choices; a unique beginning is enough. */
export interface Asker {
  /** @throws AludelError `question-unanswered` when nobody is there to ask, with the flag to use; `interrupted`. */
  ask(question: Question): Promise<string>;
  /** Stops listening. */
  close(): void;
}

/** One for a whole command: what is typed ahead must not get lost between two questions. */
export function createAsker(terminal: Terminal, out: Output, json: boolean): Asker {
  let input: Interface | undefined;
  let lines: AsyncIterator<string> | undefined;
  const nextLine = (): Promise<IteratorResult<string>> => {
    input ??= createInterface({ input: terminal.stdin, terminal: false });
    lines ??= input[Symbol.asyncIterator]();
    return lines.next();
  };
  return {
    ask: async (question) => {
      if (!canAsk(terminal, json)) throw unanswered(question);
      out.status(null);
      for (;;) {
        // stdout is for data, so that a question can be answered while the output goes into a file.
        terminal.stderr.write(promptOf(question));
        const { value, done } = await untilAborted(nextLine(), terminal.signal, question);
        if (done) throw unanswered(question);
        const answer = choose(question, value.trim());
        if (answer !== null) return answer;
      }
    },
    close: () => input?.close(),
  };
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal, question: Question): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(interrupted(question));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function interrupted({ flag }: Question): AludelError {
  return new AludelError("interrupted", "The question was not answered", {
    remedy: `Run the command again, or answer with ${flag}.`,
  });
}

function promptOf({ text, choices, explained, default: standard }: Question): string {
  if (explained !== undefined) {
    const lines = choices.map((choice, place) => `  ${choice}  ${explained[place] ?? ""}`);
    return [text, ...lines, `[${choices[0]}-${choices.at(-1)}] `].join("\n");
  }
  const shown = choices.map((choice) => (choice === standard ? choice.toUpperCase() : choice)).join("/");
  return `${text}${shown === "" ? "" : ` [${shown}]`}${shown === "" && standard !== null ? ` (${standard})` : ""} `;
}

function choose(question: Question, answer: string): string | null {
  const { choices } = question;
  if (answer === "") return question.default;
  if (choices.length === 0 || choices.includes(answer)) return answer;
  const begun = choices.filter((choice) => choice.toLowerCase().startsWith(answer.toLowerCase()));
  if (begun.length === 1) return begun[0] ?? null;
  return begun.length === 0 && question.explained === undefined
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
