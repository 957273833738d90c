import type { Filters } from "../filter/rules.js";
import type { DialectName, ObjectName } from "../schema/name.js";
import type { SourceName } from "../source/source.js";
import type { HistoryPolicy } from "./choices.js";
import type { CiConfig } from "./ci-config.js";
import type { EnvironmentSettings } from "./environment-settings.js";
import type { FleetConfig } from "./fleet-config.js";
import type { LintConfig } from "./lint-config.js";
import type { Webhooks } from "./webhook-config.js";

export interface Environment extends EnvironmentSettings {
  readonly name: string;
  /** With its password; never printed. */
  readonly url: string;
}

/** Why an environment has no URL: the variable that it comes from. */
export interface UnsetVariable {
  /** `null` when the configuration gave `undefined`, as `process.env.NAME` does. */
  readonly variable: string | null;
  /** The variable is set, to nothing. */
  readonly empty: boolean;
  /** The `.env` file that was looked at beside the process's environment; `null` when there is none. */
  readonly dotenv: string | null;
}

/** The configuration, complete and validated: every path absolute, every default filled in. */
export interface Config {
  /** The folder of the configuration file; relative paths in it start here. */
  readonly root: string;
  /** The file it came from. */
  readonly file: string;
  /** Files and globs of the models, absolute, as configured and not yet expanded. */
  readonly schema: readonly string[];
  /** `null`: found out from the files. */
  readonly source: SourceName | null;
  /** `null`: from the URL in use, or from the models. */
  readonly dialect: DialectName | null;
  /** What of the models and of databases is looked at. */
  readonly filters: Filters;
  /** The folder of the revision files; of several the first. */
  readonly revisions: string;
  /** All folders of revision files, each once, that one first. Together they are one graph. */
  readonly revisionFolders: readonly string[];
  /** Those whose URL is known. */
  readonly environments: Readonly<Record<string, Environment>>;
  /** The configured environments whose URL is not known, and why. To choose one is an error, to have one is not. */
  readonly unsetEnvironments: Readonly<Record<string, UnsetVariable>>;
  /** The environments by what their databases are marked as, those without a URL included. */
  readonly markers: Readonly<Record<string, string>>;
  readonly defaultEnvironment: string | null;
  /** `linear`: the revisions stand in one line, without merges. `graph`: they may branch and merge. */
  readonly history: HistoryPolicy;
  /** Template of a new revision's file name, without its ending: `{yyyy}{mm}{dd}{HH}{MM}{SS}_{slug}`, also `{id}`. */
  readonly fileName: string;
  readonly versionTable: ObjectName;
  readonly runLogTable: ObjectName;
  /** The folder of the seeds. */
  readonly seeds: string;
  readonly seedTable: ObjectName;
  /** The table that says how far backfills are. */
  readonly backfillTable: ObjectName;
  /** The table that says what was deployed, by whom, and how its checks went. */
  readonly deployTable: ObjectName;
  /** The table that says which database this is, and which versions of applications were confirmed. */
  readonly stateTable: ObjectName;
  /** What receipts of deploys are signed with; `null` where there is none. Never printed. */
  readonly receiptKey: string | null;
  /** Milliseconds after which a receipt counts no longer. */
  readonly receiptMaxAgeMs: number;
  /** URL of a server (or `pglite:`) that may be given scratch databases; `null` leaves it to the dialect. */
  readonly scratch: string | null;
  /** Commands that are run on a revision file after it is written; `{file}` stands for its path. */
  readonly postWrite: readonly string[];
  /** Every folder of revisions has a file `aludel.sum` with their checksums. */
  readonly sum: boolean;
  readonly lint: LintConfig;
  readonly ci: CiConfig;
  /** Who is told of runs, whatever the environment. */
  readonly webhooks: Webhooks;
  /** `null` without one. */
  readonly fleet: FleetConfig | null;
}
