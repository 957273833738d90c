import type { Op } from "../op/op.js";
import { type FileText, type Place, placeOf } from "./place.js";

/** Finds out where in a revision's file the calls are that ask for ops. */
export interface CallPlaces {
  /** For `OperationsTarget.called`. */
  readonly called: () => (ops: readonly Op[]) => void;
  readonly placeOf: (op: Op) => Place | null;
}

/** The places of calls in a file that is being run, from the stack at the moment of the call. */
export function callPlaces(path: string, source: FileText): CallPlaces {
  const places = new WeakMap<Op, Place>();
  return {
    called: () => {
      const found = callAt(stackHere(), path);
      const place = found === null ? null : placeOfCall(source, found.line, found.column);
      return (ops) => {
        if (place !== null) for (const op of ops) places.set(op, place);
      };
    },
    placeOf: (op) => places.get(op) ?? null,
  };
}

function stackHere(): string {
  const limit = Error.stackTraceLimit;
  // Functions of the user's may lie between the call and the file.
  Error.stackTraceLimit = 40;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = limit;
  return stack;
}

function callAt(stack: string, path: string): { readonly line: number; readonly column: number } | null {
  for (const frame of stack.split("\n")) {
    const at = frame.indexOf(`${path}:`);
    const found = at === -1 ? null : /^:(\d+):(\d+)/.exec(frame.slice(at + path.length));
    if (found !== null) return { line: Number(found[1]), column: Number(found[2]) };
  }
  return null;
}

/** From the beginning of the expression, `await op.`, to the closing parenthesis. */
function placeOfCall(source: FileText, line: number, column: number): Place | null {
  const lineStart = source.lines[line - 1];
  if (lineStart === undefined) return null;
  const at = Math.min(lineStart + column - 1, source.text.length);
  const before = source.text.slice(lineStart, at);
  const head = /(?:\b(?:await|return)\s+)?[\w$.]*$/.exec(before)?.[0] ?? "";
  return placeOf(source, at - head.length, endOfCall(source.text, at));
}

function endOfCall(text: string, from: number): number {
  const sign =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|[()]/g;
  sign.lastIndex = from;
  let depth = 0;
  for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
    if (found[0] === "(") depth += 1;
    if (found[0] === ")") depth -= 1;
    if (depth === 0 && found[0] === ")") return sign.lastIndex;
    if (depth < 0) break;
  }
  const newline = text.indexOf("\n", from);
  return newline === -1 ? text.length : newline;
}

/** The statement in the text of a call, `op.execute(...)`, where it stands there as it is. */
export function statementIn(source: FileText, call: Place, sql: string): Place | null {
  const [first = "", ...lines] = sql.split("\n").map((line) => line.trim());
  if (first === "") return null;
  const within = source.text.slice(call.start, call.end);
  let loose: Place | null = null;
  for (let start = within.indexOf(first); start !== -1; start = within.indexOf(first, start + 1)) {
    let end = start + first.length;
    let isWhole = true;
    for (const line of lines) {
      const next = line === "" ? end : within.indexOf(line, end);
      if (next === -1) return loose;
      isWhole &&= within.slice(end, next).trim() === "";
      end = next + line.length;
    }
    const place = placeOf(source, call.start + start, call.start + end);
    if (isWhole) return place;
    // Its first line may be that of a statement before it.
    loose ??= place;
  }
  return loose;
}
