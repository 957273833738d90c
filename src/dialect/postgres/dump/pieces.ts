import { AludelError } from "../../../error/error.js";
import { LineState } from "./line-state.js";

/** A part of a dump in the text form of pg_dump, with the line that it begins in. */
export type Piece =
  | { readonly kind: "sql"; readonly text: string; readonly line: number }
  /** Rows for a table, `public.persons (id, name)`; NULL is null. */
  | {
      readonly kind: "rows";
      readonly into: string;
      readonly rows: readonly (readonly (string | null)[])[];
      readonly line: number;
    };

const copyLine = /^COPY\s+(.+?)\s+FROM\s+stdin\s*(.*?);\s*$/i;
/** As much text is gathered before it is handed out. */
const enough = 1_000_000;
const rowsTogether = 500;

/**
 * Takes a dump apart: SQL, and the rows behind each COPY. Of psql's own commands it knows those that pg_dump writes.
 * @throws AludelError `dump-unreadable` with the line.
 */
export async function* pieces(lines: AsyncIterable<string>, file: string): AsyncGenerator<Piece> {
  const reader = new Reader(file);
  for await (const line of lines) yield* reader.read(line);
  yield* reader.end();
}

class Reader {
  readonly #file: string;
  readonly #state = new LineState();
  #number = 0;
  #sql: string[] = [];
  #size = 0;
  #begin = 1;
  #copy: { readonly into: string; readonly hasColumns: boolean; readonly line: number } | null = null;
  #rows: (string | null)[][] = [];
  #databases = 0;

  constructor(file: string) {
    this.#file = file;
  }

  *read(line: string): Generator<Piece> {
    this.#number += 1;
    if (this.#copy !== null) {
      yield* this.#data(line);
      return;
    }
    if (!this.#state.isOpen) {
      const copy = copyLine.exec(line);
      if (copy !== null) {
        yield* this.#flush();
        this.#begin = this.#number + 1;
        this.#copy = this.#copyOf(copy[1] ?? "", copy[2] ?? "");
        return;
      }
      if (line.startsWith("\\")) {
        this.#command(line);
        this.#add("");
        return;
      }
      // A statement that begins at the margin, where the one before it has ended: no body of a routine is cut in two.
      if (this.#size > enough && /;\s*$/.test(this.#sql.at(-1) ?? "") && /^(?!END)[A-Z-]/i.test(line))
        yield* this.#flush();
    }
    this.#state.read(line);
    this.#add(line);
  }

  *end(): Generator<Piece> {
    if (this.#copy !== null)
      throw this.#unreadable("The dump ends among the rows of a table", "It was cut off: make it anew.");
    yield* this.#flush();
  }

  #add(line: string): void {
    this.#sql.push(line);
    this.#size += line.length + 1;
  }

  *#flush(): Generator<Piece> {
    const text = this.#sql.join("\n");
    const line = this.#begin;
    this.#begin = this.#number;
    this.#sql = [];
    this.#size = 0;
    if (text.trim() !== "") yield { kind: "sql", text, line };
  }

  #copyOf(into: string, options: string) {
    if (options !== "") {
      throw this.#unreadable("COPY has options", "Make the dump with pg_dump, whose rows need none.");
    }
    return { into, hasColumns: /\)$/.test(into), line: this.#number };
  }

  *#data(line: string): Generator<Piece> {
    const { into = "", line: begin = 0, hasColumns = true } = this.#copy ?? {};
    const isEnd = line === "\\.";
    if (!isEnd) this.#rows.push(line === "" && !hasColumns ? [] : line.split("\t").map(copiedValue));
    if (this.#rows.length === rowsTogether || (isEnd && this.#rows.length > 0)) {
      yield { kind: "rows", into, rows: this.#rows, line: begin };
      this.#rows = [];
    }
    if (isEnd) {
      this.#copy = null;
      this.#begin = this.#number + 1;
    }
  }

  #command(line: string): void {
    if (/^\\(?:un)?restrict\b/.test(line)) return;
    if (/^\\connect\b/.test(line)) {
      this.#databases += 1;
      if (this.#databases > 1) {
        throw this.#unreadable(
          "The dump has several databases",
          "Make one of the one that is meant: pg_dump NAME.",
        );
      }
      return;
    }
    throw this.#unreadable(
      `The dump has a command of psql: ${line.slice(0, 40)}`,
      "Make the dump with pg_dump, or take the line out.",
    );
  }

  #unreadable(message: string, remedy: string): AludelError {
    return new AludelError("dump-unreadable", message, {
      where: { file: this.#file, line: this.#number },
      remedy,
    });
  }
}

const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/** A value in the text form of COPY (manual, COPY, "Text Format"). */
export function copiedValue(text: string): string | null {
  if (text === "\\N") return null;
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|([\s\S]))/g, (_, hex, octal, sign) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return escapes[sign] ?? sign;
  });
}
