import type { CommentTarget, Op } from "../../op/op.js";
import type { NameInput, Operations } from "../operations.js";
import { checkName, checkOptions, mistake, toName } from "./check-input.js";

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

function toTarget(target: Target): CommentTarget {
  const directive = "setComment";
  checkOptions(directive, target, [
    "view",
    "enum",
    "sequence",
    "schema",
    "constraint",
    "index",
    "policy",
    "table",
  ]);
  if ("view" in target) return { on: "view", name: toName(directive, "view", target.view) };
  if ("enum" in target) return { on: "enum", name: toName(directive, "enum", target.enum) };
  if ("sequence" in target) return { on: "sequence", name: toName(directive, "sequence", target.sequence) };
  if ("schema" in target) return { on: "namespace", name: checkName(directive, "schema", target.schema) };
  const inTable = (on: "constraint" | "index" | "policy", name: string): CommentTarget => ({
    on,
    table: toName(directive, "table", target.table),
    name: checkName(directive, on, name),
  });
  if ("constraint" in target) return inTable("constraint", target.constraint);
  if ("index" in target) return inTable("index", target.index);
  if ("policy" in target) return inTable("policy", target.policy);
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
