import type { SmokeMode } from "../config/choices.js";
import type { SinglePart } from "../deploy/deploy-log.js";
import type { CheckName } from "../gate/check.js";
import type { Release } from "../revision/release.js";
/** What the options that every command has say. */
export interface GlobalOptions {
  /** `--config`. */
  readonly config: string | null;
  /** `--env`. */
  readonly env: string | null;
  /** `--url`. */
  readonly url: string | null;
  /** `-x key=value`. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly json: boolean;
  /** False for `--no-color`. */
  readonly colour: boolean;
  readonly quiet: boolean;
  /** `-v`: more of the answer, and the causes of an error. */
  readonly verbose: boolean;
}

/** What the gate, or one of its checks, is asked with. */
export interface GateCommandOptions {
  /** A branch or commit; `null` is what the current branch will be merged into. */
  readonly base: string | null;
  /** The checks that are made. */
  readonly checks: ReadonlySet<CheckName>;
  readonly allowEdit: readonly string[];
  readonly maxSeconds: number | null;
  /** `null` leaves it to the configuration. */
  readonly mode: SmokeMode | null;
  readonly dump: string | null;
  /** Take one revision back after the upgrade, and run it again. */
  readonly downgrade: boolean;
  /** Files with queries of the deployed code. */
  readonly queries: readonly string[];
  /** Environments whose servers have noted queries of the deployed code. */
  readonly queriesFrom: readonly string[];
  readonly format: GateFormat;
  readonly output: string | null;
}

/** What can be done with backfills that are under way. */
export const backfillActions = ["status", "pause", "resume", "cancel"] as const;
export type BackfillAction = (typeof backfillActions)[number];

