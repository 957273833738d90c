import { AludelError } from "../error/error.js";
import type { Report } from "../run/event.js";
import type { MigrateResult } from "../run/migrate.js";
import type { Backup } from "./backup/backup.js";
import type { Part } from "./deploy-log.js";
import type { SmokeResult } from "./smoke/smoke.js";
import type { WatchResult } from "./smoke/watch.js";

/** What each part of a deploy does. One that fails throws. */
export interface DeployParts {
  preflight(): Promise<void>;
  /** `null` where no backup is due. */
  backup(): Promise<Backup | null>;
  /** `rest` is called under the lock when all revisions have run. */
  upgrade(rest: () => Promise<void>): Promise<MigrateResult>;
  verify(): Promise<void>;
  /** `null` where there are no checks; they all passed. */
  smoke(): Promise<SmokeResult | null>;
  /** Somebody wants the checks to be repeated. */
  readonly watches: boolean;
  watch(): Promise<WatchResult | null>;
  record(made: Made): Promise<void>;
  /** Gives the error with where things stand; has taken back what could be, if that was asked for. */
  failed(error: AludelError, part: Part, made: Made): Promise<AludelError>;
}

/** What the parts so far have made. */
export interface Made {
  readonly backup: Backup | null;
  readonly smoke: SmokeResult | null;
  readonly watch: WatchResult | null;
}

/**
 * Makes the parts in their order, or one of them. What comes after the upgrade is made under its lock, so that nobody moves the
 * database meanwhile.
 *
 * @param report hears of each part, the preflight excepted: that is made before.
 * @throws AludelError of the part that failed, with where things stand from the upgrade on.
 */
export async function deploy(parts: DeployParts, only: Part | null, report: Report): Promise<Made> {
  const wants = (part: Part) => only === null || only === part;
  const timed = partTimer(report);
  let part: Part = "preflight";
  let made: Made = { backup: null, smoke: null, watch: null };
  let isFinished = false;
  const begin = (next: Part) => {
    timed.end(true);
    part = next;
    if (part === "record" || part === "watch" ? only === null : wants(part)) timed.begin(part);
  };
  const rest = async () => {
    begin("verify");
    if (wants(part)) await parts.verify();
    begin("smoke");
    if (wants(part)) made = { ...made, smoke: await parts.smoke() };
    if (only === null && parts.watches) {
      begin("watch");
      made = { ...made, watch: await parts.watch() };
    }
    begin("record");
    if (only === null) await parts.record(made);
    timed.end(true);
    isFinished = true;
  };
  try {
    if (wants(part)) await parts.preflight();
    begin("backup");
    if (wants(part)) made = { ...made, backup: await parts.backup() };
    begin("upgrade");
    if (wants(part)) await parts.upgrade(rest);
    // Where nothing had to run, there was no lock.
    if (!isFinished) await rest();
    return made;
  } catch (error) {
    timed.end(false);
    const changesNothing = part === "preflight" || part === "backup";
    if (!(error instanceof AludelError) || changesNothing || only === "verify" || only === "smoke")
      throw error;
    throw await parts.failed(error, part, made);
  }
}

/** Tells when parts begin and end, one after the other. */
export function partTimer(report: Report) {
  let open: { readonly part: Part; readonly began: number } | null = null;
  return {
    begin(part: Part): void {
      open = { part, began: performance.now() };
      report({ kind: "part-started", part });
    },
    /** Of the one that is open, if one is. */
    end(passed: boolean): void {
      if (open === null) return;
      const { part, began } = open;
      open = null;
      report({ kind: "part-finished", part, milliseconds: performance.now() - began, passed });
    },
  };
}
