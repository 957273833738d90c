import type { SqlSource } from "../effect/statement.js";
import type { UnitRevision } from "./context.js";
import type { RenderCalls, SafeCalls } from "./fix/calls.js";
import type { FileText, Place } from "./place.js";

/** An op that could not be made into SQL. */
export interface Failure {
  readonly message: string;
  readonly line: number;
  /** What it is a finding of: what certainly destroys or renames something is that, though nobody knows what else it does. */
  readonly rule: "not-analysed" | "drop-table" | "drop-column" | "rename-table" | "rename-column";
}

/** One way of a file, ready to be read. */
export interface Way {
  readonly sql: SqlSource;
  /** The places of its statements in the file; absent where the source's text is the file's. */
  readonly places?: readonly Place[];
  readonly irreversible: string | null;
  readonly queried: boolean;
  /** Why nothing, or not all, of it could be made into SQL. */
  readonly failures: readonly Failure[];
}

/** A file that is to be linted, or that is only there because others build on it. */
export interface Prepared {
  /** As it is shown. */
  readonly shown: string;
  readonly source: FileText;
  readonly language: "sql" | "typescript";
  readonly revision: Pick<UnitRevision, "id" | "message" | "revises" | "format" | "phase"> | null;
  readonly upgrade: Way;
  readonly downgrade: Way | null;
  readonly linted: boolean;
  /** When the revision says that it was made. */
  readonly createdAt?: Date | null;
  /** Of a revision whose ops are calls. */
  readonly safeCalls?: SafeCalls;
  readonly calls?: RenderCalls;
}
