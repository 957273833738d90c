import type { FilterKind } from "../filter/kinds.js";
import type { DialectName } from "../schema/name.js";
import type { SourceName } from "../source/source.js";
import type { RevisionCount, SmokeMode } from "./choices.js";
import type { LintSeverity } from "./lint-config.js";
import type { WebhookEvent } from "./webhook-config.js";

/**
 * A value that is taken from an environment variable when the configuration is loaded; `env` makes one. Plain data,
 * because the configuration may have been written with another copy of this package than the one that reads it.
 */
export interface EnvironmentVariable {
  readonly variable: string;
  /** Used when the variable is not set or empty; without one that is an error as soon as the value is needed. */
  readonly fallback?: string | null;
}

/**
 * A value from an environment variable, or from the `.env` file beside the configuration.
 *
 * Unlike `process.env.NAME` it can say which variable is missing, and it does so only when the value is needed: an
 * unset production URL does not stand in the way of a development command.
 *
 * @param fallback used when the variable is not set or empty; `null` means as if nothing were configured.
 */
export function env(variable: string, fallback?: string | null): EnvironmentVariable {
  return Object.freeze(fallback === undefined ? { variable } : { variable, fallback });
}

/** Text, or text from an environment variable: `env("NAME")`, or `"$NAME"` in JSON. `undefined` counts as not set. */
export type TextInput = string | EnvironmentVariable | undefined;

/** A time: milliseconds, or text such as `"500ms"`, `"2s"`, `"5m"`. */
export type DurationInput = number | string;

/** What is asked after a deploy. A check that takes longer than `within` has failed. */
export type SmokeCheckInput = {
  /** For people. */
  name?: string | undefined;
  within?: DurationInput | undefined;
} & (
  | {
      /** A URL that is fetched; redirects are not followed. */
      http: string;
      /** Default: 200. */
      status?: number | undefined;
      /** A text that the answer has in it, or a pattern. */
      body?: string | RegExp | undefined;
    }
  | {
      /** A query that gives at least one row, or what `expect` says. */
      query: string;
      /** A value, a row by its columns, or a list of rows. */
      expect?: unknown;
    }
  | {
      /** Statements that write rows, in a transaction that is rolled back. */
      write: string;
    }
  | {
      /** A command that ends with 0. */
      command: string;
    }
);

/** When and how the database of an environment is backed up. */
export interface BackupInput {
  /** When a deploy makes a backup: before what destroys something (`"destructive"`, the default), `"always"` or `"never"`. */
  when?: "destructive" | "always" | "never" | undefined;
  /** Where backups are put. Default: `"backups"`. */
  folder?: string | undefined;
  /** How many tables are dumped at once (PostgreSQL); the backup is then a folder. Default: 1. */
  jobs?: number | undefined;
  /** A command that makes a backup called `{name}`, instead of the engine's own tools. */
  create?: string | undefined;
  /** A command that ends with 0 when the backup `{name}` can be restored. */
  verify?: string | undefined;
  /** The line that restores the backup `{name}`. It is shown, and not run. */
  restore?: string | undefined;
}

/** Somebody who is told of runs over HTTP: JSON that Slack understands, too. */
export interface WebhookInput {
  /** Often a secret: `env("SLACK_WEBHOOK_URL")`. */
  url: TextInput;
  /** What it is told of: `"start"`, `"success"`, `"failure"`, `"slow-lock"`, or a list of them. Default: all. */
  on?: WebhookEvent | WebhookEvent[] | undefined;
  /** Sent along: `{ authorization: env("WEBHOOK_TOKEN") }`. */
  headers?: Record<string, TextInput> | undefined;
  /** How long one try may take. Default: `"5s"`. */
  timeout?: DurationInput | undefined;
  /** Waiting for a lock for so long is slow. Default: `"2s"`. */
  slowLock?: DurationInput | undefined;
}

