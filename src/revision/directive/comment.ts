import type { CommentTarget, Op } from "../../op/op.js";
import { type NamedObjectKind, objectNamings, targetKey } from "../object-naming.js";
import type { NameInput, ObjectInput, Operations } from "../operations.js";
import { checkName, checkOptions, mistake, toName } from "./check-input.js";
import { namedObject, toObject } from "./object.js";

type Target = Parameters<Operations["setComment"]>[0];

function set(directive: string, target: CommentTarget, comment: string | null): readonly Op<"set-comment">[] {
  if (comment !== null && typeof comment !== "string") {
    throw mistake(
      `${directive} was given ${String(comment)} as a comment`,
      "Give text, or null to take it away.",
    );
  }
  return [{ kind: "set-comment", target, comment }];
}

/** The words that say what kind of object a target is, each with what is known of it. */
type Keys = { readonly [K in KeysOf<Target>]?: unknown };
type KeysOf<T> = T extends unknown ? keyof T : never;

const targetNames = Object.keys({
  view: true,
  enum: true,
  sequence: true,
  schema: true,
  extension: true,
  constraint: true,
  index: true,
  policy: true,
  table: true,
  domain: true,
  check: true,
  type: true,
  attribute: true,
  function: true,
  procedure: true,
  aggregate: true,
  trigger: true,
  rule: true,
  eventTrigger: true,
  statistics: true,
  rangeType: true,
  object: true,
  kind: true,
} satisfies Record<KeysOf<Target>, true>);

function objectTarget(directive: string, target: Keys): CommentTarget | null {
  if (target.object !== undefined) {
    return { on: "defined", object: toObject(directive, target.kind, target.object as ObjectInput) };
  }
  for (const [key, naming] of Object.entries(objectNamings)) {
    const given = target[targetKey(naming) as keyof Keys];
    if (given === undefined) continue;
    const input = naming.by === "table" ? [given, target.table] : [given];
    return { on: "defined", object: namedObject(directive, key as NamedObjectKind, input)[0] };
  }
  return null;
}

function toTarget(target: Target): CommentTarget {
  const directive = "setComment";
  checkOptions(directive, target, targetNames);
  const given: Keys = target ?? {};
  const name = (what: string, input: unknown) => toName(directive, what, input as NameInput);
  for (const on of ["view", "enum", "sequence"] as const) {
    if (given[on] !== undefined) return { on, name: name(on, given[on]) };
  }
  for (const on of ["constraint", "index", "policy"] as const) {
    if (given[on] === undefined) continue;
    return { on, table: name("table", given.table), name: checkName(directive, on, given[on]) };
  }
  if (given.check !== undefined) {
    const check = checkName(directive, "check", given.check);
    return { on: "domain-check", table: name("domain", given.domain), name: check };
  }
  if (given.attribute !== undefined) {
    const attribute = checkName(directive, "attribute", given.attribute);
    return { on: "attribute", table: name("type", given.type), name: attribute };
  }
  if (given.domain !== undefined) return { on: "domain", name: name("domain", given.domain) };
  if (given.type !== undefined) return { on: "composite", name: name("type", given.type) };
  if (given.schema !== undefined)
    return { on: "namespace", name: checkName(directive, "schema", given.schema) };
  if (given.extension !== undefined) {
    return { on: "extension", name: checkName(directive, "extension", given.extension) };
  }
  const object = objectTarget(directive, given);
  if (object !== null) return object;
  throw mistake(`${directive} was not told what to comment on`, 'Give it: { view: "active_persons" }.');
}

/** Directives on comments. */
export const commentDirectives = {
  setTableComment: (table: NameInput, comment: string | null) =>
    set("setTableComment", { on: "table", name: toName("setTableComment", "table", table) }, comment),
  setColumnComment: (table: NameInput, name: string, comment: string | null) =>
    set(
      "setColumnComment",
      {
        on: "column",
        table: toName("setColumnComment", "table", table),
        name: checkName("setColumnComment", "column", name),
      },
      comment,
    ),
  setConstraintComment: (table: NameInput, name: string, comment: string | null) =>
    set(
      "setConstraintComment",
      {
        on: "constraint",
        table: toName("setConstraintComment", "table", table),
        name: checkName("setConstraintComment", "constraint", name),
      },
      comment,
    ),
  setComment: (target: Target, comment: string | null) => set("setComment", toTarget(target), comment),
};
