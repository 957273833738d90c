import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Hooks } from "../config/environment-settings.js";
import { type Backup, makeBackup } from "../deploy/backup/backup.js";
import { waitForDumps } from "../deploy/backup/dumps.js";
import { recordConfirmation, recordReads } from "../deploy/contract/confirmations.js";
import type { DeployParts, Made } from "../deploy/deploy.js";
import { type Part, provenRevisions, recordDeploy, recordReceipt } from "../deploy/deploy-log.js";
import { smokeFailed, smokeMissing, whyNoBackup } from "../deploy/due.js";
import { runHook } from "../deploy/hooks.js";
import type { Plan } from "../deploy/plan.js";
import { type Receipt, requireKey, signReceipt } from "../deploy/receipt.js";
import { staysTheSame } from "../deploy/same-process.js";
import { showBytes } from "../deploy/show-bytes.js";
import { runSmoke, type SmokeResult } from "../deploy/smoke/smoke.js";
import { deployTimeouts } from "../deploy/timeouts.js";
import { verifyDeployed } from "../deploy/verify.js";
import { comesBackWhole, type Standing, type WayOn, wayOn, withStanding } from "../deploy/way-on.js";
import { type AludelError, messageOf } from "../error/error.js";
import { readDatabaseState } from "../run/database-state.js";
import type { RunEvent } from "../run/event.js";
import { gitCommit } from "../run/git-commit.js";
import { keepMarker } from "../run/marker.js";
import { type MigrateOptions, type MigrateResult, migrate } from "../run/migrate.js";
import { staysAsPlanned } from "./approval.js";
import type { Context } from "./context.js";
import { allowedDrift } from "./deploy-preflight.js";
import { DeployWatch, smokeSettings } from "./deploy-watch.js";
import type { Observation } from "./observed.js";
import type { CommandOptions } from "./options.js";
import { partText, smokeText } from "./print/deploy.js";
import { bothOf, count, reportRun, showDuration } from "./print/progress.js";

type Options = CommandOptions["deploy"];

/** What the parts of one deploy do, and what is known of it so far. */
export class DeployRun {
  private readonly context: Context;
  private readonly options: Options;
  private readonly plan: Plan;
  private readonly observation: Observation;
  private readonly startedAt = new Date();
  /** Ids of the revisions that have run. */
  private readonly finished = new Set<string>();
  private executed: MigrateResult["executed"] = [];
  private undecided: readonly string[] = [];
  private line: number | null = null;
  private readonly watched: DeployWatch;

  constructor(context: Context, options: Options, plan: Plan, observation: Observation) {
    this.context = context;
    this.observation = observation;
    this.options = options;
    this.plan = plan;
    this.watched = new DeployWatch(context, options.watchMs);
  }

  parts(): DeployParts {
    return {
      // It was made when the plan was read, through a session that can only read.
      preflight: () => this.watched.before(),
      backup: () => this.backup(),
      upgrade: (rest) => this.upgrade(rest),
      verify: () => this.verify(),
      smoke: () => this.smoke(),
      watches: this.options.watchMs !== null,
      watch: () => this.watched.after(),
      record: (made) => this.record(made),
      failed: (error, part, made) => this.failed(error, part, made),
    };
  }

  /** What was done, for a machine. */
  data() {
    return {
      executed: this.executed.map(({ revision, durationMs, statements }) => ({
        revision: revision.id,
        message: revision.message,
        durationMs,
        statements,
      })),
      undecided: this.undecided,
      deploy: this.line,
    };
  }

  /** After all else, when the lock is given back. @throws AludelError `hook-failed`. */
  async after(): Promise<void> {
    await this.hook("after");
  }

  private async hook(hook: keyof Hooks): Promise<void> {
    const { context, plan } = this;
    // Where there is nothing to do, nobody needs to be told.
    if (plan.revisions.length === 0) return;
    const { root: directory } = await context.config();
    const { variables, signal } = context;
    const options = { directory, variables, signal };
    const ran = await runHook(hook, await context.environment(), plan, options);
    if (ran) this.tell("upgrade", `the command \`${hook}\` has run`);
  }

  private tell(part: Part, told: string): void {
    this.context.out.text(partText(this.context.out, part, told));
  }

