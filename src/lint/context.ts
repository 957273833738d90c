import type { Act } from "../effect/act.js";
import type { Effect } from "../effect/effect.js";
import type { AnalysedStatement, Transaction } from "../effect/statement.js";
import type { TypeUse } from "../effect/syntax.js";
import type { Relation, World } from "../effect/world.js";
import type { Phase } from "../revision/phase.js";
import type { DialectName, ObjectName } from "../schema/name.js";

/** The way of a revision, or the file, that is looked at. */
export interface Unit {
  /** As it is shown. */
  readonly file: string;
  /** `upgrade` for a file that is no revision. */
  readonly direction: "upgrade" | "downgrade";
  /** `null` for a file that is no revision of this project. */
  readonly revision: UnitRevision | null;
  readonly statements: readonly AnalysedStatement[];
  /** Positions of those that are assertions: nothing after them runs where they give a row. */
  readonly assertions: ReadonlySet<number>;
  /** Text of the file. */
  readonly text: string;
}

export interface UnitRevision {
  readonly id: string;
  readonly message: string;
  readonly revises: readonly string[];
  readonly format: "ts" | "sql";
  /** What it says of its phase itself. */
  readonly phase?: Phase;
  /** Why there is no such way; `null` where there is one. */
  readonly irreversible: string | null;
  /** The revision asks the database something: what it does after that is not known. */
  readonly queried: boolean;
}

interface Around {
  readonly dialect: DialectName;
  /** Major version. */
  readonly serverVersion: number;
  readonly unit: Unit;
  /**
   * The relation of this name as it was before the statement, if others may be using it: not made by this very unit, not
   * temporary. One that nobody saw made is there, too (`known: false`).
   */
  existing(name: ObjectName): Relation | undefined;
  /** True for a relation of the world that others may be using. */
  isExisting(relation: Relation): boolean;
  /** Relations of the world, by their ids. */
  relations(ids: Iterable<number>): readonly Relation[];
  /** True of rows whose value the other type refuses or changes; `null` where no condition can tell. */
  refusedBy(column: string, from: TypeUse, to: TypeUse): string | null;
  /**
   * False on the way back of a revision for what only its way up has made, so that taking it away brings back what was
   * there. Without a column it is asked about the relation.
   */
  wasThereBefore(relation: Relation, column?: string): boolean;
}

/** What a rule sees of a statement. Those in the body of a DO block are statements, too. */
export interface StatementContext extends Around {
  readonly statement: AnalysedStatement;
  readonly sql: string;
  readonly before: World;
  readonly after: World;
  /** On what existed before the unit: what others can feel. */
  readonly effect: Effect;
  /** What one of the statement's acts does by itself, on what existed before the unit: ALTER TABLE has one a subcommand. */
  effectOf(act: Act): Effect;
  /**
   * The statement that does this alone, as its author would write it: `sql` itself, unless it is an ALTER TABLE of several
   * subcommands. `null` where it cannot be told apart from the others.
   */
  textOf(act: Act): string | null;
  readonly transaction: Transaction;
  /** In a DO block or a function: in an IF, a loop, an exception handler. */
  readonly conditional: boolean;
}

/** What a rule sees of a whole unit. `before` and `after` are of its first and its last statement. */
export interface RevisionContext extends Around {
  readonly before: World;
  readonly after: World;
  /** After everything that is known of the history. */
  readonly end: World;
  /** Asked about a way back: the way up does nothing that could be taken back. */
  readonly isEmptyUpgrade: boolean;
}
