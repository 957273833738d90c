import type { Connection } from "./connection.js";

/** A database that is backed up or restored. */
export interface BackupTarget {
  /** A session on it; nothing else may run in it meanwhile. */
  readonly connection: Connection;
  /** The URL that the session was opened with, with its password. */
  readonly url: string;
  /** Relative paths in the URL start here. */
  readonly directory: string;
  /** What other programs are started with. */
  readonly variables: NodeJS.ProcessEnv;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}

export interface DumpOptions {
  /** How many tables are dumped at once. */
  readonly jobs: number;
  /** Milliseconds to wait for who holds a table. */
  readonly lockTimeoutMs: number;
}

export interface RestoreOptions {
  /** What is there goes. */
  readonly replace: boolean;
  /** Leave out who owns what, and who may do what. */
  readonly withoutOwners: boolean;
}

export interface Restoration {
  /** What the database has and the backup has not: it is still there. */
  readonly left: readonly string[];
}

/** How the databases of an engine are backed up and restored. */
export interface BackupDialect {
  /** What the name of a backup ends in. */
  ending(options: DumpOptions): string;
  /** Several jobs write a folder instead of a file. */
  isFolder(options: DumpOptions): boolean;
  /** @throws AludelError `backup-unavailable` where nothing could be backed up, before anything is made. */
  prepare(target: BackupTarget, options: DumpOptions): Promise<void>;
  /**
   * Writes what the database has at one moment into a file that is there and empty, or a folder.
   * @throws AludelError `backup-failed`.
   */
  dump(target: BackupTarget, path: string, options: DumpOptions): Promise<void>;
  /** Reads a backup, as far as that can be done without restoring it. @throws AludelError `dump-unreadable`. */
  verify(path: string, given: Pick<BackupTarget, "directory" | "variables" | "signal">): Promise<void>;
  /** What is in the database, by names of it: empty where a backup can be restored without a loss. */
  contents(connection: Connection): Promise<readonly string[]>;
  /**
   * All of it or nothing. The session may be closed then.
   * @throws AludelError `restore-failed`, `backup-unavailable`, `lock-timeout`.
   */
  restore(target: BackupTarget, path: string, options: RestoreOptions): Promise<Restoration>;
  /** Other sessions that are dumping this database, a sentence each. */
  dumping(connection: Connection): Promise<readonly string[]>;
}