  private async backup(): Promise<Backup | null> {
    const { context, plan } = this;
    const environment = await context.environment();
    const because = whyNoBackup(environment.backup.when, plan);
    if (because !== null && this.options.only !== "backup") {
      this.tell("backup", `none: ${because}`);
      return null;
    }
    const [project, connection] = [await context.project(), await context.connect()];
    context.out.status(`backing up ${connection.target}`);
    const backup = await makeBackup(project, environment, connection, {
      lockTimeoutMs: this.options.lockTimeoutMs,
      variables: context.variables,
      signal: context.signal,
      onWait: (holder) => context.out.talk(`waiting for ${holder}`),
    });
    context.out.status(null);
    const { name, path, bytes, milliseconds } = backup;
    this.observation.report({ kind: "backup-made", name, path, bytes, milliseconds });
    const size = backup.bytes === null ? "" : `${showBytes(backup.bytes)}, `;
    this.tell(
      "backup",
      `${backup.path ?? backup.name} (${size}${showDuration(backup.milliseconds)}), verified`,
    );
    this.tell("backup", `to restore it: ${backup.restore}`);
    return backup;
  }

  private async upgrade(rest: () => Promise<void>): Promise<MigrateResult> {
    const { context, plan } = this;
    const [project, connection] = [await context.project(), await context.connect()];
    if (this.options.targets.length === 0) {
      this.tell("upgrade", "nothing to do before the first contract");
      return { executed: [], rows: plan.rows };
    }
    await waitForDumps(connection, {
      timeoutMs: this.options.lockTimeoutMs,
      signal: context.signal,
      onWait: (sessions) => context.out.talk(`waiting for a dump: ${sessions.join("; ")}`),
    });
    await this.hook("before");
    const started = performance.now();
    const told = (result: MigrateResult) => {
      this.executed = result.executed;
      context.out.status(null);
      const at = result.rows.length === 0 ? "base" : result.rows.join(", ");
      const what =
        result.executed.length === 0
          ? "nothing to do"
          : `${count(result.executed.length, "revision")} in ${showDuration(performance.now() - started)}`;
      this.tell("upgrade", `${what}; the database is at ${at}`);
    };
    const result = await migrate(project, connection, {
      ...(await this.migration("upgrade", this.options.targets)),
      check: await staysAsPlanned(context, connection, plan),
      around: await staysTheSame(project.dialect, connection),
      beforeRelease: async (done) => {
        told(done);
        await rest();
      },
    });
    if (result.executed.length === 0) told(result);
    return result;
  }

  private async migration(
    command: MigrateOptions["command"],
    targets: readonly string[],
  ): Promise<MigrateOptions> {
    const { context } = this;
    const { report: observe, run, slowLockMs } = this.observation;
    const report = bothOf(reportRun(context), observe);
    return {
      redact: context.redact,
      run,
      command,
      targets,
      transaction: "each",
      lockTimeoutMs: this.options.lockTimeoutMs,
      allowEdited: false,
      patience: {
        timeouts: deployTimeouts((await context.environment()).timeouts),
        openBeside: context.connectBeside,
        slowLockMs,
      },
      signal: context.signal,
      report: (event: RunEvent) => {
        if (event.kind === "revision-finished" && event.direction === "upgrade")
          this.finished.add(event.revision.id);
        report(event);
      },
    };
  }

  private async verify(): Promise<void> {
    const { context } = this;
    this.undecided = await verifyDeployed({
      project: await context.project(),
      connection: await context.connect(),
      openScratch: context.openScratch,
      allowedDrift: await allowedDrift(context),
    });
    for (const one of this.undecided) context.out.warn(`Could not be decided: ${one}`);
    this.tell("verify", "the database is what its revisions make of it");
  }

  private async smoke(): Promise<SmokeResult | null> {
    const { context } = this;
    const { name, smoke: checks } = await context.environment();
    if (checks.length === 0) {
      if (this.options.only === "smoke") throw smokeMissing(name);
      this.tell("smoke", "none: no smoke checks are configured");
      return null;
    }
    const settings = await smokeSettings(context);
    this.tell("smoke", count(checks.length, "check"));
    const result = await runSmoke(settings, await context.connect(), context.signal, (check) => {
      const { name: asked, passed, seen, milliseconds } = check;
      this.observation.report({ kind: "smoke-checked", check: asked, passed, seen, milliseconds });
      context.out.text(smokeText(context.out, check));
    });
    if (!result.passed) throw smokeFailed(name, result);
    return result;
  }

  private async record({ backup, smoke, watch }: Made): Promise<void> {
    this.line = await recordDeploy(await this.context.project(), await this.context.connect(), {
      ...this.common(backup),
      result: "succeeded",
      stoppedIn: null,
      error: null,
      smoke: smoke === null || watch === null ? smoke : { ...smoke, watch },
    });
    this.observation.report({ kind: "recorded", deploy: this.line });
    await this.keepConfirmed();
    this.tell("record", `deploy ${this.line}`);
    await this.writeReceipt(smoke, this.line);
  }

