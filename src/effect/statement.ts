import type { Op } from "../op/op.js";
import type { Act } from "./act.js";
import type { Effect } from "./effect.js";
import type { LockMode } from "./lock.js";
import type { PersistentMap } from "./persistent-map.js";
import type { RelationId, World } from "./world.js";

/** A text of SQL: a file, or what a revision compiles to. Several in order are one history. */
export interface SqlSource {
  /** For messages and records: the path as it was given. */
  readonly file: string;
  readonly text: string;
  /** Its statements were given by somebody who knows them (a revision's steps), and `text` is not to be split. */
  readonly statements?: readonly GivenStatement[];
  /**
   * Whether a runner puts the whole source into one transaction, when it has no BEGIN of its own. Absent: as
   * `AnalyseOptions.inTransaction`.
   */
  readonly inTransaction?: boolean;
}

export interface GivenStatement {
  readonly sql: string;
  readonly op: Op | null;
  readonly line: number;
  /** The line that it ends in. */
  readonly endLine: number;
  /** Runs outside the source's transaction: what came before is committed first. */
  readonly outside?: boolean;
  /** The source's transaction ends with it, and what comes next has another one. */
  readonly committed?: boolean;
}

export interface AnalyseOptions {
  /** Major version, 11 to 18. */
  readonly serverVersion: number;
  readonly inTransaction: boolean;
  /** The TimeZone of sessions; UTC when absent. Between timestamps with and without time zone it makes the difference. */
  readonly timeZone?: string;
  /** What there was before the first source; an empty database when absent. */
  readonly world?: World;
  /**
   * The number of the first source and the position of the first statement, 0 when absent: with the `world` of an earlier
   * call they go on from there, so that what it made is not taken to be born in these sources.
   */
  readonly from?: { readonly source: number; readonly position: number };
}

/** The transaction that a statement finds itself in. */
export interface Transaction {
  /** `none`: every statement is committed by itself. `script`: opened by BEGIN. `runner`: around the whole source. */
  readonly by: "none" | "script" | "runner";
  /** Position of the first statement in it, which may be the BEGIN. */
  readonly since: number;
  /** What the statements before this one in the transaction still hold, and which of them took it first. */
  readonly held: PersistentMap<RelationId, { readonly mode: LockMode; readonly by: number }>;
}

/** A statement, what it does, and the world around it. */
export interface AnalysedStatement {
  /** Place in the whole history, from 0: `analysed[position]` is this one. */
  readonly position: number;
  /** Index of its source among those given. */
  readonly source: number;
  /**
   * The run that it is in, as `Relation.bornIn` counts: the number of the source, and half more in its `down` section.
   * Relations that were born in another run existed before.
   */
  readonly run: number;
  readonly file: string;
  /** Lines of its first and its last character, from 1. */
  readonly line: number;
  readonly endLine: number;
  /** Offsets in the source's text, of the first character and behind the last one. */
  readonly start: number;
  readonly end: number;
  /** Without the semicolon, and without the white space and comments around it. */
  readonly sql: string;
  readonly acts: readonly Act[];
  /** `down`: stands under a mark like `-- +goose Down`. It runs in another run, and the next source starts from where the `up` ended. */
  readonly section: "up" | "down";
  /** On all relations, also those that the same source made before. */
  readonly effect: Effect;
  /** On those that existed before the source: what others can feel. */
  readonly onExisting: Effect;
  /** What each of `acts` does by itself, in their order; on those that existed before the source. */
  readonly actEffects: readonly Effect[];
  /** With every relation that the statement speaks of: those that nobody saw made are in it, `known: false`. */
  readonly before: World;
  readonly after: World;
  readonly transaction: Transaction;
  /** The statements in the body of a DO block, or of a function that is called, that could be read; with the lines they have in the source. */
  readonly inner: readonly InnerStatement[];
  /** The op that it comes from. */
  readonly op: Op | null;
}

export interface InnerStatement {
  readonly sql: string;
  readonly line: number;
  readonly acts: readonly Act[];
  readonly effect: Effect;
  /** As those of a statement. */
  readonly actEffects: readonly Effect[];
  readonly before: World;
  /** It stands in an IF, a loop or an exception handler: it may not run, or run more than once. */
  readonly conditional: boolean;
}

/**
 * Reads every source, in order, and says of each statement what it does. Never throws on bad SQL: what cannot be read
 * is one `not-analysed` statement with its line, and the rest goes on.
 *
 * Reached through `Dialect.analyse`.
 */
export type Analyse = (
  sources: readonly SqlSource[],
  options: AnalyseOptions,
) => Promise<readonly AnalysedStatement[]>;
