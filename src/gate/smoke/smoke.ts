import { existsSync, readdirSync } from "node:fs";
import { relative } from "node:path";
import { readModels } from "../../check/read-models.js";
import { withStandIns } from "../../check/stand-ins.js";
import type { SmokeMode } from "../../config/choices.js";
import type { Scratch } from "../../dialect/dialect.js";
import { loadDumpDialect } from "../../dialect/registry.js";
import { AludelError } from "../../error/error.js";
import { isRevisionFile } from "../../revision/read-folder.js";
import type { Gate, Verdict } from "../check.js";
import { type SmokePart, showTimes, tooSlow } from "./part.js";
import { proveAdded } from "./prove-added.js";
import { runThrough } from "./run-through.js";

export interface SmokeOptions {
  readonly mode: SmokeMode;
  /** The file of `from-dump`, absolute. */
  readonly dump: string | null;
  readonly downgrade: boolean;
  readonly maxSeconds: number | null;
  /** Revisions may be other than when they ran in the database of the dump. */
  readonly allowEdited: boolean;
}

type Open = () => Promise<Scratch>;

/**
 * Runs revisions, and seeds after them, in one or two of the ways that databases get them.
 *
 * @throws AludelError `usage` for a mode that lacks its dump; `dump-unreadable`; for what is no answer about a revision.
 */
export async function smoke(gate: Gate, openScratch: Open, options: SmokeOptions): Promise<Verdict> {
  const { mode } = options;
  const { project, added } = gate;
  const hasSeeds = seedsAreThere(project.config.seeds);
  const parts: SmokePart[] = [];
  const isProved = mode === "upgrade-from-previous" || mode === "both";
  if (isProved && added.length > 0) parts.push(await proveAdded(gate, openScratch));
  if (mode === "from-dump") parts.push(await fromDump(gate, openScratch, options));
  else if (mode !== "upgrade-from-previous") parts.push(await fresh(gate, openScratch, options));
  const held = parts.map((part) => ({ ...part, slow: tooSlow(part, options.maxSeconds, project.revisions) }));
  if (mode === "upgrade-from-previous" && hasSeeds) {
    // Only for the seeds: what the revisions take from nothing on is not what is asked.
    const seeded = await fresh(gate, openScratch, { ...options, downgrade: false });
    held.push({ ...seeded, times: [], slow: [] });
  }
  if (held.length === 0) return { looked: "no new revision", skipped: "no revision is new", findings: [] };
  return {
    looked: held
      .map(({ looked, times }) => (times.length === 0 ? looked : `${looked} (${showTimes(times)})`))
      .join("; "),
    skipped: null,
    findings: held.flatMap(({ findings, slow }) => [...findings, ...slow]),
    times: held.flatMap(({ times }) => times),
  };
}

function seedsAreThere(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some(isRevisionFile);
}

async function fresh(
  gate: Gate,
  openScratch: Open,
  { downgrade, allowEdited }: SmokeOptions,
): Promise<SmokePart> {
  const { project } = gate;
  const models =
    project.config.schema.length === 0
      ? null
      : await readModels(project.config, project.dialect.name, openScratch);
  const open = models === null ? openScratch : withStandIns(project, models.standIns, openScratch);
  const scratch = await open();
  try {
    const description = `an empty database (${scratch.description})`;
    return await runThrough(gate, scratch.connection, {
      mode: "fresh",
      description,
      downgrade,
      allowEdited,
      seeds: true,
    });
  } finally {
    await scratch.dispose();
  }
}

async function fromDump(gate: Gate, openScratch: Open, options: SmokeOptions): Promise<SmokePart> {
  const { dump, downgrade, allowEdited } = options;
  const { config, dialect } = gate.project;
  if (dump === null) {
    throw new AludelError("usage", "There is no dump to try the revisions on", {
      remedy: "Name it with --dump, or with ci.dump in the configuration.",
    });
  }
  const dumps = await loadDumpDialect(dialect.name);
  const restored = await dumps.restore(dump, { directory: config.root, openScratch });
  try {
    const { leftOut } = restored;
    const left =
      leftOut === 0 ? "" : `, without ${leftOut} ${leftOut === 1 ? "statement" : "statements"} about roles`;
    return await runThrough(gate, restored.connection, {
      mode: "from-dump",
      description: `${relative(config.root, dump)} (${restored.description}${left})`,
      downgrade,
      allowEdited,
      seeds: true,
    });
  } finally {
    await restored.dispose();
  }
}
