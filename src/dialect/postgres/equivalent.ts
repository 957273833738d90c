import { messageOf } from "../../error/error.js";
import { table } from "../../schema/build.js";
import { nameKey, type ObjectName } from "../../schema/name.js";
import type { Column, Expression, Schema } from "../../schema/schema.js";
import { expressionsOf, readSlot, type Slot } from "../../schema/slot.js";
import type { Connection } from "../connection.js";
import type { Dialect } from "../dialect.js";
import { flatLogic } from "./equivalent/flat-logic.js";
import { type Printed, printedOf } from "./equivalent/printed.js";
import { defaultProbe, type Probe, probeOf, standInName } from "./equivalent/probe.js";
import {
  type Answer,
  answersSetting,
  equivalenceScript,
  type ScriptInput,
  type ScriptProbe,
  supportScript,
} from "./equivalent/script.js";
import { type Group, groupOf, type World, worldOf } from "./equivalent/stand-in.js";
import { mentionedNames } from "./mention.js";
import { quoteIdentifier } from "./quote.js";
import { sameExpression, trimExpression } from "./token.js";

type Result = Awaited<ReturnType<Dialect["equivalent"]>>;
type Texts = readonly (Expression | null)[];

/** Both sides of a slot that has to be asked about. */
interface Question {
  readonly slot: Slot;
  readonly object: ObjectName;
  /** Other slots that have the same answer. */
  readonly alike: Slot[];
  readonly a: Texts;
  readonly b: Texts;
  readonly printed: Printed | null;
}

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
  const { input, asked } = script(world, [b, a], questions, undecided);
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

interface Asked {
  readonly question: Question;
  readonly ids: readonly [a: number, b: number];
}

/** One group for each object, or for each type of a default: its stand-ins are made once for all of its slots. */
function script(
  world: World,
  schemas: readonly Schema[],
  questions: readonly Question[],
  undecided: Map<Slot, string>,
): { readonly input: ScriptInput; readonly asked: readonly Asked[] } {
  const groups: { standIns: Group["standIns"]; probes: ScriptProbe[] }[] = [];
  const asked: Asked[] = [];
  let id = 0;
  for (const { group, questions: own, probe } of [
    ...defaultTopics(world, questions),
    ...objectTopics(world, schemas, questions),
  ]) {
    const probes: ScriptProbe[] = [];
    for (const question of own) {
      const made = probe(question);
      const reason =
        group.clash === null ? "Neither side has the object" : `Two objects are called "${group.clash}"`;
      if (made === null || group.clash !== null) {
        if (question.printed !== null) continue;
        for (const slot of [question.slot, ...question.alike]) undecided.set(slot, reason);
        continue;
      }
      asked.push({ question, ids: [id, id + 1] });
      for (const side of [question.a, question.b]) {
        const texts = side.filter((text) => text !== null).map(group.rewrite);
        probes.push({ ...made, id: id++, texts });
      }
    }
    groups.push({ standIns: group.standIns, probes });
  }
  return { input: { groups }, asked };
}

/** Questions that are put together. */
interface Topic {
  readonly group: Group;
  readonly questions: readonly Question[];
  readonly probe: (question: Question) => Probe | null;
}

const isDefault = (question: Question) => readSlot(question.slot).part === "default";

/** A default depends on nothing but the type of its column, so that each is asked about once for each type. */
function defaultTopics(world: World, questions: readonly Question[]): readonly Topic[] {
  const byType = new Map<string, { column: Column; questions: Map<string, Question> }>();
  for (const question of questions.filter(isDefault)) {
    const { object, name } = readSlot(question.slot);
    const column = world.tables.get(nameKey(object))?.columns.find((one) => one.name === name);
    if (column === undefined) continue;
    const type = JSON.stringify(column.type);
    const topic = byType.get(type) ?? { column, questions: new Map<string, Question>() };
    byType.set(type, topic);
    const texts = JSON.stringify([question.a, question.b]);
    const known = topic.questions.get(texts);
    if (known === undefined) topic.questions.set(texts, question);
    else known.alike.push(question.slot);
  }
  return [...byType.values()].map((topic) => {
    const own = [...topic.questions.values()];
    const carrier = table("aludel default", { columns: [{ ...topic.column, name: "value" }] });
    const small = { ...world, tables: new Map([[nameKey(carrier), carrier]]), views: new Map() };
    return {
      group: groupOf(small, carrier, [...textsOf(own), quoteIdentifier(carrier.name)]),
      questions: own,
      probe: () => defaultProbe(standInName(carrier.name), "value"),
    };
  });
}

function objectTopics(
  world: World,
  schemas: readonly Schema[],
  questions: readonly Question[],
): readonly Topic[] {
  const byObject = new Map<string, { object: ObjectName; questions: Question[] }>();
  for (const question of questions) {
    if (isDefault(question)) continue;
    const key = nameKey(question.object);
    const topic = byObject.get(key) ?? { object: question.object, questions: [] };
    byObject.set(key, topic);
    topic.questions.push(question);
  }
  return [...byObject.values()].map(({ object, questions: own }) => {
    const context = own.flatMap(({ printed }) => printed?.context ?? []);
    const group = groupOf(world, object, [...textsOf(own), ...context]);
    const probe: Topic["probe"] = ({ slot, b, printed }) =>
      printed === null ? probeOf(slot, b, schemas, group.retype) : printed.probe(group.retype);
    return { group, questions: own, probe };
  });
}

function textsOf(questions: readonly Question[]): readonly string[] {
  return questions.flatMap(({ a, b }) => [...a, ...b]).filter((text) => text !== null);
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