/** What each command is called with: its arguments and its own options, every default filled in. */
export interface CommandOptions {
  readonly init: {
    readonly yes: boolean;
    /** Files or globs of the models, relative to the working directory. */
    readonly schema: readonly string[];
    readonly dialect: string | null;
    readonly revisions: string;
    /** A URL, or `true` for the database of `--url` or of the variable that was found; `null` without one. */
    readonly fromDatabase: string | true | null;
    /** Where the database's schema is written as SQL, relative to the working directory; `null` leaves it open. */
    readonly schemaFile: string | null;
    /** Mark the database as being at the baseline. */
    readonly stamp: boolean;
    /** Write down what other tools keep in the database, too. */
    readonly otherTools: boolean;
    /** Whose workflow is written; `null` for none. */
    readonly ci: CiProvider | null;
    /** Write a hook that git runs before a commit. */
    readonly hooks: boolean;
    /** Add scripts to package.json, or targets to a Makefile. */
    readonly scripts: boolean;
  };
  readonly revision: {
    readonly message: string | null;
    readonly autogenerate: boolean;
    /** What the models are diffed against: the replay of the revisions, or the database. */
    readonly against: "revisions" | "database";
    /** False for `--no-verify`. */
    readonly verify: boolean;
    /** False for `--no-rows`: the proof is made without rows. */
    readonly rows: boolean;
    readonly revId: string | null;
    /** The folder of the file; `null` is that of the first parent. */
    readonly versionPath: string | null;
    /** Targets of the parents; none is the only head. */
    readonly head: readonly string[];
    readonly splice: boolean;
    readonly branchLabel: readonly string[];
    readonly dependsOn: readonly string[];
    /** Write a `.sql` revision. */
    readonly sql: boolean;
    /** Each `old:new`. */
    readonly rename: readonly string[];
    /** Names that are really dropped. */
    readonly drop: readonly string[];
    /** Each `column=expression`: the value that rows get. */
    readonly backfill: readonly string[];
    /** Each `enum.old:enum.new`: what becomes of rows that hold a value that goes. */
    readonly mapValue: readonly string[];
    /** Names of changes that are right whatever rows there are. */
    readonly allow: readonly string[];
    /** Write one that stands after the graph, and runs again whenever it has changed. */
    readonly repeatable: boolean;
    /** Write the revision even if nothing changed. */
    readonly empty: boolean;
    /** Write what the chosen database has as the first revision. */
    readonly baseline: boolean;
    /** With a baseline: mark the database as being at it. */
    readonly stamp: boolean;
    /** With a baseline: write down what other tools keep in the database, too. */
    readonly otherTools: boolean;
    /** Write every op in its plain form. */
    readonly inline: boolean;
  };
  readonly upgrade: {
    /** Lines of JSON on stderr instead of text. */
    readonly log: "json" | null;
    readonly targets: readonly string[];
    /** Run the seeds that are due then. */
    readonly seed: boolean;
    /** The word of the plan that may run, and nothing else. */
    readonly approve: string | null;
    /** The protected environment that is meant. */
    readonly confirm: string | null;
    readonly sql: boolean;
    readonly dryRun: boolean;
    readonly transaction: "each" | "all";
    readonly lockTimeoutMs: number;
    readonly allowEdited: boolean;
  };
  readonly downgrade: {
    /** Lines of JSON on stderr instead of text. */
    readonly log: "json" | null;
    readonly target: string;
    /** The protected environment that is meant. */
    readonly confirm: string | null;
    readonly sql: boolean;
    readonly dryRun: boolean;
    readonly transaction: "each" | "all";
    readonly lockTimeoutMs: number;
    readonly allowEdited: boolean;
  };
  readonly seed: {
    /** Names of seeds; none is all of them. */
    readonly names: readonly string[];
    /** Tell where each seed is, and run none. */
    readonly list: boolean;
    readonly dryRun: boolean;
    /** Those that ran and have not changed since, too. */
    readonly force: boolean;
    readonly lockTimeoutMs: number;
  };
  readonly "check-seeds": {
    readonly names: readonly string[];
  };
  readonly backfill: {
    readonly action: BackfillAction;
    /** Id of a revision, or the beginning of it. */
    readonly revision: string | null;
  };
  readonly current: { readonly checkHeads: boolean };
  readonly history: {
    readonly range: string | null;
    readonly indicateCurrent: boolean;
    /** How the graph is drawn; `null` is a list. */
    readonly picture: Picture | null;
    /** What ran on the database, instead of the revisions. */
    readonly runs: boolean;
  };
  readonly heads: {
    /** Leaves out those that another revision depends on. */
    readonly resolveDependencies: boolean;
  };
  readonly branches: Readonly<Record<string, never>>;
  readonly show: { readonly target: string };
  readonly merge: {
    /** The heads; none is all of them. */
    readonly targets: readonly string[];
    readonly message: string | null;
    readonly sql: boolean;
    readonly revId: string | null;
    /** As of `revision`. */
    readonly versionPath: string | null;
    readonly branchLabel: readonly string[];
    readonly dependsOn: readonly string[];
    readonly verify: boolean;
    readonly rows: boolean;
  };
  readonly rebase: {
    /** What is moved; none asks git. */
    readonly revisions: readonly string[];
    /** Targets or references of git; none is the head of the others. */
    readonly onto: readonly string[];
    /** The branch that the local revisions are held against; `null` finds it out. */
    readonly base: string | null;
    readonly dates: boolean;
    readonly verify: boolean;
    readonly rows: boolean;
    readonly allowApplied: boolean;
  };
  readonly linear: {
    readonly fix: boolean;
    readonly dates: boolean;
    readonly verify: boolean;
    readonly rows: boolean;
    readonly allowApplied: boolean;
  };
  readonly squash: {
    /** `from:to`; `null` with `since`. */
    readonly range: string | null;
    /** A branch of git that does not have them. */
    readonly since: string | null;
    readonly message: string | null;
    readonly rows: boolean;
  };
  readonly checkpoint: {
    /** The uppermost revision that it takes in. */
    readonly target: string;
    readonly message: string;
    readonly rows: boolean;
  };
  readonly import: {
    /** Whose revisions they are. */
    readonly tool: string;
    readonly folders: readonly string[];
    /** Write what the chosen database has as a baseline, for new databases. */
    readonly fromDatabase: boolean;
    /** Write into the version table of the chosen database what the tool's own table says. */
    readonly stamp: boolean;
    /** Where the tool keeps what was applied; `null` is its usual place. */
    readonly table: string | null;
    /** Files that were changed since they ran are taken as they are. */
    readonly allowEdited: boolean;
    readonly dryRun: boolean;
    readonly lockTimeoutMs: number;
    readonly verify: boolean;
    readonly rows: boolean;
  };
  readonly edit: { readonly target: string };
  readonly doctor: Record<never, never>;
  readonly rollout: {
    /** Lines of JSON on stderr instead of text. */
    readonly log: "json" | null;
    readonly targets: readonly string[];
    /** Tell where each database is, and run nothing. */
    readonly status: boolean;
    /** `null` leaves it to the configuration. */
    readonly parallel: number | null;
    readonly maxFailures: number | null;
    readonly lockTimeoutMs: number;
    readonly confirm: string | null;
  };
  readonly deploy: {
    /** Lines of JSON on stderr instead of text. */
    readonly log: "json" | null;
    readonly targets: readonly string[];
    /** The only part that is made; `null` for all of them. */
    readonly only: SinglePart | null;
    /** Tell the plan and what the preflight finds, and change nothing. */
    readonly dryRun: boolean;
    readonly approve: string | null;
    readonly confirm: string | null;
    /** `expand`: stop before the first revision that takes something away from code that is deployed. */
    readonly phase: "expand" | null;
    readonly onFailure: "stop" | "downgrade";
    /** Versions of applications that are everywhere, says who deploys. */
    readonly confirmed: readonly Release[];
    /** What would go may still be read. */
    readonly allowReads: boolean;
    /** Milliseconds that the smoke checks are repeated for after the upgrade; `null`: they are not. */
    readonly watchMs: number | null;
    /** Receipts of deploys to other environments. */
    readonly receipts: readonly string[];
    readonly writeReceipt: string | null;
    readonly lockTimeoutMs: number;
  };
  readonly confirm: {
    /** Versions that are everywhere; with `withdraw` of what it is taken back: also names without a version. */
    readonly releases: readonly string[];
    readonly list: boolean;
    readonly withdraw: boolean;
  };
  readonly mark: {
    /** The marker that the database has now. */
    readonly insteadOf: string | null;
    readonly confirm: string | null;
  };
  readonly plan: {
    readonly targets: readonly string[];
    readonly format: "text" | "markdown";
  };
  readonly backup: {
    /** Where it is put, relative to the working directory; `null` leaves it to the environment. */
    readonly folder: string | null;
    readonly jobs: number | null;
    readonly lockTimeoutMs: number;
  };
  readonly restore: {
    /** Relative to the working directory. */
    readonly file: string;
    /** What is in the database goes. */
    readonly replace: boolean;
    /** False for `--no-owner`. */
    readonly owner: boolean;
    /** The protected environment that is meant. */
    readonly confirm: string | null;
    readonly lockTimeoutMs: number;
  };
  readonly "smoke-test": Readonly<Record<string, never>>;
  readonly stamp: {
    readonly targets: readonly string[];
    readonly purge: boolean;
    /** The protected environment that is meant. */
    readonly confirm: string | null;
    readonly lockTimeoutMs: number;
  };
  readonly diff: { readonly from: string; readonly to: string };
  readonly validate: {
    /** Write `aludel.sum` anew before looking. */
    readonly fixSum: boolean;
  };
  readonly lint: {
    /** Only what revisions have left to be done: of all of them, unless some are asked for. */
    readonly obligations: boolean;
    /** Targets or ranges of revisions; none leaves it to the others. */
    readonly targets: readonly string[];
    /** A commit of git: what is new since then. */
    readonly since: string | null;
    readonly all: boolean;
    /** Files or folders of SQL, instead of revisions; `null` without the option. */
    readonly files: readonly string[] | null;
    /** Files or folders of SQL that came before these, and are not linted. */
    readonly after: readonly string[];
    /** A rule, or `true` for all of them. */
    readonly explain: string | true | null;
    readonly format: LintFormat;
    /** Where the answer is written; `null` is stdout. */
    readonly output: string | null;
    /** Empty leaves it to the configuration. */
    readonly serverVersions: readonly number[];
    /** Each `rule=severity`. */
    readonly rules: readonly string[];
    readonly failOn: "error" | "warning" | "info" | null;
    readonly downgrades: boolean;
    /** For files: one transaction around each of them. */
    readonly transaction: boolean;
    readonly baseline: string | null;
    /** A file, or `true` for that of the configuration. */
    readonly writeBaseline: string | true | null;
    readonly stats: string | null;
    /** The file that sizes of tables are written into. */
    readonly writeStats: string | null;
    readonly dialect: string | null;
    /** Rewrites what can be rewritten mechanically. */
    readonly fix: boolean;
    /** With `fix`: revisions in the place of one whose change takes several deploys. */
    readonly expand: boolean;
    /** With `fix`: shows what would be rewritten. */
    readonly dryRun: boolean;
  };
  readonly explain: {
    /** Files or folders of SQL, or targets and ranges of revisions. */
    readonly targets: readonly string[];
    /** The locks as a picture instead. */
    readonly timeline: boolean;
    /** Major version; `null` leaves it to the configuration. */
    readonly serverVersion: number | null;
    /** The engine of files; `null` leaves it to the configuration. */
    readonly dialect: string | null;
  };
  readonly conflicts: {
    /** A git commit whose revisions the working tree's are held against. */
    readonly base: string | null;
  };
  readonly check: { readonly database: boolean };
  readonly inspect: { readonly sql: boolean };
  readonly "ensure-version": Readonly<Record<string, never>>;
  readonly verify: {
    /** A target or a range of them; `null` is the heads. */
    readonly target: string | null;
    /** False for `--no-rows`. */
    readonly rows: boolean;
  };
  readonly "test-db": {
    readonly action: TestDatabaseAction;
    /** Names of test databases, or URLs. */
    readonly databases: readonly string[];
    /** Every test database that nobody uses. */
    readonly all: boolean;
    /** The URL is printed with its password. */
    readonly withPassword: boolean;
    /** Even while somebody is connected. */
    readonly force: boolean;
    /** Without asking. */
    readonly yes: boolean;
  };
  readonly ci: GateCommandOptions;
  readonly compat: GateCommandOptions;
  readonly guard: GateCommandOptions;
  readonly smoke: GateCommandOptions;
  readonly "pr-count": GateCommandOptions;
  readonly drift: {
    /** Milliseconds that a question to the database may take. */
    readonly timeoutMs: number;
  };
  readonly trace: {
    /** Targets or ranges of revisions, or files of SQL; none is the heads. */
    readonly targets: readonly string[];
    /** How many rows tables are given first. */
    readonly rows: ReadonlyMap<string, number>;
    /** Where the picture goes to; `null` without one. */
    readonly svg: string | null;
    /** False for `--no-transaction`: files do not run in a transaction each. */
    readonly transaction: boolean;
  };
}

/** Forms of the gate's answer. */
export const gateFormats = ["text", "json", "github", "markdown", "sarif", "junit"] as const;
export type GateFormat = (typeof gateFormats)[number];

/** Forms of the linter's answer. */
export const lintFormats = [
  "text",
  "json",
  "sarif",
  "github",
  "markdown",
  "gitlab",
  "junit",
  "checkstyle",
] as const;
export type LintFormat = (typeof lintFormats)[number];

/** What `test-db` can do. */
export const testDatabaseActions = ["create", "list", "drop", "reset"] as const;
export type TestDatabaseAction = (typeof testDatabaseActions)[number];

/** Where a workflow can be written for. */
export const ciProviders = ["github", "gitlab", "circleci"] as const;
export type CiProvider = (typeof ciProviders)[number];

/** Forms of the drawn graph. */
export type Picture = "graph" | "mermaid" | "dot";

export type CommandName = keyof CommandOptions;

/** Calls a command with its options. */
export type Act = <N extends CommandName>(name: N, options: CommandOptions[N]) => Promise<void>;

/** 0: yes, clean, done · 1: no. What could not be answered is thrown. */
export type ExitCode = 0 | 1 | 2;