  /** What who deployed has said of versions, and the counters from which the next contract is looked at. */
  private async keepConfirmed(): Promise<void> {
    const [project, connection] = [await this.context.project(), await this.context.connect()];
    for (const { application, version } of this.options.confirmed)
      await recordConfirmation(project, connection, application, version);
    await recordReads(project, connection);
    await keepMarker(project.dialect, connection, await this.context.environment(), project.config);
  }

  private async writeReceipt(smoke: SmokeResult | null, deploy: number): Promise<void> {
    const { context, plan } = this;
    const { writeReceipt } = this.options;
    if (writeReceipt === null) return;
    const [project, connection] = [await context.project(), await context.connect()];
    const { config, dialect } = project;
    const receipt: Receipt = {
      version: 1,
      environment: plan.environment,
      identity: await dialect.identify(connection),
      revisions: Object.fromEntries(await provenRevisions(project, connection)),
      smoke,
      finishedAt: new Date().toISOString(),
      commit: gitCommit(config.root),
    };
    const text = signReceipt(receipt, requireKey(config.receiptKey));
    await writeFile(resolve(context.cwd, writeReceipt), text);
    const written = { path: writeReceipt, sha256: createHash("sha256").update(text).digest("hex") };
    await recordReceipt(project, connection, deploy, written);
    this.observation.report({ kind: "receipt-written", ...written });
    this.tell(
      "record",
      `receipt ${writeReceipt}, ${count(Object.keys(receipt.revisions).length, "revision")}`,
    );
  }

  private common(backup: Backup | null) {
    const { plan, startedAt } = this;
    const revisions = plan.revisions
      .map(({ revision }) => revision)
      .filter(({ id }) => this.finished.has(id));
    return {
      environment: plan.environment,
      startedAt,
      revisions,
      planToken: plan.token,
      backup: backup?.path ?? backup?.name ?? null,
      counted: { run: this.observation.run, cost: this.observation.summary.cost },
    };
  }

  private async failed(error: AludelError, part: Part, { backup }: Made): Promise<AludelError> {
    const { plan, context } = this;
    context.out.status(null);
    const standing = await this.standing(backup);
    const isProtected = (await context.environment()).protected;
    const way = wayOn(plan, isProtected, standing);
    await this.recordFailure(error, part, backup);
    const undone = this.options.onFailure === "downgrade" && (await this.takeBack(way, standing));
    await this.hook("failed").catch((failure: unknown) => context.out.warn(messageOf(failure)));
    return withStanding(error, part, { standing, way, environment: plan.environment, undone });
  }

  private async standing(backup: Backup | null): Promise<Standing> {
    const applied = this.plan.revisions.filter(({ revision }) => this.finished.has(revision.id));
    const known = { applied, restore: backup?.restore ?? null };
    try {
      const [project, connection] = [await this.context.project(), await this.context.connect()];
      const { log } = await readDatabaseState(project, connection);
      const [key] = log.unfinished.keys();
      return { ...known, halfDone: key === undefined ? null : (key.split(" ")[1] ?? null) };
    } catch {
      return { ...known, halfDone: "unknown" };
    }
  }

  /** Best effort: the error that is on its way says it, too. */
  private async recordFailure(error: AludelError, stoppedIn: Part, backup: Backup | null): Promise<void> {
    // Who was refused before anything was changed leaves nothing behind.
    if (this.finished.size === 0 && (stoppedIn === "backup" || stoppedIn === "upgrade")) return;
    try {
      await recordDeploy(await this.context.project(), await this.context.connect(), {
        ...this.common(backup),
        result: "failed",
        stoppedIn,
        error: this.context.redact(`${error.code}: ${error.message}`),
        smoke: null,
      });
    } catch (failure) {
      this.context.out.warn(`The failure could not be recorded: ${messageOf(failure)}`);
    }
  }

  /** Takes back what was applied, where nothing is lost by it. */
  private async takeBack(way: WayOn, { applied }: Standing): Promise<boolean> {
    const { context, plan } = this;
    const isWhole = applied.length > 0 && comesBackWhole(applied);
    if (!isWhole || plan.rows.length > 1 || way.kind === "restore") {
      context.out.warn(
        applied.length === 0
          ? "Nothing was applied, so there is nothing to take back."
          : "It is not taken back: that would lose something, or nobody knows.",
      );
      return false;
    }
    const [project, connection] = [await context.project(), await context.connect()];
    await migrate(project, connection, await this.migration("downgrade", [plan.rows[0] ?? "base"]));
    context.out.status(null);
    for (const { revision } of applied) this.finished.delete(revision.id);
    return true;
  }
}
