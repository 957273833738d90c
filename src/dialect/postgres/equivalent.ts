import { messageOf } from "../../error/error.js";
import { nameKey, type ObjectName } from "../../schema/name.js";
import type { Expression, Schema } from "../../schema/schema.js";
import { expressionsOf, readSlot, type Slot } from "../../schema/slot.js";
import type { Connection } from "../connection.js";
import type { Dialect } from "../dialect.js";
import { probeOf } from "./equivalent/probe.js";
import {
  type Answer,
  answersSetting,
  equivalenceScript,
  type ScriptInput,
  type ScriptProbe,
} from "./equivalent/script.js";
import { type Group, groupOf, type World, worldOf } from "./equivalent/stand-in.js";
import { sameExpression, trimExpression } from "./token.js";

type Result = Awaited<ReturnType<Dialect["equivalent"]>>;
type Texts = readonly (Expression | null)[];

/** Both sides of a slot that has to be asked about. */
interface Question {
  readonly slot: Slot;
  readonly object: ObjectName;
  readonly a: Texts;
  readonly b: Texts;
}

/**
 * Finds out which expressions mean the same: both texts are put into temporary objects, the engine deparses them, and
 * what it prints is fed in again until it stays the same. Three round trips, whatever the number of slots, in a
 * transaction of its own that is rolled back (so it must not be called within one).
 *
 * The objects stand in for the tables, views and enums of both schemas, with the columns and values of either, so
 * that nothing real is read or locked. Functions, domains and extensions have to be in the database.
 */
export async function equivalent(
  connection: Connection,
  a: Schema,
  b: Schema,
  slots: readonly Slot[],
): Promise<Result> {
  const same = new Set<Slot>();
  const undecided = new Map<Slot, string>();
  const questions: Question[] = [];
  const [left, right] = [expressionsOf(a), expressionsOf(b)];
  for (const slot of slots) {
    const question = {
      slot,
      object: readSlot(slot).object,
      a: left.get(slot) ?? [],
      b: right.get(slot) ?? [],
    };
    if (!comparable(question)) continue;
    if (sameTexts(slot, question.a, question.b)) same.add(slot);
    else questions.push(question);
  }
  if (questions.length === 0) return { same, undecided };
  const state = await askState(connection);
  if (state.obstacle !== null) {
    for (const { slot } of questions) undecided.set(slot, state.obstacle);
    return { same, undecided };
  }
  const world = worldOf(a, b, state.defaultNamespace);
  const { input, asked } = script(world, [b, a], questions, undecided);
  const answers = await ask(connection, input);
  for (const { question, ids } of asked) {
    const [first, second] = ids.map((id) => answers.get(id));
    const reason = reasonOf(first) ?? reasonOf(second);
    if (reason !== null) undecided.set(question.slot, reason);
    else if (first && second && sameAnswer(question.slot, first, second)) same.add(question.slot);
  }
  return { same, undecided };
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

/** One group for each object: its stand-ins are made once for all of its slots. */
function script(
  world: World,
  schemas: readonly Schema[],
  questions: readonly Question[],
  undecided: Map<Slot, string>,
): { readonly input: ScriptInput; readonly asked: readonly Asked[] } {
  const groups: { standIns: Group["standIns"]; probes: ScriptProbe[] }[] = [];
  const asked: Asked[] = [];
  let id = 0;
  for (const own of byObject(questions)) {
    const texts = own.flatMap(({ a, b }) => [...a, ...b]).filter((text) => text !== null);
    const [object] = own.map((question) => question.object);
    if (object === undefined) continue;
    const group = groupOf(world, object, texts);
    const probes: ScriptProbe[] = [];
    for (const question of own) {
      const probe = probeOf(question.slot, question.b, schemas, group.retype);
      const reason =
        group.clash === null ? "Neither side has the object" : `Two objects are called "${group.clash}"`;
      if (probe === null || group.clash !== null) {
        undecided.set(question.slot, reason);
        continue;
      }
      asked.push({ question, ids: [id, id + 1] });
      for (const side of [question.a, question.b]) {
        const rewritten = side.filter((text) => text !== null).map(group.rewrite);
        probes.push({ ...probe, id: id++, texts: rewritten });
      }
    }
    groups.push({ standIns: group.standIns, probes });
  }
  return { input: { groups }, asked };
}

function byObject(questions: readonly Question[]): readonly (readonly Question[])[] {
  const groups = new Map<string, Question[]>();
  for (const question of questions) {
    const key = nameKey(question.object);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(question);
  }
  return [...groups.values()];
}

/** Runs the script in a transaction that leaves nothing behind. An error of the script itself is every answer. */
async function ask(connection: Connection, input: ScriptInput): Promise<ReadonlyMap<number, Answer>> {
  await connection.run("BEGIN");
  try {
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

function sameAnswer(slot: Slot, a: Answer, b: Answer): boolean {
  const [left, right] = [a.texts ?? [], b.texts ?? []];
  if (left.length === right.length && left.every((text, place) => text === right[place])) return true;
  if (a.value && b.value && a.value.text === b.value.text) return true;
  return readSlot(slot).part === "default" && synonyms(left[0] ?? "", right[0] ?? "");
}