export interface EnvironmentInput {
  /** The database: `postgres://user@host/database`, `sqlite:./dev.db`. Passwords belong into a variable: `env("DATABASE_URL")`. */
  url: TextInput;
  /** `downgrade`, `stamp` and what destroys need its name typed here, or `--confirm NAME`. Default: `false`. */
  protected?: boolean | undefined;
  /** Nothing runs without `--approve` and the token of a plan. Default: `false`. */
  approve?: boolean | undefined;
  /**
   * How long statements wait for a lock before they give way (`lock`), how long one may take (`statement`), and how often
   * a revision that gave way is tried again (`retries`, default 30). Default of a protected environment: `lock: "2s"`.
   */
  timeouts?:
    | {
        lock?: DurationInput | undefined;
        statement?: DurationInput | undefined;
        retries?: number | undefined;
        /** A query that is in the way for longer is cancelled (PostgreSQL). Default: never. */
        cancelBlockersAfter?: DurationInput | undefined;
        /** Which part of the time a backfill works, above 0 and up to 1; default 1. */
        backfillShare?: number | undefined;
      }
    | undefined;
  /** Environments that have to have what is deployed here: deployed, with smoke checks that passed. `"staging"`. */
  requires?: string | string[] | undefined;
  /** What `aludel deploy` looks at before it changes anything. */
  preflight?:
    | {
        /** The working tree is clean, and its commit is pushed. Default: `true`. */
        git?: boolean | undefined;
        /** How long a transaction of others may have been open. Default: `"60s"`. */
        longTransaction?: DurationInput | undefined;
      }
    | undefined;
  /** What the database has to be; a run against any other one stops before its first statement. */
  identity?:
    | {
        /** As in the URL. */
        host?: string | undefined;
        database?: string | undefined;
        /** PostgreSQL: `SELECT system_identifier FROM pg_control_system()`. */
        systemIdentifier?: string | undefined;
        /** A word that is written into the database at the first upgrade. Default of a protected environment: its name. */
        marker?: string | undefined;
      }
    | undefined;
  backup?: BackupInput | undefined;
  /** What is asked of the application and the database after a deploy. */
  smoke?: SmokeCheckInput[] | undefined;
  /** Commands that `aludel deploy` runs: before the first revision, after a success, after a failure. */
  hooks?:
    | { before?: string | undefined; after?: string | undefined; failed?: string | undefined }
    | undefined;
  /** Who is told of runs on this database, beside those of the whole configuration. */
  webhooks?: WebhookInput[] | undefined;
  /** How `aludel deploy --watch` repeats the smoke checks, and what counts as worse than before. */
  watch?:
    | {
        /** From one round to the next. Default: `"5s"`. */
        every?: DurationInput | undefined;
        /** Rounds before the upgrade. Default: 5. */
        before?: number | undefined;
        /** How much more of the answers may be failures, as a part of all. Default: 0.05. */
        errors?: number | undefined;
        /** How many times as long the median answer may take. Default: 2. */
        latency?: number | undefined;
      }
    | undefined;
  /**
   * What becomes of a contract that does not say what it waits for: it runs (`"run"`), it runs when a person says so (`"ask"`, the
   * default of a protected environment), or not at all (`"refuse"`).
   */
  contract?: "run" | "ask" | "refuse" | undefined;
  /** URLs that report which versions are running: `{ "app": "1.42.0" }`, or a list of such answers. */
  versions?: string | string[] | undefined;
}

/** What a filter names. `*` stands for any characters, `?` for one, and what is in double quotes for itself. */
export interface FilterInput {
  /** Schemas of the database: `"audit"`, `["tenant_*", "!tenant_demo"]`. */
  schemas?: string | string[] | undefined;
  /** Tables and views: `"legacy_*"` in the default schema, `"audit.*"`, `"*.temp_*"` in any. */
  tables?: string | string[] | undefined;
  /** Kinds of objects: `"view"`, `["function", "trigger"]`. */
  kinds?: FilterKind | FilterKind[] | undefined;
}

/** Severities of lint rules, or of whole groups of them: `{ "drop-column": "off", types: "info" }`. */
export type LintRulesInput = Record<string, LintSeverity>;

