import type { CommentTarget, Op } from "../../op/op.js";
import { nameKey, type ObjectName } from "../../schema/name.js";
import { print } from "./print.js";
import type { Remarks } from "./remark.js";
import { opNode } from "./renderers.js";
import type { Writer } from "./writer.js";

const indent = 4;

/** The object that an op is about, to keep together what is about the same one. */
function subjectOf(op: Op): ObjectName | null {
  switch (op.kind) {
    case "create-table":
      return op.table;
    case "create-view":
      return op.view;
    case "create-enum":
      return op.enum;
    case "create-sequence":
    case "alter-sequence":
      return op.sequence;
    case "set-comment":
      return commentSubject(op.target);
    case "create-domain":
    case "alter-domain":
      return op.domain;
    case "create-composite":
    case "alter-composite":
      return op.composite;
    case "create-defined":
    case "drop-defined":
    case "replace-defined":
      return op.object.table ?? op.object;
    default:
      if ("table" in op) return op.table;
      return "name" in op && typeof op.name !== "string" ? op.name : null;
  }
}

function commentSubject(target: CommentTarget): ObjectName | null {
  if (target.on === "defined") return target.object.table ?? target.object;
  if ("table" in target) return target.table;
  return typeof target.name === "string" ? null : target.name;
}

/** Lines of a comment, broken at words. */
export function commentLines(sentence: string, depth: number): readonly string[] {
  const start = `${" ".repeat(depth)}// `;
  const lines: string[] = [];
  for (const paragraph of sentence.split(/\r?\n/)) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && start.length + line.length + 1 + word.length > 100) {
        lines.push(start + line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push((start + line).trimEnd());
  }
  return lines;
}

interface Statement {
  readonly op: Op;
  readonly text: string;
  readonly long: boolean;
}

function statementOf(op: Op, writer: Writer, remarks: Remarks): Statement {
  const comments = remarks(op).flatMap((remark) => commentLines(remark, indent));
  const call = print(opNode(op, writer), indent, indent + "await ".length, 1);
  const text = [...comments, `${" ".repeat(indent)}await ${call};`].join("\n");
  return { op, text, long: comments.length > 0 || call.includes("\n") };
}

/** An empty line stands around what is long, and where another kind of change to another object begins. */
function isApart(before: Statement, after: Statement): boolean {
  if (before.long || after.long) return true;
  const [from, to] = [subjectOf(before.op), subjectOf(after.op)];
  const same = from !== null && to !== null && nameKey(from) === nameKey(to);
  return !same && before.op.kind !== after.op.kind;
}

/** The statements of a function, each op a line or more, in order. */
export function functionBody(ops: readonly Op[], writer: Writer, remarks: Remarks): string {
  let text = "";
  let before: Statement | null = null;
  for (const op of ops) {
    const statement = statementOf(op, writer, remarks);
    if (before !== null) text += isApart(before, statement) ? "\n\n" : "\n";
    text += statement.text;
    before = statement;
  }
  return text;
}
