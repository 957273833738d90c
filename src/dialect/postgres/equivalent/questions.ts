import { table } from "../../../schema/build.js";
import { nameKey, type ObjectName } from "../../../schema/name.js";
import type { Column, Expression, Schema } from "../../../schema/schema.js";
import { readSlot, type Slot } from "../../../schema/slot.js";
import { quoteIdentifier } from "../quote.js";
import type { Printed } from "./printed.js";
import { defaultProbe, type Probe, probeOf, standInName } from "./probe.js";
import type { ScriptInput, ScriptProbe } from "./script.js";
import { type Group, groupOf, type World } from "./stand-in.js";

type Texts = readonly (Expression | null)[];

/** Both sides of a slot that has to be asked about. */
export interface Question {
  readonly slot: Slot;
  readonly object: ObjectName;
  /** Other slots that have the same answer. */
  readonly alike: Slot[];
  readonly a: Texts;
  readonly b: Texts;
  readonly printed: Printed | null;
}

/** A question with the numbers that its two answers have. */
export interface Asked {
  readonly question: Question;
  readonly ids: readonly [a: number, b: number];
}

/** One group for each object, or for each type of a default: its stand-ins are made once for all of its slots. */
export function scriptOf(
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
