import { AludelError } from "../error/error.js";
import type { MigrateResult } from "../run/migrate.js";
import type { Backup } from "./backup/backup.js";
import type { Part } from "./deploy-log.js";
import type { SmokeResult } from "./smoke/smoke.js";

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
  record(made: Made): Promise<void>;
  /** Gives the error with where things stand; has taken back what could be, if that was asked for. */
  failed(error: AludelError, part: Part, made: Made): Promise<AludelError>;
}

/** What the parts so far have made. */
export interface Made {
  readonly backup: Backup | null;
  readonly smoke: SmokeResult | null;
}

/**
 * Makes the parts in their order, or one of them. What comes after the upgrade is made under its lock, so that nobody moves the
 * database meanwhile.
 *
 * @throws AludelError of the part that failed, with where things stand from the upgrade on.
 */
export async function deploy(parts: DeployParts, only: Part | null): Promise<Made> {
  const wants = (part: Part) => only === null || only === part;
  let part: Part = "preflight";
  let made: Made = { backup: null, smoke: null };
  let isFinished = false;
  const rest = async () => {
    part = "verify";
    if (wants(part)) await parts.verify();
    part = "smoke";
    if (wants(part)) made = { ...made, smoke: await parts.smoke() };
    part = "record";
    if (only === null) await parts.record(made);
    isFinished = true;
  };
  try {
    if (wants(part)) await parts.preflight();
    part = "backup";
    if (wants(part)) made = { ...made, backup: await parts.backup() };
    part = "upgrade";
    if (wants(part)) await parts.upgrade(rest);
    // Where nothing had to run, there was no lock.
    if (!isFinished) await rest();
    return made;
  } catch (error) {
    const changesNothing = part === "preflight" || part === "backup";
    if (!(error instanceof AludelError) || changesNothing || only === "verify" || only === "smoke")
      throw error;
    throw await parts.failed(error, part, made);
  }
}
