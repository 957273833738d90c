import type { Informants } from "../check/decide.js";
import type { Doubt } from "../check/doubt.js";
import type { Answered } from "../check/doubt-rows.js";
import type { Answer, OpenQuestion } from "../check/questions.js";
import { inspectLike } from "../check/sides.js";
import { AludelError, messageOf } from "../error/error.js";
import type { Project } from "../run/project.js";
import type { Schema } from "../schema/schema.js";
import type { Context } from "./context.js";

/** Those who know what the models do not say: the person at the terminal, and the chosen database. */
export function informants(context: Context, project: Project, models: Schema): Informants {
  return {
    person: context.canAsk ? (question) => askPerson(context, question) : null,
    database: (doubts) => askDatabase(context, project, models, doubts),
  };
}

async function askPerson(context: Context, question: OpenQuestion): Promise<Answer> {
  const answers = question.choices.map((_, place) => `${place + 1}`);
  const chosen = await context.ask({
    text: question.text,
    choices: answers,
    explained: question.choices.map(({ says }) => says),
    default: null,
    flag: "the flags that the command names without a terminal",
  });
  const choice = question.choices[Number(chosen) - 1];
  if (choice === undefined) throw new Error(`no choice ${chosen}`);
  if (choice.open === undefined) return choice.answer;
  const rest = await context.ask({
    text: `${choice.open[0]?.toUpperCase()}${choice.open.slice(1)}:`,
    choices: [],
    default: null,
    flag: `--${choice.answer.option}`,
  });
  return { ...choice.answer, value: `${choice.answer.value}${rest}` };
}

/**
 * Asks the chosen database for rows, if there is one that can be reached: it spares questions, so that one that cannot be
 * asked is no failure.
 */
async function askDatabase(
  context: Context,
  project: Project,
  models: Schema,
  doubts: readonly Doubt[],
): Promise<ReadonlyMap<Doubt, Answered>> {
  const { askRows } = await import("../check/doubt-rows.js");
  try {
    const { name } = await context.environment();
    context.out.status(`asking ${name} for rows that are in the way …`);
    const connection = await context.connect({ mustExist: true });
    const { schema } = await inspectLike(project, connection, models);
    const answers = await askRows(project.dialect, connection, schema, doubts);
    tell(context, name, answers);
    return answers;
  } catch (error) {
    if (error instanceof AludelError && error.code === "database-not-found") {
      // What is not there yet has no rows.
      return new Map(doubts.map((doubt) => [doubt, { rows: false }]));
    }
    context.out.talk(`No database was asked for rows: ${messageOf(error)}`);
    return new Map();
  } finally {
    context.out.status(null);
  }
}

function tell(context: Context, name: string, answers: ReadonlyMap<Doubt, Answered>): void {
  const known = [...answers.values()].filter((answer) => "rows" in answer);
  if (known.length > 0 && known.every(({ rows }) => !rows)) {
    context.out.talk(`${name} has no rows in the way.`);
  }
}
