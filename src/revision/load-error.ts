import { readFileSync } from "node:fs";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Code } from "../error/codes.js";
import { AludelError, messageOf, type Where } from "../error/error.js";

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}

const place = (file: string, line: string, column?: number): Place => ({
  file: file.startsWith("file:") ? fileURLToPath(file) : file,
  line: Number(line),
  ...(column === undefined ? {} : { column }),
});

/**
 * `file:line[:column]` alone on a line: how engines and transformers say where text cannot be parsed. The transformers'
 * columns count from 0, and engines give none.
 */
function syntaxPlace(error: Error): Place | null {
  const found = /^\s*((?:file:\/\/)?(?:\/|[A-Za-z]:[\\/])[^\n]*?):(\d+)(?::(\d+))?$/m;
  const [, file, line, column] = found.exec(error.message) ?? found.exec(error.stack ?? "") ?? [];
  if (file === undefined || line === undefined) return null;
  return place(file, line, column === undefined ? undefined : Number(column) + 1);
}

/** The first frame of a stack that is the user's own code. */
function userPlace(error: Error, file: string, root: string): Place | null {
  for (const line of (error.stack ?? "").split("\n")) {
    const [, path, at, column] =
      /(?:\(|at (?:async )?)((?:file:\/\/)?[^()\s][^()]*?):(\d+):(\d+)\)?$/.exec(line) ?? [];
    if (path === undefined || at === undefined) continue;
    const found = place(path, at, Number(column));
    const own = found.file === file || found.file.startsWith(root.endsWith(sep) ? root : root + sep);
    // On the first line the transformer has put code of its own before the user's.
    if (own && !found.file.includes(`${sep}node_modules${sep}`)) {
      return found.line === 1 ? { file: found.file, line: 1 } : found;
    }
  }
  return null;
}

/** Where in the user's own code an error was thrown; `null` when its stack does not lead there. */
export function placeOfThrow(thrown: unknown, file: string, root: string): Where | null {
  return thrown instanceof Error ? userPlace(thrown, file, root) : null;
}

/** The line of the user's file, to be shown under the message. */
function sourceLine({ file, line, column }: Place): readonly string[] {
  try {
    const text = readFileSync(file, "utf8").split("\n")[line - 1]?.trimEnd();
    if (text === undefined || text.trim() === "" || text.length > 200) return [];
    const frame = `${line} | ${text}`;
    if (column === undefined) return [frame];
    return [frame, `${" ".repeat(String(line).length + 3 + column - 1)}^`];
  } catch {
    return [];
  }
}

function remedyFor(error: Error, tsconfigMistake: string | null): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") {
    if (tsconfigMistake !== null) {
      return `Correct tsconfig.json if the import goes by its paths: it could not be read (${tsconfigMistake.replace(/\.$/, "")}).`;
    }
    return "Install the package, or correct the path of the import.";
  }
  if (isSyntaxError(error)) return "Correct the file; an editor with TypeScript shows the place.";
  return "Correct the file, or what it imports.";
}

function isSyntaxError(error: Error): boolean {
  return error.name === "SyntaxError" || /ParseError|SyntaxError/.test(error.message);
}

/** The first line of a message, without what transformers put around it. */
function summary(error: Error): string {
  const [first = ""] = error.message.split("\n");
  return first
    .replace(/^Error transforming [^:]*: /, "")
    .replace(/^(?:ParseError|SyntaxError): (?:\w+: )?/, "")
    .replace(/\s*\(\d+:\d+\)\s*$/, "")
    .trim();
}

/**
 * What was thrown while a user's file was loaded, as an error that names the place in the user's own code and shows
 * its line.
 */
export function loadError(
  thrown: unknown,
  options: {
    readonly file: string;
    readonly root: string;
    readonly code: Code;
    readonly what: string;
    /** Why the `paths` of `tsconfig.json` were not followed. */
    readonly tsconfigMistake?: string | null;
  },
): AludelError {
  if (thrown instanceof AludelError) return thrown.at({ file: options.file });
  const { file, root, code, what } = options;
  if (!(thrown instanceof Error)) {
    return new AludelError(code, `${what} threw ${messageOf(thrown)} while it was loaded`, {
      remedy: "Throw errors only; nothing else says where it comes from.",
      where: { file },
      cause: thrown,
    });
  }
  const syntax = isSyntaxError(thrown);
  const found = (syntax ? syntaxPlace(thrown) : null) ?? userPlace(thrown, file, root);
  const where: Where = found ?? { file };
  const message = syntax
    ? `${what} has a syntax error: ${summary(thrown)}`
    : `${what} failed while it was loaded: ${summary(thrown)}`;
  return new AludelError(code, message, {
    remedy: remedyFor(thrown, options.tsconfigMistake ?? null),
    where,
    cause: thrown,
    details: found === null ? [] : sourceLine(found),
  });
}
