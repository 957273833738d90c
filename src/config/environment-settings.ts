import { type BackupSettings, backupDefaults, backupOf } from "./backup-config.js";
import type { ContractPolicy } from "./contract-policy.js";
import type { EnvironmentShape } from "./shape-environment.js";
import { type SmokeCheck, smokeOf } from "./smoke-config.js";
import { type WatchSettings, watchDefaults, watchOf } from "./watch-config.js";
import { noWebhooks, type Webhooks } from "./webhook-config.js";

/** How long the statements of a run wait, and how often they are tried again. */
export interface Timeouts {
  /** Milliseconds that a statement waits for a lock before it gives way; `null` for as long as the server lets it. */
  readonly lockMs: number | null;
  /** Milliseconds that a statement of a transaction may take; `null` for as long as the server lets it. */
  readonly statementMs: number | null;
  /** How often a revision that gave way is tried again. */
  readonly retries: number;
  /** Which part of the time a backfill works, above 0 and up to 1; the rest it leaves the table alone. */
  readonly backfillShare: number;
  /** Milliseconds after which a query that is in the way is cancelled; `null`: never. */
  readonly cancelBlockersMs: number | null;
}

/** What the database has to be; a part that is `null` is not asked for. */
export interface Identity {
  /** As in the URL. */
  readonly host: string | null;
  /** Its name; of SQLite that of the file. */
  readonly database: string | null;
  /** PostgreSQL: `SELECT system_identifier FROM pg_control_system()`. A copy of the server's files has the same. */
  readonly systemIdentifier: string | null;
  /** The word that is written into the database itself. A copy has it, too. */
  readonly marker: string | null;
}

/** What a deploy looks at before it changes anything. */
export interface PreflightSettings {
  /** The working tree has to be clean, and its commit pushed. */
  readonly git: boolean;
  /** Milliseconds that a transaction of others may have been open. */
  readonly longTransactionMs: number;
}

/** Lines for the system's shell that a deploy runs; `null` for none. */
export interface Hooks {
  /** Before the first revision; the deploy stops where it fails. */
  readonly before: string | null;
  /** After a deploy that succeeded. */
  readonly after: string | null;
  /** After one that had begun to change something and failed. */
  readonly failed: string | null;
}

/** What is known of an environment beside its URL. */
export interface EnvironmentSettings {
  /** Taking revisions back, and saying otherwise where the database is, needs its name typed. */
  readonly protected: boolean;
  /** Nothing runs that no plan was approved of. */
  readonly approve: boolean;
  readonly timeouts: Timeouts;
  readonly identity: Identity;
  /** Environments that have to have what is deployed to this one. */
  readonly requires: readonly string[];
  readonly preflight: PreflightSettings;
  readonly backup: BackupSettings;
  /** What is asked of the application and the database after a deploy. */
  readonly smoke: readonly SmokeCheck[];
  readonly hooks: Hooks;
  /** Who is told of runs here, beside those who are told of all runs. */
  readonly webhooks: Webhooks;
  readonly watch: WatchSettings;
  readonly contract: ContractPolicy;
  /** URLs that report which versions of which applications are running; perhaps with user and password. */
  readonly versions: readonly string[];
}

/** Those of an environment that is only a URL. */
export const environmentDefaults: EnvironmentSettings = {
  protected: false,
  approve: false,
  timeouts: { lockMs: null, statementMs: null, retries: 0, backfillShare: 1, cancelBlockersMs: null },
  identity: { host: null, database: null, systemIdentifier: null, marker: null },
  requires: [],
  preflight: { git: true, longTransactionMs: 60_000 },
  backup: backupDefaults,
  smoke: [],
  hooks: { before: null, after: null, failed: null },
  webhooks: noWebhooks,
  watch: watchDefaults,
  contract: "run",
  versions: [],
};

/** Of a protected environment that says nothing of its timeouts: others wait two seconds at most. */
export const protectedTimeouts: Timeouts = {
  lockMs: 2000,
  statementMs: null,
  retries: 30,
  backfillShare: 1,
  cancelBlockersMs: null,
};

/** The settings of an environment as they were written, with what was left out; of the webhooks somebody else knows the variables. */
export function settingsOf(name: string, shape: EnvironmentShape, webhooks: Webhooks): EnvironmentSettings {
  const isProtected = shape.protected ?? false;
  const { timeouts: without, identity: any } = environmentDefaults;
  const timeouts = isProtected ? protectedTimeouts : without;
  const { lock: given, statement, retries, backfillShare, cancelBlockersAfter } = shape.timeouts ?? {};
  // Who waits for ever never looks who is in the way.
  const lock = given ?? (cancelBlockersAfter === undefined ? undefined : protectedTimeouts.lockMs);
  return {
    protected: isProtected,
    approve: shape.approve ?? environmentDefaults.approve,
    timeouts: {
      lockMs: lock ?? timeouts.lockMs,
      statementMs: statement ?? timeouts.statementMs,
      // Who gives way wants to try again.
      retries: retries ?? (lock === undefined ? timeouts.retries : protectedTimeouts.retries),
      backfillShare: backfillShare ?? timeouts.backfillShare,
      cancelBlockersMs: cancelBlockersAfter ?? timeouts.cancelBlockersMs,
    },
    identity: {
      host: shape.identity?.host ?? any.host,
      database: shape.identity?.database ?? any.database,
      systemIdentifier: shape.identity?.systemIdentifier ?? any.systemIdentifier,
      marker: shape.identity?.marker ?? (isProtected ? name : any.marker),
    },
    requires: shape.requires ?? environmentDefaults.requires,
    preflight: {
      git: shape.preflight?.git ?? environmentDefaults.preflight.git,
      longTransactionMs: shape.preflight?.longTransaction ?? environmentDefaults.preflight.longTransactionMs,
    },
    backup: backupOf(shape.backup, isProtected),
    smoke: smokeOf(shape.smoke ?? []),
    hooks: {
      before: shape.hooks?.before ?? null,
      after: shape.hooks?.after ?? null,
      failed: shape.hooks?.failed ?? null,
    },
    webhooks,
    watch: watchOf(shape.watch),
    contract: shape.contract ?? (isProtected ? "ask" : environmentDefaults.contract),
    versions: shape.versions ?? environmentDefaults.versions,
  };
}
