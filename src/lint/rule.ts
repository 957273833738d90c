import type { LongChange } from "../dialect/expansion.js";
import type { Act, ActKind } from "../effect/act.js";
import type { Relation } from "../effect/world.js";
import type { Phase } from "../revision/phase.js";
import type { DialectName, ObjectName } from "../schema/name.js";
import type { RevisionContext, StatementContext } from "./context.js";
import type { Precheck } from "./precheck.js";
import type { Severity } from "./severity.js";

/** What a rule is about; the pages of the documentation are grouped by it. */
export const ruleGroups = [
  "locks",
  "rewrites",
  "scans",
  "data-dependent",
  "destruction",
  "compatibility",
  "transaction",
  "data",
  "types",
  "design",
  "security",
  "hygiene",
  "sqlite",
] as const;

export type RuleGroup = (typeof ruleGroups)[number];

/** Linters whose names of rules are understood in their own comments. */
export const aliasTools = [
  "squawk",
  "atlas",
  "eugene",
  "pgsafe",
  "pgfence",
  "pgls",
  "pg-migration-lint",
  "drizzle-migration-lint",
] as const;

export type AliasTool = (typeof aliasTools)[number];

/** Words of a team's policy that permit what a rule would say: `destructive: approved`. */
export const policyTags = {
  destructive: "approved",
  empty: "allow",
  backfill: "ok",
  "type-change": "approved",
} as const;

export type PolicyTag = keyof typeof policyTags;

/**
 * SQL that a rule is tried on, and that its page shows. A text is one file after an empty history, on the newest server
 * that the catalogue knows.
 */
export type Example = string | ExampleInput;

export interface ExampleInput {
  /** The file that is linted. */
  readonly sql: string;
  /** Earlier files of the same history, in order: what they make exists. */
  readonly before?: string | readonly string[];
  /** Major version of the server. */
  readonly serverVersion?: number;
  /** False: every statement is committed by itself unless the file says BEGIN. */
  readonly inTransaction?: boolean;
  /** The file is the way back of a revision whose way up is the last of `before`. */
  readonly downgrade?: boolean;
  /** What it shows; a sentence without its period. */
  readonly note?: string;
  readonly dialect?: DialectName;
  /** What the revision is called; for rules about messages. */
  readonly message?: string;
  /** What the revision says of its phase itself. */
  readonly phase?: Phase;
  /** Why there is no way back, as text in its place; with `downgrade`. */
  readonly irreversible?: string;
  /** The text of the revision, of which `sql` is what comes out; for rules that read it. */
  readonly typescript?: string;
}

/** An index that is missing. */
export interface WantedIndex {
  /** As the statement names it. */
  readonly table: ObjectName;
  readonly name: string;
  readonly columns: readonly string[];
  /** The foreign key that it is for. */
  readonly key: string;
  /** The table has rows, and is in use. */
  readonly concurrently: boolean;
  /** It can be built before the statement: its columns are there. */
  readonly above: boolean;
}

/** What a rule says about a statement, or about a revision. */
export interface Say {
  /** What this statement does to what, in one sentence without its period: `Writes to public.orders wait until …`. */
  readonly message: string;
  /** What it is about, as people write it: `public.orders`, `public.orders.email`. Part of the fingerprint. */
  readonly object?: string;
  /** The relations that are as bad as they are big; see `Rule.small`. */
  readonly relations?: readonly Relation[];
  /** Words of the statement that are underlined: a name, `DROP COLUMN email`. The whole statement when absent. */
  readonly at?: string;
  /** What to do here, instead of the rule's remedy. */
  readonly remedy?: string;
  /** SQL to write instead, statement by statement. */
  readonly instead?: readonly string[];
  /** What the rows can be asked before; `--fix` writes it into a revision as an assertion. */
  readonly precheck?: Precheck;
  /** Statements that the file lacks above the one on `line`: settings. */
  readonly before?: readonly string[];
  /** To be built on the way up, and dropped on the way down. */
  readonly index?: WantedIndex;
  /** The change, where its remedy takes several deploys. */
  readonly long?: LongChange;
  /** Of how many acts that change is one; absent: of one. */
  readonly longActs?: number;
  /** The transaction is to be committed above the statement that this is about. */
  readonly commitBefore?: boolean;
  /** Only where this case is worse or milder than the rule in general. */
  readonly severity?: Exclude<Severity, "off">;
  /** From 1, in the file: one of the statement's lines, or, where it is about the whole, the place of it. */
  readonly line?: number;
}

export type Says = Say | readonly Say[] | undefined;

/**
 * One rule of the linter; its file in `rules/` has its id for a name. It is asked about acts, the world around them and
 * their effect, and never sees what a parser makes of a text.
 */
export interface Rule {
  /** In lower case with hyphens. */
  readonly id: string;
  /** What it finds, in a few words: `CREATE INDEX without CONCURRENTLY`. */
  readonly title: string;
  /** What happens to whom, in plain sentences (Markdown). */
  readonly why: string;
  /** What to do instead, in plain sentences (Markdown). */
  readonly remedy: string;
  /** Unless the configuration says another. `off`: only who asks for it has it. */
  readonly severity: Severity;
  /**
   * What `--fix` does, as an imperative: `Build the index CONCURRENTLY`. Only where what a finding has for `instead` or
   * `before` leads to the same schema and keeps the rows.
   */
  readonly fix?: string;
  /** `--fix --expand` writes the revisions for it, where its findings have `long`. */
  readonly expands?: true;
  readonly group: RuleGroup;
  readonly dialects: "all" | readonly DialectName[];
  /** Major versions of the server that it is about; absent: all. */
  readonly since?: number;
  readonly until?: number;
  /**
   * What a small table makes of it: `harmless`, nobody notices the lock · `same`, rows are lost or code breaks whatever
   * their number.
   */
  readonly small: "harmless" | "same";
  /** Which ways of a revision it is asked about; `upgrade` alone for what a way back is there for. Absent: both. */
  readonly directions?: "upgrade" | "downgrade";
  /** The policy tag that permits it. */
  readonly tag?: PolicyTag;
  /** What other linters call it. */
  readonly aliases: { readonly [T in AliasTool]?: readonly string[] };
  /** Each gives findings of this rule. */
  readonly bad: readonly [Example, ...Example[]];
  /** Each gives none of this rule. */
  readonly good: readonly [Example, ...Example[]];
  /** Asked about every act of a kind. */
  readonly on?: { readonly [K in ActKind]?: (act: Act<K>, context: StatementContext) => Says };
  /** Asked about every statement. */
  readonly statement?: (context: StatementContext) => Says;
  /** Asked once for each way of a revision, and for each file. */
  readonly revision?: (context: RevisionContext) => Says;
}

/** Gives a rule its types. */
export function defineRule(rule: Rule): Rule {
  return rule;
}
