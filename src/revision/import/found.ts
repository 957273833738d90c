import type { Row } from "../../dialect/connection.js";
import type { ObjectName } from "../../schema/name.js";
import type { Header } from "../header.js";

/** SQL that a revision runs. */
export interface Statements {
  readonly sql: string;
  /** False where the tool runs it outside a transaction. */
  readonly transaction: boolean;
}

/** One way of a revision of another tool: what it runs, or the reason why that is not taken over. */
export type Way = Statements | string;

/** A revision of another tool, as its files say. */
export interface FoundRevision extends Header {
  readonly file: string;
  readonly upgrade: Way;
  readonly downgrade: Way;
  /** What the tool's table calls it. */
  readonly key: string;
  /** What the tool's table may have as the checksum of the file; empty where it keeps none. */
  readonly checksums: readonly string[];
}

/** A file that is no part of the history, and why. */
export interface LeftOutFile {
  readonly file: string;
  readonly reason: string;
}

/** The history of another tool, as its folder says. */
export interface FoundHistory {
  /** From the first to the last; those that are repeatable at the end, in the order in which they run. */
  readonly revisions: readonly FoundRevision[];
  /** They stand in one line, in this order, and say nothing of parents. */
  readonly line: boolean;
  /** What the tool calls the engine that they are written for, and where that stands; `null` where it says nothing. */
  readonly engine: { readonly name: string; readonly file: string } | null;
  readonly leftOut: readonly LeftOutFile[];
}

/** What the tool's table says of a database. */
export interface Standing {
  /** Ids of the revisions that are applied. */
  readonly applied: ReadonlySet<string>;
  /** Ids of applied revisions whose file is another one now. */
  readonly edited: readonly string[];
  /** What failed, or is running: a sentence each. */
  readonly failed: readonly string[];
  /** Applied, and not in the folder: how the table names each. */
  readonly unknown: readonly string[];
}

/** What is known of another tool: how its folder and its table are read. */
export interface Tool {
  /** As people write it. */
  readonly name: string;
  /** Reads its folders; nothing in them is run. @throws AludelError `import-unreadable`, `file-unreadable`, `usage`. */
  read(folders: readonly string[]): FoundHistory;
  /** Where it keeps what was applied, unless told otherwise; the first that is there counts. */
  tables(versionTable: ObjectName): readonly ObjectName[];
  /** Others call their table the same. */
  readonly isAmbiguous?: true;
  /** Reads the rows of that table. */
  standing(rows: readonly Row[], revisions: readonly FoundRevision[]): Standing;
  /** The table in which it notes that it is running, beside that one. */
  readonly lock?: {
    table(table: ObjectName): ObjectName;
    isHeld(rows: readonly Row[]): boolean;
  };
}
