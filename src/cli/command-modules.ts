import type { Context } from "./context.js";
import type { CommandName, CommandOptions, ExitCode } from "./options.js";

/** What a file in `commands/` exports. */
export interface CommandModule<N extends CommandName> {
  /** Carries out the command and says whether the answer is yes (0) or no (1). @throws AludelError. */
  run(context: Context, options: CommandOptions[N]): Promise<ExitCode>;
}

/** The code of each command, imported when it is called: `--help` reads none of it. */
export const commandModules: { readonly [N in CommandName]: () => Promise<CommandModule<N>> } = {
  init: () => import("./commands/init.js"),
  import: () => import("./commands/import.js"),
  revision: () => import("./commands/revision.js"),
  diff: () => import("./commands/diff.js"),
  lint: () => import("./commands/lint.js"),
  explain: () => import("./commands/explain.js"),
  validate: () => import("./commands/validate.js"),
  conflicts: () => import("./commands/conflicts.js"),
  check: () => import("./commands/check.js"),
  inspect: () => import("./commands/inspect.js"),
  verify: () => import("./commands/verify.js"),
  ci: () => import("./commands/ci.js"),
  compat: () => import("./commands/ci.js"),
  guard: () => import("./commands/ci.js"),
  smoke: () => import("./commands/ci.js"),
  drift: () => import("./commands/drift.js"),
  "pr-count": () => import("./commands/ci.js"),
  trace: () => import("./commands/trace.js"),
  "test-db": () => import("./commands/test-db.js"),
  seed: () => import("./commands/seed.js"),
  "check-seeds": () => import("./commands/check-seeds.js"),
  doctor: () => import("./commands/doctor.js"),
  rollout: () => import("./commands/rollout.js"),
  confirm: () => import("./commands/confirm.js"),
  mark: () => import("./commands/mark.js"),
  backfill: () => import("./commands/backfill.js"),
  plan: () => import("./commands/plan.js"),
  deploy: () => import("./commands/deploy.js"),
  backup: () => import("./commands/backup.js"),
  restore: () => import("./commands/restore.js"),
  "smoke-test": () => import("./commands/smoke-test.js"),
  upgrade: () => import("./commands/upgrade.js"),
  downgrade: () => import("./commands/downgrade.js"),
  current: () => import("./commands/current.js"),
  stamp: () => import("./commands/stamp.js"),
  "ensure-version": () => import("./commands/ensure-version.js"),
  history: () => import("./commands/history.js"),
  heads: () => import("./commands/heads.js"),
  branches: () => import("./commands/branches.js"),
  show: () => import("./commands/show.js"),
  merge: () => import("./commands/merge.js"),
  rebase: () => import("./commands/rebase.js"),
  linear: () => import("./commands/linear.js"),
  squash: () => import("./commands/squash.js"),
  checkpoint: () => import("./commands/checkpoint.js"),
  edit: () => import("./commands/edit.js"),
};
