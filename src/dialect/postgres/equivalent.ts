import { messageOf } from "../../error/error.js";
import type { Expression, Schema } from "../../schema/schema.js";
import { expressionsOf, readSlot, type Slot } from "../../schema/slot.js";
import type { Connection } from "../connection.js";
import type { Dialect } from "../dialect.js";
import { flatLogic } from "./equivalent/flat-logic.js";
import { printedOf } from "./equivalent/printed.js";
import { type Question, scriptOf } from "./equivalent/questions.js";
import {
  type Answer,
  answersSetting,
  equivalenceScript,
  type ScriptInput,
  supportScript,
} from "./equivalent/script.js";
import { type World, worldOf } from "./equivalent/stand-in.js";
import { mentionedNames } from "./mention.js";
import { sameExpression, trimExpression } from "./token.js";

type Result = Awaited<ReturnType<Dialect["equivalent"]>>;
type Texts = readonly (Expression | null)[];

/**
 * Finds out which expressions mean the same: both texts are put into temporary objects, the engine deparses them, and
 * what it prints is fed in again until it stays the same. Three round trips, whatever the number of slots, in a
 * transaction of its own that is rolled back (so it must not be called within one).
 *
 * The objects stand in for the tables, views and enums of both schemas, with the columns and values of either, so
 * that nothing real is read or locked. Functions, domains and extensions have to be in the database, or `support` makes
 * them in that transaction; what of it fails is left out.
 */
export async function equivalent(
  connection: Connection,
  a: Schema,
  b: Schema,
  slots: readonly Slot[],
  support?: () => Promise<readonly string[]>,
): Promise<Result> {
  const same = new Set<Slot>();
  const undecided = new Map<Slot, string>();
  const questions: Question[] = [];
  const [left, right] = [expressionsOf(a), expressionsOf(b)];
  for (const slot of slots) {
    const question: Question = {
      slot,
      object: readSlot(slot).object,
      alike: [],
      a: left.get(slot) ?? [],
      b: right.get(slot) ?? [],
      printed: null,
    };
    if (!comparable(question)) continue;
    if (sameTexts(slot, question.a, question.b)) same.add(slot);
    else if (!isPrinted(slot)) questions.push(question);
    else {
      const printed = printedOf(slot, question.a, question.b, b);
      if (printed !== null) questions.push({ ...question, ...printed, printed });
    }
  }
  if (questions.length === 0) return { same, undecided };
  const state = await askState(connection);
  if (state.obstacle !== null) {
    for (const { slot, printed } of questions) if (printed === null) undecided.set(slot, state.obstacle);
    return { same, undecided };
  }
  const whole = worldOf(a, b, state.defaultNamespace);
  const world = support === undefined ? whole : withoutUsedEnums(whole, [a, b]);
  const { input, asked } = scriptOf(world, [b, a], questions, undecided);
  const answers = await ask(connection, input, (await support?.()) ?? []);
  for (const { question, ids } of asked) {
    const [first, second] = ids.map((id) => answers.get(id));
    const reason = reasonOf(first) ?? reasonOf(second);
    const agree = first !== undefined && second !== undefined && sameAnswer(question.slot, first, second);
    for (const slot of [question.slot, ...question.alike]) {
      // What is printed differently differs, unless the engine says that it does not.
      if (reason !== null && question.printed === null) undecided.set(slot, reason);
      else if (reason === null && agree) same.add(slot);
    }
  }
  return { same, undecided };
}

/** What functions take, and types are made of, has to be the real one; all else is stood in for, wherever it was moved. */
function withoutUsedEnums(world: World, schemas: readonly Schema[]): World {
  const used = new Set(
    schemas.flatMap((schema) => [
      ...[...schema.defined.values()].flatMap(({ definition }) => [...mentionedNames(definition)]),
      ...[...schema.composites.values()].flatMap(({ attributes }) => attributes.map(({ type }) => type.name)),
      ...[...schema.domains.values()].map(({ type }) => type.name),
    ]),
  );
  return { ...world, enums: new Map([...world.enums].filter(([, { name }]) => !used.has(name))) };
}

/** Domains and all that is known by its statement, see `Printed`. */
function isPrinted(slot: Slot): boolean {
  const { part } = readSlot(slot);
  return part === "domain" || part === "defined";
}

