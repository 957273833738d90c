import * as v from "valibot";
import { record, text } from "./shape-parts.js";

/** When a deploy makes a backup. */
export const backupTimes = ["destructive", "always", "never"] as const;
export type BackupTime = (typeof backupTimes)[number];

/** Command lines of the user's own, for snapshots that somebody else keeps; `{name}` in them is the backup's name. */
export interface BackupCommands {
  readonly create: string;
  /** Ends with 0 when the backup is there and can be restored. */
  readonly verify: string;
  /** What a person is told to do to get it back. It is not run. */
  readonly restore: string;
}

export interface BackupSettings {
  readonly when: BackupTime;
  /** Where backups are put: a path, perhaps relative to the folder of the configuration. */
  readonly folder: string;
  /** How many tables are dumped at once. */
  readonly jobs: number;
  /** `null`: the engine's own tools. */
  readonly commands: BackupCommands | null;
}

/** Of an environment that says nothing of backups, and is not protected. */
export const backupDefaults: BackupSettings = {
  when: "never",
  folder: "backups",
  jobs: 1,
  commands: null,
};

const jobsRemedy = "write a number of tables that are dumped at once, 1 or more";

const backupObject = v.objectWithRest(
  {
    when: v.optional(v.picklist(backupTimes, 'write "destructive", "always" or "never"')),
    folder: v.optional(text('write the path of a folder, "backups"')),
    jobs: v.optional(v.pipe(v.number(jobsRemedy), v.integer(jobsRemedy), v.minValue(1, jobsRemedy))),
    create: v.optional(text("write the command that makes a backup called {name}")),
    verify: v.optional(text("write the command that ends with 0 when the backup {name} can be restored")),
    restore: v.optional(text("write the line that restores the backup {name}; it is shown, and not run")),
  },
  v.never(),
);

type Command = "create" | "verify" | "restore";

/** A backup that nobody has looked at, or that nobody knows how to restore, is none. */
const together = (key: Command, message: string) =>
  v.rawCheck<v.InferOutput<typeof backupObject>>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const input = dataset.value;
    const others: readonly Command[] = ["create", "verify", "restore"];
    if (input[key] !== undefined || others.every((other) => input[other] === undefined)) return;
    addIssue({
      message,
      input: undefined,
      path: [{ type: "object", origin: "value", input: { ...input }, key, value: undefined }],
    });
  });

/** `backup` of an environment. */
export const backup = record(
  'write { when: "destructive", folder: "backups" }',
  v.pipe(
    backupObject,
    together("create", "write the command that makes a backup called {name}, too, or take the others out"),
    together("verify", "write the command that ends with 0 when the backup {name} can be restored, too"),
    together("restore", "write the line that restores the backup {name}, too; it is shown, and not run"),
  ),
);

export const backupKeys: readonly string[] = Object.keys(backupObject.entries);

/** The settings as they were written, with what was left out. */
export function backupOf(
  shape: v.InferOutput<typeof backup> | undefined,
  isProtected: boolean,
): BackupSettings {
  const { create, verify, restore } = shape ?? {};
  const isDue = isProtected || shape !== undefined;
  return {
    when: shape?.when ?? (isDue ? "destructive" : backupDefaults.when),
    folder: shape?.folder ?? backupDefaults.folder,
    jobs: shape?.jobs ?? backupDefaults.jobs,
    commands:
      create === undefined || verify === undefined || restore === undefined
        ? null
        : { create, verify, restore },
  };
}
