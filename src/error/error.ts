import { type Code, codes } from "./codes.js";

/** Where in the user's world an error is. Every property that is known is given. */
export interface Where {
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  readonly revision?: string;
  /** The SQL text, whole; printing shortens it. */
  readonly statement?: string;
  /** A table, column, index … as a person writes it. */
  readonly object?: string;
}

export interface ErrorParts {
  /** What to do next. Required: an error without a way on cannot be written. */
  readonly remedy: string;
  readonly where?: Where;
  readonly cause?: unknown;
  /** Further lines under the message, each a whole sentence or a finding. */
  readonly details?: readonly string[];
  /** For machines: goes into `--json` as it is. Never holds a secret. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Every failure that a user can meet. Anything else that is thrown is a bug in Aludel. */
export class AludelError extends Error {
  readonly code: Code;
  readonly remedy: string;
  readonly where: Where;
  readonly details: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;

  /** `message` says what happened, in a sentence without a full stop at its end. */
  constructor(code: Code, message: string, parts: ErrorParts) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = "AludelError";
    this.code = code;
    this.remedy = parts.remedy;
    this.where = parts.where ?? {};
    this.details = parts.details ?? [];
    this.data = parts.data ?? {};
  }

  /** The exit code of the command that this error ends. */
  get exit(): 1 | 2 {
    return codes[this.code].exit;
  }

  /** The same error with more known about where it happened. */
  at(where: Where): AludelError {
    return new AludelError(this.code, this.message, {
      remedy: this.remedy,
      where: { ...where, ...this.where },
      cause: this.cause,
      details: this.details,
      data: this.data,
    });
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