/** Sides that do not have the same texts in the same places differ, and nothing needs to be asked. */
function comparable({ a, b }: Question): boolean {
  return (
    a.length > 0 && a.length === b.length && a.every((text, place) => (text === null) === (b[place] === null))
  );
}

function sameTexts(slot: Slot, a: Texts, b: Texts): boolean {
  return a.every((text, place) => {
    const other = b[place] ?? null;
    if (text === null || other === null) return text === other;
    return sameExpression(text, other) || (readSlot(slot).part === "default" && synonyms(text, other));
  });
}

/**
 * Whole expressions that are deparsed differently and mean exactly the same (manual 9.9.5: `now()` is a traditional
 * equivalent to `transaction_timestamp()`, which is equivalent to `CURRENT_TIMESTAMP`; 9.27: `CURRENT_ROLE` and `USER`
 * are equivalent to `CURRENT_USER`).
 */
const synonymous: readonly (readonly string[])[] = [
  ["now()", "transaction_timestamp()", "current_timestamp", "pg_catalog.now()"],
  ["current_user", "current_role", "user"],
];

function synonyms(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => trimExpression(text).toLowerCase().replace(/\s+/g, ""));
  return synonymous.some((words) => words.includes(left ?? "") && words.includes(right ?? ""));
}

/** What the session can do, and where unqualified names go. */
async function askState(
  connection: Connection,
): Promise<{ readonly obstacle: string | null; readonly defaultNamespace: string | null }> {
  const [row] = await connection.query(`SELECT current_setting('transaction_read_only') = 'on' AS "readOnly",
  has_database_privilege(current_database(), 'TEMPORARY') AS temporary,
  coalesce((SELECT has_language_privilege(oid, 'USAGE') FROM pg_catalog.pg_language WHERE lanname = 'plpgsql'), false)
    AS plpgsql,
  quote_ident(current_database()) AS database, quote_ident(current_user) AS role,
  current_schema()::text AS namespace`);
  const defaultNamespace = (row?.["namespace"] ?? null) as string | null;
  const { database, role } = { database: String(row?.["database"]), role: String(row?.["role"]) };
  const obstacle =
    row?.["readOnly"] === true
      ? "The session is read-only, and the engine is asked by means of temporary objects"
      : row?.["temporary"] !== true
        ? `The user may not make temporary objects: GRANT TEMPORARY ON DATABASE ${database} TO ${role}`
        : row?.["plpgsql"] !== true
          ? `The user may not run DO blocks: GRANT USAGE ON LANGUAGE plpgsql TO ${role}`
          : null;
  return { obstacle, defaultNamespace };
}

/** Runs the script in a transaction that leaves nothing behind. An error of the script itself is every answer. */
async function ask(
  connection: Connection,
  input: ScriptInput,
  support: readonly string[],
): Promise<ReadonlyMap<number, Answer>> {
  await connection.run("BEGIN");
  try {
    if (support.length > 0) await connection.run(supportScript(support));
    await connection.run(equivalenceScript(input));
    const rows = await connection.query(`SELECT current_setting('${answersSetting}') AS answers`);
    const answers = JSON.parse(String(rows[0]?.["answers"])) as readonly Answer[];
    return new Map(answers.map((answer) => [answer.id, answer]));
  } catch (thrown) {
    const error = messageOf(thrown);
    const ids = input.groups.flatMap((group) => group.probes.map((probe) => probe.id));
    return new Map(ids.map((id) => [id, { id, error }]));
  } finally {
    await connection.run("ROLLBACK");
  }
}

function reasonOf(answer: Answer | undefined): string | null {
  if (answer === undefined) return "The engine gave no answer";
  return answer.error === undefined ? null : `The engine cannot read it here: ${answer.error}`;
}

function samePrinted(a: string, b: string | undefined): boolean {
  return a === b || (b !== undefined && flatLogic(a) === flatLogic(b));
}

function sameAnswer(slot: Slot, a: Answer, b: Answer): boolean {
  const [left, right] = [a.texts ?? [], b.texts ?? []];
  if (left.length === right.length && left.every((text, place) => samePrinted(text, right[place])))
    return true;
  if (a.value && b.value && a.value.text === b.value.text) return true;
  return readSlot(slot).part === "default" && synonyms(left[0] ?? "", right[0] ?? "");
}