/** What `aludel ci` is to know. */
export interface CiInput {
  /** How many new revisions a change may bring: `"any"` (default), `"at-most-one"`, or `"exactly-one"` when the models change. */
  revisions?: RevisionCount | undefined;
  /** Days that an exception of the guard may be ahead, 1 to 30. Default: 30. */
  exceptionDays?: number | undefined;
  /** Differences between models and database that are known: the line of each has `match` in it. */
  allowedDrift?: { match: string; reason: string }[] | undefined;
  /** Seconds that the revisions of a change may take on the scratch database. */
  maxSeconds?: number | undefined;
  /**
   * What revisions are tried on: an empty database (`"fresh"`), one at the base of the change with rows in it
   * (`"upgrade-from-previous"`, the default), `"both"`, or what `dump` has (`"from-dump"`, the default with `dump`).
   */
  smoke?: SmokeMode | undefined;
  /** A dump of a database: SQL, perhaps compressed, what `pg_restore` reads, or a file of SQLite. */
  dump?: string | undefined;
  /** Take one revision back after the upgrade, and run it again. Default: `false`. */
  downgrade?: boolean | undefined;
  /**
   * Files with queries of your application, by globs: `.sql`, or logs with a query a line as JSON. They are tried before and
   * after each new revision.
   */
  queries?: string | string[] | undefined;
  /** Queries that a change may break: they, or what is said of them, have `match` in them. */
  allowedBreaks?: { match: string; reason: string }[] | undefined;
}

/** What `aludel lint` is to know. */
export interface LintInput {
  /** Severities other than the rules' own. */
  rules?: LintRulesInput | undefined;
  /** The same for some files: globs, from the folder of the configuration. Later ones win. */
  overrides?: { files: string | string[]; rules: LintRulesInput }[] | undefined;
  /**
   * Major versions of the servers that the revisions run on: `16`, `[14, 17]`; of SQLite `"3.35"`. Default: the newest PostgreSQL
   * that is known; SQLite 3.40.
   */
  serverVersion?: number | string | (number | string)[] | undefined;
  /** Findings as bad as this make the answer a no. Default: `"warning"`. */
  failOn?: "error" | "warning" | "info" | undefined;
  /** Look at the ways back, too. Default: `true`. */
  downgrades?: boolean | undefined;
  /** The file of findings that are known; `aludel lint --all --write-baseline` writes it. */
  baseline?: string | undefined;
  /** A file with the sizes of tables, as JSON: `{ "public.orders": 1200000 }`. */
  stats?: string | undefined;
  /** A table with fewer rows is small. Default: `10_000`. */
  smallTableRows?: number | undefined;
  /** Days until what a revision has left to be done (a constraint NOT VALID) is due. Default: 30. */
  obligations?: { days?: number | undefined } | undefined;
}

/** Many databases that have the same revisions, for `aludel rollout`. Exactly one of the first five says which. */
export interface FleetInput {
  urls?: TextInput[] | undefined;
  /** SQLite files: `"tenants/*.db"`. */
  files?: string | string[] | undefined;
  /** Schemas of the environment's database (PostgreSQL). */
  schemas?: string | string[] | undefined;
  /** A query in the environment's database with a column `url` or `schema`. */
  query?: string | undefined;
  /** A command that prints a URL a line. */
  command?: string | undefined;
  /** The environment that schemas and queries are of. Default: the chosen one. */
  environment?: string | undefined;
  /** How far each wave goes. Default: `[1, "10%", "100%"]`. */
  waves?: (number | string)[] | undefined;
  /** How many are upgraded at a time. Default: 4. */
  parallel?: number | undefined;
  /** As many may fail before no other one is begun. Default: 0. */
  maxFailures?: number | undefined;
}

