import type { Op } from "../op/op.js";
import { nameKey, nameOf, showName } from "../schema/name.js";
import type { Enum } from "../schema/schema.js";
import { warnings } from "./warnings.js";
import { commentDiffers, type Work } from "./work.js";

/** Enums. Values that are only added are added one by one; for anything else the enum is made anew. */
export function diffEnums(work: Work): void {
  for (const [key, to] of work.to.enums) {
    const from = work.from.enums.get(key);
    if (from === undefined) {
      work.phases.enums.push({ kind: "create-enum", enum: to });
      continue;
    }
    diffValues(work, from, to);
    if (commentDiffers(work, from, to)) {
      const target = { on: "enum", name: nameOf(to) } as const;
      work.phases.comments.push({ kind: "set-comment", target, comment: to.comment });
    }
  }
  for (const [key, from] of work.from.enums) {
    if (!work.to.enums.has(key)) work.phases.dropEnums.push({ kind: "drop-enum", name: nameOf(from) });
  }
}

function diffValues(work: Work, from: Enum, to: Enum): void {
  const kept = to.values.filter((value) => from.values.includes(value));
  const grown =
    kept.length === from.values.length && kept.every((value, place) => value === from.values[place]);
  if (grown) {
    work.phases.enums.push(...additions(from, to));
    return;
  }
  work.replacedEnums.add(nameKey(to));
  work.phases.enums.push({ kind: "replace-enum-values", name: nameOf(to), values: to.values });
  const gone = from.values.filter((value) => !to.values.includes(value));
  if (gone.length > 0) {
    work.warnings.push(warnings.valuesRemoved(showName(to), gone));
  }
}

/** Each new value after the one before it, so that the order is right from the first op on. */
function additions(from: Enum, to: Enum): readonly Op[] {
  const ops: Op[] = [];
  const known = new Set(from.values);
  const last = from.values.at(-1);
  let beyondLast = last === undefined;
  let before: string | undefined;
  for (const value of to.values) {
    if (!known.has(value)) ops.push(addition(from, value, before, beyondLast));
    if (value === last) beyondLast = true;
    before = value;
  }
  return ops;
}

function addition(from: Enum, value: string, before: string | undefined, atEnd: boolean): Op {
  const op = { kind: "add-enum-value", name: nameOf(from), value } as const;
  const [first] = from.values;
  if (atEnd) return op;
  if (before !== undefined) return { ...op, position: { after: before } };
  return first === undefined ? op : { ...op, position: { before: first } };
}