/** What a configuration file exports by default. Relative paths start at the file's own folder. */
export interface ConfigInput {
  /** The files that hold your models: a path or a glob, or several. `"./src/db/schema.ts"`, `["src/**\/*.model.ts", "!**\/*.test.ts"]`. */
  schema?: string | string[] | undefined;
  /** What the models are written with. Found out from the files when absent. */
  source?: SourceName | undefined;
  /** The engine. Found out from the URL in use, or from the models, when absent. */
  dialect?: DialectName | undefined;
  /** Only this is looked at, in the models and in databases. Default: everything but what other tools keep. */
  include?: FilterInput | undefined;
  /** This is not looked at: neither created nor changed nor dropped. Wins over `include`. */
  exclude?: FilterInput | undefined;
  /** The folder of the revision files, or several, which together are one graph. Default: `"revisions"`. */
  revisions?: string | string[] | undefined;
  /** The databases by name, each as a URL or `{ url }`. `--env NAME` or the variable ALUDEL_ENV chooses one. */
  environments?: Record<string, EnvironmentInput | TextInput> | undefined;
  /** The environment that is used when nobody chooses. Not needed when there is only one. */
  defaultEnvironment?: string | undefined;
  /** `"linear"`: the revisions stand in one line, without branches and merges. Default: `"graph"`, which allows both. */
  history?: "graph" | "linear" | undefined;
  /**
   * Template of a new revision's file name, without its ending. It knows `{yyyy} {mm} {dd} {HH} {MM} {SS}` (UTC),
   * `{slug}` (the message) and `{id}`. Default: `"{yyyy}{mm}{dd}{HH}{MM}{SS}_{slug}"`.
   */
  fileName?: string | undefined;
  /** The table that says which revisions a database has. Default: `"aludel_version"`. */
  versionTable?: string | { schema?: string | undefined; name: string } | undefined;
  /** The table that says what ran, when, by whom and with what result. Default: `"aludel_run_log"`. */
  runLogTable?: string | { schema?: string | undefined; name: string } | undefined;
  /** The folder of the seeds: reference data. Default: `"seeds"`. */
  seeds?: string | undefined;
  /** The table that says which seeds a database has. Default: `"aludel_seed"`. */
  seedTable?: string | { schema?: string | undefined; name: string } | undefined;
  /** The table that says how far backfills are; made with the first one. Default: `"aludel_backfill"`. */
  backfillTable?: string | { schema?: string | undefined; name: string } | undefined;
  /** The table that says what was deployed, by whom, and how its checks went. Default: `"aludel_deploy"`. */
  deployTable?: string | { schema?: string | undefined; name: string } | undefined;
  /** The table that says which database this is, and which versions of applications were confirmed. Default: `"aludel_state"`. */
  stateTable?: string | { schema?: string | undefined; name: string } | undefined;
  /** What receipts of deploys are signed with, at least 16 characters: `env("ALUDEL_RECEIPT_KEY")`. */
  receiptKey?: TextInput;
  /** How long a receipt counts. Default: `"168h"`, a week. */
  receiptMaxAge?: DurationInput | undefined;
  /**
   * URL of a server (or `pglite:`) on which throw-away databases may be made and dropped, to prove revisions on.
   * Left to the engine when absent.
   */
  scratch?: TextInput | null;
  /** Commands that are run on a revision file after it was written; `{file}` stands for its path: `"biome check --write {file}"`. */
  postWrite?: string | string[] | undefined;
  /**
   * Keep the checksums of all revisions in a file `aludel.sum` beside them: two branches that each add a revision then
   * conflict in git, and an upgrade refuses revisions that were changed. Default: `false`.
   */
  sum?: boolean | undefined;
  /** What `aludel lint` is to know. */
  lint?: LintInput | undefined;
  /** Who is told of runs on any database. */
  webhooks?: WebhookInput[] | undefined;
  /** The databases of `aludel rollout`. */
  fleet?: FleetInput | undefined;
  /** What `aludel ci` is to know. */
  ci?: CiInput | undefined;
}

/** What a configuration that is a function is called with. */
export interface ConfigArguments {
  /** The environment that was asked for with `--env` or ALUDEL_ENV; `null` when nobody asked. */
  readonly env: string | null;
  /** `-x key=value` of the command line. */
  readonly arguments: Readonly<Record<string, string>>;
}

/** A configuration, or a function that makes one. */
export type ConfigExport = ConfigInput | ((given: ConfigArguments) => ConfigInput | Promise<ConfigInput>);

/** Gives a configuration file its types; returns what it is given. */
export function defineConfig<C extends ConfigExport>(config: C): C {
  return config;
}
